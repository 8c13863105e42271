"""Kernels by themselves, as shares of what the cores can do."""
import statistics

import machine
from document import heading, prose, table

NAMES = {"vit_tiny_patch16_224": "ViT-Ti", "vit_small_patch16_224": "ViT-S", "vit_base_patch16_224": "ViT-B",
         "vit_large_patch16_224": "ViT-L"}
LIMITS = [("multiply-adds in registers, GFLOP/s", "flops"), ("reading memory, GB/s", "reading"),
          ("copying memory, GB/s (both ways)", "copying")]


def run(setting):
    before = machine.load()
    # Of each number of threads, and of each kernel the lines of all numbers of threads.
    limits, kernels = {}, {}
    for line in setting.amp_lines("kernels", *(["--quick"] if setting.quick else [])):
        if line["work"] == "limits":
            known = limits.setdefault(line["threads"], line)
            for _, key in LIMITS:
                known[key] = max(known[key], line[key])
        else:
            kernels.setdefault((line["kernel"], line["shape"], line["model"]), []).append(line)
            used = line["kernels"]
    counts = sorted(limits)
    top = [[name] + [f"{limits[n][key] / 1e9:.0f}" for n in counts] for name, key in LIMITS]
    products = [cells(lines, limits) for lines in kernels.values() if lines[0]["flop"]]
    rows = [cells(lines, limits) for lines in kernels.values() if not lines[0]["flop"]]
    for line in top + products + rows:
        print("  " + " · ".join(line), flush=True)
    threads = [f"{n} thread{'s' if n > 1 else ''}" for n in counts]
    each = [text for name in threads for text in (name, "of the limit")]
    return "\n".join([
        heading("Kernels", "scripts/bench kernels", before),
        prose(f"BLAS kernels {used}. Every thread works on operands of its own with the shapes of a unit of images, 4 of",
              "them or 1. The limits of the cores are measured in the same run, before and after the kernels, and the",
              "larger one counts:"),
        table(["limit", *threads], top), "",
        prose("Products, in GFLOP/s, as shares of the limit of the arithmetic (rows × columns × depth; last column:",
              "operations for each byte of the operands):"),
        table(["kernel", "shape", *each, "FLOP/byte"], products), "",
        prose("Work on rows, in GB/s read and written, as shares of the rate of copying memory; above 100 % where caches",
              "help:"),
        table(["kernel", "shape", *each], rows)])


def cells(lines, limits):
    """One kernel: its rate for each number of threads, and the share of the limit."""
    kernel = lines[0]
    found = [f"{kernel['kernel']}, {NAMES[kernel['model']]}", kernel["shape"]]
    for line in lines:
        amount, limit = ("flop", "flops") if kernel["flop"] else ("bytes", "copying")
        rate = line["threads"] * line[amount] / statistics.median(line["seconds"])
        found += [f"{rate / 1e9:.0f}", f"{100 * rate / limits[line['threads']][limit]:.0f} %"]
    if kernel["flop"]:
        found.append(f"{kernel['flop'] / kernel['bytes']:.0f}")
    return found
