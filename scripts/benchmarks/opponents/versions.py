"""Prints the versions and the instruction sets of the opponents, as one line of JSON."""
import json
import re

import onnx
import onnxruntime
import torch

from vit import timm

modules = {"PyTorch": torch, "timm": timm, "ONNX Runtime": onnxruntime, "onnx": onnx}
found = {name: module.__version__ for name, module in modules.items()}
found["PyTorch's kernels"] = torch.backends.cpu.get_cpu_capability()
mkl = re.search(r"Math Kernel Library Version (\S+)", torch.__config__.show())
if mkl:
    found["MKL"] = mkl.group(1)
# With MKL_VERBOSE=1 in the environment, MKL says at its first call what it runs on.
a = torch.randn(512, 512)
a @ a
print(json.dumps(found), flush=True)
