"""The Python of the opponents: PyTorch, timm, ONNX Runtime in a virtual environment of their own."""
import os
import re
import subprocess
import sys

import machine

PACKAGES = ["torch", "timm", "onnx", "onnxruntime", "onnxscript", "safetensors", "numpy"]


def find(cache):
    """The path of a Python that has the opponents, or None with a line that says why there is none."""
    known = present(cache)
    if known:
        return known
    given = os.environ.get("AMP_BENCH_PYTHON")
    if given:
        return skip(f"{given} (AMP_BENCH_PYTHON) can't import {', '.join(PACKAGES)}")
    folder = os.path.join(cache, "opponents")
    python = os.path.join(folder, "bin", "python")
    print(f"bench: making the opponents' environment in {folder}; this takes some minutes", file=sys.stderr)
    log = os.path.join(cache, "opponents.log")
    with open(log, "w") as output:
        def succeeds(*command):
            return subprocess.run(command, stdout=output, stderr=subprocess.STDOUT).returncode == 0
        if not succeeds(sys.executable, "-m", "venv", folder):
            return skip(f"'python3 -m venv' failed; see {log}")
        if not succeeds(python, "-m", "pip", "install", torch_for_processors(python), *PACKAGES[1:]):
            return skip(f"'pip install' failed (is there a network?); see {log}")
    return python if works(python) else skip(f"what was installed in {folder} can't be imported")


def present(cache):
    """The Python that is there already, if any."""
    python = os.environ.get("AMP_BENCH_PYTHON") or os.path.join(cache, "opponents", "bin", "python")
    return python if works(python) else None


def torch_for_processors(python):
    """The newest PyTorch without CUDA among those that pip can see, otherwise just PyTorch.

    The latter brings gigabytes of CUDA's libraries, which are of no use here but do no harm.
    """
    known = machine.said_by(python, "-m", "pip", "index", "versions", "torch")
    plain = re.search(r"[\d.]+\+cpu", known)
    return f"torch=={plain.group(0)}" if plain else "torch"


def works(python):
    """Whether the opponents' own modules can be imported there."""
    if not os.path.exists(python):
        return False
    code = "import onnxruntime, onnx, safetensors, vit"
    opponents = os.path.join(os.path.dirname(os.path.abspath(__file__)), "opponents")
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run([python, "-c", code], cwd=opponents, **silent).returncode == 0


def skip(why):
    print(f"bench: no opponents, amp's own figures only: {why}", file=sys.stderr)
    return None
