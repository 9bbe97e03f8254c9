"""The labs of training: hyper-parameters, gradient descent, over-fitting, and what they judge.

The oracles are torch's optimiser and autograd, numpy's own fits, and numbers from the paper.
"""

import math
import re
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from alexnet_viz.teaching.control import Control, Number, Pick, Switch
from alexnet_viz.teaching.labs.lab import Lab, Spoken
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.teaching.toys import polynomial, spiral_network, update_rule
from alexnet_viz.teaching.toys.spiral_network import Setting
from alexnet_viz.text import LANGUAGES

EN = {lab: Spoken(lab, "en") for lab in LABS}
MINE = ("hyperparameters", "gradient_descent", "overfitting")


def values(lab: str, **changed: Any) -> dict[str, Any]:
    """The values at which a lab begins, with some of them changed."""
    begun = {each.name: each.default for each in LABS[lab].controls}
    assert set(changed) <= {*begun, "picture", "live"}
    return begun | changed


def judged(lab: str, task: str, answer: Any = None, **changed: Any) -> Any:
    return LABS[lab].tasks[task].judge(values(lab, **changed), answer, EN[lab])


def ends(control: Control) -> tuple[Any, ...]:
    """The corner values of a control."""
    match control:
        case Number(low=low, high=high):
            return low, high
        case Pick(options=options):
            return options[0], options[-1]
        case Switch():
            return False, True
    return (control.default,)


def corners(lab: Lab) -> list[dict[str, Any]]:
    """Settings with every control at either end, pairs of them for labs with many."""
    begun = {each.name: each.default for each in lab.controls}
    found = [begun]
    for a, b in product(lab.controls, repeat=2):
        found += [begun | {a.name: x, b.name: y} for x in ends(a) for y in ends(b)]
    return found


@pytest.mark.parametrize("lab", MINE)
def test_a_lab_says_something_at_every_corner(lab: str) -> None:
    settings = corners(LABS[lab])
    for language in LANGUAGES:
        for setting in settings[:: 1 if len(settings) < 60 else 7]:
            look = LABS[lab].look(setting, Spoken(lab, language))
            assert look.drawings
            assert look.sentences
            assert all(look.sentences)
            said = " ".join((*look.sentences, *(each.svg for each in look.drawings)))
            assert "{" not in said, setting
            assert "nan" not in said.lower().replace("nance", ""), setting


SURFACE_TENSORS = {
    "bowl": lambda w: 5 * (w**2).sum(),
    "ravine": lambda w: (w[0] ** 2 + 20 * w[1] ** 2) / 2,
    "saddle": lambda w: 2 * w[0] ** 2 - 2 * w[1] ** 2 + w[1] ** 4,
}


@pytest.mark.parametrize("name", update_rule.SURFACES)
def test_the_walk_is_that_of_torchs_sgd(name: str) -> None:
    surface = update_rule.SURFACES[name]
    steps = update_rule.walk(surface, (-1.8, 1.2), steps=30, rate=0.02, momentum=0.9, decay=0.0005)
    w = torch.tensor([-1.8, 1.2], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([w], lr=0.02, momentum=0.9, weight_decay=0.0005)
    for step in steps:
        optimiser.zero_grad()
        SURFACE_TENSORS[name](w).backward()
        assert w.grad is not None
        assert step.gradient == pytest.approx(tuple(w.grad.tolist()))
        optimiser.step()
        assert step.weights == pytest.approx(tuple(w.tolist()))


@pytest.mark.parametrize("name", update_rule.SURFACES)
def test_a_valley_is_lowest(name: str) -> None:
    surface = update_rule.SURFACES[name]
    for x, y in surface.valleys:
        assert surface.gradient(x, y) == pytest.approx((0, 0))
        around = [surface.loss(x + 0.1 * math.cos(a), y + 0.1 * math.sin(a)) for a in range(7)]
        assert min(around) > surface.loss(x, y)


def test_a_walk_has_the_noise_of_its_seed_and_ends_far_away() -> None:
    surface = update_rule.SURFACES["ravine"]

    def walked(seed: int) -> list[Any]:
        return update_rule.walk(surface, (1, 1), steps=5, rate=0.01, noise=1, seed=seed)

    assert walked(1) == walked(1) != walked(2)
    lost = update_rule.walk(surface, (1, 1), steps=1000, rate=0.25, momentum=0)
    assert len(lost) < 20
    assert max(map(abs, lost[-1].weights)) > update_rule.FAR


def test_the_ravine_is_reached_in_time_with_momentum_and_without() -> None:
    with_it = judged("gradient_descent", "valley", momentum=0.6, lr=0.06)
    assert (with_it.passed, with_it.part) == (True, "with")
    without = judged("gradient_descent", "valley", momentum=0, lr=0.09)
    assert (without.passed, without.part) == (True, "without")
    # without momentum the best rate is 2 / (1 + 20); it stays on the way only between these
    found = [
        rate / 500 for rate in range(1, 126)
        if judged("gradient_descent", "valley", momentum=0, lr=rate / 500).passed
    ]  # fmt: skip
    assert found == [0.088, 0.09, 0.092, 0.094]
    assert min(found) < 2 / 21 + 0.001 > max(found)
    for wrong in (
        {"momentum": 0.9},
        {"surface": "bowl", "lr": 0.06},
        {"x": 0.1, "y": 0, "lr": 0.09, "momentum": 0},
        {"momentum": 0, "lr": 0.2},
        {"momentum": 0, "lr": 0.01},
        {"momentum": 0.6, "lr": 0.06, "noise": 3},
    ):
        assert not judged("gradient_descent", "valley", **wrong).passed, wrong


def test_the_toys_gradient_is_autograds() -> None:
    xy, label = spiral_network.points()
    weights = spiral_network.initial()
    slopes, loss, predicted = spiral_network.gradients(weights, xy, label)
    w1, b1, w2, b2 = (torch.tensor(each, requires_grad=True) for each in weights)
    hidden = torch.nn.functional.leaky_relu(torch.tensor(xy) @ w1 + b1, spiral_network.LEAK)
    out = hidden @ w2 + b2
    target = torch.nn.functional.one_hot(torch.tensor(label), spiral_network.CLASSES)
    mean = ((out - target) ** 2).sum(1).mean() / 2
    mean.backward()
    assert loss == pytest.approx(mean.item())
    assert predicted.tolist() == out.argmax(1).tolist()
    for slope, tensor in zip(slopes, (w1, b1, w2, b2), strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(slope, tensor.grad.numpy(), atol=1e-12)
    assert sum(each.size for each in weights) == spiral_network.LEARNED


def test_the_schedule_of_the_paper() -> None:
    paper = Setting(0.01)
    rates = [paper.rate_in(epoch) for epoch in range(90)]
    assert sorted({round(rate, 8) for rate in rates}) == [1e-5, 1e-4, 1e-3, 1e-2]
    assert [paper.begins(n) for n in range(1, 4)] == [
        next(e for e in range(90) if rates[e] < rates[0] / 10 ** (n - 0.5)) for n in range(1, 4)
    ]
    said = " ".join(LABS["hyperparameters"].look(values("hyperparameters"), EN["hyperparameters"])
                    .sentences)  # fmt: skip
    for number in ("9,375", "843,750", "60,965,224"):
        assert number in said
    table = LABS["hyperparameters"].look(values("hyperparameters"), EN["hyperparameters"]).tables
    assert sum(int(row[2] or 0) for row in table[0].grid.rows) == 843_750


def test_the_largest_rate_is_the_one_above_which_the_toy_diverges() -> None:
    def diverges(rate: float) -> bool:
        return spiral_network.trained(Setting(rate)).diverged

    assert judged("hyperparameters", "largest", lr=0.38).passed
    assert diverges(0.38 * 1.1)
    assert not diverges(0.38)
    for rate in (0.01, 0.2, 0.3, 0.6):
        assert not judged("hyperparameters", "largest", lr=rate).passed, rate
    # the outcome's numbers are those of runs
    words = judged("hyperparameters", "largest", lr=0.3).words
    works, fails = map(float, re.findall(r"(0\.\d+)[; ] ?(?:diverges)?", words)[1:3])
    assert not diverges(works - 0.001)
    assert diverges(fails + 0.001)


def test_a_polynomial_is_numpys_least_squares() -> None:
    x, y = polynomial.samples(40, 3)
    fit = polynomial.fitted(5, 40, 3, 0.0)
    oracle = np.polynomial.Polynomial.fit(x, y, 5)
    ticks = np.linspace(-1, 1, 9)
    np.testing.assert_allclose(polynomial.values(fit, ticks), oracle(ticks), atol=1e-9)
    assert fit.training == pytest.approx(np.sqrt(np.mean((oracle(x) - y) ** 2)))


def test_weight_decay_solves_the_normal_equations() -> None:
    x, y = polynomial.samples(15, 1)
    matrix = np.polynomial.legendre.legvander(x, 4)
    penalty = 0.03 * 15 * np.diag([0, 1, 1, 1, 1])
    oracle = np.linalg.solve(matrix.T @ matrix + penalty, matrix.T @ y)
    assert polynomial.fitted(4, 15, 1, 0.03).coefficients == pytest.approx(oracle)


def test_more_samples_begin_with_the_fewer() -> None:
    for few, many in zip(polynomial.samples(15, 1), polynomial.samples(60, 1), strict=True):
        assert many[:15].tolist() == few.tolist()


def test_the_gap_closes_by_one_change_only() -> None:
    for change in ({"degree": 5}, {"samples": 60}, {"decay": "0.03"}):
        outcome = judged("overfitting", "remedy", **change)
        assert (outcome.passed, outcome.part) == (True, next(iter(change))), change
    for change in (
        {},
        {"degree": 5, "samples": 60},
        {"degree": 1},
        {"degree": 10},
        {"decay": "0.3"},
        {"samples": 20},
    ):
        assert not judged("overfitting", "remedy", **change).passed, change


def test_the_best_degree_is_the_one_of_the_least_validation_error() -> None:
    errors = {d: polynomial.fitted(d, 15, 1, 0.0) for d in range(1, 16)}
    best = min(errors, key=lambda d: errors[d].validation)
    right = {d for d in errors if judged("overfitting", "best", d).passed}
    assert right == {best}
    assert "least training error" in judged("overfitting", "best", 15).words
    said = LABS["overfitting"].look(values("overfitting"), EN["overfitting"]).sentences[1]
    assert "50.8" in said
