"""Kernels by themselves, as shares of what the cores can do; and the share of the products in a forward pass."""
import statistics

import machine
from document import Goals, heading, table


def run(setting):
    before = machine.load()
    limits, kernels = {}, []
    for line in setting.amp_lines("kernels", *(["--quick"] if setting.quick else [])):
        if line["work"] == "limits":
            known = limits.setdefault(line["threads"], line)
            for key in ("flops", "reading", "copying"):
                known[key] = max(known[key], line[key])
        else:
            kernels.append(line)
    counts = sorted(limits)
    top = [[name] + [f"{limits[n][key] / 1e9:.0f}" for n in counts] for name, key in
           [("multiply-adds in registers, GFLOP/s", "flops"), ("reading memory, GB/s", "reading"), ("copying memory, GB/s (both ways)", "copying")]]
    products, rows = [], []
    for kernel in kernels:
        one = [line for line in kernels if (line["kernel"], line["shape"], line["model"]) == (kernel["kernel"], kernel["shape"], kernel["model"])]
        if one[0] is not kernel:
            continue
        cells = [f"{kernel['kernel']}, {short(kernel['model'])}", kernel["shape"]]
        for line in one:
            seconds = statistics.median(line["seconds"])
            limit, n = limits[line["threads"]], line["threads"]
            if kernel["flop"]:
                rate = n * line["flop"] / seconds
                cells += [f"{rate / 1e9:.0f}", f"{100 * rate / limit['flops']:.0f} %"]
            else:
                rate = n * line["bytes"] / seconds
                cells += [f"{rate / 1e9:.1f}", f"{100 * rate / limit['copying']:.0f} %"]
        if kernel["flop"]:
            cells.append(f"{kernel['flop'] / kernel['bytes']:.0f}")
        (products if kernel["flop"] else rows).append(cells)
    each = [text for n in counts for text in (f"{n} thread{'s' if n > 1 else ''}", "of the limit")]
    for line in [top, products, rows]:
        for cells in line:
            print("  " + " · ".join(map(str, cells)), flush=True)
    return "\n".join([
        heading("Kernels", "scripts/bench kernels", before),
        f"BLAS kernels {kernels[0]['kernels']}. Every thread works on operands of its own with the shapes of a unit of images. The limits of",
        "the cores are measured in the same run, before and after the kernels, and the larger one counts:\n", table(["limit"] + [f"{n} thread{'s' if n > 1 else ''}" for n in counts], top), "",
        "Products, in GFLOP/s, as shares of the limit of the arithmetic (rows × columns × depth; last column: operations for each byte):\n",
        table(["kernel", "shape", *each, "FLOP/byte"], products), "",
        "Work on rows, in GB/s read and written, as shares of the rate of copying memory; above 100 % where caches help:\n",
        table(["kernel", "shape", *each], rows)])


def short(name):
    return {"vit_tiny_patch16_224": "ViT-Ti", "vit_small_patch16_224": "ViT-S", "vit_base_patch16_224": "ViT-B", "vit_large_patch16_224": "ViT-L"}[name]
