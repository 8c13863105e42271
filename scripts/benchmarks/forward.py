"""Forward passes against ONNX Runtime and PyTorch."""
import os
import statistics
import subprocess

from document import Goals, heading, table
from setting import TITLES, bytes_text
from turns import Ratio, Worker, difference, in_turn

GOAL = 1.15


def run(setting):
    import machine
    before = machine.load()
    rows, goals = [], Goals()
    sizes = ["s"] if setting.quick else ["s", "b"]
    for size in sizes:
        model, images = setting.model(size), setting.images()
        for batch in [1, 16] if setting.quick else [1, 16, 32]:
            measured = compare(setting, model, images, batch)
            amp = measured["amp"]
            rate = {name: batch / statistics.median(found["seconds"]) for name, found in measured.items()}
            row = [TITLES[size], batch, f"{rate['amp']:.1f}", f"{amp['gflop'] / batch * rate['amp']:.0f}", bytes_text(amp["peak_bytes"])]
            for name in ("ONNX Runtime", "PyTorch"):
                if name not in measured:
                    row += ["–"] * 4
                    continue
                ratio = Ratio(measured[name]["seconds"], amp["seconds"])
                apart = difference(setting.values("forward-amp"), setting.values("forward-" + name))
                row += [f"{rate[name]:.1f}", ratio, bytes_text(measured[name]["peak_bytes"]), f"{apart:.0e}"]
                if name == "ONNX Runtime":
                    goals.at_least(f"{TITLES[size]}, batch {batch}, against ONNX Runtime", ratio.median, GOAL, " ×")
            rows.append(row)
            print("  " + " · ".join(map(str, row)), flush=True)
    head = ["model", "batch", "amp images/s", "GFLOP/s", "peak", "ONNX Runtime images/s", "ratio", "peak", "difference",
            "PyTorch images/s", "ratio", "peak", "difference"]
    return "\n".join([
        heading("Forward", "scripts/bench forward", before),
        f"float32, BLAS kernels {amp['kernels']}. Images in, class-token features out; {setting.rounds} rounds in turn. GFLOP/s counts every",
        "token of every layer, though amp leaves out what no feature depends on. Peak is the largest resident memory of the",
        "process, its libraries and weights included. Difference is the largest one of any feature, as a share of the largest.\n",
        table(head, rows), "", str(goals)])


def compare(setting, model, images, batch):
    common = [images, str(batch), str(setting.threads)]
    workers = [Worker("amp", [setting.bench, "forward", model, f"--batch={batch}", f"--threads={setting.threads}", "--in-turn",
                              "--values", setting.values("forward-amp")])]
    if setting.python:
        onnx = model + ".onnx"
        if not os.path.exists(onnx):
            subprocess.run([*setting.opponent("onnx_export.py"), model, onnx], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        workers += [
            Worker("ONNX Runtime", [*setting.opponent("onnx_forward.py"), onnx, *common, setting.values("forward-ONNX Runtime")]),
            Worker("PyTorch", [*setting.opponent("torch_forward.py"), model, *common, setting.values("forward-PyTorch")])]
    return in_turn(workers, setting.rounds)
