"""Hyper-parameters: what they make of 1.2 million pictures and of a toy (section 5)."""

import math
from itertools import pairwise
from typing import Any

from alexnet_viz.analysis.claims.expression import PAPER
from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.curves import Mark, curves
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Table, Task, Values
from alexnet_viz.teaching.toys.spiral_network import LEARNED, POINTS, Run, Setting, trained
from alexnet_viz.text import running
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

IMAGES = 1_200_000
"""Pictures of the training set, as the paper rounds them."""
LOWEST, HIGHEST = 1e-6, 10.0
"""Of the axis; a loss beyond is cut."""
CLOSE = 1.1
"""Of the task: a rate so many times larger must diverge."""
HALVINGS = 5


def _setting(values: Values, rate: float | None = None) -> Setting:
    return Setting(
        rate=values["lr"] if rate is None else rate,
        batch=int(values["batch"]),
        epochs=int(values["epochs"]),
        momentum=values["momentum"],
        decay=values["decay"],
        drops=int(values["drops"]),
    )


def look(values: Values, say: Say) -> Look:
    """The loss of the toy with two rates, the rate's schedule, and what AlexNet makes of it."""
    one, two = _setting(values), _setting(values, values["lr2"])
    first, second = trained(one), trained(two)
    epochs = range(one.epochs)
    schedule = [(e + end, one.rate_in(e)) for e in epochs for end in (0, 1)]
    rate, other = number_text(one.rate), number_text(two.rate)
    svg = curves(
        (
            (say("loss", lr=rate), _points(first)),
            (say("loss", lr=other), _points(second)),
            (say("rate"), schedule),
        ),
        title=say("drawing", lr=rate, other=other),
        x_label=say("epoch"),
        y_label=say("axis"),
        x_range=(0, one.epochs),
        y_range=(LOWEST, HIGHEST),
        log_y=True,
        marks=[Mark("x", one.begins(n), "÷10") for n in range(1, one.drops + 1)],
    )
    per_epoch = math.ceil(IMAGES / one.batch)
    return Look(
        drawings=(Drawing(svg, "hyperparameters"),),
        sentences=(
            running((_ends(first, rate, say), _ends(second, other, say)), say.language),
            say("steps", images=IMAGES, batch=one.batch, per_epoch=per_epoch, epochs=one.epochs,
                total=per_epoch * one.epochs, toy=one.steps_per_epoch * one.epochs, points=POINTS),
            say("chosen", toy=LEARNED, learned=variant_trace(VARIANTS[PAPER]).params),
        ),
        tables=(Table(_table(one, per_epoch, say), "learning_rate_schedule", say("table")),),
    )  # fmt: skip


def _points(run: Run) -> list[tuple[float, float]]:
    return [(float(n), loss) for n, loss in enumerate(run.losses)]


def _ends(run: Run, rate: str, say: Say) -> str:
    if run.diverged:
        return say("diverges", lr=rate, n=len(run.losses) - 1)
    return say("learns", lr=rate, loss=number_text(run.losses[-1], 3), right=100 * run.right)


def _table(setting: Setting, per_epoch: int, say: Say) -> Grid:
    edges = [setting.begins(n) for n in range(setting.drops + 1)] + [setting.epochs]
    rows = tuple(
        (f"{a + 1}–{b}", number_text(setting.rate / 10**n), (b - a) * per_epoch)
        for n, (a, b) in enumerate(pairwise(edges))
        if b > a
    )
    return Grid("", (say("epoch"), say("rate"), say("column.steps")), rows, frozenset())


def _largest(values: Values, answer: Any, say: Say) -> Outcome:
    rate = values["lr"]

    def diverges(times: float) -> bool:
        return trained(_setting(values, rate * times)).diverged

    mine = number_text(rate)
    if diverges(1):
        return Outcome(False, say("too_large", lr=mine, half=number_text(rate / 2)))
    if not diverges(2):
        return Outcome(False, say("too_small", lr=mine, twice=number_text(2 * rate)))
    low, high = 1.0, 2.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if diverges(middle) else (middle, high)
    words = {"lr": mine, "works": number_text(low * rate, 3), "fails": number_text(high * rate, 3)}
    close = high <= CLOSE
    return Outcome(close, say("close" if close else "not_close", **words))


LAB = Lab(
    id="hyperparameters",
    concepts=("hyperparameters",),
    controls=(
        Number("lr", 0.005, 1, 0.01, 0.005),
        Number("lr2", 0.005, 1, 0.1, 0.005),
        Pick("batch", ("32", "64", "128", "256", "512"), "128"),
        Number("epochs", 10, 120, 90, 10),
        Number("momentum", 0, 0.95, 0.9, 0.05),
        Number("decay", 0, 0.02, 0.0005, 0.0005),
        Number("drops", 0, 3, 3),
    ),
    look=look,
    tasks={"largest": Task(_largest)},
    see=(
        "weights",
        "towers?section=history",
        "experiments?experiment=learning_rate",
        "experiments?experiment=weight_decay",
        "experiments?experiment=bias",
    ),
)
