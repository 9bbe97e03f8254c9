"""Activation functions: the slope that each layer passes back, and two that race.

Krizhevsky et al. 2012, section 3.1.
"""

import math
from functools import lru_cache
from itertools import pairwise
from typing import Any

from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.curves import Mark, Spot, curves
from alexnet_viz.render.diagrams.graph.gauges import gauges
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values

FUNCTIONS = ("none", "sigmoid", "tanh", "relu", "leaky")
REACH = 6
"""The curves are drawn from minus to plus this x."""
LAYERS = 8
POINTS, WIDTH, STEPS, RATE, MOMENTUM = 96, 8, 120, 0.1, 0.9
"""The race: points, units of a layer, steps of gradient descent over all points."""
TARGET = 0.25
"""The share of wrong training points that the paper's figure 1 measures the time to."""
VANISHED = 1e-3


def output(f: str, x: float, slope: float) -> float:
    """f(x)."""
    if f == "sigmoid":
        return 1 / (1 + math.exp(-x))
    if f == "tanh":
        return math.tanh(x)
    return x if f == "none" or x > 0 else slope * x if f == "leaky" else 0.0


def rate(f: str, x: float, slope: float) -> float:
    """f'(x); at its corner 0 a ReLU has the left one, as torch has it."""
    y = output(f, x, slope)
    if f == "sigmoid":
        return y * (1 - y)
    if f == "tanh":
        return 1 - y * y
    return 1.0 if f == "none" or x > 0 else slope if f == "leaky" else 0.0


def steepest(f: str, slope: float) -> float:
    """The largest slope: a sigmoid and tanh have it at 0, the others to the right of it."""
    return max(rate(f, x, slope) for x in (0, 1))


def products(f: str, x: float, slope: float, depth: int) -> list[float]:
    """After each of ``depth`` layers f(f(...f(x))) the product of the slopes so far."""
    found, product = [], 1.0
    for _ in range(depth):
        product *= rate(f, x, slope)
        x = output(f, x, slope)
        found.append(product)
    return found


@lru_cache(maxsize=128)
def race(f: str, slope: float, depth: int, seed: int) -> tuple[tuple[float, ...], float]:
    """The share of wrong points before each step and after the last, and that of dead units.

    A disc and a ring around it are to be told apart.  The points and first weights depend on the
    seed only.  A dead unit is 0 for all points.
    """
    import numpy as np

    draw = np.random.default_rng(seed)
    inner = np.arange(POINTS) % 2 == 1
    angle = draw.uniform(0, 2 * np.pi, POINTS)
    radius = np.where(inner, draw.uniform(0, 0.8, POINTS), draw.uniform(1.2, 2, POINTS))
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    wanted = inner[:, None].astype(float)
    sides = [2, *[WIDTH] * depth, 1]
    weights = [draw.standard_normal((a + 1, b)) * np.sqrt(2 / a) for a, b in pairwise(sides)]
    for each in weights:
        each[-1] = 0  # the biases
    speeds = [np.zeros_like(each) for each in weights]
    ones, errors, dead = np.ones((POINTS, 1)), [], 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(STEPS + 1):
            inputs, slopes = [np.hstack([points, ones])], []
            for each in weights[:-1]:
                y, d = _layer(f, inputs[-1] @ each, slope)
                inputs.append(np.hstack([y, ones]))
                slopes.append(d)
            score = inputs[-1] @ weights[-1]
            if not np.isfinite(score).all():
                break
            errors.append(float(np.mean((score > 0) != (wanted > 0))))
            dead = float(np.mean([(each[:, :-1] == 0).all(axis=0) for each in inputs[1:]]))
            back = (1 / (1 + np.exp(-score)) - wanted) / POINTS
            for layer in range(depth, -1, -1):
                change = inputs[layer].T @ back
                if layer:
                    back = back @ weights[layer][:-1].T * slopes[layer - 1]
                speeds[layer] = MOMENTUM * speeds[layer] - RATE * change
                weights[layer] += speeds[layer]
    return tuple(errors), dead


def _layer(f: str, z: Any, slope: float) -> tuple[Any, Any]:
    """f and f' of an array."""
    import numpy as np

    if f == "sigmoid":
        y = 1 / (1 + np.exp(-z))
        return y, y * (1 - y)
    if f == "tanh":
        y = np.tanh(z)
        return y, 1 - y * y
    low = {"none": 1.0, "leaky": slope, "relu": 0.0}[f]
    return np.where(z > 0, z, low * z), np.where(z > 0, 1.0, low)


def reached(errors: tuple[float, ...]) -> int | None:
    """The first step at which at most ``TARGET`` of the points are wrong."""
    return next((step for step, error in enumerate(errors) if error <= TARGET), None)


def look(values: Values, say: Say) -> Look:
    """The function with its slopes through the layers, or the race of two functions."""
    return _raced(values, say) if values["show"] == "race" else _sloped(values, say)


def _sloped(values: Values, say: Say) -> Look:
    f, slope, x, depth = (values[name] for name in ("f", "slope", "x", "depth"))
    places = [REACH * (step / 60 - 1) for step in range(121)]
    y, d = output(f, x, slope), rate(f, x, slope)
    tangent = [(x + side, y + side * d) for side in (-1.5, 1.5)]
    lines = [
        ("f(x)", [(place, output(f, place, slope)) for place in places]),
        ("f′(x)", [(place, rate(f, place, slope)) for place in places]),
        (say("tangent"), tangent),
    ]
    top = 1.3 if f in ("sigmoid", "tanh") else REACH / 2
    curve = curves(
        lines, title=say("curve"), x_range=(-REACH, REACH), y_range=(-1.3, top),
        points=[Spot(x, y, "")],
    )  # fmt: skip
    chain = products(f, x, slope, depth)
    row = gauges(
        [(str(n + 1), product) for n, product in enumerate(chain)],
        title=say("gauges", depth=depth),
        y_label=say("gauges", depth=depth),
    )
    best = steepest(f, slope)
    sentences = [
        say("at", x=number_text(x), y=number_text(y), d=number_text(d)),
        say("product", depth=depth, product=number_text(chain[-1], 3)),
        say(
            "best", depth=depth, slope=number_text(best), product=number_text(best**depth, 3)
        ),
    ]  # fmt: skip
    if f == "none":
        sentences.append(say("linear", depth=depth))
    drawings = (Drawing(curve, "activation_curve"), Drawing(row, "activation_slopes"))
    return Look(drawings, tuple(sentences))


def _pair(values: Values) -> list[tuple[str, int | None, tuple[float, ...], float]]:
    """Both functions: id, step at which the target is reached, errors, share of dead units."""
    found = []
    for name in (values["f"], values["against"]):
        slope = values["slope"] if name == "leaky" else 0.0
        errors, dead = race(name, slope, values["depth"], values["seed"])
        found.append((name, reached(errors), errors, dead))
    return found


def _raced(values: Values, say: Say) -> Look:
    both = _pair(values)
    picture = curves(
        [
            (_name(name, say), [(step, 100 * error) for step, error in enumerate(errors)])
            for name, _, errors, _ in both
        ],
        title=say("raced"), x_label=say("steps"), y_label=say("wrong"),
        x_range=(0, STEPS), y_range=(0, 65), marks=[Mark("y", 100 * TARGET, say("target"))],
    )  # fmt: skip
    sentences = [_said(*each, say=say) for each in both]
    sentences.append(say("toy", points=POINTS, depth=values["depth"], width=WIDTH))
    return Look((Drawing(picture, "activation_race", say("paper")),), tuple(sentences))


def _said(name: str, step: int | None, errors: tuple[float, ...], dead: float, say: Say) -> str:
    words = {"name": _name(name, say), "target": 100 * TARGET, "dead": 100 * dead}
    if len(errors) <= STEPS:
        return say("diverged", **words, step=len(errors))
    if step is None:
        return say("missed", **words, steps=STEPS, error=100 * errors[-1])
    return say("reached", **words, step=step)


def _name(name: str, say: Say) -> str:
    return say(f"option.f.{name}")


def _first(values: Values, answer: str, say: Say) -> Outcome:
    """Which of the two reaches the target first."""
    if values["f"] == values["against"]:
        return Outcome(False, say("same_function"))
    both = _pair(values)
    steps = [math.inf if step is None else step for _, step, _, _ in both]
    right = "together" if steps[0] == steps[1] else ("f", "against")[steps[1] < steps[0]]
    told = " ".join(_said(*each, say=say) for each in both)
    return Outcome(answer == right, say("first_right" if answer == right else "first", told=told))


def _vanish(values: Values, answer: int, say: Say) -> Outcome:
    """After how many sigmoid layers even the largest product is below a thousandth."""
    best = steepest("sigmoid", 0)
    right = next(n for n in range(1, 100) if best**n < VANISHED)
    words = {"n": answer, "best": number_text(best), "product": number_text(best**answer, 3)}
    if answer == right:
        return Outcome(True, say("vanish_right", **words, before=number_text(best ** (right - 1))))
    return Outcome(False, say("vanish_early" if answer < right else "vanish_late", **words))


def _idle(values: Values) -> tuple[str, ...]:
    """The controls of the other picture, and the slope of a function that is not shown."""
    race = values["show"] == "race"
    functions = (values["f"], values["against"]) if race else (values["f"],)
    others = ("x",) if race else ("against", "seed")
    return others if "leaky" in functions else (*others, "slope")


LAB = Lab(
    id="activation",
    concepts=("activation",),
    controls=(
        Pick("show", ("slopes", "race"), "slopes"),
        Pick("f", FUNCTIONS, "sigmoid"),
        Pick("against", FUNCTIONS, "relu"),
        Number("x", -float(REACH), float(REACH), 2.0, 0.1),
        Number("depth", 1, LAYERS, LAYERS),
        Number("slope", 0.0, 0.5, 0.01, 0.01),
        Number("seed", 1, 20, 1),
    ),
    look=look,
    idle=_idle,
    tasks={
        "first": Task(_first, Pick("winner", ("f", "against", "together"), "together")),
        "vanish": Task(_vanish, Number("layers", 1, 12, 1)),
    },
    see=(
        "feature_maps?layer=relu1",
        "experiments?experiment=activation",
        "experiments?experiment=activation_rate",
        "experiments?experiment=no_nonlinearity",
    ),
)
