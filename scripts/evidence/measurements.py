"""What runs with --json measured, and how numbers of several seeds are compared and shown."""
import json
import pathlib
import re
import statistics

# Measures that are no shares.
ABSOLUTE = ("entropy", "cosine")


def cells(path):
    with open(path) as file:
        for line in file:
            cell = json.loads(line)
            if cell.get("status") == "ok":
                yield cell


def about(path):
    """When, how and on what a run was made."""
    beside = pathlib.Path(f"{path}.about.json")
    return json.loads(beside.read_text()) if beside.exists() else {}


def loaded(path):
    """The sizes of the model, as the first `load` said them."""
    for cell in cells(path):
        for output in cell["outputs"]:
            if "mlp_parameters" in output.get("data", {}):
                return output["data"]
    return {}


class State:
    """What the sentences so far made of the model in use."""

    def __init__(self):
        self.criterion, self.widths, self.stage = None, None, "original"

    def follow(self, sentence):
        words = sentence.split()
        match words[0]:
            case "load":
                self.__init__()
            case "score":
                self.criterion = words[1] + (" signed" if "signed=yes" in words else "")
            case "search":
                self.widths = "falls" if "falls=no" in words else words[1]
            case "prune":
                self.stage = "compensated" if "compensate=ls" in words else "pruned"
            case "distill":
                self.stage += ", distilled"


def measurements(path):
    """Every result of `evaluate`: of what, and under which values of a loop's name. And the script's params."""
    found, params, top, seed = [], {}, State(), None
    for cell in cells(path):
        sentence = cell["sentence"]
        if named := re.match(r'(?:param|let) (\w+) = "?([^"]*)', sentence):
            params[named[1]] = named[2]
        if given := re.match(r"data .* seed (\S+)", sentence):
            word = given[1].lstrip("$")
            seed = int(params.get(word, word))
        nested = re.match(r'run "([^"]*)"', sentence)
        script = pathlib.Path(nested[1]).stem if nested else None
        if not nested:
            top.follow(sentence)
        state, values = top, {}
        for output in cell["outputs"]:
            if output["kind"] != "line":
                continue
            text, data = output["text"], output["data"]
            if loop := re.match(r"for \w+ in [^{]*\{(.*)\}", text, re.S):
                state = State()
                for part in loop[1].split(";"):
                    state.follow(part.strip())
            elif not data and (value := re.fullmatch(r"(\w+) = (\S+)", text)):
                values = {value[1]: value[2]}
            elif "measure" in data:
                of = dict(
                    script=script, seed=seed, criterion=state.criterion, widths=state.widths, stage=state.stage,
                    left=data["parameters"] / data["parameters_whole"], images=data["images"], model=data["model"])
                found.append({**of, **values, "measure": data["measure"], "value": data["value"]})
                if "cosine" in data:
                    found.append({**of, **values, "measure": "cosine", "value": data["cosine"]})
    return found, params


def by_seed(rows, measure, **wanted):
    return {
        row["seed"]: row["value"] for row in rows
        if row["measure"] == measure and all(row.get(key) == value for key, value in wanted.items())}


def mean(values):
    return statistics.mean(values.values())


def scale(measure):
    return 1 if measure in ABSOLUTE else 100


def digits(measure):
    return 3 if measure in ABSOLUTE else 1


def shown(values, measure):
    """Mean and standard deviation over the seeds."""
    if not values:
        return "–"
    numbers = [value * scale(measure) for value in values.values()]
    text = f"{statistics.mean(numbers):.{digits(measure)}f}"
    return text + (f" ± {statistics.stdev(numbers):.{digits(measure)}f}" if len(numbers) > 1 else "")


class Comparison:
    """By how many points theirs is above ours, seed by seed, and whether that is beyond its own spread."""

    def __init__(self, ours, theirs):
        differences = [100 * (theirs[seed] - ours[seed]) for seed in sorted(set(ours) & set(theirs))]
        self.exists = bool(differences)
        self.mean = statistics.mean(differences) if differences else 0
        self.spread = statistics.stdev(differences) if len(differences) > 1 else 0
        if abs(self.mean) <= self.spread or abs(self.mean) < 0.05:
            self.verdict = "equal"
        else:
            self.verdict = "better" if self.mean > 0 else "worse"

    def __str__(self):
        return f"{self.mean:+.1f} ± {self.spread:.1f}"


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "|---|" + "---:|" * (len(columns) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def percent(level):
    return level.replace("%", " %")
