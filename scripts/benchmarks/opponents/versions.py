"""Prints the versions and the instruction sets of the opponents, as one line of JSON."""
import json
import re

import onnx
import onnxruntime
import torch

from vit import timm

found = {"PyTorch": torch.__version__, "timm": timm.__version__, "ONNX Runtime": onnxruntime.__version__, "onnx": onnx.__version__,
         "PyTorch's kernels": torch.backends.cpu.get_cpu_capability()}
mkl = re.search(r"Math Kernel Library Version (\S+)", torch.__config__.show())
if mkl:
    found["MKL"] = mkl.group(1)
# With MKL_VERBOSE=1 in the environment, MKL says at its first call what it runs on.
a = torch.randn(512, 512)
a @ a
print(json.dumps(found), flush=True)
