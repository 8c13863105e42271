"""How cost grows with images, layers and parameters."""
import math
import statistics

import machine
from document import heading, prose, table
from kernels import NAMES


def run(setting):
    before = machine.load()
    minutes = 0.5 if setting.quick else 3.5
    lines = []
    for line in setting.amp_lines("growth", setting.path("models"), f"--minutes={minutes}"):
        lines.append(line)
        if not line.get("left_out"):
            print(f"  {line['work']} " + " · ".join(cells(line)), flush=True)
    lines.sort(key=order)
    left_out = [line for line in lines if line.get("left_out")]
    parts = [
        heading("Growth", "scripts/bench growth", before),
        prose("Seconds against the work there is: images × operations of one forward pass of an image, for the search ×",
              "layers too, since it makes six tries in each. Where cost is linear the last column is flat and the",
              "exponents are 1. One repetition each.")]
    for work in ("forward", "score", "search"):
        done = [line for line in lines if line["work"] == work and not line.get("left_out")]
        unit = "ms per image and GFLOP" + (" and layer" if work == "search" else "")
        head = ["model", "layers", "parameters", "images", "seconds", unit]
        parts += [f"### {work.capitalize()}\n", table(head, [cells(line) for line in done]), "", fit(done)]
    if left_out:
        parts += [f"Left out for want of time ({minutes} minutes in all):\n",
                  table(["work", "model", "layers", "images"], together(left_out))]
    return "\n".join(parts)


def size(line):
    """The work there is."""
    layers = line["depth"] if line["work"] == "search" else 1
    return line["gflop_per_image"] * line["images"] * layers


def order(line):
    return line["work"], line["parameters"], line["images"]


def cells(line):
    seconds = line["seconds"][0]
    return [NAMES[line["model"]], f"{line['depth']}", f"{line['parameters'] / 1e6:.1f} M", f"{line['images']}",
            f"{seconds:.2f}", f"{1000 * seconds / size(line):.2f}"]


def together(lines):
    """The lines by work and model, their numbers of images in one cell."""
    groups = {}
    for line in lines:
        key = line["work"], NAMES[line["model"]], f"{line['depth']}"
        groups.setdefault(key, []).append(f"{line['images']}")
    return [[*key, ", ".join(images)] for key, images in groups.items()]


def fit(done):
    """Exponents, each where all else stays, and how flat the last column is."""
    def exponent(of, *same):
        groups = {}
        for line in done:
            groups.setdefault(tuple(line[key] for key in same), []).append((of(line), line["seconds"][0]))
        # Two points side by side say nothing.
        found = [slope(points) for points in groups.values() if max(points)[0] >= 2 * min(points)[0]]
        return statistics.mean(found) if found else None

    named = [("images", exponent(lambda line: line["images"], "model", "depth")),
             ("layers", exponent(lambda line: line["depth"], "model", "images")),
             ("all the work there is", exponent(size))]
    text = ", ".join(f"{name} {value:.2f}" for name, value in named if value is not None) or "too few rows"
    rates = [1000 * line["seconds"][0] / size(line) for line in done]
    if not rates:
        return ""
    return prose(f"Exponents: {text}. Last column: median {statistics.median(rates):.2f}, from {min(rates):.2f} to",
                 f"{max(rates):.2f}.")


def slope(points):
    """The exponent b of y = a·x^b by least squares of the logarithms."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = statistics.mean(xs), statistics.mean(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
