"""The search of all layers: amp's, and the plain algorithm on amp's own forward pass and in PyTorch."""
import json
import statistics

import machine
from document import Goals, heading, prose, table
from setting import TITLES, bytes_text
from turns import Ratio, Worker, in_turn

BATCH, T = 32, 20
# Weights as small as those of a fresh model leave the entropy where it is, whatever is removed.
DEVIATION, TOLERANCE = 0.05, 0.01
PLAIN_GOAL, TORCH_GOAL = 5, 10


def run(setting):
    before = machine.load()
    size, depth, images = ("ti", 6, 32) if setting.quick else ("s", None, 64)
    found = compare(setting, setting.model(size, depth=depth, deviation=DEVIATION), images)
    amp, plain, torch = found["amp"], found["plain"], found.get("PyTorch")
    goals, rows = Goals(), []
    for name, one, goal in [("amp", amp, None), ("plain algorithm on amp's forward pass", plain, PLAIN_GOAL),
                            ("plain algorithm in PyTorch", torch, TORCH_GOAL)]:
        if one is None:
            continue
        ratio = Ratio(one["seconds"], amp["seconds"]) if goal else ""
        # amp's own count where there is one; a whole forward pass for each try of the plain algorithm.
        counted = one.get("gflop") if one is amp else amp["plain_gflop"]
        rows.append([name, f"{statistics.median(one['seconds']):.2f}", len(one["seconds"]),
                     bytes_text(one["peak_bytes"]), f"{counted:,.0f}" if counted else "not counted", ratio])
        print("  " + " · ".join(map(str, rows[-1])), flush=True)
        if goal:
            goals.at_least(f"against the {name}", ratio.median, goal, " ×")
    alike = widths(amp) == widths(plain)
    goals.add("every decision as the plain algorithm's", "alike" if alike else "other ones", "alike", alike)
    return "\n".join([
        heading("Search", "scripts/bench search", before),
        described(amp, plain, TITLES[size], images), sampled(torch) if torch else "",
        table(["search", "seconds", "rounds", "peak", "GFLOP", "ratio to amp"], rows), "", str(goals)])


def compare(setting, model, images):
    command = [setting.bench, "search", model, f"--images={images}", f"--batch={BATCH}", f"--temperature={T}",
               f"--tolerance={TOLERANCE}", f"--threads={setting.threads}"]
    order, decisions = setting.values("search-order"), setting.values("search-decisions.json")
    # Once before the turns: what it decides tells PyTorch which widths to run.
    first = next(setting.amp_lines(*command[1:], "--repeats=1", "--values", order))
    with open(decisions, "w") as file:
        json.dump(first["decisions"], file)
    ordered = [*command, "--order", order, "--in-turn"]
    workers = [Worker("amp", ordered), Worker("plain", [*ordered, "--method=plain"])]
    # It takes minutes, and hardly varies.
    workers[1].rounds = 1
    if setting.python:
        numbers, sample = [images, BATCH, T, setting.threads], "6"
        workers.append(Worker("PyTorch", [
            *setting.opponent("torch_search.py"), model, setting.images(), *map(str, numbers), decisions, order,
            sample]))
    return in_turn(workers, 2 if setting.quick else 3)


def described(amp, plain, title, images):
    tries = [attempt for decision in amp["decisions"] for attempt in decision["tries"]]
    accepted = sum(attempt["accepted"] for attempt in tries)
    apart = max(abs(a["entropy"] - b["entropy"]) for one, other in zip(amp["decisions"], plain["decisions"])
                for a, b in zip(one["tries"], other["tries"]))
    return prose(
        f"float32, BLAS kernels {amp['kernels']}, {title} of {len(amp['decisions'])} layers with random weights",
        f"(deviation {DEVIATION}), {images} validation images in batches of {BATCH}, all layers, 6 steps, within",
        f"{TOLERANCE} nats: {len(tries)} tries, {accepted} accepted, {len(tries) - accepted} rejected. The plain",
        "algorithm runs the whole model for every try, as narrow as it is by then. Entropies of all tries differ from the plain",
        f"algorithm's by at most {apart:.0e} nats.")


def sampled(torch):
    turns = len(torch["seconds"])
    return prose(
        f"In PyTorch a sample of {torch['ran']} of the {torch['passes'] * turns} passes of {turns} searches was run,",
        "evenly spread, with the widths amp had decided; seconds are scaled up from them. Their entropies differ from",
        f"amp's by at most {torch['largest_difference']:.0e} nats.")


def widths(found):
    return [(decision["layer"], decision["width"], [(a["width"], a["accepted"]) for a in decision["tries"]])
            for decision in found["decisions"]]
