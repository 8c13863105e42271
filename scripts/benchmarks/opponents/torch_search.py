"""usage: torch_search.py MODEL IMAGES COUNT BATCH T THREADS DECISIONS ORDER SAMPLE

The plain search: every try is a forward pass of the whole model, its later blocks as narrow as decided before. Of all
these passes a SAMPLE is run in each turn, evenly spread and others in every turn; the turn's seconds are their mean
times the number of passes. DECISIONS (JSON) and ORDER (raw float32) are what amp decided and how it ranked the neurons.
"""
import json
import sys
import time

import numpy
import torch

from turn import take_turns
from vit import entropy, load_images, load_model

folder, images, count, batch, t, threads, decisions, order, sample = sys.argv[1:]
torch.set_num_threads(int(threads))
model, x = load_model(folder), load_images(images, int(count))
order = torch.from_numpy(numpy.fromfile(order, dtype=numpy.float32).astype(numpy.int64)).split(
    [block.mlp.fc1.out_features for block in model.blocks])
whole = [(b.mlp.fc1.weight, b.mlp.fc1.bias, b.mlp.fc2.weight) for b in model.blocks]

# (the width of each layer, the entropy amp found)
passes, widths = [], [len(o) for o in order]
with open(decisions) as file:
    for decision in json.load(file):
        for attempt in decision["tries"]:
            widths[decision["layer"]] = attempt["width"]
            passes.append((list(widths), attempt["entropy"]))
        widths[decision["layer"]] = decision["width"]
passes.insert(0, ([len(o) for o in order], None))

turns, largest, ran = 0, 0.0, 0


def narrow(widths):
    for block, kept, (w1, b1, w2), width in zip(model.blocks, order, whole, widths):
        kept = kept[:width]
        full = width == len(b1)
        block.mlp.fc1.weight = torch.nn.Parameter(w1 if full else w1[kept], requires_grad=False)
        block.mlp.fc1.bias = torch.nn.Parameter(b1 if full else b1[kept], requires_grad=False)
        block.mlp.fc2.weight = torch.nn.Parameter(w2 if full else w2[:, kept].contiguous(), requires_grad=False)


@torch.inference_mode()
def work():
    global turns, largest, ran
    every = max(1, len(passes) // int(sample))
    chosen = passes[turns % every::every]
    spent = 0
    for widths, expected in chosen:
        narrow(widths)
        start = time.perf_counter()
        found = sum(float(entropy(model(part), float(t))) for part in x.split(int(batch))) / (len(x) // int(batch))
        spent += time.perf_counter() - start
        if expected is not None:
            largest = max(largest, abs(found - expected))
    turns, ran = turns + 1, ran + len(chosen)
    return spent / len(chosen) * len(passes)


def summary():
    return {"passes": len(passes), "ran": ran, "largest_difference": largest}


take_turns(work, summary, warm_up=False)
