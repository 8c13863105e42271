"""docs/evidence.md from a run of examples/evidence.amp."""
import re
import textwrap

from encoder import Encoder
from measurements import Comparison, about, by_seed, loaded, mean, measurements, percent, shown, table

CRITERIA = ["entropy", "entropy signed", "crossentropy", "fisher", "diversity", "magnitude", "activation", "random"]
TITLES = {"entropy": "entropy (AMP)", "entropy signed": "entropy, signed", "crossentropy": "cross-entropy"}
LABELS = {"crossentropy", "fisher"}
STAGES = ["pruned", "compensated", "pruned, distilled", "compensated, distilled"]
# In the order of the tables of criteria.
COLUMNS = {"pruned": "pruned", "compensated": "compensated", "compensated, distilled": "distilled"}
WIDTHS = {"all": "adaptive", "falls": "adaptive, falls=no", "uniform": "uniform", "global": "global"}
SAID = {
    "all": "adaptive widths", "falls": "adaptive widths with falls=no", "uniform": "uniform widths",
    "global": "global widths"}
VERDICTS = {"better": "ahead of", "worse": "behind", "equal": "equal to"}
MEASURES = {"top1": "top-1", "agreement": "agreement", "entropy": "entropy"}
NAMES = MEASURES | {"knn": "kNN", "cosine": "cosine"}


def name(criterion):
    return TITLES.get(criterion, criterion)


def title(criterion):
    return name(criterion) + (" (labels)" if criterion in LABELS else "")


def filled(text):
    """Sentences and lists in lines of at most 120 characters; tables, headings and figures as they are."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        if block[0] in "|#!":
            blocks.append(block)
        else:
            items = re.split(r"\n(?=- )", block)
            fill = textwrap.TextWrapper(120, break_long_words=False, break_on_hyphens=False)
            fill.subsequent_indent = "  " if block.startswith("- ") else ""
            # No line begins with a sign of percent.
            kept = [fill.fill(item.replace(" %", "\0%")).replace("\0%", " %") for item in items]
            blocks.append("\n".join(kept))
    return "\n\n".join(blocks) + "\n"


def below(points):
    """Where a model is by the original's top-1."""
    if abs(points) < 0.05:
        return "as good as the original"
    return f"{abs(points):.1f} points {'below' if points > 0 else 'above'} the original"


class Document:
    def __init__(self, path, dinov2, figures):
        self.rows, self.params = measurements(path)
        self.about = about(path)
        self.model = loaded(path)
        self.figures = figures
        self.encoder = Encoder(dinov2) if dinov2 else None
        self.levels = list(dict.fromkeys(self.params[word] for word in ("high", "middle", "low")))
        self.seeds = sorted({row["seed"] for row in self.rows})
        self.original = {measure: by_seed(self.rows, measure, stage="original") for measure in ("top1", "entropy")}
        # Comparisons that AMP does not win: case, measure, the other, AMP's, points ahead, verdict.
        self.lost = []
        self.compared = 0

    def cell(self, measure, level, stage, criterion="entropy", widths="uniform"):
        rows = [row for row in self.rows if row["script"] != "settings"]
        return by_seed(rows, measure, level=level, stage=stage, criterion=criterion, widths=widths)

    def text(self):
        parts = [self.head(), self.short(), self.criteria(), self.labels(), self.widths(), self.settings()]
        if self.encoder:
            parts.append(self.encoder.text())
            self.lost += self.encoder.lost()
        return filled("\n".join(parts + [self.losses()]))

    def lose(self, case, measure, other, ours, comparison):
        """Keeps a comparison for the last section, unless AMP wins it."""
        self.compared += comparison.exists
        if comparison.exists and comparison.verdict != "worse":
            self.lost.append((case, measure, other, ours, str(comparison), comparison.verdict))

    def head(self):
        known, images = self.about, self.params["images"]
        minutes = f"{known['seconds'] / 60:.0f} minutes; {known['load']}" if "seconds" in known else "?"
        top, entropy = (shown(self.original[measure], measure) for measure in ("top1", "entropy"))
        original = f"top-1 {top} %, entropy {entropy} nats (t={self.params['t']}, batch={self.params['batch']})"
        facts = table(["", ""], [
            ["date", known.get("date", "?")],
            ["machine", known.get("machine", "?")],
            ["time", minutes],
            ["command", f"`{known.get('command', '?')}`"],
            ["amp", known.get("amp", "?")],
            ["model", f"examples/models/fashion-vit: {self.model['blocks']} layers of width {self.model['width']}, "
                      f"{sum(self.model['hidden_widths']):,} hidden neurons, {self.model['parameters'] / 1e6:.2f} M "
                      f"parameters, {100 * self.share:.0f} % of them in MLPs"],
            ["images", f"of examples/data/fashion: {images} to score, compensate and distill on, {images} others to "
                       "search and judge on"],
            ["seeds", ", ".join(map(str, self.seeds)) + ": which images of each side are taken and in which order, "
                      "random scores, the order of distillation"],
            ["original", original]]).replace("|---|---:|", "|---|---|")
        return f"""# Evidence

Made by `scripts/make-evidence` from a run of [examples/evidence.amp](../examples/evidence.amp); no figure is written by
hand, and what is said about who wins is computed from the numbers. How it is computed: [method.md](method.md).

{facts}
Figures are means over the seeds ± their standard deviation. Top-1 and agreement (how often the answer is the
original's) are in %, the entropy in nats; one image is {100 / int(images):.2f} points. Comparisons are made seed
by seed, so that both sides see the same images (much of the spread of top-1 is that of the images' difficulty): a
difference counts where its mean is larger than the standard deviation of the differences, otherwise the two are called
equal. Three seeds make that a weak test, and there are many here: a difference of a point may be chance.

*Compensated* is `prune compensate=ls`; *distilled* is `distill epochs={self.params["epochs"]}` after it, on the same
images, unless something else is said. A dash: not run.

Attention and the rest are {100 * (1 - self.share):.0f} % of this model: {self.neurons()}. It is a small and redundant
model, and its images are easy: what holds here need not hold for a large one.
"""

    @property
    def share(self):
        """Of the parameters, those in MLPs."""
        return self.model["mlp_parameters"] / self.model["parameters"]

    def neurons(self):
        """What of the hidden neurons each level leaves, nearly: biases of the outputs stay."""
        left = [1 - (1 - float(level.rstrip("%")) / 100) / self.share for level in self.levels]
        told = [f"at {percent(level)} of the parameters about {100 * share:.0f} % of the hidden neurons are left"
                if not index else f"at {percent(level)} {100 * share:.0f} %"
                for index, (level, share) in enumerate(zip(self.levels, left))]
        return ", ".join(told)

    def short(self):
        rows, said = [], []
        whole = self.original["top1"]
        for level in self.levels:
            for widths in ("uniform", "all", "falls"):
                tops = [self.cell("top1", level, stage, widths=widths) for stage in COLUMNS]
                rows.append([f"{percent(level)}, {WIDTHS[widths]}"] + [shown(top, "top1") for top in tops])
                if not (tops[0] and tops[1]):
                    continue
                lost = [-Comparison(whole, top).mean for top in tops]
                cost = Comparison(tops[0], whole)
                text = f"- {percent(level)} left, {SAID[widths]}: "
                if cost.verdict == "better":
                    back = 100 * (lost[0] - lost[1]) / lost[0]
                    text += f"pruning costs {cost.mean:.1f} ± {cost.spread:.1f} points, least squares wins back "
                    text += (f"{back:.0f} % of that" if back < 99.5 else "all of that") + f": {below(lost[1])}"
                else:
                    text += f"what pruning costs is lost in the spread ({cost}); after least squares {below(lost[1])}"
                if tops[2]:
                    text += f"; distilled after that: {below(lost[2])}"
                said.append(text + ".")
        return "\n".join([
            "## In short\n", f"Top-1 with AMP's entropy criterion; the original has {shown(whole, 'top1')} %.\n",
            table(["left, widths", *COLUMNS.values()], rows), *said, ""])

    def criteria(self):
        lines = [
            "## Criteria\n",
            "The same share of every layer (`search uniform to …`), so that only the ranking differs. Cross-entropy "
            "and Fisher scores need labels, the others do not.\n"]
        for level in self.levels:
            lines.append(f"### {percent(level)} of the parameters left\n")
            for measure in MEASURES:
                rows = []
                if measure in self.original:
                    rows.append(["the original", shown(self.original[measure], measure), "", ""])
                for criterion in CRITERIA:
                    values = [shown(self.cell(measure, level, stage, criterion), measure) for stage in COLUMNS]
                    rows.append([title(criterion), *values])
                lines.append(table([f"**{MEASURES[measure]}** by criterion", *COLUMNS.values()], rows))
            lines += [self.ranking(level, stage) for stage in COLUMNS]
            lines.append(self.order(level))
        lines += self.figure("pruned", "As pruned: agreement over what is left, for one seed")
        lines += self.figure("compensated", "Compensated: agreement over what is left, for one seed")
        return "\n".join(line for line in lines if line is not None)

    def figure(self, kind, words):
        if not (self.figures / f"evidence-{kind}.svg").exists():
            return []
        return [f"![{words}](figures/evidence-{kind}.svg)\n", f"*{words}.*\n"]

    def ranking(self, level, stage):
        """What beats or equals AMP's criterion by agreement, and how far apart all are."""
        values = {criterion: self.cell("agreement", level, stage, criterion) for criterion in CRITERIA}
        values = {criterion: found for criterion, found in values.items() if found}
        if "entropy" not in values or len(values) < 2:
            return None
        for measure in ("top1", "agreement"):
            for criterion in list(values)[1:]:
                theirs = self.cell(measure, level, stage, criterion)
                self.lose(
                    f"{percent(level)}, uniform, {stage}", measure, title(criterion), "entropy",
                    Comparison(self.cell(measure, level, stage), theirs))
        found = {c: Comparison(values["entropy"], values[c]) for c in values if c != "entropy"}
        said = []
        words = {"better": "better than AMP's entropy", "equal": "equal within the spread", "worse": "worse"}
        for verdict, word in words.items():
            those = sorted((c for c in found if found[c].verdict == verdict), key=lambda c: -found[c].mean)
            if those:
                said.append(f"{word}: " + ", ".join(f"{name(c)} ({found[c]})" for c in those))
        best, worst = (choose(values, key=lambda c: mean(values[c])) for choose in (max, min))
        apart = 100 * (mean(values[best]) - mean(values[worst]))
        return (
            f"- {stage[0].upper() + stage[1:]}, by agreement: {'; '.join(said)}. From the best ({name(best)}) to the "
            f"worst ({name(worst)}) {apart:.1f} points.")

    def order(self, level):
        """Distilling as the paper does, without least squares before."""
        top, agreement = (self.cell(measure, level, "pruned, distilled") for measure in ("top1", "agreement"))
        if not top:
            return ""
        against = Comparison(self.cell("agreement", level, "compensated, distilled"), agreement)
        return (
            "- The entropy's model distilled as it was pruned, without least squares before: top-1 "
            f"{shown(top, 'top1')} %, agreement {shown(agreement, 'agreement')} %, which is {against} points against "
            "distilling after least squares.\n")

    def labels(self):
        rows, ahead = [], []
        for level in self.levels:
            for stage in STAGES:
                row = []
                for measure in ("top1", "agreement"):
                    label, entropy = (self.cell(measure, level, stage, c) for c in ("crossentropy", "entropy"))
                    found = Comparison(label, entropy)
                    if found.exists:
                        winner = {"better": "entropy", "worse": "cross-entropy", "equal": "equal"}[found.verdict]
                        row += [str(found), winner]
                if row:
                    rows.append([f"{percent(level)}, {stage}", *row])
                    ahead.append(row[-1])
        return "\n".join([
            "## Entropy against cross-entropy\n",
            "The same Taylor product, of the label-free entropy and of the classifier's loss, which needs labels; "
            "uniform widths. Points by which the entropy's ranking is ahead, and whose is better:\n",
            table(["left, stage", "top-1", "better", "agreement", "better"], rows),
            f"By agreement the entropy is better in {ahead.count('entropy')} of {len(ahead)} cases, cross-entropy in "
            f"{ahead.count('cross-entropy')}, and {ahead.count('equal')} are equal.\n"])

    def widths(self):
        rows, said = [], []
        stages = ("pruned", "compensated")
        for level in self.levels:
            for widths, word in WIDTHS.items():
                values = [
                    shown(self.cell(measure, level, stage, widths=widths), measure)
                    for stage in stages for measure in MEASURES]
                rows.append([f"{percent(level)}, {word}", *values])
            for stage in stages:
                for other in ("uniform", "global", "falls"):
                    for measure in ("top1", "agreement"):
                        ours, theirs = (self.cell(measure, level, stage, widths=widths) for widths in ("all", other))
                        self.lose(
                            f"{percent(level)}, entropy, {stage}", measure, SAID[other], SAID["all"],
                            Comparison(ours, theirs))
                against = [
                    f"{subject} {VERDICTS[found.verdict]} {WIDTHS[other]} ones ({found})".strip()
                    for subject, widths, others in (
                        ("adaptive widths are", "all", ("uniform", "global")),
                        ("with falls=no they are", "falls", ("all", "uniform", "global")))
                    for subject, other, found in self.against(level, stage, subject, widths, others)]
                if against:
                    said.append(f"- {percent(level)}, {stage}, by agreement: {', '.join(against)}.")
        caption = f"Widths that the search found for {percent(self.levels[-1])} of the parameters, for one seed"
        return "\n".join([
            "## Widths: adaptive, uniform, global\n",
            "Ranked by the entropy; only how many neurons each layer keeps differs. Adaptive is AMP's search (`search "
            "all to …`), which accepts every fall of the entropy; with `falls=no` a fall counts like a rise. Global is "
            "one ranking of the neurons of all layers.\n",
            table(["left, widths"] + [f"{stage}: {word}" for stage in stages for word in MEASURES.values()], rows),
            *said, "", *self.figure("widths", caption)])

    def against(self, level, stage, subject, widths, others):
        """How some widths do against others by agreement; the subject stands before the first."""
        ours = self.cell("agreement", level, stage, widths=widths)
        for other in others:
            found = Comparison(self.cell("agreement", level, stage, widths=other), ours)
            if found.exists:
                yield subject, other, found
                subject = ""

    def settings(self):
        level = percent(self.levels[-1])
        lines = [
            "## Settings\n",
            f"One at a time, ranked by the entropy; at {level} in uniform widths unless said otherwise.\n"]
        for key, head, words, stages in (
            ("sharpness", "t", "How sharply similarities count in the scores.", ["pruned"]),
            ("together", "batch", "How many images see one another in the scores.", ["pruned"]),
            ("taken", "calibration images",
             "How many images the scores (in batches of 16) and least squares have.", ["pruned", "compensated"]),
            ("tries", "steps",
             "Steps of each layer's bisection, `search all within 0.002`: more come closer to the limit.", ["pruned"]),
            ("judged", "judged", "`search all within 0.002`, the widths judged as pruned (`none`) or with what least "
             "squares makes of them (`ls`); compensated in the end.", ["compensated"]),
        ):
            of = [row for row in self.rows if key in row]
            if not of:
                continue
            values = list(dict.fromkeys(row[key] for row in of))
            rows = []
            for value in values:
                left = {row["seed"]: row["left"] for row in of if row[key] == value}
                results = [
                    shown(by_seed(of, measure, stage=stage, **{key: value}), measure)
                    for stage in stages for measure in ("top1", "agreement")]
                rows.append([value, shown(left, "left"), *results])
            columns = [f"{stage}: {word}" for stage in stages for word in ("top-1", "agreement")]
            lines += [f"### {head if head == 't' else head.capitalize()}\n", words + "\n",
                      table([head, "parameters left, %", *columns], rows)]
            if key not in ("tries", "judged"):
                best = ", ".join(self.best(of, key, values, stage) for stage in stages)
                lines.append(f"Best by agreement: {best}.\n")
        return "\n".join(lines)

    def best(self, rows, key, values, stage):
        found = {value: by_seed(rows, "agreement", stage=stage, **{key: value}) for value in values}
        best, worst = (choose(values, key=lambda value: mean(found[value])) for choose in (max, min))
        against = Comparison(found[worst], found[best])
        if against.verdict == "better":
            return f"{best} ({stage}), which is {against} points above the worst, {worst}"
        return f"{best} ({stage}), equal to the worst within the spread ({against})"

    def losses(self):
        lines = [
            "## Where AMP does not win\n",
            "Every comparison above in which another ranking, other widths or a simpler step is better than AMP's, or "
            "equal within the spread.\n",
            self.tally()]
        for verdict, heading in (("better", "Better than AMP"), ("equal", "Equal within the spread")):
            rows = [
                [case, NAMES[measure], other, ours, ahead]
                for case, measure, other, ours, ahead, found in self.lost if found == verdict]
            columns = ["case", "measure", "other", "AMP's", "points ahead"]
            lines += [f"### {heading}\n", table(columns, rows) if rows else "None.\n"]
        lines += self.alone("compensated, distilled", "distilling after it")
        lines += self.alone("pruned, distilled", "distilling without it")
        return "\n".join(lines)

    def tally(self):
        embedded = [found for case, *_, found in self.lost if not case.startswith("DINOv2")]
        better, equal = embedded.count("better"), embedded.count("equal")
        return (
            f"On the embedded model AMP's is the better one in {self.compared - better - equal} of {self.compared} "
            f"comparisons of rankings and widths, equal in {equal} and worse in {better}.\n")

    def alone(self, stage, words):
        """Where least squares alone is at least as good as a way with distillation."""
        rows = []
        for level in self.levels:
            for measure in ("top1", "agreement"):
                plain, distilled = self.cell(measure, level, "compensated"), self.cell(measure, level, stage)
                found = Comparison(distilled, plain)
                if found.exists and found.verdict != "worse":
                    rows.append([
                        percent(level), NAMES[measure], shown(plain, measure), shown(distilled, measure), str(found),
                        found.verdict])
        columns = ["left", "measure", "least squares alone", words, "points ahead", "least squares is"]
        otherwise = f"Less than {words}, at every level.\n"
        return [f"### Least squares alone against {words}\n", table(columns, rows) if rows else otherwise]
