"""AMP's entropy scores against PyTorch in the official style."""
import statistics
import subprocess

import machine
from document import Goals, heading, prose, table
from setting import TITLES, bytes_text
from turns import Ratio, Worker, difference, in_turn

BATCH, T = 32, 20
GOAL, NARROW_GOAL, MEMORY_GOAL = 2.3, 1.0, 1 / 3


def run(setting):
    before = machine.load()
    rows, goals = [], Goals()
    for size in ["s"] if setting.quick else ["s", "b"]:
        model, title = setting.model(size), TITLES[size]
        # A round of the larger model takes most of a minute.
        found = in_turn(workers(setting, model), 3 if size == "b" else setting.rounds)
        amp, torch = found["amp"], found.get("PyTorch")
        apart = torch and difference(setting.values("score-amp"), setting.values("score-PyTorch"))
        rows.append(row(setting, title, "8 GB", amp, torch, apart))
        if torch:
            share = amp["peak_bytes"] / torch["peak_bytes"]
            ratio = Ratio(torch["seconds"], amp["seconds"])
            goals.at_least(f"{title}, images/s against PyTorch", ratio.median, GOAL, " ×")
            limited, limit = within(setting, model, amp, torch["peak_bytes"] / 3)
            if limited:
                apart = difference(setting.values("score-amp"), setting.values("score-limited"))
                rows.append(row(setting, title, bytes_text(limit), limited, torch, apart))
                share = limited["peak_bytes"] / torch["peak_bytes"]
                ratio = against_median(torch, limited)
                goals.at_least(f"{title}, with the lower memory limit", ratio.median, GOAL, " ×")
            goals.at_most(f"{title}, amp's peak as a share of PyTorch's", share, round(MEMORY_GOAL, 3))
        if "bfloat16" in setting.precisions:
            rows.append(narrow(setting, model, title, goals))
    head = ["model", "memory limit", "amp images/s", "peak", "PyTorch images/s", "peak", "ratio", "peak, amp's share",
            "difference"]
    return "\n".join([
        heading("Score", "scripts/bench score", before),
        prose(f"float32, BLAS kernels {amp['kernels']}, {count(setting)} images in batches of {BATCH}, t={T}, all layers;",
              f"{setting.rounds} rounds in turn{'' if setting.quick else ', 3 of ViT-B'}.",
              "PyTorch runs timm's model in the official style: frozen weights, hooks on the input of",
              "each MLP's last linear layer, the graph begun at the first of them. Peaks are those of whole",
              "processes, libraries and weights included. The memory limit is amp's own, for",
              "activations; the second row of a model has one that was chosen so that the process should stay within a",
              "third of PyTorch's, its ratio is taken to PyTorch's median, and its difference to amp's other scores.",
              "Difference is the largest one of any score, as a share of the largest.", setting.about_bfloat16),
        table(head, rows), "", str(goals)])


def narrow(setting, model, title, goals):
    """The row in bfloat16."""
    found = in_turn(workers(setting, model, "bfloat16"), 3)
    amp, torch = found["amp"], found.get("PyTorch")
    apart = torch and difference(setting.values("score-amp"), setting.values("score-PyTorch"))
    if torch:
        ratio = Ratio(torch["seconds"], amp["seconds"])
        goals.at_least(f"{title}, bfloat16, images/s against PyTorch", ratio.median, NARROW_GOAL, " ×")
    return row(setting, title + ", bfloat16", "8 GB", amp, torch, apart)


def row(setting, title, limit, amp, torch, apart):
    def rate(found):
        return f"{count(setting) / statistics.median(found['seconds']):.2f}"

    cells = [title, limit, rate(amp), bytes_text(amp["peak_bytes"])]
    if torch is None:
        cells += ["–"] * 5
    else:
        ratio = Ratio(torch["seconds"], amp["seconds"]) if limit == "8 GB" else against_median(torch, amp)
        cells += [rate(torch), bytes_text(torch["peak_bytes"]), ratio,
                  f"{amp['peak_bytes'] / torch['peak_bytes']:.2f}", f"{apart:.0e}"]
    print("  " + " · ".join(map(str, cells)), flush=True)
    return cells


def against_median(torch, amp):
    return Ratio([statistics.median(torch["seconds"])] * len(amp["seconds"]), amp["seconds"])


def count(setting):
    """Of the images."""
    return 32 if setting.quick else 64


def options(setting):
    return [f"--images={count(setting)}", f"--batch={BATCH}", f"--temperature={T}", f"--threads={setting.threads}"]


def workers(setting, model, precision="float32"):
    own = [*options(setting), f"--precision={precision}", "--in-turn", "--values", setting.values("score-amp")]
    found = [Worker("amp", [setting.bench, "score", model, *own])]
    if setting.python:
        numbers = [count(setting), BATCH, T, setting.threads]
        found.append(Worker("PyTorch", [
            *setting.opponent("torch_score.py"), model, setting.images(), *map(str, numbers),
            setting.values("score-PyTorch"), precision]))
    return found


def within(setting, model, amp, wanted):
    """amp's scoring with a memory limit that keeps the whole process within `wanted` bytes, and that limit."""
    # What amp takes beside activations stays, so the limit is what is left; where that does not do, less.
    limit, best = wanted - (amp["peak_bytes"] - amp["activation_bytes"]), (None, None)
    for _ in range(3):
        own = [f"--memory={max(int(limit), 0)}", "--repeats=2", "--values", setting.values("score-limited")]
        try:
            found = next(setting.amp_lines("score", model, *options(setting), *own, stderr=subprocess.DEVNULL))
        except StopIteration:
            break  # The limit is too low for one batch.
        best = found, limit
        if found["peak_bytes"] <= wanted:
            break
        limit -= 1.1 * (found["peak_bytes"] - wanted)
    return best
