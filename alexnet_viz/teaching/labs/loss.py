"""Loss functions: cross-entropy against squared error, their values and gradients.

Krizhevsky et al. 2012, section 3.5: the objective is multinomial logistic regression.
"""

from collections.abc import Sequence
from math import fsum, inf, log
from typing import Any

from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.curves import Spot, curves
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.teaching.control import Number, Pick, Shares
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Table, Task, Values

CLASSES, THOUSAND = 5, 1000
SHARES = (10.0, 60.0, 15.0, 10.0, 5.0)
CONFIDENT = 0.02


def cross_entropy(p: Sequence[float], truth: int) -> float:
    """−ln of the probability of the true class."""
    return -log(p[truth]) if p[truth] else inf


def squared(p: Sequence[float], truth: int) -> float:
    """Sum of (p − y)² over the classes."""
    return fsum((q - (n == truth)) ** 2 for n, q in enumerate(p))


def cross_entropy_gradient(p: Sequence[float], truth: int) -> list[float]:
    """By each logit: p − y."""
    return [q - (n == truth) for n, q in enumerate(p)]


def squared_gradient(p: Sequence[float], truth: int) -> list[float]:
    """By each logit, through the softmax: 2 p (p − y − sum of p (p − y))."""
    apart = cross_entropy_gradient(p, truth)
    mean = fsum(q * each for q, each in zip(p, apart, strict=True))
    return [2 * q * (each - mean) for q, each in zip(p, apart, strict=True)]


LOSSES = {
    "cross_entropy": (cross_entropy, cross_entropy_gradient),
    "squared": (squared, squared_gradient),
}


def chosen(values: Values) -> tuple[list[float], int]:
    """The probabilities, and the true class from 0."""
    return [share / 100 for share in values["p"]], values["truth"] - 1


def along(p: Sequence[float], truth: int, own: float) -> list[float]:
    """The same probabilities with ``own`` for the true class; the others keep their proportions."""
    rest = fsum(q for n, q in enumerate(p) if n != truth)
    return [
        own if n == truth else (1 - own) * (q / rest if rest else 1 / (len(p) - 1))
        for n, q in enumerate(p)
    ]


def look(values: Values, say: Say) -> Look:
    """Both losses, or both gradients, over the probability of the true class."""
    p, truth = chosen(values)
    slopes = values["show"] == "gradients"
    places = [n / 200 for n in range(201)]
    lines, spots = [], []
    for name, (loss, gradient) in LOSSES.items():

        def height(q: Sequence[float], loss: Any = loss, gradient: Any = gradient) -> float:
            return float(abs(gradient(q, truth)[truth]) if slopes else min(loss(q, truth), 99.0))

        points = [(x, height(along(p, truth, x))) for x in places if x or slopes]
        lines.append((say(f"option.loss.{name}"), points))
        spots.append(Spot(p[truth], height(p), ""))
    picture = curves(
        lines, title=say("drawing_gradients" if slopes else "drawing_losses"),
        x_label=say("own"), y_label=say("drawing_gradients" if slopes else "drawing_losses"),
        x_range=(0, 1), y_range=(0, 1) if slopes else (0, 5), points=spots,
    )  # fmt: skip
    values_of = {name: loss(p, truth) for name, (loss, _) in LOSSES.items()}
    steep = {name: abs(gradient(p, truth)[truth]) for name, (_, gradient) in LOSSES.items()}
    sentences = (
        say("losses", own=100 * p[truth], truth=truth + 1,
            **{name: number_text(value) for name, value in values_of.items()}),
        say("gradients", **{name: number_text(value, 3) for name, value in steep.items()},
            times=_times(steep)),
        say("uniform", classes=THOUSAND, loss=number_text(cross_entropy([1 / THOUSAND], 0))),
        say("alexnet"),
    )  # fmt: skip
    return Look((Drawing(picture, "loss"),), sentences, (_table(p, truth, say),))


def _times(steep: dict[str, float]) -> str:
    if not steep["squared"]:
        return "∞" if steep["cross_entropy"] else "1"
    return number_text(steep["cross_entropy"] / steep["squared"], 3)


def _table(p: Sequence[float], truth: int, say: Say) -> Table:
    rows = tuple(
        (str(n + 1), number_text(q), str(int(n == truth)), number_text(a, 3), number_text(b, 3))
        for n, (q, a, b) in enumerate(
            zip(p, cross_entropy_gradient(p, truth), squared_gradient(p, truth), strict=True)
        )
    )
    header = tuple(
        say(f"column.{name}") for name in ("class", "p", "y", "cross_entropy", "squared")
    )
    return Table(Grid(say("table"), header, rows, frozenset()), "loss_gradients")


def _slow(values: Values, answer: str, say: Say) -> Outcome:
    """Why squared error learns slowly when the network is confidently wrong."""
    p, truth = chosen(values)
    if p[truth] > CONFIDENT or max(p) < 0.9:
        return Outcome(False, say("confident_first", own=100 * p[truth], most=100 * CONFIDENT))
    steep = {name: abs(gradient(p, truth)[truth]) for name, (_, gradient) in LOSSES.items()}
    words = {
        "own": number_text(p[truth]), "loss": number_text(squared(p, truth)),
        "ce": number_text(steep["cross_entropy"], 3), "se": number_text(steep["squared"], 3),
        "apart": number_text(1 - p[truth]),
    }  # fmt: skip
    return Outcome(answer == "factor", say(f"slow_{answer}", **words))


def _uniform(values: Values, answer: float, say: Say) -> Outcome:
    """The cross-entropy of a guess that gives every class the same."""
    right = log(THOUSAND)
    words = {"classes": THOUSAND, "right": number_text(right), "answer": number_text(answer)}
    if abs(answer - right) <= 0.01:
        return Outcome(True, say("uniform_right", **words))
    if abs(answer - log(THOUSAND) / log(10)) <= 0.01:
        return Outcome(False, say("uniform_decimal", **words))
    return Outcome(False, say("uniform_no", **words))


LAB = Lab(
    id="loss",
    concepts=("loss",),
    controls=(
        Pick("show", ("losses", "gradients"), "losses"),
        Number("truth", 1, CLASSES, 1),
        Shares("p", CLASSES, 0, 100, SHARES),
    ),
    look=look,
    tasks={
        "slow": Task(_slow, Pick("reason", ("small", "factor", "cut"), "small")),
        "uniform": Task(_uniform, Number("value", 0.0, 20.0, 1.0, 0.01)),
    },
    see=("predictions",),
)
