"""The share of a forward pass that is spent in matrix products, as perf samples it."""
import re
import shutil
import subprocess

import machine
from document import Goals, heading, table
from setting import TITLES

GOAL = 85
# All that amp calls of OpenBLAS are products; amp's own ones have their name.
LIBRARY, FUNCTION = re.compile(r"blas"), re.compile(r"gemm|[Pp]roduct|multiply|[Pp]acked|microkernel")


def run(setting):
    if not shutil.which("perf"):
        print("  skipped: there is no perf here")
        return None
    before = machine.load()
    rows, goals = [], Goals()
    for size in ["s"] if setting.quick else ["s", "b"]:
        shares = sample(setting, setting.model(size))
        if shares is None:
            print("  skipped: perf may not sample here")
            return None
        rows.append([TITLES[size], f"{shares['products']:.1f} %", ", ".join(f"{name} {share:.1f} %" for name, share in shares["others"][:6])])
        print("  " + " · ".join(rows[-1]), flush=True)
        goals.at_least(f"{TITLES[size]} at batch 16, share of products", shares["products"], GOAL, " %")
    return "\n".join([
        heading("Share of the matrix products", "scripts/bench share", before),
        "Samples of `perf record` over forward passes at batch 16, by function; from the start of the process to its end, less",
        "what makes the images.\n",
        table(["model", "in products", "the largest others"], rows), "", str(goals)])


def sample(setting, model):
    data = setting.path("perf.data")
    command = [setting.bench, "forward", model, "--batch=16", f"--repeats={4 if setting.quick else 10}", f"--threads={setting.threads}"]
    recorded = subprocess.run(["perf", "record", "-q", "-F", "499", "-o", data, "--", *command],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if recorded.returncode:
        return None
    report = subprocess.run(["perf", "report", "-i", data, "--stdio", "-q", "--sort", "dso,symbol", "-t", "\t"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    products, others, all = 0.0, [], 0.0
    for line in report.splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 3 or not cells[0].endswith("%"):
            continue
        share, library, function = float(cells[0][:-1]), cells[1], cells[2]
        if "randomNormals" in function or "SplitMix" in function:
            continue
        all += share
        if LIBRARY.search(library) or (FUNCTION.search(function) and "amp-bench" in library):
            products += share
        else:
            others.append((readable(function), share))
    return {"products": 100 * products / all, "others": [(name, 100 * share / all) for name, share in others]}


def readable(function):
    """The name of a function without its types."""
    name = function.replace("[.] ", "").replace("[k] ", "kernel ")
    plain = subprocess.run(["swift", "demangle", "-simplified", "-compact", name], stdout=subprocess.PIPE, text=True).stdout.strip() if name.startswith("$s") else name
    return re.sub(r"\(.*", "", plain).strip() or name
