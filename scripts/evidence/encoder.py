"""The part of docs/evidence.md on a real encoder, of one seed."""
from measurements import about, digits, measurements, percent, scale, table

MODELS = {
    "adaptive": "entropy, adaptive", "uniform": "entropy, uniform", "magnitude": "magnitude, uniform",
    "diversity": "diversity (DGMR), uniform"}
MEASURES = ("knn", "agreement", "cosine")


class Encoder:
    def __init__(self, path):
        rows, self.params = measurements(path)
        self.about = about(path)
        self.cases = {}
        for row in rows:
            self.cases.setdefault((row["model"], row["stage"]), {})[row["measure"]] = row

    def text(self):
        rows = []
        for (model, stage), measured in self.cases.items():
            row = ["original" if stage == "original" else f"{MODELS[model]}: {stage}"]
            row.append(f"{100 * measured['knn']['left']:.1f}")
            for measure in MEASURES:
                value = measured[measure]["value"] * scale(measure) if measure in measured else None
                row.append("–" if value is None else f"{value:.{digits(measure)}f}")
            rows.append(row)
        images = next(iter(self.cases.values()))["knn"]["images"]
        known = self.about
        return f"""## A real encoder

{known.get("model", "A DINOv2 checkpoint")} with {percent(self.params["level"])} of its parameters left, by
[examples/evidence-dinov2.amp](../examples/evidence-dinov2.amp) on {known.get("photos", "the photos given")}:
{images} images of each side, one seed, searched on {self.params["searched"]} of each. kNN takes k={self.params["k"]}. \
Agreement is how often the nearest other image is the same as for the original. One image is \
{100 / images:.1f} points, so that differences of a few points mean little. {known.get("date", "")}, {known.get("seconds", 0) / 60:.0f} minutes, \
{known.get("load", "")}.

{table(["", "parameters left, %", "kNN, %", "agreement, %", "mean cosine"], rows)}"""

    def lost(self):
        """Where another way is at least as good as adaptive widths by the entropy."""
        for stage in ("pruned", "compensated"):
            for model in ("uniform", "magnitude", "diversity"):
                for measure in MEASURES:
                    ours, theirs = (self.cases.get((of, stage), {}).get(measure) for of in ("adaptive", model))
                    if not ours or not theirs:
                        continue
                    ahead = scale(measure) * (theirs["value"] - ours["value"])
                    if ahead >= 0:
                        yield (
                            f"DINOv2, {stage}", measure, MODELS[model], "entropy, adaptive",
                            f"{ahead:+.{digits(measure)}f}", "better" if ahead > 0 else "equal")
