"""Gradient descent by the paper's rule, on a loss of two weights (section 5)."""

from typing import Any

from alexnet_viz.analysis.claims.expression import PAPER
from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.contours import contour
from alexnet_viz.render.tables.grid import Cells, Grid
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Table, Task, Values
from alexnet_viz.teaching.toys.update_rule import (
    SURFACES,
    Pair,
    Step,
    Surface,
    arrival,
    distance,
    walk,
)
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

HALF = 2.0
"""Weights shown on either side of 0."""
CELLS = 20
MOST = 100
"""Steps that are computed; a setting arrives if it stays near the valley up to here."""
LEVELS = 6
NEAR, LIMIT, AWAY = 0.05, 40, 1.5
"""Of the task: distance that counts as arrived, fewer steps than this, least distance at start."""


def _start(values: Values) -> Pair:
    return float(values["x"]), float(values["y"])


def _walked(values: Values, momentum: float | None = None) -> tuple[Surface, list[Step]]:
    surface = SURFACES[values["surface"]]
    return surface, walk(
        surface,
        _start(values),
        steps=MOST,
        rate=values["lr"],
        momentum=values["momentum"] if momentum is None else momentum,
        decay=values["decay"],
        noise=values["noise"],
        seed=int(values["seed"]),
    )


def look(values: Values, say: Say) -> Look:
    """The loss as a map, the path over it, and the numbers of its first steps."""
    surface, steps = _walked(values)
    shown = steps[: arrival(surface, steps, NEAR)]
    path = [_start(values), *(_kept(step.weights) for step in shown)]
    ticks = [HALF * (2 * n / CELLS - 1) for n in range(CELLS + 1)]
    svg = contour(
        [[surface.loss(x, y) for x in ticks] for y in ticks],
        [(say("path", n=len(shown)), path)],
        title=say("drawing", n=len(shown), surface=say(f"option.surface.{values['surface']}")),
        x_range=(-HALF, HALF),
        y_range=(-HALF, HALF),
        x_label=say("w1"),
        y_label=say("w2"),
        levels=LEVELS,
        goal=(*surface.valleys[0], ""),
    )
    return Look(
        drawings=(Drawing(svg, "gradient_descent"),),
        sentences=(
            _outcome(values, surface, steps, say),
            say("rule", learned=variant_trace(VARIANTS[PAPER]).params, **_rule(values)),
        ),
        tables=(Table(_table(shown, say), "gradient_descent_steps", say("table")),),
    )


def _kept(weights: Pair) -> Pair:
    """The weights, not further out than the drawing can place."""
    x, y = (min(max(w, -50.0), 50.0) for w in weights)
    return x, y


def _outcome(values: Values, surface: Surface, steps: list[Step], say: Say) -> str:
    arrived = arrival(surface, steps, NEAR)
    if arrived and len(steps) == MOST:
        return say("arrives", n=arrived, near=NEAR)
    last = steps[-1].weights
    if len(steps) < MOST:
        return say("diverges", n=len(steps))
    return say("still_away", most=MOST, far=number_text(distance(surface, last), 3), near=NEAR)


def _rule(values: Values) -> dict[str, str]:
    return {
        "momentum": number_text(values["momentum"]),
        "decay": number_text(values["decay"]),
        "lr": number_text(values["lr"]),
    }


def _table(steps: list[Step], say: Say) -> Grid:
    def pair(part: Pair) -> str:
        return ", ".join(number_text(each, 2) for each in part)

    rows: list[Cells] = [
        (n, *map(pair, (s.gradient, s.kept, s.decayed, s.descended, s.velocity, s.weights)))
        for n, s in enumerate(steps[:8], 1)
    ]
    names = ("step", "gradient", "kept", "decayed", "descended", "velocity", "weights")
    return Grid("", tuple(say(f"column.{name}") for name in names), tuple(rows), frozenset())


def _valley(values: Values, answer: Any, say: Say) -> Outcome:
    surface, steps = _walked(values)
    if values["surface"] != "ravine":
        return Outcome(False, say("not_the_ravine"))
    if (away := distance(surface, _start(values))) < AWAY:
        return Outcome(False, say("too_near", away=number_text(away, 3), least=AWAY))
    arrived = arrival(surface, steps, NEAR) if len(steps) == MOST else None
    part = "with" if values["momentum"] > 0 else "without"
    if arrived is None:
        return Outcome(False, _outcome(values, surface, steps, say))
    if arrived >= LIMIT:
        return Outcome(False, say("too_slow", n=arrived, limit=LIMIT))
    return Outcome(True, say(f"solved.{part}", n=arrived, **_rule(values)), part)


def _idle(values: Values) -> tuple[str, ...]:
    return () if values["noise"] else ("seed",)


LAB = Lab(
    id="gradient_descent",
    concepts=("gradient_descent",),
    controls=(
        Pick("surface", tuple(SURFACES), "ravine"),
        Number("lr", 0.002, 0.25, 0.01, 0.002),
        Number("momentum", 0, 0.98, 0.9, 0.02),
        Number("x", -HALF, HALF, -1.8, 0.1),
        Number("y", -HALF, HALF, 1.2, 0.1),
        Number("decay", 0, 0.05, 0.0005, 0.0005),
        Number("noise", 0, 3, 0, 0.1),
        Number("seed", 0, 99, 0),
    ),
    look=look,
    idle=_idle,
    tasks={"valley": Task(_valley, parts=("with", "without"))},
    see=("towers?section=history", "experiments?experiment=momentum"),
)
