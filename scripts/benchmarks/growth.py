"""How cost grows with images, layers and parameters."""
import math
import statistics

import machine
from document import heading, table
from kernels import short


def run(setting):
    before = machine.load()
    minutes = 0.7 if setting.quick else 4
    lines = []
    for line in setting.amp_lines("growth", setting.path("models"), f"--minutes={minutes}"):
        lines.append(line)
        if not line.get("left_out"):
            print("  " + " · ".join(map(str, cells(line))), flush=True)
    parts, left_out = [heading("Growth", "scripts/bench growth", before)], []
    for work in ("forward", "score", "search"):
        done = [line for line in lines if line["work"] == work and not line.get("left_out")]
        left_out += [line for line in lines if line["work"] == work and line.get("left_out")]
        unit = "ms per image and GFLOP" + (" and layer" if work == "search" else "")
        head = ["model", "layers", "parameters", "images", "seconds", unit]
        parts += [f"### {work.capitalize()}\n", table(head, [cells(line) for line in sorted(done, key=order)]), "", fit(done), ""]
    parts.insert(1, "Seconds against the work there is: images × operations of one forward pass of an image, for the search × layers too, since it\n"
                    "makes six tries in each. Where cost is linear the last column is flat and the exponents are 1. One repetition each.\n")
    if left_out:
        names = ", ".join(f"{line['work']} {short(line['model'])} × {line['depth']:.0f} on {line['images']:.0f}" for line in left_out)
        parts.append(f"Left out for want of time ({minutes} minutes in all): {names}.")
    return "\n".join(parts)


def size(line):
    layers = line["depth"] if line["work"] == "search" else 1
    return line["gflop_per_image"] * line["images"] * layers


def order(line):
    return line["parameters"], line["depth"], line["images"]


def cells(line):
    seconds = line["seconds"][0]
    return [short(line["model"]), f"{line['depth']:.0f}", f"{line['parameters'] / 1e6:.1f} M", f"{line['images']:.0f}", f"{seconds:.2f}",
            f"{1000 * seconds / size(line):.3f}"]


def slope(points):
    """The exponent b of y = a·x^b by least squares of the logarithms."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = statistics.mean(xs), statistics.mean(ys)
    spread = sum((x - mx) ** 2 for x in xs)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / spread if spread > 0 else None


def fit(done):
    """Exponents along each of the three, where the other two stay."""
    def series(key, *others):
        groups = {}
        for line in done:
            groups.setdefault(tuple(line[other] for other in others), []).append(line)
        found = [slope([(line[key], line["seconds"][0]) for line in group]) for group in groups.values()
                 if len({line[key] for line in group}) > 1]
        return statistics.mean(found) if found else None
    named = [("images", series("images", "model", "depth")),
             ("layers", slope_of_depth(done)),
             ("operations of an image", slope([(size(line), line["seconds"][0]) for line in done]) if len(done) > 1 else None)]
    text = ", ".join(f"{name} {value:.2f}" for name, value in named if value is not None)
    rates = [1000 * line["seconds"][0] / size(line) for line in done]
    return f"Exponents: {text}. Last column: median {statistics.median(rates):.3f}, from {min(rates):.3f} to {max(rates):.3f}." if rates else ""


def slope_of_depth(done):
    groups = {}
    for line in done:
        if "small" in line["model"]:
            groups.setdefault(line["images"], []).append((line["depth"], line["seconds"][0]))
    found = [slope(points) for points in groups.values() if len(points) > 1]
    return statistics.mean(found) if found else None
