"""The search of all layers: amp's, the plain algorithm on amp's own forward pass, and the plain algorithm in PyTorch."""
import json
import statistics

import machine
from document import Goals, heading, table
from setting import TITLES, bytes_text
from turns import Ratio, Worker, in_turn

BATCH, T = 32, 20
# Weights as small as those of a fresh model leave the entropy where it is, whatever is removed.
DEVIATION, TOLERANCE = 0.05, 0.01
PLAIN_GOAL, TORCH_GOAL = 5, 10


def run(setting):
    before = machine.load()
    size, images = ("ti", 32) if setting.quick else ("s", 64)
    rounds = 2 if setting.quick else 3
    model = setting.model(size, deviation=DEVIATION)
    command = [setting.bench, "search", model, f"--images={images}", f"--batch={BATCH}", f"--temperature={T}",
               f"--tolerance={TOLERANCE}", f"--threads={setting.threads}"]
    order = setting.values("search-order")
    # Once before the turns: what it decides tells PyTorch which widths to run.
    first = next(setting.amp_lines(*command[1:], "--repeats=1", "--values", order))
    decisions = setting.values("search-decisions.json")
    with open(decisions, "w") as file:
        json.dump(first["decisions"], file)
    ordered = [*command, "--order", order, "--in-turn"]
    workers = [Worker("amp", ordered), Worker("plain", [*ordered, "--method=plain"])]
    # It takes minutes, and hardly varies.
    workers[1].rounds = 1
    if setting.python:
        workers.append(Worker("PyTorch", [
            *setting.opponent("torch_search.py"), model, setting.images(), str(images), str(BATCH), str(T), str(setting.threads),
            decisions, order, "8"]))
    found = in_turn(workers, rounds)
    return text(setting, before, found, size, images, rounds)


def text(setting, before, found, size, images, rounds):
    amp, plain, torch = found["amp"], found["plain"], found.get("PyTorch")
    tries = [attempt for decision in amp["decisions"] for attempt in decision["tries"]]
    accepted = sum(attempt["accepted"] for attempt in tries)
    alike = widths(amp) == widths(plain)
    goals, rows = Goals(), []
    for name, one in [("amp", amp), ("plain algorithm on amp's forward pass", plain), ("plain algorithm in PyTorch", torch)]:
        if one is None:
            continue
        ratio = "" if one is amp else Ratio(one["seconds"], amp["seconds"])
        rows.append([name, f"{statistics.median(one['seconds']):.2f}", len(one["seconds"]), bytes_text(one["peak_bytes"]),
                     counted(one, name), ratio])
        print("  " + " · ".join(map(str, rows[-1])), flush=True)
        if one is plain:
            goals.at_least("against the plain algorithm on amp's forward pass", ratio.median, PLAIN_GOAL, " ×")
        if one is torch:
            goals.at_least("against the plain algorithm in PyTorch", ratio.median, TORCH_GOAL, " ×")
    goals.add("every decision as the plain algorithm's", "alike" if alike else "other widths", "alike", alike)
    apart = max(abs(a["entropy"] - b["entropy"]) for x, y in zip(amp["decisions"], plain["decisions"]) for a, b in zip(x["tries"], y["tries"]))
    lines = [
        heading("Search", "scripts/bench search", before),
        f"float32, {TITLES[size]} of random weights (deviation {DEVIATION}), {images} validation images in batches of {BATCH}, all layers, 6 steps,",
        f"within {TOLERANCE} nats: {len(tries)} tries, {accepted} accepted, {len(tries) - accepted} rejected. The plain algorithm runs the whole model for every try.",
        f"Entropies of all tries differ from the plain algorithm's by at most {apart:.0e} nats."]
    if torch:
        lines.append(f"In PyTorch a sample of {torch['ran']} of {torch['passes'] * len(torch['seconds'])} passes was run (of {torch['passes']} a search), evenly spread, with the widths")
        lines.append(f"amp had decided; seconds are scaled up from them. Their entropies differ from amp's by at most {torch['largest_difference']:.0e} nats.")
    head = ["search", "seconds", "rounds", "peak", "GFLOP", "ratio to amp"]
    return "\n".join([*lines, "", table(head, rows), "", str(goals)])


def counted(one, name):
    """The operations spent: amp's own where it counts them, those of whole forward passes for the plain algorithm."""
    if name == "amp":
        return f"{one['gflop']:,.0f}" if "gflop" in one else "not counted"
    return f"{one['plain_gflop']:,.0f}" if "plain_gflop" in one else "as above"


def widths(found):
    return [(d["layer"], d["width"], [(a["width"], a["accepted"]) for a in d["tries"]]) for d in found["decisions"]]
