"""usage: torch_forward.py MODEL IMAGES BATCH THREADS VALUES PRECISION"""
import sys

import torch

from turn import take_turns
from vit import load_images, load_model

folder, images, batch, threads, values, precision = sys.argv[1:]
torch.set_num_threads(int(threads))
dtype = getattr(torch, precision)
model, x = load_model(folder).to(dtype), load_images(images, int(batch)).to(dtype)
features = None


@torch.inference_mode()
def work():
    global features
    features = model(x)


def summary():
    features.float().numpy().tofile(values)
    return {}


take_turns(work, summary)
