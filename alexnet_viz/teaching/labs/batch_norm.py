"""Batch normalisation against LRN: which values are averaged, in training and at inference.

Ioffe, Szegedy 2015, algorithms 1 and 2; layer normalisation: Ba, Kiros, Hinton 2016.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, pvariance, variance

from alexnet_viz.network.layers import LRN, BatchNorm
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.graph.axes import Scale, grid_lines, number_text
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, GREY, VERMILION
from alexnet_viz.teaching.control import Bars, Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.variants import VARIANTS

BATCH, CHANNELS, OWN, PIXELS = 8, 5, 2, 4
"""Samples, channels, the place of the student's channel, pixels of a map in the grid."""
FIRST = (2.0, 5.0, 3.5, -1.0, 6.0, 4.0, 0.5, 3.0)
OTHERS = (
    (1.0, -2.0, 0.5, 3.0), (0.0, 4.0, -1.0, 2.0), (2.5, 1.0, 1.0, -3.0), (-1.0, 0.5, 2.0, 4.0),
    (3.0, -1.0, 0.0, 1.0), (1.5, 2.0, -2.0, 0.5), (0.0, 1.0, 5.0, -1.0), (2.0, 3.0, 0.5, -0.5),
)  # fmt: skip
"""The other four channels of each sample, which are made up."""


def running(x: Sequence[float], momentum: float, seen: int) -> tuple[float, float]:
    """The running mean and variance after ``seen`` batches of these values, from 0 and 1.

    The variance is the one with n - 1, as torch keeps it.
    """
    left = (1 - momentum) ** seen
    return (1 - left) * fmean(x), left + (1 - left) * variance(x)


def outputs(values: Values, x: Sequence[float]) -> list[float]:
    """The student's channel after the normalisation, for the samples of the batch."""
    now = x[: values["size"]]
    eps, gamma, beta = float(values["eps"]), values["gamma"], values["beta"]
    if values["norm"] == "none":
        return list(now)
    if values["norm"] == "lrn":
        how = LRN(name="norm")
        rows = [_sample(x, n) for n in range(len(now))]
        return [
            v / (how.k + how.effective_alpha * sum(each**2 for each in row)) ** how.beta
            for v, row in zip(now, rows, strict=True)
        ]
    if values["norm"] == "ln":
        places = [(fmean(row), pvariance(row)) for row in (_sample(x, n) for n in range(len(now)))]
    else:
        places = [statistics(values, x)] * len(now)
    return [
        gamma * (v - mean) / sqrt(var + eps) + beta
        for v, (mean, var) in zip(now, places, strict=True)
    ]


def statistics(values: Values, x: Sequence[float]) -> tuple[float, float]:
    """The mean and variance that batch normalisation takes: the batch's, or the running ones."""
    if values["mode"] == "inference":
        return running(x, values["momentum"], values["seen"])
    now = x[: values["size"]]
    return fmean(now), pvariance(now)


def _sample(x: Sequence[float], n: int) -> tuple[float, ...]:
    return (*OTHERS[n][:OWN], x[n], *OTHERS[n][OWN:])


def averaged(values: Values) -> set[tuple[int, int, int]]:
    """(sample, channel, pixel) of what the first sample's first pixel is normalised by."""
    norm, size = values["norm"], values["size"]
    if norm == "bn" and values["mode"] == "train":
        return {(n, OWN, pixel) for n in range(size) for pixel in range(PIXELS)}
    if norm == "ln":
        return {(0, channel, pixel) for channel in range(CHANNELS) for pixel in range(PIXELS)}
    if norm == "lrn":
        return {(0, channel, 0) for channel in range(CHANNELS)}
    return set()


def look(values: Values, say: Say) -> Look:
    """The values before and after, and which of the batch are averaged."""
    x, y, lit = values["x"], outputs(values, values["x"]), averaged(values)
    norm, mode = values["norm"], values["mode"]
    sentences = [say(f"block_{norm}" if norm != "bn" else f"block_bn_{mode}", cells=len(lit))]
    if norm == "bn":
        mean, var = statistics(values, x)
        sentences.append(
            say(f"statistics_{mode}", mean=number_text(mean), var=number_text(var),
                size=values["size"], seen=values["seen"])
        )  # fmt: skip
        if mode == "train" and values["size"] == 1:
            sentences.append(say("alone", beta=number_text(values["beta"])))
    sentences.append(say("first", x=number_text(x[0]), y=number_text(y[0])))
    sentences.append(say("params", **parameters()))
    drawing = _drawn(values, y, lit, say)
    return Look((Drawing(drawing, "batch_norm", say("caption")),), tuple(sentences))


def parameters() -> dict[str, int]:
    """What the normalisations of article 002's program hold, and what two LRN layers learn."""
    rows = trace(VARIANTS["article_002_keras"]).rows
    learned = sum(row.params for row in rows if isinstance(row.layer, BatchNorm))
    paper = trace(VARIANTS["alexnet_2012_paper"]).rows
    lrn = sum(row.params for row in paper if isinstance(row.layer, LRN))
    return {"learned": learned, "held": 2 * learned, "lrn": lrn}


def _drawn(
    values: Values, y: Sequence[float], lit: set[tuple[int, int, int]], say: Say
) -> str:  # fmt: skip
    sheet, x = Sheet(), values["x"][: values["size"]]
    top, bottom, left, right = 34, 296, 40, 300
    low, high = min(*x, *y, -1.0), max(*x, *y, 1.0)
    up = Scale(low, high, bottom, top)
    grid_lines(sheet, Scale(0, 1, left, right), up, x_ticks=())
    for n, (before, after) in enumerate(zip(x, y, strict=True)):
        said = f"{n + 1}: {number_text(before)} → {number_text(after)}"
        with sheet.group(title=said, kind="sample"):
            sheet.line((left + 60, up(before)), (right - 60, up(after)), stroke=GREY, width=1.4)
            sheet.circle(left + 60, up(before), 6, fill=VERMILION)
            sheet.circle(right - 60, up(after), 6, fill=BLUE)
    sheet.text(left + 60, 20, say("before"), size=14)
    sheet.text(right - 60, 20, say("after"), size=14)
    cell, gap, start = 13, 6, 400
    for sample in range(BATCH):
        for channel in range(CHANNELS):
            for pixel in range(PIXELS):
                across = start + channel * (2 * cell + gap) + cell * (pixel % 2)
                down = top + sample * (2 * cell + gap) + cell * (pixel // 2)
                on = (sample, channel, pixel) in lit
                sheet.rectangle(
                    across, down, cell, cell, fill=BLUE if on else "none", opacity=0.75,
                    stroke=GREY, width=0.9, dash="" if sample < values["size"] else "2 2",
                )  # fmt: skip
        sheet.text(start - 10, top + sample * (2 * cell + gap) + 19, str(sample + 1), size=14,
                   anchor="end", quiet=sample >= values["size"])  # fmt: skip
    own = start + OWN * (2 * cell + gap)
    sheet.rectangle(own - 1, top - 1, cell + 2, cell + 2, stroke=VERMILION, width=3)
    middle = start + (CHANNELS * (2 * cell + gap) - gap) / 2
    sheet.text(middle, 20, say("channels", channels=CHANNELS), size=14)
    sheet.text(middle, bottom + 18, say("pixels", pixels=PIXELS), size=14, quiet=True)
    sheet.text(start - 34, top - 14, say("samples"), size=14, anchor="end")
    return sheet.document(640, bottom + 30, title=say("drawing"))


def _alone(values: Values, answer: str, say: Say) -> Outcome:
    """What comes out of a batch of one in training."""
    if (values["norm"], values["mode"], values["size"]) != ("bn", "train", 1):
        return Outcome(False, say("alone_first"))
    x, (y,) = values["x"][0], outputs(values, values["x"])
    words = {"x": number_text(x), "y": number_text(y), "beta": number_text(values["beta"])}
    return Outcome(
        answer == "beta", say("alone_right" if answer == "beta" else "alone_no", **words)
    )


def _neighbour(values: Values, answer: str, say: Say) -> Outcome:
    """Whether another sample changes this one's output at inference."""
    x = values["x"]
    moved = (x[0], x[1] + (1 if x[1] < 10 else -1), *x[2:])
    trained = {**values, "norm": "bn", "mode": "train", "size": max(2, values["size"])}
    mean, var = running(x, values["momentum"], values["seen"])
    fixed = values["gamma"] * (x[0] - mean) / sqrt(var + float(values["eps"])) + values["beta"]
    words = {
        "before": number_text(outputs(trained, x)[0]),
        "after": number_text(outputs(trained, moved)[0]),
        "fixed": number_text(fixed),
        "x": number_text(x[1]), "moved": number_text(moved[1]),
    }  # fmt: skip
    right = answer == "no"
    return Outcome(right, say("neighbour_right" if right else "neighbour_no", **words))


def _idle(values: Values) -> tuple[str, ...]:
    """The settings that the chosen normalisation does not have, or not in training."""
    batch, whole = ("mode", "momentum", "seen"), ("gamma", "beta", "eps")
    bn = ("momentum",) if values["mode"] == "train" else ()
    return {"bn": bn, "ln": batch}.get(values["norm"], batch + whole)


LAB = Lab(
    id="batch_norm",
    concepts=("normalisation",),
    controls=(
        Pick("norm", ("bn", "ln", "lrn", "none"), "bn"),
        Pick("mode", ("train", "inference"), "train"),
        Number("size", 1, BATCH, BATCH),
        Number("gamma", 0.0, 3.0, 1.0, 0.1),
        Number("beta", -3.0, 3.0, 0.0, 0.1),
        Pick("eps", ("0.00001", "0.001", "0.1"), "0.00001"),
        Number("momentum", 0.0, 1.0, 0.1, 0.05),
        Number("seen", 0, 100, 50),
        Bars("x", BATCH, -10, 10, FIRST, 0.5),
    ),
    look=look,
    idle=_idle,
    tasks={
        "alone": Task(_alone, Pick("output", ("input", "beta", "one", "running"), "input")),
        "neighbour": Task(_neighbour, Pick("changes", ("yes", "no"), "yes")),
    },
    see=(
        "architecture?variant=article_002_keras",
        "layer?layer=norm1",
        "experiments?experiment=batch_norm",
    ),
)
