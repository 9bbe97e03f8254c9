"""Dropout: the masks, both scalings and the wrong double one, training against test, the losses.

Krizhevsky et al. 2012, section 4.2; dividing in training is what Caffe, torch and Keras do.
"""

from collections.abc import Sequence
from math import fsum, prod
from typing import Any

from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.bars import bars
from alexnet_viz.render.diagrams.graph.count_histogram import histogram
from alexnet_viz.render.diagrams.graph.curves import Mark, curves
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, GREY, VERMILION
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.teaching.toys import dropout_network as toy

UNITS = (1.0, 0.4, 0.0, 2.0, 0.6, 1.4, 0.2, 0.8, 1.2, 0.5)
WEIGHTS = (0.5, -0.3, 0.9, 0.4, 0.8, 0.3, -0.6, 0.7, 0.2, 0.6)
SCHEMES = ("paper", "inverted", "both", "none")
EXAMPLES, BINS, SEED = 2000, 30, 2012
ALL = 2 ** len(UNITS)
KEPT = (1,) * len(UNITS)
TOP = 1.6
"""Of the axis of losses."""
DIVERGED = 100.0
"""A loss that is said to be none any more."""

Mask = Sequence[int]
"""For each unit 1 if it is kept, 0 if it is dropped."""


def factors(scheme: str, p: float) -> tuple[float, float]:
    """What the kept units are multiplied by in training, and all units at test time."""
    train = 1 / (1 - p) if scheme in ("inverted", "both") else 1.0
    return train, 1 - p if scheme in ("paper", "both") else 1.0


def ratio(scheme: str, p: float) -> float:
    """The value at test time over its expected value in training, for a linear unit."""
    train, test = factors(scheme, p)
    return test / ((1 - p) * train)


def total(mask: Mask = KEPT) -> float:
    """What the next unit receives of the units that a mask keeps, without any scaling."""
    return fsum(a * w * kept for a, w, kept in zip(UNITS, WEIGHTS, mask, strict=True))


def drawn(p: float, seed: int) -> tuple[int, ...]:
    """A mask: each unit is dropped with probability p, independently of the others."""
    from random import Random

    draw = Random(seed)
    return tuple(int(draw.random() >= p) for _ in UNITS)


def mean_over_all(p: float) -> float:
    """The mean of ``total`` over all masks, each weighted by its probability."""
    masks = (tuple(number >> unit & 1 for unit in range(len(UNITS))) for number in range(ALL))
    return fsum(total(mask) * prod(1 - p if kept else p for kept in mask) for mask in masks)


def averaged(p: float, masks: str, seed: int) -> float:
    """The mean of ``total`` over so many drawn masks, or over all that there are."""
    if masks == "all":
        return mean_over_all(p)
    return fsum(total(drawn(p, seed + n)) for n in range(int(masks))) / int(masks)


def look(values: Values, say: Say) -> Look:
    """The units under a mask and what the next one receives, or the losses of a small network."""
    return _losses(values, say) if values["show"] == "losses" else _units(values, say)


def _units(values: Values, say: Say) -> Look:
    p, scheme, mode = values["p"], values["scheme"], values["mode"]
    train, test = factors(scheme, p)
    mask = drawn(p, values["mask"]) if mode == "train" else KEPT
    received = total(mask) * (train if mode == "train" else test)
    mean = averaged(p, values["masks"], values["mask"]) * train
    count = ALL if values["masks"] == "all" else int(values["masks"])
    part = ratio(scheme, p)
    verdict = "fits" if abs(part - 1) < 1e-9 else "misses"
    sentences = (
        say(f"one_{mode}", dropped=len(mask) - sum(mask), units=len(mask),
            factor=number_text(train if mode == "train" else test),
            received=number_text(received, 6)),
        say("mean", masks=count, mean=number_text(mean, 6), test=number_text(total() * test, 6)),
        say(verdict, ratio=number_text(part, 3)),
    )  # fmt: skip
    net = _net(mask, train if mode == "train" else test, received, say)
    drawings = (
        Drawing(net, "dropout_units"),
        Drawing(_histograms(p, train, test, say), "dropout_histograms", say("caption")),
    )
    return Look(drawings, sentences)


def losses(values: Values) -> tuple[list[float], list[float]]:
    """Training and validation loss of the small network with dropout, every ``toy.EVERY`` steps.

    The first is what training brings down, the mean over the masks; the second that of one pass at
    test time, by the chosen scheme.
    """
    p, (train, test) = values["p"], factors(values["scheme"], values["p"])
    run = toy.trained(p, train, int(values["mask"]))
    masks, weighted = _masks(values)
    taught = [toy.over_masks(each, "training", masks, train, weighted).loss for each in run]
    return taught, [toy.loss(each, "validation", test) for each in run]


def of_mean(values: Values) -> float:
    """The validation loss of the mean output over the masks, as the chosen scheme trains."""
    train, _ = factors(values["scheme"], values["p"])
    masks, weighted = _masks(values)
    last = toy.trained(values["p"], train, int(values["mask"]))[-1]
    return toy.over_masks(last, "validation", masks, train, weighted).loss_of_mean


def _masks(values: Values) -> tuple[Any, float | None]:
    """The masks that are averaged over, and p where each has its own weight."""
    import numpy as np

    p, first = values["p"], int(values["mask"])
    if values["masks"] == "all":
        return toy.all_masks(), p
    return np.array([drawn(p, first + n) for n in range(int(values["masks"]))], float), None


def _losses(values: Values, say: Say) -> Look:
    p, count = values["p"], ALL if values["masks"] == "all" else int(values["masks"])
    plain = toy.trained(0.0, 1.0, 0)
    without = [[toy.loss(each, part, 1) for each in plain] for part in ("training", "validation")]
    runs = [*without, *losses(values)]
    names = ("plain_training", "plain_validation", "dropped_training", "dropped_validation")
    named = [say(name, p=number_text(p), masks=count) for name in names]
    at_end = {
        scheme: losses({**values, "scheme": scheme, "masks": "1"})[1][-1] for scheme in SCHEMES
    }
    diverged = len(runs[2]) <= toy.STEPS // toy.EVERY or not runs[2][-1] < DIVERGED
    mean = of_mean(values)
    rows = [(say("mean_of", masks=count), mean)]
    rows += [(say(f"option.scheme.{scheme}"), loss) for scheme, loss in at_end.items()]
    picture = curves(
        [
            (name, [(n * toy.EVERY, loss) for n, loss in enumerate(run)])
            for name, run in zip(named, runs, strict=True)
        ],
        title=say("losses"), x_label=say("steps"), y_label=say("loss"),
        x_range=(0, toy.STEPS), y_range=(0, TOP), marks=[Mark("y", toy.NOISE**2, say("noise"))],
    )  # fmt: skip
    tested = bars(
        [(name, loss if loss < DIVERGED else float("nan")) for name, loss in rows],
        title=say("tested"), lit={1 + SCHEMES.index(values["scheme"])},
    )  # fmt: skip
    words = {name: number_text(run[-1], 3) for name, run in zip(names, runs, strict=True)}
    before, after = runs[1][-1], runs[3][-1]
    key = "diverged" if diverged else "down" if after < before else "up" if p else "same"
    sentences = (
        say(f"loss_{key}", **words, p=number_text(p), masks=count,
            steps=toy.EVERY * (len(runs[2]) - 1), by=100 * abs(1 - after / before)),
        say("one_pass", **{name: _loss_text(loss, say) for name, loss in at_end.items()},
            mean=_loss_text(mean, say), masks=count),
        say("toy", inputs=toy.INPUTS, units=toy.UNITS, training=toy.TRAINING,
            validation=toy.VALIDATION, noise=number_text(toy.NOISE**2)),
    )  # fmt: skip
    drawings = (
        Drawing(picture, "dropout_losses"),
        Drawing(tested, "dropout_loss_at_test"),
    )
    return Look(drawings, sentences)


def _loss_text(loss: float, say: Say) -> str:
    return number_text(loss, 3) if loss < DIVERGED else say("beyond")


def _net(mask: Mask, factor: float, received: float, say: Say) -> str:
    sheet = Sheet()
    for n, (a, w, kept) in enumerate(zip(UNITS, WEIGHTS, mask, strict=True)):
        x = 34 + 63.5 * n
        if kept:
            sheet.line((x, 62), (320, 122), stroke=BLUE if w > 0 else VERMILION, width=4 * abs(w))
        said = say("unit", n=n + 1, a=number_text(a), w=number_text(w))
        with sheet.group(title=said, kind="unit"):
            colour = BLUE if kept else GREY
            sheet.circle(x, 38, 24, stroke=colour, width=2, dash="" if kept else "4 3")
            words = number_text(a * factor, 3) if kept else "0"
            sheet.text(x, 43, words, size=14, quiet=not kept)
            if not kept:
                for side in (-17, 17):
                    sheet.line((x - 17, 38 + side), (x + 17, 38 - side), stroke=VERMILION, width=2)
    sheet.rectangle(270, 122, 100, 30, stroke=BLUE, width=2)
    sheet.text(320, 142, number_text(received, 4), size=16, bold=True)
    sheet.text(384, 142, say("next"), size=14, anchor="start", quiet=True)
    return sheet.document(640, 160, title=say("net", units=len(mask)))


def _histograms(p: float, train: float, test: float, say: Say) -> str:
    """Of many made-up examples: what the next unit receives of each."""
    import numpy as np

    draw = np.random.default_rng(SEED)
    units = np.maximum(0, draw.normal(0.6, 1, (EXAMPLES, len(UNITS)))) * np.array(WEIGHTS)
    kept = draw.random(units.shape) >= p
    taught, tested = (units * kept).sum(1) * train, units.sum(1) * test
    edges = np.linspace(min(taught.min(), tested.min()), max(taught.max(), tested.max()), BINS + 1)
    counts = [
        (say(name, mean=number_text(float(each.mean()), 3)), np.histogram(each, edges)[0].tolist())
        for name, each in (("in_training", taught), ("at_test", tested))
    ]
    return histogram(
        counts, edges.tolist(), title=say("histograms"), x_label=say("received"),
    )  # fmt: skip


def _twice(values: Values, answer: Any, say: Say) -> Outcome:
    """The test values are twice, or half, what training leads to expect."""
    part = ratio(values["scheme"], values["p"])
    train, test = factors(values["scheme"], values["p"])
    words = {
        "ratio": number_text(part, 3), "train": number_text(train, 3),
        "test": number_text(test, 3), "keep": number_text(1 - values["p"], 3),
    }  # fmt: skip
    for name, wanted in (("wide", 2), ("narrow", 0.5)):
        if abs(part - wanted) < 1e-9:
            return Outcome(True, say(f"found_{name}", **words), part=name)
    return Outcome(False, say("not_yet", **words))


def _expected(values: Values, answer: float, say: Say) -> Outcome:
    """The expected value of the first unit in training."""
    p, a = values["p"], UNITS[0]
    train, _ = factors(values["scheme"], p)
    right = a * (1 - p) * train
    words = {
        "a": number_text(a), "p": number_text(p), "keep": number_text(1 - p),
        "kept": number_text(a * train), "right": number_text(right), "answer": number_text(answer),
    }  # fmt: skip
    if abs(answer - right) < 0.006:
        return Outcome(True, say("expected_right", **words))
    if abs(answer - a * train) < 0.006:
        return Outcome(False, say("expected_kept", **words))
    return Outcome(False, say("expected", **words))


LAB = Lab(
    id="dropout",
    concepts=("dropout",),
    controls=(
        Pick("show", ("units", "losses"), "units"),
        Pick("scheme", SCHEMES, "paper"),
        Pick("mode", ("train", "test"), "train"),
        Number("p", 0.0, 0.9, 0.5, 0.05),
        Number("mask", 1, 200, 1),
        Pick("masks", ("1", "10", "100", "all"), "10"),
    ),
    look=look,
    idle=lambda values: ("mode",) if values["show"] == "losses" else (),
    tasks={
        "twice": Task(_twice, parts=("wide", "narrow")),
        "expected": Task(_expected, Number("value", 0.0, 10.0, 0.0, 0.01)),
    },
    see=("layer?layer=drop6", "experiments?experiment=dropout"),
)
