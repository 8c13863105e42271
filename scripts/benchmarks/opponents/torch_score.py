"""usage: torch_score.py MODEL IMAGES COUNT BATCH T THREADS VALUES PRECISION

AMP's scores as the official code takes them: weights frozen, hooks on the input of each MLP's last linear layer. The
graph begins at the first of these inputs, so nothing before it is differentiated.
"""
import sys

import torch

from turn import take_turns
from vit import entropy, load_images, load_model

folder, images, count, batch, t, threads, values, precision = sys.argv[1:]
torch.set_num_threads(int(threads))
dtype = getattr(torch, precision)
model, x = load_model(folder).to(dtype), load_images(images, int(count)).to(dtype)
seen, scores, losses = {}, None, []


def watch(block):
    def hook(_, inputs):
        a = inputs[0] if inputs[0].requires_grad else inputs[0].requires_grad_()
        a.retain_grad()
        seen[block] = a
    return hook


for index, block in enumerate(model.blocks):
    block.mlp.fc2.register_forward_pre_hook(watch(index))


def work():
    global scores, losses
    scores, losses = None, []
    for part in x.split(int(batch)):
        loss = entropy(model(part).float(), float(t))
        loss.backward()
        losses.append(float(loss.detach()))
        with torch.no_grad():
            own = [(a * a.grad).sum(1).abs().mean(0) for a in (seen[index] for index in range(len(model.blocks)))]
        seen.clear()
        scores = own if scores is None else [total + value for total, value in zip(scores, own)]
    scores = [total / len(losses) for total in scores]


def summary():
    torch.cat(scores).float().numpy().tofile(values)
    return {"loss": sum(losses) / len(losses)}


take_turns(work, summary)
