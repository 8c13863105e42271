"""AMP's entropy scores against PyTorch in the official style."""
import statistics
import subprocess

import machine
from document import Goals, heading, table
from setting import TITLES, bytes_text
from turns import Ratio, Worker, difference, in_turn

IMAGES, BATCH, T = 64, 32, 20
GOAL, MEMORY_GOAL = 2.3, 1 / 3


def run(setting):
    before = machine.load()
    rows, goals = [], Goals()
    for size in ["s"] if setting.quick else ["s", "b"]:
        model = setting.model(size)
        found = in_turn(workers(setting, model), setting.rounds)
        amp, torch = found["amp"], found.get("PyTorch")
        rate = {name: IMAGES / statistics.median(one["seconds"]) for name, one in found.items()}
        row = [TITLES[size], "8 GB", f"{rate['amp']:.2f}", bytes_text(amp["peak_bytes"])]
        if torch is None:
            rows.append(row + ["–"] * 5)
            continue
        ratio = Ratio(torch["seconds"], amp["seconds"])
        share = amp["peak_bytes"] / torch["peak_bytes"]
        apart = difference(setting.values("score-amp"), setting.values("score-PyTorch"))
        rows.append(row + [f"{rate['PyTorch']:.2f}", bytes_text(torch["peak_bytes"]), ratio, f"{share:.2f}", f"{apart:.0e}"])
        print("  " + " · ".join(map(str, rows[-1])), flush=True)
        goals.at_least(f"{TITLES[size]}, images/s against PyTorch", ratio.median, GOAL, " ×")
        limited, limit = within(setting, model, amp, torch["peak_bytes"] / 3)
        if limited:
            slow = Ratio([statistics.median(torch["seconds"])] * len(limited["seconds"]), limited["seconds"])
            share = limited["peak_bytes"] / torch["peak_bytes"]
            apart = difference(setting.values("score-amp"), setting.values("score-limited"))
            rows.append([TITLES[size], bytes_text(limit), f"{limited['images_per_second']:.2f}", bytes_text(limited["peak_bytes"]),
                         f"{rate['PyTorch']:.2f}", bytes_text(torch["peak_bytes"]), slow, f"{share:.2f}", f"{apart:.0e} to amp's own"])
            print("  " + " · ".join(map(str, rows[-1])), flush=True)
            goals.at_least(f"{TITLES[size]}, the same within a third of PyTorch's memory", slow.median, GOAL, " ×")
        goals.at_most(f"{TITLES[size]}, amp's peak as a share of PyTorch's", share, round(MEMORY_GOAL, 3))
    head = ["model", "memory limit", "amp images/s", "peak", "PyTorch images/s", "peak", "ratio", "peak, amp's share", "difference"]
    return "\n".join([
        heading("Score", "scripts/bench score", before),
        f"float32, {IMAGES} images in batches of {BATCH}, t={T}, all layers; {setting.rounds} rounds in turn. PyTorch runs timm's model in the official",
        "style: frozen weights, hooks on the input of each MLP's last linear layer, the graph begun at the first of them. Peaks",
        "are those of whole processes, libraries and weights included. The memory limit is amp's own, for activations; the second",
        "row of a model has one that was chosen so that the process stays within a third of PyTorch's, and its ratio is taken",
        "to PyTorch's median. Difference is the largest one of any score, as a share of the largest.\n",
        table(head, rows), "", str(goals)])


def options(setting):
    return [f"--images={IMAGES}", f"--batch={BATCH}", f"--temperature={T}", f"--threads={setting.threads}"]


def workers(setting, model):
    found = [Worker("amp", [setting.bench, "score", model, *options(setting), "--in-turn", "--values", setting.values("score-amp")])]
    if setting.python:
        found.append(Worker("PyTorch", [
            *setting.opponent("torch_score.py"), model, setting.images(), str(IMAGES), str(BATCH), str(T), str(setting.threads),
            setting.values("score-PyTorch")]))
    return found


def within(setting, model, amp, wanted):
    """amp's scoring with a memory limit that keeps the whole process within `wanted` bytes, and that limit."""
    # What amp takes beside activations stays, so the limit is what is left; where that does not do, less.
    limit, best = wanted - (amp["peak_bytes"] - amp["activation_bytes"]), (None, None)
    for _ in range(3):
        try:
            found = next(setting.amp_lines("score", model, *options(setting), f"--memory={max(int(limit), 0)}", "--repeats=3",
                                           "--values", setting.values("score-limited"), stderr=subprocess.DEVNULL))
        except StopIteration:
            break  # The limit is too low for one batch.
        best = found, limit
        if found["peak_bytes"] <= wanted:
            break
        limit -= 1.1 * (found["peak_bytes"] - wanted)
    return best
