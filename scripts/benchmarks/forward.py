"""Forward passes against ONNX Runtime and PyTorch."""
import os
import statistics
import subprocess

import machine
from document import Goals, heading, prose, table
from setting import TITLES, bytes_text
from turns import Ratio, Worker, difference, in_turn

GOAL = 1.15
OPPONENTS = ["ONNX Runtime", "PyTorch"]


def run(setting):
    before = machine.load()
    rows, goals = [], Goals()
    for size in ["s"] if setting.quick else ["s", "b"]:
        for batch in [1, 16] if setting.quick else [1, 16, 32]:
            measured = compare(setting, setting.model(size), batch)
            kernels = measured["amp"]["kernels"]
            rows.append(row(setting, TITLES[size], batch, measured))
            print("  " + " · ".join(map(str, rows[-1])), flush=True)
            if "ONNX Runtime" in measured:
                ratio = Ratio(measured["ONNX Runtime"]["seconds"], measured["amp"]["seconds"])
                goals.at_least(f"{TITLES[size]}, batch {batch}, against ONNX Runtime", ratio.median, GOAL, " ×")
    head = ["model", "batch", "amp images/s", "GFLOP/s", "peak"]
    for name in OPPONENTS:
        head += [f"{name} images/s", "ratio", "peak", "difference"]
    return "\n".join([
        heading("Forward", "scripts/bench forward", before),
        prose(f"float32, BLAS kernels {kernels}. Images in, class-token features out; {setting.rounds} rounds in turn.",
              "GFLOP/s counts every token of every layer, though amp leaves out what no feature depends on. Peak is the",
              "largest resident memory of the process, its libraries and weights included. Difference is the largest",
              "one of any feature, as a share of the largest."),
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


def compare(setting, model, batch):
    own = [f"--batch={batch}", f"--threads={setting.threads}", "--in-turn", "--values", setting.values("forward-amp")]
    workers = [Worker("amp", [setting.bench, "forward", model, *own])]
    if setting.python:
        common = [setting.images(), str(batch), str(setting.threads)]
        for name, script, file in [("ONNX Runtime", "onnx_forward.py", exported(setting, model)),
                                   ("PyTorch", "torch_forward.py", model)]:
            values = setting.values("forward-" + name)
            workers.append(Worker(name, [*setting.opponent(script), file, *common, values]))
    return in_turn(workers, setting.rounds)


def exported(setting, model):
    """The model as an ONNX file."""
    file = model + ".onnx"
    if not os.path.exists(file):
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*setting.opponent("onnx_export.py"), model, file], check=True, **silent)
    return file
