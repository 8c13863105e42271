"""The models of `amp-bench make` in timm, with the very same weights, and the images of `amp-bench images`."""
import json
import os
import sys
import warnings

import torch

warnings.filterwarnings("ignore")


def import_timm():
    """timm imports torchvision, whose C++ part may not load beside this torch; timm needs only the Python part.

    PyPI's torchvision is built for CUDA. Where that keeps it from being imported, the two operators that its Python
    part mentions are declared, which is all it lacks.
    """
    try:
        import torchvision  # noqa: F401
    except (RuntimeError, AttributeError):
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "FRAGMENT")
        for name in ("nms", "qnms"):
            try:
                library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            except RuntimeError:
                pass  # It is declared already.
        # It has to live as long as the process.
        import_timm.library = library
    import timm
    return timm


timm = import_timm()
from safetensors.torch import load_file  # noqa: E402


def load_model(folder):
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    model = timm.create_model(config["architecture"], num_classes=0, **config["model_args"])
    model.load_state_dict(load_file(os.path.join(folder, "model.safetensors")))
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    return model.eval()


def load_images(path, count):
    return load_file(path)["images"][:count].contiguous()


def entropy(features, t):
    """AMP's information entropy of a batch (B, D)."""
    z = features / features.norm(dim=-1, keepdim=True)
    s = t * z @ z.T
    return -(s.softmax(-1) * s.log_softmax(-1)).sum() / len(z)
