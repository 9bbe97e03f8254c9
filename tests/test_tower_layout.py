"""The tower diagram on paper: everything inside, nothing over anything else, large enough."""

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_viz.analysis.towers.channel_dependence import seen
from alexnet_viz.analysis.towers.split import split
from alexnet_viz.network.layers import LRN, Conv, Flatten, Layer, Linear, MaxPool
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.tower_columns import sum_text
from alexnet_viz.render.diagrams.towers import tower_diagram
from alexnet_viz.text import LANGUAGES
from alexnet_viz.variants import VARIANTS
from tests.test_drawings import SVG, parsed

PAGE = 1280
"""Pixels that a drawing gets on a page 1440 pixels wide."""

CASES = [
    (name, gpus, size)
    for name in (
        "alexnet_2012_paper", "alexnet_2012_code_145", "caffe_bvlc_alexnet", "zfnet_paper",
        "alexnet_2012_code_146_conv6", "torchvision_alexnet", "article_001_fc_as_conv",
    )
    for gpus in (1, 2, 3, 4, 8, 20)
    for size in (224,)
] + [("alexnet_2012_paper", gpus, size) for gpus in (2, 4) for size in (63, 227, 512)]  # fmt: skip


def drawn(network: Network, gpus: int, size: int | None = None, **how: Any) -> str:
    result = trace(network, size)
    towers = split(result, "first", gpus)
    assert towers
    ghosts = result.network.layers[len(result.rows) :]
    return tower_diagram(towers, result.input_shape, ghosts=ghosts, **how)


class Box(NamedTuple):
    """A text on paper, with its words."""

    left: float
    top: float
    right: float
    bottom: float
    words: str

    def meets(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def boxes(svg: str) -> list[Box]:
    """Where the texts are: digits and letters half as wide as the type is large, 中文 as wide."""
    found = []
    for text in parsed(svg).iter(f"{SVG}text"):
        words, size = text.text or "", float(text.get("font-size", "0"))
        width = size * sum(1.0 if ord(letter) > 0x2E00 else 0.5 for letter in words)
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor", "")]
        found.append(Box(left, y - 0.75 * size, left + width, y + 0.2 * size, words))
    return found


def points(svg: str) -> Iterator[tuple[float, float]]:
    """Every corner and end of what is drawn."""
    root = parsed(svg)
    for polygon in root.iter(f"{SVG}polygon"):
        for point in polygon.get("points", "").split():
            x, y = point.split(",")
            yield float(x), float(y)
    for line in root.iter(f"{SVG}line"):
        yield from ((float(line.get(f"x{n}", "nan")), float(line.get(f"y{n}", "nan")))
                    for n in (1, 2))  # fmt: skip
    for box in boxes(svg):
        yield from ((box.left, box.top), (box.right, box.bottom))


def check_inside(svg: str) -> None:
    view = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert view
    width, height = map(int, view.groups())
    for x, y in points(svg):
        assert math.isfinite(x)
        assert math.isfinite(y)
        assert 0 <= x <= width
        assert 0 <= y <= height


def passes(line: tuple[float, ...], box: Box) -> bool:
    """Whether a line from left to right runs through a box."""
    x1, y1, x2, y2 = line
    left, right = max(x1, box.left), min(x2, box.right)
    ends = [y1 + (y2 - y1) * (x - x1) / (x2 - x1) for x in (left, right)]
    return left < right and min(ends) < box.bottom and box.top < max(ends)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("variant", "gpus", "size"), CASES)
def test_no_words_meet_and_all_are_inside(
    variant: str, gpus: int, size: int, language: Any
) -> None:
    svg = drawn(VARIANTS[variant], gpus, size, language=language, unit="bytes", batch=128)
    check_inside(svg)
    found = boxes(svg)
    assert [(a.words, b.words) for n, a in enumerate(found) for b in found[:n] if a.meets(b)] == []
    width = float(re.search(r'width="(\d+)"', svg)[1])  # type: ignore[index]
    smallest = min(float(size) for size in re.findall(r'font-size="([\d.]+)"', svg))
    assert smallest * PAGE / width >= 13


@pytest.mark.slow
@pytest.mark.parametrize(("variant", "gpus", "size"), CASES)
def test_lines_run_through_no_words_but_on_a_patch(variant: str, gpus: int, size: int) -> None:
    """The counts and the names of the GPUs are written on a patch of ground."""
    svg = drawn(VARIANTS[variant], gpus, size)
    words = [box for box in boxes(svg) if not re.fullmatch(r"[\d,]+|.* values|GPU.*", box.words)]
    assert len(words) > 2 * len(VARIANTS[variant].layers) / 3
    for line in parsed(svg).iter(f"{SVG}line"):
        ends = tuple(float(line.get(name, "nan")) for name in ("x1", "y1", "x2", "y2"))
        assert ends[0] < ends[2]
        assert [box.words for box in words if passes(ends, box)] == []


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Small networks in groups, some of which fail."""
    groups = st.sampled_from((1, 2, 3, 4))
    layers: list[Layer] = []
    for n in range(draw(st.integers(1, 4))):
        group = 1 if n == 0 else draw(groups)
        layers.append(
            Conv(
                name=f"conv{n}",
                out_channels=12 * draw(st.integers(1, 30)),
                kernel_size=draw(st.sampled_from((1, 3, 11, (3, 5)))),
                stride=draw(st.integers(1, 4)),
                padding=draw(st.integers(0, 2)),
                groups=group,
            )
        )
        if draw(st.booleans()):
            layers.append(LRN(name=f"norm{n}", groups=draw(st.sampled_from((1, 2)))))
        if draw(st.booleans()):
            layers.append(MaxPool(name=f"pool{n}", kernel_size=3, stride=2))
    if draw(st.booleans()):
        layers.append(Flatten(name="flatten"))
        layers.append(Linear(name="fc6", out_features=draw(st.integers(1, 5000))))
        layers.append(Linear(name="fc7", out_features=draw(st.integers(1, 1000))))
    shape = (draw(st.integers(1, 5)), draw(st.integers(1, 300)), draw(st.integers(1, 300)))
    return Network(id="small", input_shape=shape, layers=tuple(layers))


@settings(max_examples=60)
@given(networks(), st.integers(1, 12), st.sampled_from(LANGUAGES), st.data())
def test_any_network_on_any_number_of_gpus(
    network: Network, gpus: int, language: Any, data: st.DataObject
) -> None:
    result = trace(network)
    how: dict[str, Any] = {}
    if result.rows and data.draw(st.booleans()):
        row = data.draw(st.sampled_from(result.rows))
        channel = data.draw(st.integers(0, row.output_shape[0] - 1))
        how = {"unit_of": (row.name, channel), "lit": seen(result, row.name, channel)}
    names = [layer.name for layer in network.layers]
    how["cut"] = data.draw(st.lists(st.sampled_from(names), max_size=2))
    svg = drawn(network, gpus, language=language, **how)
    check_inside(svg)
    assert "nan" not in svg


def test_a_network_without_layers_is_its_image() -> None:
    result = trace(Network(id="none", input_shape=(3, 8, 8), layers=()))
    towers = split(result, gpus=2)
    assert towers
    svg = tower_diagram(towers, result.input_shape)
    check_inside(svg)
    assert ">3×8×8<" in svg


def test_a_sum_says_repetitions_once() -> None:
    assert sum_text([86, 85, 85]) == "86+85+85"
    assert sum_text([52, 51, 51, 51, 51]) == "52+4×51"
    assert sum_text([2048, 2048]) == "2,048+2,048"


def test_names_are_escaped() -> None:
    name = "<b>&\"'"
    network = Network(
        id="<&>", input_shape=(3, 9, 9), layers=(Conv(name=name, out_channels=4, kernel_size=3),)
    )
    svg = drawn(network, 2, unit_of=(name, 0))
    assert "<b>" not in svg
    assert name in [box.words for box in boxes(svg)]
