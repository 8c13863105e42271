"""The share of a forward pass that is spent in matrix products, as perf samples it."""
import re
import shutil
import subprocess

import machine
from document import Goals, heading, prose, table
from setting import TITLES

GOAL = 85
# All that amp calls of OpenBLAS are products; amp's own ones are known by their names.
LIBRARY, FUNCTION = re.compile(r"blas"), re.compile(r"gemm|[Pp]roduct|multiply|[Pp]acked|microkernel", re.IGNORECASE)
PREPARATION = re.compile(r"randomNormals|SplitMix")


def run(setting):
    if not shutil.which("perf"):
        print("  skipped: there is no perf here")
        return None
    before = machine.load()
    rows, goals = [], Goals()
    for size in ["s"] if setting.quick else ["s", "b"]:
        samples = sample(setting, setting.model(size))
        if not samples:
            print("  skipped: perf may not sample here")
            return None
        all = sum(share for _, _, share in samples)
        products = 100 * sum(share for _, isProduct, share in samples if isProduct) / all
        others = [f"{readable(name)} {100 * share / all:.1f} %" for name, isProduct, share in samples if not isProduct]
        rows.append([TITLES[size], f"{products:.1f} %", ", ".join(others[:6])])
        print("  " + " · ".join(rows[-1]), flush=True)
        goals.at_least(f"{TITLES[size]} at batch 16, share of products", products, GOAL, " %")
    return "\n".join([
        heading("Share of the matrix products", "scripts/bench share", before),
        prose("Samples of `perf record` over forward passes at batch 16, by function, from the start of the process to its",
              "end, less what makes the images. Packing operands counts as part of a product."),
        table(["model", "in products", "the largest others"], rows), "", str(goals)])


def sample(setting, model):
    """Functions by their share of the samples, whether each is part of a product, and the share."""
    data, repeats = setting.path("perf.data"), 4 if setting.quick else 10
    command = [setting.bench, "forward", model, "--batch=16", f"--repeats={repeats}", f"--threads={setting.threads}"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.run(["perf", "record", "-q", "-F", "499", "-o", data, "--", *command], **silent).returncode:
        return []
    report = machine.said_by("perf", "report", "-i", data, "--stdio", "-q", "--sort", "dso,symbol", "-t", "\t")
    found = []
    for line in report.splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 3 or not cells[0].endswith("%") or PREPARATION.search(cells[2]):
            continue
        library, function = cells[1], cells[2]
        isProduct = LIBRARY.search(library) or ("amp-bench" in library and FUNCTION.search(function))
        found.append((function, bool(isProduct), float(cells[0][:-1])))
    return found


def readable(function):
    """The name of a function without its types."""
    name = function.replace("[.] ", "").replace("[k] ", "kernel ")
    if name.startswith("$s"):
        name = machine.said_by("swift", "demangle", "-simplified", "-compact", name).strip()
    return re.sub(r"\(.*", "", name).strip() or function
