"""Steps of training against PyTorch."""
import statistics

import machine
from document import heading, prose, table
from setting import TITLES, bytes_text
from turns import Ratio, Worker, difference, in_turn

BATCH = 16


def run(setting):
    before = machine.load()
    rows = []
    for size in ["s"] if setting.quick else ["s", "b"]:
        found = in_turn(workers(setting, setting.model(size)), 2 if size == "b" else setting.rounds)
        rows.append(row(setting, TITLES[size], found["amp"], found.get("PyTorch")))
    head = ["model", "amp images/s", "peak", "PyTorch images/s", "peak", "ratio", "difference"]
    return "\n".join([
        heading("Training", "scripts/bench training", before),
        prose(f"float32, an epoch of {count(setting)} images in batches of {BATCH}: the model learns the tokens of itself",
              "with half of its neurons (`distill`), the teacher's forward pass included on both sides, AdamW over all",
              "weights before the final norm.",
              f"{setting.rounds} rounds in turn{'' if setting.quick else ', 2 of ViT-B'}.",
              "PyTorch runs timm's model with torch.optim.AdamW. Peaks are those of whole processes.",
              "Difference is that of the first epoch's mean loss, as a share of it: the images come in another order, so",
              "it is no more than a check that both do the same."),
        table(head, rows)])


def row(setting, title, amp, torch):
    def rate(found):
        return f"{count(setting) / statistics.median(found['seconds']):.2f}"

    cells = [title, rate(amp), bytes_text(amp["peak_bytes"])]
    if torch is None:
        cells += ["–"] * 4
    else:
        apart = difference(setting.values("training-amp"), setting.values("training-PyTorch"))
        cells += [rate(torch), bytes_text(torch["peak_bytes"]), Ratio(torch["seconds"], amp["seconds"]), f"{apart:.0e}"]
    print("  " + " · ".join(map(str, cells)), flush=True)
    return cells


def count(setting):
    """Of the images."""
    return 16 if setting.quick else 32


def workers(setting, model):
    own = [f"--images={count(setting)}", f"--batch={BATCH}", f"--threads={setting.threads}", "--in-turn"]
    found = [Worker("amp", [setting.bench, "training", model, *own, "--values", setting.values("training-amp")])]
    if setting.python:
        numbers = [count(setting), BATCH, setting.threads]
        found.append(Worker("PyTorch", [
            *setting.opponent("torch_training.py"), model, setting.images(), *map(str, numbers),
            setting.values("training-PyTorch")]))
    return found
