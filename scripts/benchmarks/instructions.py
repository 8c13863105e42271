"""Instruction counts of small, fixed work: they hardly change from run to run, whatever else the machine does.

They are counted by callgrind on one thread, of a build for x86-64-v3 with OpenBLAS's Haswell kernels, so that they are
about those of any machine of that kind.
"""
import os
import re
import shutil
import subprocess

import machine
from document import heading, prose, table
from startup import CELLS, long_session

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.tsv")


def run(setting, compare=False):
    if not shutil.which("valgrind"):
        print("  skipped: there is no valgrind here")
        return None
    before = machine.load()
    known, rows, counts = read(), [], []
    for name, command in cases(setting, build(setting)):
        count = instructions(command, setting.path("callgrind.out"))
        counts.append((name, count))
        change = f"{100 * (count / known[name] - 1):+.2f} %" if name in known else "–"
        rows.append([name, f"{count / 1e6:,.1f}", change])
        print("  " + " · ".join(rows[-1]), flush=True)
    if not compare:
        with open(TABLE, "w") as file:
            file.writelines(f"{name}\t{count}\n" for name, count in counts)
    return "\n".join([
        heading("Instructions", "scripts/bench instructions", before),
        prose("Millions of instructions of the whole process on one thread, counted by callgrind, in a build for x86-64-v3",
              "with OpenBLAS's Haswell kernels; the change is against the counts that scripts/benchmarks/instructions.tsv",
              "held before this run. `scripts/bench instructions --compare` only compares."),
        table(["work", "million instructions", "change"], rows)])


def cases(setting, built):
    """Pairs of a name and a command."""
    amp, bench = os.path.join(built, "amp"), os.path.join(built, "amp-bench")
    model = setting.model("ti", depth=2)
    folder, session = setting.path("startup"), setting.path("instructions.ampdb")
    os.makedirs(folder, exist_ok=True)
    # Opening a session writes into it.
    shutil.copy(long_session(setting, folder), session)
    # No repetition beside the one that does not count.
    one = ["--repeats=0", "--threads=1"]
    four = ["--images=4", "--batch=4", "--threads=1"]
    return [
        ("amp --version", [amp, "--version"]),
        (f"opening a session of {CELLS:,} cells", [amp, session, "-c", "show models"]),
        ("making 4 images and doing nothing", [bench, "images", "4", setting.path("four.safetensors")]),
        ("forward, ViT-Ti of 2 layers, 4 images", [bench, "forward", model, "--batch=4", *one]),
        ("score, ViT-Ti of 2 layers, 4 images", [bench, "score", model, *four, "--repeats=0"]),
        ("score and search, ViT-Ti of 2 layers, 4 images", [bench, "search", model, *four, "--repeats=1"]),
    ]


def build(setting):
    """The folder of a build of its own, for processors that callgrind knows.

    Without symbols: older versions of valgrind stumble over Swift's.
    """
    flags = ["-c", "release", "-Xcc", "-march=x86-64-v3", "--scratch-path", ".build-instructions"]
    for product in ("amp", "amp-bench"):
        done = subprocess.run(["swift", "build", *flags, "--product", product],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit("bench: the build for callgrind failed:\n" + done.stdout[-2000:])
    folder, built = setting.path("instructions"), machine.said_by("swift", "build", *flags, "--show-bin-path").strip()
    os.makedirs(folder, exist_ok=True)
    for product in ("amp", "amp-bench"):
        subprocess.run(["strip", "-o", os.path.join(folder, product), os.path.join(built, product)], check=True)
    return folder


def instructions(command, output):
    kernels = dict(os.environ, OPENBLAS_CORETYPE="Haswell", OPENBLAS_NUM_THREADS="1")
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", *command], env=kernels,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        raise SystemExit("bench: callgrind failed: " + done.stderr[-1000:])
    return int(found.group(1))


def read():
    if not os.path.exists(TABLE):
        return {}
    with open(TABLE) as file:
        return {name: int(count) for name, count in (line.rstrip("\n").split("\t") for line in file)}
