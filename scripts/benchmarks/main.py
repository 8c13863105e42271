"""Runs benchmarks and writes what they give into docs/performance.md; `scripts/bench` builds and calls this."""
import argparse
import json
import os
import re
import time

import document
import environment
import forward
import growth
import instructions
import kernels
import machine
import score
import search
import setting as settings
import share
import startup
import training
from turns import Failed

PARTS = {"forward": forward, "score": score, "search": search, "training": training, "kernels": kernels, "share": share,
         "growth": growth, "startup": startup, "instructions": instructions}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", required=True)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--emulated", action="store_true")
    parser.add_argument("--output")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    given = parser.parse_args()
    setting = settings.Setting(
        os.path.join(given.binaries, "amp"), os.path.join(given.binaries, "amp-bench"), given.cache, given.quick,
        given.emulated)
    # Instructions need a build of their own, so they are counted only where asked for.
    names = given.parts or [name for name in PARTS if name != "instructions"]
    output = given.output or (None if given.quick or given.compare else "docs/performance.md")
    texts = {}
    for name in names:
        print(f"{name} (load {machine.load()})", flush=True)
        start = time.time()
        try:
            options = {"compare": given.compare} if name == "instructions" else {}
            texts[name] = PARTS[name].run(setting, **options)
        except Failed as failure:
            print(f"  failed: {failure}")
        print(f"  {time.time() - start:.0f} s", flush=True)
        # After each part: a run that is stopped keeps what it has measured.
        if output and texts:
            document.write(output, texts, machine.facts() + versions(setting))
            print(f"  written: {output}", flush=True)


def versions(setting):
    """What the opponents are, and what MKL runs on."""
    # Nothing is installed for their sake.
    python = environment.present(setting.cache)
    if not python:
        return [("opponents", "none: they are not installed")]
    said = machine.said_by(*setting.opponent("versions.py", python), env=dict(os.environ, MKL_VERBOSE="1"))
    found = []
    for line in said.splitlines():
        if line.startswith("{"):
            found += list(json.loads(line).items())
    says = re.search(r"MKL_VERBOSE (.*?) (?:lp64|ilp64|Lnx|Lin)", said)
    return found + ([("what MKL says it runs on", says.group(1).strip(" ,"))] if says else [])


main()
