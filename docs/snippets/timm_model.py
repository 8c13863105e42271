"""Rebuilds a timm vision transformer that amp has saved, and writes the features of some images.

usage: python timm_model.py FOLDER IMAGES.safetensors FEATURES.safetensors
  IMAGES    a tensor "images" (count, channels, height, width), prepared as the model expects
  FEATURES  gets a tensor "features" (count, width)
"""
import json
import sys

import timm
import torch
from safetensors.torch import load_file, save_file


def load(folder):
    with open(f"{folder}/config.json") as file:
        config = json.load(file)
    weights = load_file(f"{folder}/model.safetensors")

    # The model as wide as it was before pruning.
    arguments = dict(config.get("model_args", {}))
    for name in ("num_classes", "global_pool"):
        if name in config:
            arguments[name] = config[name]
    if timm.is_model(config.get("architecture", "")):
        model = timm.create_model(config["architecture"], pretrained=False, **arguments)
    else:
        model = timm.models.VisionTransformer(**arguments)

    # Each MLP as wide as its tensors are.
    for number, block in enumerate(model.blocks):
        width, dim = weights[f"blocks.{number}.mlp.fc1.weight"].shape
        block.mlp.fc1 = torch.nn.Linear(dim, width)
        block.mlp.fc2 = torch.nn.Linear(width, dim)

    model.load_state_dict(weights)  # strict: a name or a shape that does not fit is an error
    return model.eval()


if __name__ == "__main__":
    folder, images, target = sys.argv[1:]
    model = load(folder)
    with torch.no_grad():
        hidden = model.forward_features(load_file(images)["images"])
        features = model.forward_head(hidden, pre_logits=True)
    save_file({"features": features.contiguous()}, target)
