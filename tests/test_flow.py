"""The flow diagram says what the trace says: parsed as XML, measured, counted."""

from itertools import combinations, pairwise
from math import prod
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest

from alexnet_viz.network.layers import Conv, Layer, Linear, MaxPool, ReLU, shape_text
from alexnet_viz.network.trace import trace
from alexnet_viz.render.charts.map_faces import condensed, map_faces, strongest
from alexnet_viz.render.diagrams.blocks import is_thin
from alexnet_viz.render.diagrams.flow import INPUT, WIDTH, Face, flow
from alexnet_viz.render.diagrams.svg import text_width
from alexnet_viz.render.theme import FAILURE
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.variants import VARIANTS

SVG = "{http://www.w3.org/2000/svg}"
PAPER = VARIANTS["alexnet_2012_paper"]
FAILING = "article_002_text"
"""Its maps are used up before the last pooling."""
PIXEL = "data:image/png;base64,AAAA"


class Box(NamedTuple):
    """What something covers on the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether both cover more than half a unit in common, across and down."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return min(across, down) > 0.5


def drawn(name: str, size: int | None = None, language: Language = "en") -> ElementTree.Element:
    return ElementTree.fromstring(flow(trace(VARIANTS[name], size), {}, language))


def targets(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    found = [g for g in root.iter(f"{SVG}g") if g.get("data-layer")]
    named = {g.get("data-layer", ""): g for g in found}
    assert len(named) == len(found)
    return named


def solid(group: ElementTree.Element) -> Box:
    """What a block covers without its labels."""
    polygons = [polygon.get("points", "").split() for polygon in group.iter(f"{SVG}polygon")]
    points = [tuple(map(float, point.split(","))) for points in polygons for point in points]
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def labels(group: ElementTree.Element) -> list[tuple[str, Box]]:
    found = []
    for text in group.iter(f"{SVG}text"):
        x, y, size = (float(text.get(key, "0")) for key in ("x", "y", "font-size"))
        half = text_width(text.text or "", size) / 2
        found.append((text.text or "", Box(x - half, y - 0.75 * size, x + half, y + 0.2 * size)))
    return found


def said(group: ElementTree.Element) -> list[str]:
    return [words for words, _ in labels(group)]


@pytest.mark.parametrize("size", [None, 224, 227])
@pytest.mark.parametrize("name", VARIANTS)
def test_every_drawn_layer_is_one_target_and_nothing_overlaps(name: str, size: int | None) -> None:
    result = trace(VARIANTS[name], size)
    layers = [row.name for row in result.rows if not is_thin(row.layer)]
    stops = [result.failure.layer] if result.failure else []
    for language in LANGUAGES:
        root = drawn(name, size, language)
        blocks = targets(root)
        assert [*blocks] == [INPUT, *layers, *stops]
        solids = [solid(group) for group in blocks.values()]
        for before, after in pairwise(solids):
            assert before.right <= after.left
        texts = [label for group in blocks.values() for label in labels(group)]
        for (one, place), (other, beside) in combinations(texts, 2):
            assert not place.meets(beside), (one, other)
        for words, place in texts:
            assert not any(place.meets(block) for block in solids), words
        height = float(root.get("height", "0"))
        for box in (*solids, *(place for _, place in texts)):
            assert box.left >= 0
            assert box.top >= 0
            assert box.right <= WIDTH
            assert box.bottom <= height


def test_labels_are_the_trace_s_shapes_and_kernels() -> None:
    result, blocks = trace(PAPER), targets(drawn(PAPER.id))
    for row in result.rows:
        if row.name not in blocks:
            continue
        shape = row.output_shape
        words = said(blocks[row.name])
        assert row.name in words
        assert (shape_text(shape) if len(shape) == 3 else f"{shape[0]:,}") in words
    assert "11×11×3 / 4" in said(blocks["conv1"])
    assert "5×5×48" in said(blocks["conv2"])  # half of norm1's 96 maps
    assert "3×3×256" in said(blocks["conv3"])  # all of pool2's
    assert "3×3 / 2" in said(blocks["pool1"])
    assert said(blocks["pool5"])[-2:] == ["256×6×6", f"= {prod((256, 6, 6)):,}"]
    assert "your picture" in said(blocks[INPUT])
    assert "你的图片" in said(targets(drawn(PAPER.id, language="zh"))[INPUT])


def test_larger_maps_are_larger_and_more_channels_thicker() -> None:
    faces = {name: Face(PIXEL, name, 0) for name in ("conv1", "pool1", "conv3", "pool5")}
    blocks = targets(ElementTree.fromstring(flow(trace(PAPER), faces)))
    sides = [float(next(blocks[name].iter(f"{SVG}image")).get("width", "0")) for name in faces]
    assert sides == sorted(sides, reverse=True)
    depths = [
        solid(blocks[name]).right - solid(blocks[name]).left - side
        for name, side in zip(faces, sides, strict=True)
    ]
    assert depths[2] > depths[3] > depths[0]  # 384, 256, 96 channels
    assert depths[0] == pytest.approx(depths[1], abs=0.2)


def test_a_failing_network_ends_where_it_stops() -> None:
    result = trace(VARIANTS[FAILING])
    assert result.failure
    *_, (name, last) = targets(drawn(FAILING)).items()
    assert name == result.failure.layer
    outline = next(last.iter(f"{SVG}polygon"))
    assert outline.get("stroke") == FAILURE
    assert outline.get("stroke-dasharray")
    assert said(last) == ["3×3 / 2", name]  # without a shape


def test_a_face_and_its_title_say_what_is_shown() -> None:
    faces = {
        INPUT: Face(PIXEL, INPUT, None),
        "conv2": Face(PIXEL, "relu2", 7),
        "fc6": Face(PIXEL, "relu6", None),
    }
    blocks = targets(ElementTree.fromstring(flow(trace(PAPER), faces)))
    shown = {name for name, group in blocks.items() if group.find(f"{SVG}image") is not None}
    assert shown == {*faces}
    assert "relu2, channel 7" in (blocks["conv2"].get("aria-label") or "")
    assert "values of relu6" in (blocks["fc6"].get("aria-label") or "")
    photo, map_ = (blocks[name].find(f"{SVG}image") for name in (INPUT, "conv2"))
    assert photo is not None
    assert map_ is not None
    assert "pixelated" not in photo.get("style", "")
    assert "pixelated" in map_.get("style", "")


def test_the_face_is_the_channel_that_varies_most_after_the_non_linearity() -> None:
    maps = np.zeros((3, 2, 2), np.float32)
    maps[0] = 9.0  # large, and the same everywhere
    maps[1, 0, 0] = 1.0
    maps[2, 1, 1] = 2.0
    assert strongest(maps) == 2
    result = trace(PAPER)
    rows = {row.name: np.zeros(row.output_shape, np.float32) for row in result.rows}
    rows["conv1"][5, 3, 3] = -4.0  # relu1 does not pass it on
    rows["relu1"][8, 3, 3] = 1.0
    faces = map_faces(result, rows)
    assert (faces["conv1"].layer, faces["conv1"].channel) == ("relu1", 8)
    assert (faces["fc8"].layer, faces["fc8"].channel) == ("fc8", None)
    kinds: dict[str, type[Layer]] = {row.name: type(row.layer) for row in result.rows}
    assert {kinds[name] for name in faces} == {Conv, MaxPool, Linear}
    assert {kinds[face.layer] for face in faces.values()} == {ReLU, MaxPool, Linear}


def test_a_layer_with_other_shapes_than_the_trace_has_no_face() -> None:
    assert map_faces(trace(PAPER), {"relu1": np.zeros((96, 54, 54), np.float32)}) == {}


def test_a_bar_shows_the_largest_of_each_run() -> None:
    features = np.zeros(128, np.float32)
    features[[1, 126]] = 3.0, 5.0
    bar = condensed(features)
    assert bar.shape == (64,)
    assert (bar[0], bar[-1], bar.sum()) == (3.0, 5.0, 8.0)
    assert condensed(features[:10]).shape == (10,)
