"""The labs of single operations against torch, autograd, numpy and numbers worked out by hand."""

import itertools
import math
import re
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from alexnet_viz.network.trace import trace
from alexnet_viz.teaching import setting
from alexnet_viz.teaching.labs import (
    activation,
    batch_norm,
    dropout,
    loss,
    lrn,
    lrn_order,
    pooling,
    softmax,
)
from alexnet_viz.teaching.labs.lab import Lab, Outcome, Spoken
from alexnet_viz.teaching.toys import dropout_network
from alexnet_viz.text import LANGUAGES
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS

LABS = (activation, pooling, lrn, batch_norm, dropout, softmax, loss)
"""Those that need no picture where they begin."""
BLACK = np.zeros((227, 227, 3), np.uint8)


def values(lab: Lab, **changed: Any) -> dict[str, Any]:
    found, refused = setting.values(lab.controls, ())
    assert not refused
    assert changed.keys() <= found.keys() | {"live", "picture"}
    more = {"live": Stub(), "picture": BLACK} if lab.runs_network else {}
    return {**found, **more, **changed}


class Stub:
    """A network whose conv1 answers with noise, silent in map 7 of 96."""

    network = DRAWINGS.network

    def activations(self, pixels: Any) -> dict[str, Any]:
        maps = np.random.default_rng(4).normal(0, 80, (96, 55, 55))
        maps[6] = -1
        return {"relu1": np.maximum(maps, 0).astype(np.float32)}


def say(lab: Lab) -> Spoken:
    return Spoken(lab.id, "en")


def judged(lab: Lab, task: str, answer: Any = None, **changed: Any) -> Outcome:
    """What a task says; both languages agree on whether it is solved."""
    asked = lab.tasks[task]
    if asked.answer is not None:
        assert asked.answer.parse(asked.answer.write(answer)) == answer
    outcomes = [
        asked.judge(values(lab, **changed), answer, Spoken(lab.id, each)) for each in LANGUAGES
    ]
    assert len({outcome.passed for outcome in outcomes}) == 1
    assert all("{" not in outcome.words and outcome.words for outcome in outcomes)
    return outcomes[0]


def sentences(lab: Lab, **changed: Any) -> str:
    return "\n".join(lab.look(values(lab, **changed), say(lab)).sentences)


def ends(lab: Lab) -> list[dict[str, Any]]:
    """Settings in which every control is at either end, and each of its options."""
    choices: list[tuple[Any, ...]] = []
    for control in lab.controls:
        options = getattr(control, "options", None)
        if options:
            choices.append(options)
            continue
        low, high = (getattr(control, end) for end in ("low", "high"))
        count = getattr(control, "count", 0) or getattr(control, "rows", 0) ** 2
        choices.append(tuple((each,) * count for each in (low, high)) if count else (low, high))
    most = max(map(len, choices))
    rows = [[options[n % len(options)] for options in choices] for n in range(most)]
    rows += [[options[(n + k) % len(options)] for k, options in enumerate(choices)] for n in (0, 1)]
    return [dict(zip((each.name for each in lab.controls), row, strict=True)) for row in rows]


@pytest.mark.parametrize("module", LABS, ids=lambda each: each.LAB.id)
def test_a_lab_answers_at_the_ends_of_its_controls(module: Any) -> None:
    lab = module.LAB
    for changed in ends(lab):
        for language in LANGUAGES:
            look = lab.look(values(lab, **changed), Spoken(lab.id, language))
            assert look.drawings
            assert all(
                each.svg.startswith("<svg") and "nan" not in re.sub(r"base64,[^\"]*", "", each.svg)
                for each in look.drawings
            )
            assert all(each and "{" not in each and "nan" not in each for each in look.sentences)
        for name, task in lab.tasks.items():
            answer = task.answer.default if task.answer else None
            judged(lab, name, answer, **changed)


# activation


FUNCTIONS = {
    "none": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky": lambda x: functional.leaky_relu(x, 0.2),
}


@pytest.mark.parametrize("name", activation.FUNCTIONS)
def test_functions_and_products_of_slopes_are_those_of_autograd(name: str) -> None:
    for start in (-6.0, -1.3, 0.0, 0.4, 6.0):
        x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        y, products = x, activation.products(name, start, 0.2, 8)
        assert activation.output(name, start, 0.2) == pytest.approx(FUNCTIONS[name](x).item())
        for product in products:
            y = FUNCTIONS[name](y)
            (gradient,) = torch.autograd.grad(y, x, retain_graph=True)
            assert product == pytest.approx(gradient.item(), abs=1e-15)


def test_the_largest_slopes_are_the_textbook_ones() -> None:
    steepest = {name: activation.steepest(name, 0.1) for name in activation.FUNCTIONS}
    assert steepest == {"none": 1, "sigmoid": 0.25, "tanh": 1, "relu": 1, "leaky": 1}
    assert "1.53×10⁻⁵" in sentences(activation.LAB, f="sigmoid")  # 0.25 to the power of 8


def trained(name: str, depth: int, seed: int) -> list[float]:
    """The race's errors, by torch's autograd and its optimizer."""
    draw = np.random.default_rng(seed)
    inner = np.arange(activation.POINTS) % 2 == 1
    angle = draw.uniform(0, 2 * np.pi, activation.POINTS)
    radius = np.where(
        inner, draw.uniform(0, 0.8, activation.POINTS), draw.uniform(1.2, 2, activation.POINTS)
    )
    points = torch.tensor(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1))
    wanted = torch.tensor(inner.astype(float))
    sides = [2, *[activation.WIDTH] * depth, 1]
    layers = []
    for a, b in itertools.pairwise(sides):
        layer = nn.Linear(a, b).double()
        drawn = draw.standard_normal((a + 1, b)) * np.sqrt(2 / a)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(drawn[:-1].T))
            layer.bias.zero_()
        layers.append(layer)
    stack = nn.ModuleList(layers)
    optimizer = torch.optim.SGD(stack.parameters(), activation.RATE, activation.MOMENTUM)
    errors = []
    for _ in range(40):
        y = points
        for layer in layers[:-1]:
            y = FUNCTIONS[name](layer(y))
        score = layers[-1](y)[:, 0]
        errors.append(float(((score > 0) != (wanted > 0)).double().mean()))
        optimizer.zero_grad()
        functional.binary_cross_entropy_with_logits(score, wanted).backward()
        optimizer.step()
    return errors


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky"])
def test_the_race_is_the_training_that_torch_does(name: str) -> None:
    errors, dead = activation.race(name, 0.2, 3, 5)
    assert list(errors[:40]) == pytest.approx(trained(name, 3, 5))
    assert 0 <= dead <= 1


def test_a_race_that_diverges_is_said() -> None:
    found = [seed for seed in range(1, 21) if len(activation.race("none", 0, 8, seed)[0]) < 121]
    assert found
    said = sentences(activation.LAB, show="race", f="none", seed=found[0])
    assert "diverges" in said


def test_the_winner_is_the_one_that_reaches_the_target_first() -> None:
    both = {"f": "sigmoid", "against": "relu", "depth": 8, "seed": 1}
    steps = [activation.reached(activation.race(both[f], 0, 8, 1)[0]) for f in ("f", "against")]
    assert steps[0] is None
    assert steps[1] is not None
    assert judged(activation.LAB, "first", "against", **both).passed
    for wrong in ("f", "together"):
        outcome = judged(activation.LAB, "first", wrong, **both)
        assert not outcome.passed
        assert f"{steps[1]} steps" in outcome.words
    assert not judged(activation.LAB, "first", "together", f="relu", against="relu").passed
    never = {"f": "none", "against": "sigmoid", "depth": 8, "seed": 1}
    assert judged(activation.LAB, "first", "together", **never).passed


def test_five_sigmoid_layers_are_below_a_thousandth() -> None:
    assert [n for n in range(1, 13) if judged(activation.LAB, "vanish", n).passed] == [5]
    assert "still not" in judged(activation.LAB, "vanish", 4).words
    assert "fewer" in judged(activation.LAB, "vanish", 6).words


# pooling


@pytest.mark.parametrize("kind", ["max", "mean"])
@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (3, 1), (2, 3), (3, 3)])
def test_pooled_map_and_gradient_are_torch_s(kind: str, sizes: tuple[int, int]) -> None:
    z, s = sizes
    draw = np.random.default_rng(1)
    for grid in (pooling.GRID, tuple(map(int, draw.integers(0, 3, 64))), (0,) * 64):
        rows = pooling.shifted(grid, 0)
        x = torch.tensor(rows, dtype=torch.float64)[None, None].requires_grad_()
        function = functional.max_pool2d if kind == "max" else functional.avg_pool2d
        y = function(x, z, s)
        y.sum().backward()
        assert x.grad is not None
        ours = np.array(pooling.pooled(rows, kind, z, s), float)
        assert np.allclose(ours, y.detach()[0, 0].numpy())
        back = np.array(pooling.gradient(rows, kind, z, s), float)
        assert np.allclose(back, x.grad[0, 0].numpy())


def test_the_map_moves_right_and_zeros_come_in() -> None:
    rows = np.array(pooling.shifted(pooling.GRID, 2))
    assert (rows[:, :2] == 0).all()
    assert (rows[:, 2:] == np.array(pooling.GRID).reshape(8, 8)[:, :6]).all()
    assert "1 of 16" not in sentences(pooling.LAB)
    assert "of 16** pooled values differ" in sentences(pooling.LAB, shift=1)


SPARSE = tuple(int(n % 5 == 0) * (n % 3) for n in range(64))
"""A map with windows of zeros only."""


def edited(cell: int, value: int) -> tuple[int, ...]:
    return (*pooling.GRID[:cell], value, *pooling.GRID[cell + 1 :])


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (2, 3), (3, 1)])
@pytest.mark.parametrize("grid", [pooling.GRID, SPARSE], ids=["full", "sparse"])
def test_edits_that_only_the_mean_sees_are_those_found_by_trying(
    sizes: tuple[int, int], grid: tuple[int, ...]
) -> None:
    z, s = sizes
    first = torch.tensor(grid, dtype=torch.float64).reshape(1, 1, 8, 8)
    found = set()
    for cell, value in itertools.product(range(64), range(10)):
        if value == grid[cell]:
            continue
        now = first.clone()
        now[0, 0, cell // 8, cell % 8] = value
        same = torch.equal(functional.max_pool2d(now, z, s), functional.max_pool2d(first, z, s))
        other = not torch.equal(
            functional.avg_pool2d(now, z, s), functional.avg_pool2d(first, z, s)
        )
        if same and other:
            found.add(cell)
    assert pooling.edits(z, s, grid) == len(found)


def test_one_number_is_edited_as_asked() -> None:
    task = "one_number"
    assert "0 numbers" in judged(pooling.LAB, task).words
    right = judged(pooling.LAB, task, grid=edited(0, 3))
    assert right.passed
    seen = judged(pooling.LAB, task, grid=edited(9, 8))
    assert not seen.passed
    assert "max-pooled map changed" in seen.words
    unread = judged(pooling.LAB, task, grid=edited(2, 5), z=2, s=3)
    assert not unread.passed, "windows of 2 with stride 3 leave out every third column"
    assert "no window" in unread.words
    two = tuple(np.array(edited(0, 3)) + (np.arange(64) == 2))
    assert not judged(pooling.LAB, task, grid=two).passed


def test_both_pools_make_27_of_55() -> None:
    options = pooling.LAB.tasks["first_pool"].answer.options  # type: ignore[union-attr]
    passed = [each for each in options if judged(pooling.LAB, "first_pool", each).passed]
    assert passed == ["27, 27"]
    assert "rounding up" in judged(pooling.LAB, "first_pool", "27, 28").words


# local response normalisation


def torch_lrn(a: Any, size: int, alpha: float, beta: float, k: float) -> NDArray[np.float64]:
    x = torch.tensor(a, dtype=torch.float64)[None, :, None, None]
    layer = nn.LocalResponseNorm(size, alpha, beta, k)
    return layer(x)[0, :, 0, 0].numpy()


@pytest.mark.parametrize("size", [1, 3, 5, 7, 9])
def test_the_three_formulas_are_those_of_torch(size: int) -> None:
    a = np.random.default_rng(size).uniform(0, 250, 11)
    now = values(lrn.LAB, n=size, alpha="0.001", beta=0.6, k=3.0)
    for name, alpha, k in (("paper", 0.001 * size, 3), ("code", 0.001, 3), ("caffe", 0.001, 1)):
        ours = lrn.normalised(a, lrn.layer(now, name))
        assert ours == pytest.approx(torch_lrn(a, size, alpha, 0.6, k))


@pytest.mark.parametrize(
    ("formula", "a", "b"),
    [
        ("paper", 100, 23.237), ("code", 100, 43.869), ("caffe", 100, 59.460),
        ("paper", 1, 0.594), ("code", 1, 0.595), ("caffe", 1, 1.000),
    ],
)  # fmt: skip
def test_equal_channels_come_out_as_worked_out(formula: str, a: float, b: float) -> None:
    how = lrn.layer(values(lrn.LAB), formula)
    assert lrn.equal(a, how) == pytest.approx(b, abs=6e-4)
    assert lrn.normalised([a] * 11, how)[5] == pytest.approx(b, abs=6e-4)


def test_a_loud_neighbour_lowers_the_next_but_one() -> None:
    how = lrn.layer(values(lrn.LAB))
    alone, beside, far = ([0.0] * 11 for _ in range(3))
    alone[5] = beside[5] = far[5] = 100
    beside[7] = far[8] = 100
    assert [lrn.normalised(a, how)[5] for a in (alone, beside, far)] == pytest.approx(
        [43.87, 35.36, 43.87], abs=0.01
    )


@pytest.mark.parametrize(
    ("channel", "n", "changed"), [(6, 5, 5), (1, 5, 3), (2, 5, 4), (6, 3, 3), (6, 1, 1), (11, 9, 5)]
)
def test_a_raised_bar_changes_its_window(channel: int, n: int, changed: int) -> None:
    now = {"channel": channel, "n": n, "a": (20,) * 11}
    assert [c for c in range(12) if judged(lrn.LAB, "neighbours", c, **now).passed] == [changed]


def test_silent_bars_do_not_change() -> None:
    now = {"a": (0, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0)}
    assert judged(lrn.LAB, "neighbours", 2, **now).passed
    assert "9 other bars are 0" in judged(lrn.LAB, "neighbours", 5, **now).words


def test_the_loudest_equal_value_is_that_of_the_derivative() -> None:
    """a² = k / (5 alpha (2 beta − 1)), where alpha is what the plain sum is multiplied by."""
    for formula, alpha, k in (("paper", 1e-4, 2), ("code", 2e-5, 2), ("caffe", 2e-5, 1)):
        best = round(math.sqrt(k / (5 * alpha * 0.5)))
        assert judged(lrn.LAB, "loudest", best, formula=formula).passed, formula
        quiet = judged(lrn.LAB, "loudest", best - 20, formula=formula)
        assert not quiet.passed
        assert "1 more" in quiet.words
        assert "1 less" in judged(lrn.LAB, "loudest", best + 20, formula=formula).words
    assert {round(math.sqrt(k / a)) for k, a in ((2, 2.5e-4), (2, 5e-5))} == {89, 200}
    endless = judged(lrn.LAB, "loudest", 250, beta=0.5)
    assert not endless.passed
    assert "grows up to 250" in endless.words


def on_map(**changed: Any) -> dict[str, Any]:
    return values(lrn.LAB, show="map", **changed)


@pytest.mark.parametrize("formula", lrn.FORMULAS)
def test_a_whole_map_is_normalised_as_torch_does_in_each_tower(formula: str) -> None:
    now = on_map(formula=formula, n=5, alpha="0.001", beta=0.6, k=3.0)
    before, after = lrn.maps_of(now)
    alpha, k = (0.005 if formula == "paper" else 0.001), (1 if formula == "caffe" else 3)
    norm = nn.LocalResponseNorm(5, alpha, 0.6, k)
    maps = torch.tensor(before)[None]
    towers = [norm(half)[0].numpy() for half in maps.chunk(2, dim=1)]
    assert np.concatenate(towers) == pytest.approx(after)
    assert after[47:49] != pytest.approx(norm(maps)[0, 47:49].numpy())


def test_what_is_said_of_a_map_is_in_it() -> None:
    now = on_map(map=50)
    before, after = (each[49] for each in lrn.maps_of(now))
    look = lrn.LAB.look(now, say(lrn.LAB))
    row, column = np.argwhere(before == before.max())[0] + 1
    first, divisors, pixel, tower = look.sentences
    assert f"{100 * (1 - after.mean() / before.mean()):.0f} % of the map" in first
    ratio = before[before > 0] / after[before > 0]
    assert f"divided by {ratio.min():.3g} up to {ratio.max():.3g}" in divisors
    assert f"row {row}, column {column}, framed above: 4 of them, 49 to 52" in pixel
    assert "48 maps" in tower
    assert ">45<" in look.drawings[1].svg
    assert ">55<" in look.drawings[1].svg
    quiet = lrn.LAB.look(on_map(map=20, scale="0.01"), say(lrn.LAB)).sentences
    assert "keeps its shape" in quiet[1]
    assert len(quiet) == 3
    assert "nothing to normalise" in lrn.LAB.look(on_map(map=7), say(lrn.LAB)).sentences[0]
    for language in LANGUAGES:
        asked = lrn.LAB.tasks["neighbours"].judge(on_map(), 5, Spoken("lrn", language))
        assert not asked.passed


# the order of normalisation and pooling


class Still(NamedTuple):
    """A network whose answer is given."""

    maps: NDArray[np.float32]
    network: Any = VARIANTS["alexnet_2012_227"]

    def activations(self, pixels: Any) -> dict[str, Any]:
        return {"conv1": self.maps, "relu1": np.maximum(self.maps, 0)}


def still(seed: int = 3) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    maps = np.maximum(0, draw.normal(-80, 200, (96, 55, 55))).astype(np.float32)
    maps[:, :3, :3] = 0
    return {"live": Still(maps), "picture": None}


def test_both_orders_are_those_of_torch() -> None:
    given = still()
    both = lrn_order.orders(values(lrn_order.LAB, **given))
    x = torch.tensor(given["live"].maps, dtype=torch.float64)[None]

    def norm(maps: torch.Tensor) -> torch.Tensor:
        towers = maps.chunk(given["live"].network["norm1"].groups, dim=1)
        layer = nn.LocalResponseNorm(5, 5e-4, 0.75, 2)  # torch divides alpha by 5
        return torch.cat([layer(each) for each in towers], dim=1)

    pool = nn.MaxPool2d(3, 2)
    assert np.allclose(both.norm_first, pool(norm(x))[0].numpy())
    assert np.allclose(both.pool_first, norm(pool(x))[0].numpy())
    assert both.evaluations == (290_400, 69_984)


def test_any_order_of_the_blocks_is_that_of_torch() -> None:
    maps = np.random.default_rng(5).normal(0, 200, (96, 55, 55)).astype(np.float32)
    layer = nn.LocalResponseNorm(5, 5e-4, 0.75, 2)

    def norm(maps: torch.Tensor) -> torch.Tensor:
        return torch.cat([layer(each) for each in maps.chunk(2, dim=1)], dim=1)

    steps = (nn.functional.relu, norm, nn.MaxPool2d(3, 2))
    for order in itertools.permutations(range(3)):
        x = torch.tensor(maps, dtype=torch.float64)[None]
        for each in order:
            x = steps[each](x)
        given = values(lrn_order.LAB, live=Still(maps), picture=None, blocks=order)
        both = lrn_order.orders(given)
        assert np.allclose(both.pool_first, x[0].numpy()), order
        assert both.evaluations == (290_400, 290_400 if order.index(1) < order.index(2) else 69_984)
        said = lrn_order.look(given, say(lrn_order.LAB)).sentences
        assert ("negative" in said[1]) == (order.index(1) < order.index(0))
        assert ("and 0 % over all" in said[1]) == (order == (0, 1, 2))
    outcome = judged(lrn_order.LAB, "unlike", live=Still(maps), picture=None, blocks=(0, 1, 2))
    assert not outcome.passed
    assert "ReLU, pool, LRN" in outcome.words


def test_a_pixel_differs_or_does_not() -> None:
    given = still()
    away = {"channel": 4, "row": 20, "column": 11}
    assert judged(lrn_order.LAB, "unlike", **given, **away).passed
    assert not judged(lrn_order.LAB, "alike", **given, **away).passed
    silent = {"channel": 4, "row": 1, "column": 1}
    outcome = judged(lrn_order.LAB, "alike", **given, **silent)
    assert outcome.passed
    assert "silent" in outcome.words
    assert not judged(lrn_order.LAB, "unlike", **given, **silent).passed
    flat = {"live": Still(np.full((96, 55, 55), 60, np.float32)), "picture": None}
    outcome = judged(lrn_order.LAB, "alike", **flat, **silent)
    assert outcome.passed
    assert "maxima at one place" in outcome.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_orders_are_shown_in_both_languages(language: Any) -> None:
    for maps in (still()["live"].maps, np.zeros((96, 55, 55), np.float32)):
        for at in (1, 27):
            given = {"live": Still(maps), "picture": None, "row": at, "column": at, "channel": 96}
            look = lrn_order.look(values(lrn_order.LAB, **given), Spoken("lrn_order", language))
            assert "290,400" in look.sentences[2]
            assert all("{" not in each and "nan" not in each for each in look.sentences)


# batch normalisation


def test_batch_norm_is_torch_s_in_training_and_at_inference() -> None:
    lab = batch_norm.LAB
    x = batch_norm.FIRST
    layer = nn.BatchNorm1d(1, eps=1e-3, momentum=0.3).double()
    with torch.no_grad():
        layer.weight.fill_(1.5)
        layer.bias.fill_(-0.5)
    column = torch.tensor(x, dtype=torch.float64)[:, None]
    for _ in range(7):
        taught = layer(column)
    set_ = {"eps": "0.001", "momentum": 0.3, "gamma": 1.5, "beta": -0.5, "seen": 7}
    ours = batch_norm.outputs(values(lab, **set_), x)
    assert ours == pytest.approx(taught.detach()[:, 0].tolist())
    layer.eval()
    for size in (1, 3, 8):
        ours = batch_norm.outputs(values(lab, mode="inference", size=size, **set_), x)
        assert ours == pytest.approx(layer(column)[:size, 0].tolist())
    assert batch_norm.running(x, 0.3, 7) == pytest.approx(
        (layer.running_mean.item(), layer.running_var.item())  # type: ignore[union-attr]
    )


def test_layer_norm_and_lrn_are_torch_s() -> None:
    x = batch_norm.FIRST
    samples = torch.tensor([batch_norm._sample(x, n) for n in range(8)], dtype=torch.float64)
    normed = functional.layer_norm(samples, (5,), eps=1e-5)[:, batch_norm.OWN]
    ours = batch_norm.outputs(values(batch_norm.LAB, norm="ln"), x)
    assert ours == pytest.approx(normed.tolist())
    divided = nn.LocalResponseNorm(5, 5e-4, 0.75, 2)(samples[:, :, None])[:, batch_norm.OWN, 0]
    ours = batch_norm.outputs(values(batch_norm.LAB, norm="lrn"), x)
    assert ours == pytest.approx(divided.tolist())


def test_the_block_that_is_averaged_has_the_right_shape() -> None:
    def sides(**changed: Any) -> list[int]:
        block = batch_norm.averaged(values(batch_norm.LAB, **changed))
        return [len({cell[axis] for cell in block}) for axis in range(3)]

    assert sides(norm="bn") == [8, 1, 4]
    assert sides(norm="bn", size=3) == [3, 1, 4]
    assert sides(norm="bn", mode="inference") == [0, 0, 0]
    assert sides(norm="ln") == [1, 5, 4]
    assert sides(norm="lrn") == [1, 5, 1]


def test_article_002_keeps_5504_numbers() -> None:
    assert batch_norm.parameters() == {"learned": 2752, "held": 5504, "lrn": 0}
    assert trace(VARIANTS["article_002_keras"]).params > 2752


def test_a_batch_of_one_gives_beta() -> None:
    alone = {"norm": "bn", "mode": "train", "size": 1, "beta": 0.7}
    for x in (-10.0, 3.5):
        now = {**alone, "x": (x, *batch_norm.FIRST[1:])}
        assert batch_norm.outputs(values(batch_norm.LAB, **now), now["x"]) == pytest.approx([0.7])
        assert judged(batch_norm.LAB, "alone", "beta", **now).passed
        for wrong in ("input", "one", "running"):
            assert not judged(batch_norm.LAB, "alone", wrong, **now).passed
    for missing in ("mode", "size", "norm"):
        first = {key: value for key, value in alone.items() if key != missing}
        other = {"mode": "inference", "size": 8, "norm": "ln"}[missing]
        assert not judged(batch_norm.LAB, "alone", "beta", **first, **{missing: other}).passed
    with pytest.raises(ValueError, match="more than 1 value"):
        nn.BatchNorm1d(1)(torch.zeros(1, 1))  # as the lab says


def test_another_sample_matters_in_training_only() -> None:
    assert judged(batch_norm.LAB, "neighbour", "no").passed
    outcome = judged(batch_norm.LAB, "neighbour", "yes")
    assert not outcome.passed
    assert "goes from −0.4048 to" in outcome.words


# dropout


@pytest.mark.parametrize("p", [0.0, 0.25, 0.5, 0.9])
def test_the_mean_over_all_masks_is_the_scaled_whole(p: float) -> None:
    """Counted with numpy: for a linear unit the expected value is (1 − p) times the whole."""
    masks = np.array(list(itertools.product((0, 1), repeat=10)))
    chances = np.prod(np.where(masks == 1, 1 - p, p), axis=1)
    expected = (masks * np.array(dropout.UNITS) * np.array(dropout.WEIGHTS)).sum(1) @ chances
    assert chances.sum() == pytest.approx(1)
    assert len(masks) == dropout.ALL == 1024
    assert dropout.mean_over_all(p) == pytest.approx(expected)
    assert expected == pytest.approx((1 - p) * dropout.total())


def test_inverted_scaling_is_torch_s() -> None:
    torch.manual_seed(0)
    for p in (0.25, 0.5):
        dropped = functional.dropout(torch.ones(1000), p, training=True)
        assert sorted(set(dropped.tolist())) == pytest.approx(
            [0, dropout.factors("inverted", p)[0]]
        )
        assert dropout.factors("inverted", p)[1] == 1
    assert dropout.factors("paper", 0.5) == (1, 0.5)
    assert dropout.factors("both", 0.5) == (2, 0.5)
    assert dropout.factors("none", 0.5) == (1, 1)


def test_only_the_right_schemes_fit() -> None:
    for p in (0.05, 0.5, 0.9):
        right = {s for s in dropout.SCHEMES if dropout.ratio(s, p) == pytest.approx(1)}
        assert right == {"paper", "inverted"}
    assert "scheme is wrong" in sentences(dropout.LAB, scheme="both")
    assert "scheme is right" in sentences(dropout.LAB, scheme="inverted", p=0.3)


def test_masks_are_drawn_with_their_probability() -> None:
    for p in (0.0, 0.3, 0.9):
        kept = np.mean([dropout.drawn(p, seed) for seed in range(2000)])
        assert kept == pytest.approx(1 - p, abs=0.01)
    assert dropout.drawn(0.5, 1) != dropout.drawn(0.5, 2)


def test_twice_and_half_are_found() -> None:
    twice = judged(dropout.LAB, "twice", scheme="none", p=0.5)
    half = judged(dropout.LAB, "twice", scheme="both", p=0.5)
    assert (twice.passed, twice.part, half.passed, half.part) == (True, "wide", True, "narrow")
    for scheme in ("paper", "inverted"):
        assert not judged(dropout.LAB, "twice", scheme=scheme, p=0.5).passed
    assert "4 times" in judged(dropout.LAB, "twice", scheme="none", p=0.75).words


def test_the_small_network_with_dropout_is_trained_as_torch_does() -> None:
    """SGD with momentum on the masks that its seed draws."""
    p, factor, seed = 0.5, 2.0, 3
    part, run = dropout_network.examples("training"), dropout_network.trained(p, factor, seed)
    first, biases, last, bias = (torch.tensor(each, requires_grad=True) for each in run[0])
    inputs, wanted = torch.tensor(part.inputs), torch.tensor(part.wanted)
    descent = torch.optim.SGD([first, biases, last, bias], dropout_network.RATE, 0.9)
    draw = np.random.default_rng(seed)
    for _ in range(3 * dropout_network.EVERY):
        kept = torch.tensor((draw.random((30, 10)) >= p) * factor)
        outputs = (torch.relu(inputs @ first + biases) * kept) @ last + bias
        descent.zero_grad()
        functional.mse_loss(outputs, wanted).backward()
        descent.step()
    for ours, theirs in zip(run[3], (first, biases, last, bias), strict=True):
        assert ours == pytest.approx(theirs.detach().numpy())
    assert len(run) == dropout_network.STEPS / dropout_network.EVERY + 1


@pytest.mark.parametrize(("p", "factor"), [(0.25, 1.0), (0.5, 2.0), (0.75, 1.0)])
def test_losses_over_all_masks_are_those_of_the_variance(p: float, factor: float) -> None:
    """The output is linear in the mask: mean loss = that of the mean + sum (f h w)² p (1 − p)."""
    last = dropout_network.trained(p, factor, 1)[-1]
    masks = dropout_network.all_masks()
    for part in ("training", "validation"):
        found = dropout_network.over_masks(last, part, masks, factor, p)
        passed = (
            factor * last.last * dropout_network.hidden(last, dropout_network.examples(part).inputs)
        )
        spread = float((passed**2).sum(1).mean()) * p * (1 - p)
        one_pass = dropout_network.loss(last, part, factor * (1 - p))
        assert found.loss_of_mean == pytest.approx(one_pass)
        assert found.loss == pytest.approx(one_pass + spread)


def test_dropout_closes_the_gap_and_wrong_scalings_cost() -> None:
    def at_end(scheme: str, p: float = 0.5, masks: str = "all") -> tuple[float, float]:
        taught, tested = dropout.losses(values(dropout.LAB, scheme=scheme, p=p, masks=masks))
        return taught[-1], tested[-1]

    trained, validated = at_end("paper", 0.0)
    assert trained < 0.01 < 0.8 < validated
    right = at_end("paper")[1], at_end("inverted")[1]
    assert max(right) < at_end("both")[1] < at_end("none")[1]
    assert dropout.of_mean(values(dropout.LAB, masks="all")) == pytest.approx(right[0])
    assert dropout.of_mean(values(dropout.LAB, masks="1")) > right[0]
    now = {"show": "losses", "masks": "all"}
    lower, one_pass, _ = dropout.LAB.look(values(dropout.LAB, **now), say(dropout.LAB)).sentences
    assert f"{100 * (1 - right[0] / validated):.0f} % lower" in lower
    assert all(f"{each:.3g}" in one_pass for each in right)
    assert "nothing is dropped" in sentences(dropout.LAB, p=0.0, **now)
    assert "% higher" in sentences(dropout.LAB, scheme="none", **now)
    assert "diverges" in sentences(dropout.LAB, scheme="inverted", p=0.9, **now)


def test_the_expected_value_of_a_unit() -> None:
    def passing(scheme: str, p: float) -> list[float]:
        tried = [n / 20 for n in range(81)]
        now = {"scheme": scheme, "p": p}
        return [each for each in tried if judged(dropout.LAB, "expected", each, **now).passed]

    assert dropout.UNITS[0] == 1
    assert passing("paper", 0.25) == [0.75]
    assert passing("inverted", 0.25) == passing("both", 0.5) == [1.0]
    kept = judged(dropout.LAB, "expected", 2.0, scheme="inverted", p=0.5)
    assert "when it is kept" in kept.words


# softmax


@pytest.mark.parametrize("temperature", [0.1, 1.0, 10.0])
def test_softmax_is_torch_s(temperature: float) -> None:
    z = np.random.default_rng(2).uniform(-10, 10, 1000)
    ours = softmax.stable(list(z), temperature)
    torch_s = torch.softmax(torch.tensor(z) / temperature, 0).numpy()
    assert ours == pytest.approx(torch_s)
    assert sum(ours) == pytest.approx(1)


@pytest.mark.parametrize("top", [-120, -110, -90, 0, 80, 88, 89, 200])
def test_the_naive_way_fails_where_float32_does(top: float) -> None:
    z = [top, top - 1.0, top - 2.0]
    powers = torch.exp(torch.tensor(z, dtype=torch.float32))
    shares = (powers / powers.sum()).numpy()
    ours = np.array(softmax.naive(z, 1.0))
    assert (np.isnan(ours) == np.isnan(shares)).all()
    if -80 < top < 89:
        assert np.allclose(ours, shares, atol=1e-6)


def test_ranks_count_as_top_1_and_top_5() -> None:
    p = [0.1, 0.3, 0.3, 0.05, 0.15, 0.06, 0.04]
    order = sorted(range(7), key=lambda n: -p[n])
    assert [softmax.rank(p, n) for n in order] == [1, 2, 3, 4, 5, 6, 7]
    low = {"truth": 4, "classes": 1000}
    assert "wrong in both" in sentences(softmax.LAB, **low)
    assert "wrong in the top-1 count, right" in sentences(softmax.LAB, truth=2)


def test_plus_five_changes_nothing() -> None:
    passed = [n for n in range(6) if judged(softmax.LAB, "plus_five", n, shift=40).passed]
    assert passed == [0]


def test_temperature_alone_brings_the_largest_down() -> None:
    for t in (1.0, 5.0, 10.0):
        largest = torch.softmax(torch.tensor(softmax.LOGITS) / t, 0).max().item()
        assert judged(softmax.LAB, "modest", t=t).passed is (largest < 0.3)
    assert judged(softmax.LAB, "modest", t=10.0).passed
    assert not judged(softmax.LAB, "modest", t=10.0, z=(0.0,) * 5).passed


def test_a_shift_breaks_the_naive_way_only() -> None:
    assert not judged(softmax.LAB, "overflow").passed
    assert not judged(softmax.LAB, "overflow", shift=85).passed
    for shift in (86, 200, -200):  # the largest logit is 3, and float32 overflows above 88.72
        assert judged(softmax.LAB, "overflow", shift=shift).passed
    assert softmax._limit() == pytest.approx(math.log(torch.finfo(torch.float32).max))
    assert "Overflow" in sentences(softmax.LAB, shift=100)
    assert "Underflow" in sentences(softmax.LAB, shift=-200)


# loss


def test_losses_and_gradients_are_autograd_s() -> None:
    draw = np.random.default_rng(4)
    for _ in range(5):
        z = torch.tensor(draw.normal(0, 3, 5), requires_grad=True)
        p = torch.softmax(z, 0)
        shares = p.detach().tolist()
        for truth in range(5):
            cross = functional.cross_entropy(z[None], torch.tensor([truth]))
            square = ((p - functional.one_hot(torch.tensor(truth), 5)) ** 2).sum()
            for value, name in ((cross, "cross_entropy"), (square, "squared")):
                ours, gradient = loss.LOSSES[name]
                (theirs,) = torch.autograd.grad(value, z, retain_graph=True)
                assert ours(shares, truth) == pytest.approx(value.item())
                assert gradient(shares, truth) == pytest.approx(theirs.tolist())


def test_along_the_curve_the_others_keep_their_proportions() -> None:
    p = loss.along([0.1, 0.6, 0.15, 0.1, 0.05], 0, 0.55)
    assert p == pytest.approx([0.55, 0.3, 0.075, 0.05, 0.025])
    assert sum(loss.along([1, 0, 0, 0, 0], 0, 0.2)) == pytest.approx(1)


def test_squared_error_is_slow_where_the_network_is_confidently_wrong() -> None:
    wrong = {"p": (1.0, 96.0, 1.0, 1.0, 1.0), "show": "gradients"}
    right = judged(loss.LAB, "slow", "factor", **wrong)
    assert right.passed
    assert "p = 0.01" in right.words
    assert "0.99" in right.words
    for reason in ("small", "cut"):
        assert not judged(loss.LAB, "slow", reason, **wrong).passed
    assert not judged(loss.LAB, "slow", "factor").passed, "it is not confident yet"
    p = torch.tensor([0.01, 0.96, 0.01, 0.01, 0.01], dtype=torch.float64).log().requires_grad_()
    square = ((torch.softmax(p, 0) - torch.eye(5)[0]) ** 2).sum()
    (gradient,) = torch.autograd.grad(square, p)
    assert f"{abs(gradient[0].item()):.3g}" in right.words


def test_a_uniform_guess_over_a_thousand_classes() -> None:
    guess = functional.cross_entropy(torch.zeros(1, 1000), torch.tensor([0])).item()
    assert judged(loss.LAB, "uniform", round(guess, 2)).passed
    assert not judged(loss.LAB, "uniform", 1.0).passed
    assert "decimal" in judged(loss.LAB, "uniform", 3.0).words
    assert "6.908" in sentences(loss.LAB)
