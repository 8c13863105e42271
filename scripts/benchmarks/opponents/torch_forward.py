"""usage: torch_forward.py MODEL IMAGES BATCH THREADS VALUES"""
import sys

import torch

from turn import take_turns
from vit import load_images, load_model

folder, images, batch, threads, values = sys.argv[1:]
torch.set_num_threads(int(threads))
model, x = load_model(folder), load_images(images, int(batch))
features = None


@torch.inference_mode()
def work():
    global features
    features = model(x)


def summary():
    features.numpy().tofile(values)
    return {}


take_turns(work, summary)
