"""The labs of training, of augmentation and transfer, of the kinds of layer, and of sources.

The oracles are torch's optimiser and autograd, numpy's own fits, and published numbers.
"""

import math
import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.history.contests import WINNERS, drop
from alexnet_viz.pictures import augmentation
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.scene import draw
from alexnet_viz.teaching.control import Control, Number, Pick, Switch
from alexnet_viz.teaching.labs import errata, history, layer_kinds, ten_crops, transfer
from alexnet_viz.teaching.labs.lab import Lab, Spoken
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.teaching.toys import (
    edge_histogram,
    layer_trials,
    new_classes,
    polynomial,
    sign_shapes,
    softmax_head,
    spiral_network,
    update_rule,
)
from alexnet_viz.teaching.toys.spiral_network import Setting
from alexnet_viz.text import LANGUAGES
from alexnet_viz.weights.catalogue import DRAWINGS

EN = {lab: Spoken(lab, "en") for lab in LABS}
MINE = (
    *("hyperparameters", "gradient_descent", "overfitting", "augmentation", "transfer"),
    *("layer_kinds", "history", "errata"),
)


@cache
def picture(side: int) -> Any:
    """A picture without symmetry: uint8 (side, side, 3)."""
    rng = np.random.default_rng(5)
    slopes = np.linspace(0, 200, side)
    pixels = np.stack([slopes[None].repeat(side, 0), slopes[:, None].repeat(side, 1)], axis=2)
    noise = rng.integers(0, 50, (side, side, 1))
    return np.concatenate([pixels, pixels[..., :1] / 2 + 30], axis=2).astype(np.uint8) + (
        noise.astype(np.uint8)
    )


class Stub:
    """A network so small that every corner can be run: mean colours by place, and one mean."""

    weights, network = DRAWINGS, DRAWINGS.network

    def model(self) -> nn.Sequential:
        layers = {
            "pool5": nn.AvgPool2d(37), "relu7": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten(),
            "fc8": nn.Linear(3, len(CLASSES)), "prob": nn.Softmax(dim=1),
        }  # fmt: skip
        with torch.no_grad():
            layers["fc8"].weight.copy_(torch.linspace(-0.1, 0.1, 3 * len(CLASSES)).view(-1, 3))  # type: ignore[operator,union-attr]
            layers["fc8"].bias.zero_()  # type: ignore[operator,union-attr]
        return nn.Sequential(OrderedDict(layers))

    def gate(self) -> Any:
        return nullcontext()


@pytest.fixture(autouse=True)
def no_features_are_kept() -> Iterator[None]:
    """The features and answers of the stub are not the network's."""
    kept = (transfer._found, ten_crops._answered)
    for each in kept:
        each.clear()  # type: ignore[attr-defined]
    yield
    for each in kept:
        each.clear()  # type: ignore[attr-defined]


def values(lab: str, **changed: Any) -> dict[str, Any]:
    """The values at which a lab begins, with some of them changed."""
    begun = {each.name: each.default for each in LABS[lab].controls}
    assert set(changed) <= {*begun, "picture", "live"}
    more = {"picture": picture(LABS[lab].picture_side), "live": Stub()}
    return begun | more | changed


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
    begun = values(lab.id)
    found = [begun]
    for a, b in product(lab.controls, repeat=2):
        found += [begun | {a.name: x, b.name: y} for x in ends(a) for y in ends(b)]
    return found


@pytest.mark.parametrize("lab", MINE)
def test_a_lab_says_something_at_every_corner(lab: str) -> None:
    settings = corners(LABS[lab])
    for language in LANGUAGES:
        for setting in settings[:: 1 if len(settings) < 60 else 11]:
            look = LABS[lab].look(setting, Spoken(lab, language))
            assert look.drawings
            assert look.sentences
            assert all(look.sentences)
            said = " ".join((*look.sentences, *(each.svg for each in look.drawings)))
            assert "{" not in said, setting
            assert not re.search(r"\bnan\b", said), setting


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


def test_views_are_counted_as_they_can_be_listed() -> None:
    for side, size in ((8, 5), (9, 9), (256, 224)):
        places = range(side - size + 1)
        listed = {(x, y, flip) for x in places for y in places for flip in (False, True)}
        assert augmentation.views(side, size) == len(listed)
    assert augmentation.views(256, 224) == 2178


def test_a_crop_is_a_part_of_the_picture() -> None:
    pixels = picture(256)
    plain = augmentation.taken(pixels, augmentation.Crop(7, 20, 224))
    assert (plain == pixels[20:244, 7:231]).all()
    mirrored = augmentation.taken(pixels, augmentation.Crop(7, 20, 224, flipped=True))
    assert (mirrored == torch.tensor(plain.copy()).flip(1).numpy()).all()
    ten = augmentation.ten_crops(256, 224)
    assert len(set(ten)) == 10
    assert {(crop.left, crop.top) for crop in ten} == {(0, 0), (32, 0), (0, 32), (32, 32), (16, 16)}


def test_the_colour_axes_are_the_principal_components() -> None:
    pixels = picture(64)
    axes = augmentation.colour_axes(pixels)
    flat = torch.tensor(pixels.reshape(-1, 3), dtype=torch.float64)
    _, sizes, rows = torch.linalg.svd(flat - flat.mean(0), full_matrices=False)
    np.testing.assert_allclose(axes.deviations, sizes / math.sqrt(len(flat) - 1), rtol=1e-6)
    np.testing.assert_allclose(np.abs(axes.axes), np.abs(rows.T.numpy()), atol=1e-6)
    shift = augmentation.colour_shift(axes, (0.1, 0, 0))
    assert np.linalg.norm(shift) == pytest.approx(0.1 * axes.deviations[0])
    assert (
        augmentation.shifted(np.full((2, 2, 3), 250, np.uint8), np.array([9.0, -9, 0])).max() == 255
    )
    assert (augmentation.turned(pixels, 90)[1:-1, 1:-1] == np.rot90(pixels)[1:-1, 1:-1]).all()


def test_the_views_of_the_chosen_side_are_asked_for() -> None:
    assert judged("augmentation", "count", 2178).passed
    assert judged("augmentation", "count", 2 * 57**2, size=200).passed
    slips = {
        2048: "last place",
        1089: "mirror image",
        1024: "leaves out",
        66: "one side",
        7: "Not 7",
    }
    for given, told in slips.items():
        outcome = judged("augmentation", "count", given)
        assert not outcome.passed
        assert told in outcome.words
    said = " ".join(LABS["augmentation"].look(values("augmentation"), EN["augmentation"]).sentences)
    assert "2,178" in said
    assert "2,048" in said
    assert "39.0% to 37.5%" in said
    assert "AlexNet was trained without rotation" not in said


def looked(lab: str, **changed: Any) -> Any:
    return LABS[lab].look(values(lab, **changed), EN[lab])


def test_ten_crops_are_answered_as_torch_answers_them() -> None:
    """Corners, centre and mirror images cut out of the normalised picture, and one batch."""
    now = values("augmentation", show="ten")
    _, answers = ten_crops.ten_answers(now)
    whole = torch.tensor(now["picture"].astype(np.float32)).permute(2, 0, 1)
    whole -= torch.tensor(DRAWINGS.preprocessing.mean)[:, None, None]
    places = [(0, 0), (0, 29), (29, 0), (29, 29), (14, 14)]
    five = torch.stack([whole[:, y : y + 227, x : x + 227] for y, x in places])
    expected = Stub().model()(torch.cat([five, five.flip(3)])).detach().numpy()
    np.testing.assert_allclose(answers, expected, atol=1e-5)
    assert len({tuple(row) for row in answers.round(6).tolist()}) > 1
    mean = answers.mean(axis=0)
    best = int(mean.argmax())
    said = " ".join(looked("augmentation", show="ten").sentences)
    assert f"{DRAWINGS.classes[best].en} with {100 * mean[best]:.1f} %" in said
    assert f"{100 * answers[:, best].min():.1f} to {100 * answers[:, best].max():.1f} %" in said
    assert "39.0% to 37.5%" in said
    shifted = ten_crops.ten_answers(now | {"a1": 0.5})[1]
    assert not np.allclose(shifted, answers)


def test_ten_crops_run_once() -> None:
    runs = []

    class Counted(Stub):
        def gate(self) -> Any:
            runs.append(1)
            return nullcontext()

    now = values("augmentation", show="ten", live=Counted())
    for _ in range(2):
        ten_crops.ten_answers(now)
    assert len(runs) == 10 / ten_crops.BATCH


def test_the_cloud_says_what_the_axes_are() -> None:
    """Against the singular values of the pixels; a grey ramp and one colour are told."""
    flat = torch.tensor(picture(256).reshape(-1, 3), dtype=torch.float64)
    _, sizes, rows = torch.linalg.svd(flat - flat.mean(0), full_matrices=False)
    share = float(sizes[0] ** 2 / (sizes**2).sum())
    tilt = math.degrees(math.acos(abs(float(rows[0].sum())) / math.sqrt(3)))
    look = looked("augmentation", show="cloud", a1=0.5)
    assert f"{100 * share:.0f} % of the variance" in look.sentences[0]
    assert f"{tilt:.0f}° from the grey" in look.sentences[0]
    assert look.drawings[0].svg.count("rgb(") == 26 * 26
    tinted = looked("augmentation", show="cloud", a1=-0.1).sentences[1]
    assert re.findall(r"[+−]\d+\.\d", tinted) == [
        f"−{0.1 * float(sizes[0]) / 256 * abs(float(part)):.1f}" for part in rows[0]
    ]
    assert look.tables
    ramp = np.arange(256, dtype=np.uint8)[:, None, None].repeat(256, 1).repeat(3, 2)
    grey = looked("augmentation", show="cloud", picture=ramp).sentences[0]
    assert "100 % of the variance" in grey
    assert "light from dark" in grey
    plain = looked("augmentation", show="cloud", picture=np.full((256, 256, 3), 9, np.uint8))
    assert "nothing to shift" in plain.sentences[0]


@pytest.mark.parametrize("show", ["views", "cloud", "ten"])
def test_each_view_of_augmentation_has_the_controls_that_change_it(show: str) -> None:
    lab, now = LABS["augmentation"], values("augmentation", show=show)
    assert lab.idle
    shown, idle = lab.look(now, EN["augmentation"]), lab.idle(now)
    for control in lab.controls[1:]:
        others = [lab.look(now | {control.name: end}, EN["augmentation"]) for end in ends(control)]
        assert all(other == shown for other in others) == (control.name in idle), control.name
    assert lab.runs_at(now) == (show == "ten")
    assert judged("augmentation", "count", 2178, show=show).passed == (show == "views")


def test_what_keeps_its_label() -> None:
    after = {item: sign_shapes.label_after(*item) for item in sign_shapes.ITEMS.values()}
    assert after == {
        ("6", "flip"): "", ("6", "half_turn"): "9", ("6", "crop"): "6",
        ("left", "flip"): "right", ("left", "half_turn"): "right", ("left", "colour"): "left",
    }  # fmt: skip
    assert judged("augmentation", "labels", (1, 1, 0, 1, 1, 0)).passed
    for wrong in ((0,) * 6, (1,) * 6, (1, 0, 0, 1, 1, 0)):
        assert not judged("augmentation", "labels", wrong).passed
    assert "now 9" in judged("augmentation", "labels", (1, 0, 0, 1, 1, 0)).words


def test_ten_new_classes_train_40970_parameters() -> None:
    ten = transfer.split("fc7", 10)
    assert (ten.trained, ten.trained + ten.held) == (40_970, 56_909_194)
    assert transfer.split("none", 1000).trained == 60_965_224
    assert transfer.split("conv5", 1000).held == 2_334_080


def test_a_head_is_what_torchs_sgd_learns() -> None:
    rng = np.random.default_rng(1)
    features, label = rng.normal(0, 1, (9, 40)) ** 2, np.arange(9) % 3
    head = softmax_head.trained(features, label, 3)
    x = torch.tensor((features - features.mean(0)) * head.scale)
    weights = torch.zeros(40, 3, dtype=torch.float64, requires_grad=True)
    biases = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD(
        [
            {"params": [weights], "lr": 10 * softmax_head.RATE, "weight_decay": softmax_head.DECAY},
            {"params": [biases], "lr": softmax_head.RATE},
        ]
    )
    for _ in range(softmax_head.STEPS):
        optimiser.zero_grad()
        nn.functional.cross_entropy(x @ weights + biases, torch.tensor(label)).backward()
        optimiser.step()
    np.testing.assert_allclose(head.weights, weights.detach().numpy(), atol=1e-8)
    np.testing.assert_allclose(head.biases, biases.detach().numpy(), atol=1e-8)
    assert softmax_head.answers(head, features).tolist() == label.tolist()
    assert (x**2).sum(1).mean().item() == pytest.approx(1)


def test_a_figure_lies_where_its_class_says() -> None:
    for number in range(8):
        left, right = (
            new_classes.picture(kind, number).astype(float) for kind in ("left", "right")
        )
        for pixels, half in ((left, slice(0, 114)), (right, slice(114, None))):
            corner = np.median(pixels[:, [0, -1]].reshape(-1, 3), axis=0)
            seen = np.abs(pixels - corner).sum(axis=2) > 90
            assert seen[:, half].sum() > 0.9 * seen.sum() > 0, number
    same = [new_classes.picture("two", 3) for _ in range(2)]
    assert (same[0] == same[1]).all()
    assert new_classes.picture("own", 0, picture(227)).shape == (227, 227, 3)


def _bar(across: bool) -> tuple[float, ...]:
    """A drawing of 12×12 cells with a bar of 2×8."""
    cells = np.zeros((12, 12))
    cells[5:7, 2:10] = 1
    return tuple((cells if across else cells.T).ravel().tolist())


def test_a_drawing_is_shown_in_its_shape() -> None:
    for number in range(8):
        sides = []
        for across in (True, False):
            pixels = new_classes.picture("drawn", number, None, _bar(across)).astype(float)
            edge = np.concatenate([pixels[[0, -1]].reshape(-1, 3), pixels[:, 0]])
            seen = np.abs(pixels - np.median(edge, axis=0)).sum(axis=2) > 60
            rows, columns = (seen.any(axis=axis).sum() for axis in (1, 0))
            sides.append((rows, columns))
            assert 0.25 * 227 < max(rows, columns) < 0.7 * 227
        assert sides[0][1] > 2 * sides[0][0]
        assert sides[1][0] > 2 * sides[1][1]
    same = [new_classes.picture("drawn", 3, None, _bar(True)) for _ in range(2)]
    assert (same[0] == same[1]).all()
    empty = new_classes.picture("drawn", 0, None, (0.0,) * 144).astype(float)
    assert empty.std(axis=(0, 1)).max() < 6


def test_another_drawing_is_another_class() -> None:
    first = values("transfer", kind2="drawn", drawing=_bar(True), features="pool5")
    one = transfer._features(first, [("drawn", 0)])
    other = transfer._features(first | {"drawing": _bar(False)}, [("drawn", 0)])
    assert one.tolist() != other.tolist()
    assert transfer._features(first, [("drawn", 0)]).tolist() == one.tolist()
    said = LABS["transfer"].look(first, EN["transfer"]).sentences
    assert any("16 painted cells" in each for each in said)
    bare = LABS["transfer"].look(first | {"drawing": (0.0,) * 144}, EN["transfer"]).sentences
    assert any("empty" in each for each in bare)
    plain = LABS["transfer"].look(values("transfer"), EN["transfer"]).sentences
    assert len(plain) == len(said) - 1
    idle = LABS["transfer"].idle
    assert idle
    assert idle(values("transfer")) == ("drawing",)
    assert idle(first) == ()


def test_a_drawn_class_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = {"kind1": "left", "kind2": "drawn", "drawing": _bar(True)}
    assert "Choose" in judged("transfer", "mine", drawing=_bar(True)).words
    assert "two different" in judged("transfer", "mine", **drawn | {"kind1": "drawn"}).words
    for blank in (transfer.HEART, (0.0,) * 144):
        assert "not your drawing" in judged("transfer", "mine", **drawn | {"drawing": blank}).words
    for counts, passed in ((((8, 0), (1, 7)), True), (((6, 2), (1, 7)), False)):
        monkeypatch.setattr(transfer, "tested", lambda *_, found=counts: transfer.Result(found))
        outcome = judged("transfer", "mine", **drawn)
        assert outcome.passed is passed
        assert "7 of 8" in outcome.words


def test_the_line_is_drawn_where_few_pictures_train_few_parameters() -> None:
    for freeze in ("none", *transfer.LAYERS):
        assert judged("transfer", "line", freeze).passed == (freeze == "fc7"), freeze
    assert "8,194" in judged("transfer", "line", "fc7").words


def test_the_fewest_examples_are_asked_for() -> None:
    """With the stub: mean colours by place tell left from right, one mean colour does not."""
    chosen = {"kind1": "small", "kind2": "large", "features": "pool5"}
    right = [transfer.tested(values("transfer", **chosen), n).right for n in range(1, 11)]
    enough = [n for n, share in enumerate(right, 1) if share >= 0.9]
    passed = [n for n in range(1, 11) if judged("transfer", "few", **chosen, n=n).passed]
    assert passed == enough[:1]
    assert not judged("transfer", "few", kind1="left", kind2="left").passed
    confusion = transfer.tested(values("transfer", kind3="two"), 2).confusion
    assert [sum(row) for row in confusion] == [transfer.HELD_OUT] * 3


def test_a_picture_runs_once_through_the_network() -> None:
    passes = []

    class Counted(Stub):
        def gate(self) -> Any:
            passes.append(1)
            return nullcontext()

    first = values("transfer", live=Counted())
    transfer.tested(first, 3)
    known = len(passes)
    transfer.tested(first | {"features": "pool5"}, 3)
    assert len(passes) == known
    own = first | {"kind2": "own"}
    one = transfer._features(own, [("own", 0)])
    other = transfer._features(own | {"picture": picture(227)[:, ::-1]}, [("own", 0)])
    assert one.tolist() != other.tolist()


@pytest.mark.parametrize("setting", [layer_trials.Setting(), layer_trials.Setting(3, 10, 5, 3, 7)])
def test_the_four_layers_do_what_torchs_do(setting: layer_trials.Setting) -> None:
    rng = np.random.default_rng(setting.seed)
    shape = (setting.channels, setting.side, setting.side)
    image = torch.tensor(rng.normal(0, 1, shape))
    trials = {kind: layer_trials.tried(kind, setting) for kind in layer_trials.KINDS}
    sizes = {
        "conv": (setting.outputs, setting.channels, 3, 3),
        "fc": (setting.outputs, math.prod(shape)),
    }
    for kind, size in sizes.items():
        drawn = np.random.default_rng(setting.seed)
        drawn.normal(0, 1, shape)
        weight = torch.tensor(drawn.normal(0, 1, size), requires_grad=True)
        if kind == "conv":
            out = nn.functional.conv2d(image[None], weight)[0]
        else:
            out = nn.functional.linear(image.flatten(), weight)
        (out**2).sum().div(2).backward()
        trial = trials[kind]
        assert tuple(out.shape) == trial.output_shape
        np.testing.assert_allclose(
            trial.output, (out[0] if kind == "conv" else out[:, None]).detach().numpy()
        )
        assert weight.grad is not None
        assert trial.slope == pytest.approx(weight.grad.flatten()[:12].abs().max().item(), rel=1e-3)
        assert trial.params == weight.numel() + setting.outputs
    fc, pool, drop = trials["fc"], trials["pool"], trials["dropout"]
    assert fc.params_doubled == 4 * (fc.params - setting.outputs) + setting.outputs
    assert trials["conv"].params_doubled == trials["conv"].params
    pooled = nn.functional.max_pool2d(image, 2)
    np.testing.assert_allclose(pool.output, pooled[0].numpy())
    assert (pool.read, pool.slope, pool.params) == (0.25, None, 0)
    assert (drop.slope, drop.params, drop.output_shape) == (None, 0, shape)
    assert 0.3 < drop.read < 0.7
    even = setting.moved % 2 == 0
    assert (pool.along[0] == pool.along[1]) == even
    assert trials["conv"].along[0] == trials["conv"].along[1]


def test_the_wrong_cells_of_the_table_are_those_that_the_ledger_calls_wrong() -> None:
    trials = {kind: layer_trials.tried(kind, layer_trials.Setting()) for kind in layer_trials.KINDS}
    wrong = tuple(each for each in layer_kinds.STATEMENTS if not layer_kinds.holds(each, trials))
    assert wrong == ("fc_shape", "drop_flattens")
    assert {claims()[id].judged for id in ("s000-62", "s000-63")} == {"wrong"}

    def sorted_(accused: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(2 if each in accused else 1 for each in layer_kinds.STATEMENTS)

    assert judged("layer_kinds", "wrong", sorted_(wrong)).passed
    for accused in ((), wrong[:1], wrong[1:], layer_kinds.STATEMENTS, ("pool_params",)):
        assert not judged("layer_kinds", "wrong", sorted_(accused)).passed
    assert "1 of 2" in judged("layer_kinds", "wrong", sorted_(wrong[:1])).words
    one_left = (0, *sorted_(wrong)[1:])
    assert "1 of 7 cells are not sorted" in judged("layer_kinds", "wrong", one_left).words


def test_the_winners_are_those_of_the_contest() -> None:
    errors = {each.year: each.top5 for each in WINNERS}
    assert list(errors) == list(range(2010, 2018))
    assert errors[2010] > 28
    assert sorted(errors.values(), reverse=True) == list(errors.values())
    assert [year for year in errors if not next(w for w in WINNERS if w.year == year).learned] == [
        2010, 2011,
    ]  # fmt: skip
    assert max(list(errors)[1:], key=drop) == 2012
    for year in list(errors)[1:]:
        assert judged("history", "steepest", year).passed == (year == 2012)


def test_a_card_is_judged_as_the_ledger_judges_it() -> None:
    true = {claim.id: history.TRUTHS[history.judge(claim).word] for claim in history.CARDS}
    assert true["s002-01"] == "true"
    assert true["s002-02"] == true["s002-07"] == "false"
    assert true["s002-09"] == "half"
    for number, truth in enumerate(true.values(), 1):
        for answer in ("true", "half", "false"):
            outcome = judged("history", "truth", answer, card=number)
            assert (outcome.passed, outcome.part) == (answer == truth, str(number))


def test_edges_of_stripes_have_one_direction() -> None:
    x = np.arange(64)
    stripes = np.repeat((100 + 80 * np.sin(x / 3))[None], 64, 0)[..., None].repeat(3, 2)
    found = edge_histogram.features(stripes).reshape(5, -1)
    assert (found[:, 0] > 0.999).all()
    assert (edge_histogram.features(stripes.transpose(1, 0, 2)).reshape(5, -1)[:, 6] > 0.999).all()
    np.testing.assert_allclose(found[:, : edge_histogram.DIRECTIONS].sum(1), 1)


@pytest.mark.slow
def test_what_was_measured_of_edges_can_be_measured_again() -> None:
    found, test = edge_histogram.measured(), edge_histogram.measured()["test"]
    classes = len(CLASSES)
    features = np.array([
        [edge_histogram.features(draw(name, np.random.default_rng((31, kind, n))))
         for n in range(test + 1)]
        for kind, name in enumerate(CLASSES)
    ])  # fmt: skip
    head = softmax_head.trained(features[:, test], np.arange(classes), classes)
    said = softmax_head.answers(head, features[:, :test].reshape(classes * test, -1))
    right = (said == np.repeat(np.arange(classes), test)).mean()
    assert found["edges"]["right"]["1"] == pytest.approx(right, abs=0.02)


def test_learned_features_beat_those_made_by_hand_at_every_number_of_examples() -> None:
    found = edge_histogram.measured()
    for n in map(str, found["examples"]):
        assert found["learned"]["right"][n] > found["edges"]["right"][n] > 1 / len(CLASSES)
    for kind in ("edges", "learned"):
        confusion = np.array(found[kind]["confusion"])
        assert confusion.sum(1).tolist() == [found["test"]] * len(CLASSES)
        last = str(found["examples"][-1])
        assert np.trace(confusion) / confusion.sum() == pytest.approx(
            found[kind]["right"][last], abs=1e-4
        )


def test_the_sheet_of_a_source_is_drawn_by_its_seed() -> None:
    for source in errata.SHEETS:
        sheet = errata.drawn(source, 3, 6)
        assert len({claim.id for claim in sheet}) == len(sheet) >= 3
        assert source == "all" or {claim.source for claim in sheet} == {source}
    drawn = {errata.drawn("article_000", seed, 5) for seed in range(9)}
    assert len(drawn) == 9
    groups = {errata.group(claim) for seed in range(30) for claim in errata.drawn("all", seed, 5)}
    assert groups == set(errata.GROUPS)
    assert errata.group(claims()["s001-03"]) == "wrong"
    assert errata.group(claims()["s000-29"]) == "differs"
    assert errata.group(claims()["s001-49"]) == "contradicts"


def test_the_referee_is_told_the_verdict_and_the_computation() -> None:
    for seed, n in product(range(6), range(1, 6)):
        claim = errata.drawn("article_001", seed, 5)[n - 1]
        true = errata.group(claim)
        for answer in errata.GROUPS:
            outcome = judged("errata", "referee", answer, seed=seed, n=n)
            assert outcome.passed == (answer == true)
            assert claim.id in outcome.words
    words = judged("errata", "referee", "right", seed=0, n=1).words
    assert "contradicts itself" in words
    assert "stated 2" in words


def test_three_right_verdicts_solve_the_task() -> None:
    from tests.spoken import open_page

    solved = []
    app = open_page("labs", lab="errata", set="seed.0")
    for n in (1, 2, 3):
        app = app.slider(key="lab.errata.n").set_value(n).run()
        claim = errata.drawn("article_001", 0, 5)[n - 1]
        app.selectbox(key="lab.errata.answer.referee.verdict").set_value("differs").run()
        app.selectbox(key="lab.errata.answer.referee.verdict").set_value(errata.group(claim)).run()
        app.button(key="lab.errata.check.referee").click().run()
        assert not app.exception
        solved.append(app.success[0].value)
    assert "3 of 3" in solved[-1]
