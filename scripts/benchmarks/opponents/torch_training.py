"""usage: torch_training.py MODEL IMAGES COUNT BATCH THREADS VALUES

An epoch of distillation as AMP's recipe has it: a whole model learns the tokens of itself with half of its neurons, before
the final norm; MSE of the class token plus MSE of the patch tokens, AdamW with its weight decay on matrices only.
"""
import copy
import math
import sys

import torch
from torch.nn.functional import mse_loss

from turn import take_turns
from vit import load_images, load_model

folder, images, count, batch, threads, values = sys.argv[1:]
torch.set_num_threads(int(threads))
torch.manual_seed(0)
model, x = load_model(folder), load_images(images, int(count))
model.norm = torch.nn.Identity()
teacher = copy.deepcopy(model)
with torch.no_grad():
    for block in teacher.blocks:
        # A neuron of weight 0 gives GELU(0) = 0; the slice makes it cost nothing.
        half = block.mlp.fc1.out_features // 2
        block.mlp.fc1.weight = torch.nn.Parameter(block.mlp.fc1.weight[:half].contiguous())
        block.mlp.fc1.bias = torch.nn.Parameter(block.mlp.fc1.bias[:half].contiguous())
        block.mlp.fc2.weight = torch.nn.Parameter(block.mlp.fc2.weight[:, :half].contiguous())
for parameter in model.parameters():
    parameter.requires_grad_(True)
tables = ("cls_token", "pos_embed")
matrices = [p for n, p in model.named_parameters() if p.ndim > 1 and n not in tables]
others = [p for n, p in model.named_parameters() if p.ndim <= 1 or n in tables]
losses = []
model.train()


def work():
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "decayed": True}, {"params": others, "decayed": False}], betas=(0.9, 0.95), eps=1e-8)
    steps = int(count) // int(batch)
    total = 0.0
    for step, part in enumerate(x.split(int(batch))):
        fall = (1 + math.cos(math.pi * step / steps)) / 2
        for group in optimizer.param_groups:
            group["lr"] = 1e-6 + (2e-5 * int(batch) / 256 - 1e-6) * fall
            group["weight_decay"] = 0.2 + (0.04 - 0.2) * fall if group["decayed"] else 0.0
        with torch.no_grad():
            target = teacher.forward_features(part)
        tokens = model.forward_features(part)
        loss = mse_loss(tokens[:, 0], target[:, 0]) + mse_loss(tokens[:, 1:], target[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += float(loss.detach())
    losses.append(total / steps)


def summary():
    torch.tensor(losses[:1]).float().numpy().tofile(values)
    return {"loss": losses[0]}


take_turns(work, summary)
