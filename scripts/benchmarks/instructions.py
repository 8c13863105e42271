"""Instruction counts of small, fixed work: they hardly change from run to run, whatever else the machine does.

They are counted by callgrind on one thread, of a build for x86-64-v3 with OpenBLAS's Haswell kernels, so that they are
about those of any machine of that kind.
"""
import os
import re
import shutil
import subprocess

import machine
from document import heading, table
from startup import long_session

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.tsv")


def run(setting, compare=False):
    if not shutil.which("valgrind"):
        print("  skipped: there is no valgrind here")
        return None
    before = machine.load()
    built = build()
    small, session = setting.model("ti", depth=2), os.path.join(setting.path("startup"), "cells-10000.ampdb")
    os.makedirs(setting.path("startup"), exist_ok=True)
    long_session(setting, setting.path("startup"))
    copy = setting.path("instructions.ampdb")
    bench, amp = os.path.join(built, "amp-bench"), os.path.join(built, "amp")
    once = ["--repeats=0", "--threads=1"]
    cases = [
        ("amp --version", [amp, "--version"]),
        ("nothing: amp-bench --help", [bench, "--help"]),
        ("forward, ViT-Ti of 2 layers, 4 images", [bench, "forward", small, "--batch=4", *once]),
        ("score, ViT-Ti of 2 layers, 4 images", [bench, "score", small, "--images=4", "--batch=4", *once]),
        ("search, ViT-Ti of 2 layers, 4 images", [bench, "search", small, "--images=4", "--batch=4", "--repeats=1", "--threads=1"]),
        ("opening a session of 10,000 cells", [amp, copy, "-c", "show models"]),
    ]
    known, rows, counts = read(), [], []
    for name, command in cases:
        if copy in command:
            shutil.copy(session, copy)
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
        "Millions of instructions of the whole process on one thread, counted by callgrind, in a build for x86-64-v3 with OpenBLAS's",
        "Haswell kernels; the change is against the counts kept in scripts/benchmarks/instructions.tsv before this run.",
        "`scripts/bench instructions --compare` only compares.\n",
        table(["work", "million instructions", "change"], rows)])


def build():
    """The folder of a build of its own, for processors that callgrind knows."""
    flags = ["-c", "release", "-Xcc", "-march=x86-64-v3", "--scratch-path", ".build-instructions"]
    for product in ("amp", "amp-bench"):
        done = subprocess.run(["swift", "build", *flags, "--product", product], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit("bench: the build for callgrind failed:\n" + done.stdout[-2000:])
    return subprocess.run(["swift", "build", *flags, "--show-bin-path"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def instructions(command, output):
    kernels = dict(os.environ, OPENBLAS_CORETYPE="Haswell", OPENBLAS_NUM_THREADS="1")
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", *command],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=kernels)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        raise SystemExit("bench: callgrind failed: " + done.stderr[-1000:])
    return int(found.group(1))


def read():
    if not os.path.exists(TABLE):
        return {}
    with open(TABLE) as file:
        return {name: int(count) for name, count in (line.rstrip("\n").split("\t") for line in file)}
