"""Forward passes against ONNX Runtime and PyTorch."""
import os
import statistics
import subprocess
from itertools import product

import machine
from document import Goals, heading, prose, table
from setting import TITLES, bytes_text
from turns import Ratio, Worker, difference, in_turn

GOAL, NARROW_GOAL = 1.15, 1.0
OPPONENTS = ["ONNX Runtime", "PyTorch"]


def run(setting):
    before = machine.load()
    rows, goals = [], Goals()
    for size in ["s"] if setting.quick else ["s", "b"]:
        for batch, precision in product([1, 16] if setting.quick else [1, 16, 32], setting.precisions):
            measured = compare(setting, setting.model(size), batch, precision)
            kernels = measured["amp"]["kernels"]
            title = TITLES[size] + ("" if precision == "float32" else f", {precision}")
            rows.append(row(setting, title, batch, measured))
            print("  " + " · ".join(map(str, rows[-1])), flush=True)
            name, goal = ("ONNX Runtime", GOAL) if precision == "float32" else ("PyTorch", NARROW_GOAL)
            if name in measured:
                ratio = Ratio(measured[name]["seconds"], measured["amp"]["seconds"])
                goals.at_least(f"{title}, batch {batch}, against {name}", ratio.median, goal, " ×")
    head = ["model", "batch", "amp images/s", "GFLOP/s", "peak"]
    for name in OPPONENTS:
        head += [f"{name} images/s", "ratio", "peak", "difference"]
    return "\n".join([
        heading("Forward", "scripts/bench forward", before),
        prose(f"float32, BLAS kernels {kernels}. Images in, class-token features out; {setting.rounds} rounds in turn.",
              "GFLOP/s counts every token of every layer, though amp leaves out what no feature depends on. Peak is the",
              "largest resident memory of the process, its libraries and weights included. Difference is the largest",
              "one of any feature, as a share of the largest.", setting.about_bfloat16),
        table(head, rows), "", str(goals)])


def row(setting, title, batch, measured):
    amp = measured["amp"]
    rate = batch / statistics.median(amp["seconds"])
    cells = [title, batch, f"{rate:.1f}", f"{amp['gflop'] / batch * rate:.0f}", bytes_text(amp["peak_bytes"])]
    for name in OPPONENTS:
        if name not in measured:
            cells += ["–"] * 4
            continue
        other = measured[name]
        apart = difference(setting.values("forward-amp"), setting.values("forward-" + name))
        cells += [f"{batch / statistics.median(other['seconds']):.1f}", Ratio(other["seconds"], amp["seconds"]),
                  bytes_text(other["peak_bytes"]), f"{apart:.0e}"]
    return cells


def compare(setting, model, batch, precision):
    own = [f"--batch={batch}", f"--threads={setting.threads}", f"--precision={precision}", "--in-turn", "--values",
           setting.values("forward-amp")]
    workers = [Worker("amp", [setting.bench, "forward", model, *own])]
    if setting.python:
        common = [setting.images(), str(batch), str(setting.threads)]
        opponents = [("PyTorch", "torch_forward.py", model, [precision])]
        if precision == "float32":
            opponents.insert(0, ("ONNX Runtime", "onnx_forward.py", exported(setting, model), []))
        for name, script, file, more in opponents:
            values = setting.values("forward-" + name)
            workers.append(Worker(name, [*setting.opponent(script), file, *common, values, *more]))
    return in_turn(workers, setting.rounds)


def exported(setting, model):
    """The model as an ONNX file."""
    file = model + ".onnx"
    if not os.path.exists(file):
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*setting.opponent("onnx_export.py"), model, file], check=True, **silent)
    return file
