"""The lab of receptive fields, against gradients and torch."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.jobs import Gate
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.teaching import setting
from alexnet_viz.teaching.labs import receptive_field as lab
from alexnet_viz.teaching.labs.lab import Outcome, Spoken
from alexnet_viz.text import LANGUAGES
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import load

GEOMETRY = (
    ("conv1", 11, 4, 0), ("pool1", 3, 2, 0), ("conv2", 5, 1, 2), ("pool2", 3, 2, 0),
    ("conv3", 3, 1, 1), ("conv4", 3, 1, 1), ("conv5", 3, 1, 1), ("pool5", 3, 2, 0),
)  # fmt: skip
"""Krizhevsky et al. 2012, section 3.5, and the padding that keeps its sizes."""


class Alone:
    """The network, run by this test alone."""

    def __init__(self) -> None:
        self._model = load(DRAWINGS)

    def model(self) -> nn.Sequential:
        return self._model

    def gate(self) -> Gate:
        return Gate(1)


@pytest.fixture(scope="module")
def live() -> Alone:
    return Alone()


@pytest.fixture(scope="module")
def picture() -> Any:
    return cropped(SAMPLES["cat"].load(), 227)


def values(**changed: Any) -> dict[str, Any]:
    found, refused = setting.values(lab.LAB.controls, ())
    assert not refused
    return {**found, **changed}


def judged(task: str, answer: Any = None, **changed: Any) -> Outcome:
    outcomes = [
        lab.LAB.tasks[task].judge(values(**changed), answer, Spoken("receptive_field", each))
        for each in LANGUAGES
    ]
    assert outcomes[0].passed == outcomes[1].passed
    assert all(each.words and "{" not in each.words for each in outcomes)
    return outcomes[0]


@pytest.mark.parametrize("last", range(len(GEOMETRY)))
def test_the_field_is_where_the_gradient_is(last: int) -> None:
    layer = GEOMETRY[last][0]
    layers = [
        nn.AvgPool2d(kernel, stride) if name.startswith("pool")  # every pixel of it counts
        else nn.Conv2d(1, 1, kernel, stride, padding, bias=False)
        for name, kernel, stride, padding in GEOMETRY[: last + 1]
    ]  # fmt: skip
    for each in layers:
        if isinstance(each, nn.Conv2d):
            nn.init.ones_(each.weight)
    x = torch.zeros(1, 1, 227, 227, dtype=torch.float64, requires_grad=True)
    maps = nn.Sequential(*layers).double()(x)
    size = maps.shape[-1]
    for cell in {(0, 0), (2, 2), (size - 1, 3)}:
        gradient = torch.autograd.grad(maps[0, 0, *cell], x, retain_graph=True)[0][0, 0] != 0
        rows, columns = (gradient.any(dim=axis).nonzero().ravel().tolist() for axis in (1, 0))
        seen = [lab.inside(each) for each in lab.field(layer, cell)]
        assert [list(each) for each in seen] == [rows, columns]


@pytest.mark.parametrize(
    ("layer", "cell"), [("conv2", (3, 20)), ("conv4", (0, 12)), ("pool5", (2, 2))]
)
def test_what_is_outside_changes_nothing(
    live: Alone, picture: Any, layer: str, cell: tuple[int, int]
) -> None:
    set_to = {"layer": layer, "row": cell[0], "column": cell[1], "live": live, "picture": picture}
    for where, same in (("outside", True), ("inside", False)):
        mixed = lab.scrambled(picture, layer, cell, where, 3)
        before, after = (lab.answer(live, each, layer, cell) for each in (picture, mixed))
        assert np.array_equal(before, after) == same
        for language in LANGUAGES:
            look = lab.look(values(scramble=where, **set_to), Spoken("receptive_field", language))
            assert ("none of" in look.sentences[-1] or "一个也没有变" in look.sentences[-1]) == same


def test_scrambling_leaves_the_other_part_as_it_is(picture: Any) -> None:
    mixed = lab.scrambled(picture, "pool5", (2, 2), "outside", 1)
    assert np.array_equal(mixed[:195, :195], picture[:195, :195])
    changed = (mixed != picture).any(axis=2)
    assert changed[195:].mean() > 0.99
    assert changed[:, 195:].mean() > 0.99
    mixed = lab.scrambled(picture, "pool5", (2, 2), "inside", 1)
    assert np.array_equal(mixed[195:], picture[195:])


def test_a_cell_beyond_a_small_map_is_the_last(picture: Any) -> None:
    set_to = values(layer="pool5", row=54, column=2, picture=picture)
    assert lab.chosen(set_to) == ("pool5", (5, 2))
    said = " ".join(lab.look(set_to, Spoken("receptive_field", "en")).sentences)
    assert "6 cells along a side" in said
    assert "rows 96–226, columns 0–194" in said
    assert "beyond the picture" in said


def test_the_tasks_are_judged() -> None:
    assert judged("half", "conv4").passed
    assert "99" in judged("half", "conv4").words
    assert not judged("half", "conv3").passed
    assert "131" not in judged("half", "conv5").words
    assert not judged("half", "conv5").passed
    passed = {
        (row, column)
        for row in range(6)
        for column in range(6)
        if judged("whole", layer="pool5", row=row, column=column).passed
    }
    assert passed == {(2, 2), (2, 3), (3, 2), (3, 3)}
    assert "64 pixels" in judged("whole", layer="pool5", row=0, column=2).words
    assert not judged("whole", layer="conv5", row=6, column=6).passed
