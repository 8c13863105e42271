"""Rebuilds a Hugging Face vision transformer that amp has saved, and writes the features of some images.

usage: python hugging_face.py FOLDER IMAGES.safetensors FEATURES.safetensors
  IMAGES    a tensor "images" (count, channels, height, width), prepared as the model expects
  FEATURES  gets a tensor "features" (count, width)
"""
import json
import sys

import torch
import transformers
from safetensors.torch import load_file, save_file


def load(folder):
    with open(f"{folder}/amp.json") as file:
        layers = json.load(file)["layers"]
    config = transformers.AutoConfig.from_pretrained(folder)
    library_class = getattr(transformers, config.architectures[0])

    class Narrow(library_class):
        """The library's class with each MLP as wide as amp.json says. Widths are no part of the library's config."""

        def __init__(self, config, *arguments, **options):
            super().__init__(config, *arguments, **options)
            dim, full = config.hidden_size, layers[0]["source_width"]
            waiting = [layer["width"] for layer in layers]
            width = None  # of the MLP whose first linear was met last
            for parent in list(self.modules()):
                for name, child in list(parent.named_children()):
                    if not isinstance(child, torch.nn.Linear):
                        continue
                    if (child.in_features, child.out_features) == (dim, full) and waiting:
                        width = waiting.pop(0)
                        setattr(parent, name, torch.nn.Linear(dim, width))
                    elif (child.in_features, child.out_features) == (full, dim) and width is not None:
                        setattr(parent, name, torch.nn.Linear(width, dim))
                        width = None

    # The library looks up by these which tensors go by other names in the file than in its class.
    Narrow.__name__, Narrow.__module__ = library_class.__name__, library_class.__module__
    model, report = Narrow.from_pretrained(folder, output_loading_info=True)
    # A pooler is not always saved, and the features here are taken before it.
    missing = [name for name in report["missing_keys"] if not name.startswith("pooler.")]
    if missing or report["unexpected_keys"] or report["mismatched_keys"]:
        raise ValueError(f"{folder} does not fit {library_class.__name__}: {report}")
    return model.float().eval()


if __name__ == "__main__":
    folder, images, target = sys.argv[1:]
    model = load(folder)
    with torch.no_grad():
        hidden = model.base_model(load_file(images)["images"]).last_hidden_state
    save_file({"features": hidden[:, 0].contiguous()}, target)
