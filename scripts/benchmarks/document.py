"""docs/performance.md: one part a benchmark, each renewed by itself."""
import os
import re
import sys
import textwrap

import machine

HEAD = """# Performance

Made by `scripts/bench`; nothing here is written by hand. A part is renewed when its benchmark runs, and says when and
at which load that was. Sides of a comparison load the same weights and the same images, take turns in one run on the
same number of threads, and their results are compared. Ratios are medians over the rounds, with the smallest and the
largest in brackets; above 1 amp is faster.
"""


def table(head, rows):
    """Markdown. The first column is text, the others are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def prose(*sentences):
    """A paragraph, and an empty line."""
    return textwrap.fill(" ".join(sentences), 120, break_long_words=False, break_on_hyphens=False) + "\n"


def pairs(items):
    return "\n".join(["| | |", "|---|---|"] + [f"| {name} | {value} |" for name, value in items])


class Goals:
    """What was to be reached, and whether it is."""

    def __init__(self):
        self.lines = []

    def at_least(self, what, value, wanted, unit=""):
        self.add(what, f"{value:.2f}{unit}", f"≥ {wanted}{unit}", value >= wanted)

    def at_most(self, what, value, wanted, unit=""):
        self.add(what, f"{value:.4g}{unit}", f"≤ {wanted}{unit}", value <= wanted)

    def add(self, what, value, wanted, reached):
        self.lines.append((what, wanted, value, "yes" if reached else "**no**"))

    def __str__(self):
        return table(["goal", "wanted", "measured", "reached"], self.lines) if self.lines else ""


def write(path, parts, facts):
    """Puts the parts (name → text) in the document, leaving the others as they are."""
    old = {}
    if os.path.exists(path):
        with open(path) as file:
            old = dict(re.findall(r"<!-- part: (\w+) -->\n(.*?)\n<!-- end -->", file.read(), re.DOTALL))
    with open(path, "w") as file:
        file.write(HEAD + "\n" + pairs(facts) + "\n")
        for name in ORDER:
            text = parts.get(name, old.get(name))
            if text:
                file.write(f"\n<!-- part: {name} -->\n{text.strip()}\n<!-- end -->\n")


ORDER = ["forward", "score", "search", "training", "kernels", "share", "growth", "startup", "instructions"]


def heading(title, command, before):
    """The first lines of a part: what, when, how, and what else the machine was doing."""
    date = machine.facts()[0][1]
    command += " --quick" if "--quick" in sys.argv else ""
    load = f"load {before} before and {machine.load()} after"
    return f"## {title}\n\n{date}, `{command}`, {machine.threads()} threads, {load}.\n"
