"""The strips of what a unit sees: as wide as the share that is lit, on the GPU that holds it."""

import xml.etree.ElementTree as ET

import pytest

from alexnet_viz.analysis.towers.channel_dependence import seen
from alexnet_viz.analysis.towers.regroup import regrouped
from alexnet_viz.analysis.towers.split import split
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.channel_dependence import reach_diagram
from alexnet_viz.render.theme import TOWER_COLOURS
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]
SVG = "{http://www.w3.org/2000/svg}"


def lit_share(svg: str, layer: str, tower: int) -> float:
    """Filled width over the outline's, of one tower's strip of one layer."""
    group = next(g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("data-layer") == layer)
    filled = outline = 0.0
    for shape in group.iter(f"{SVG}polygon"):
        xs = [float(point.split(",")[0]) for point in shape.get("points", "").split()]
        if shape.get("fill") == TOWER_COLOURS[tower]:
            filled += max(xs) - min(xs)
        elif shape.get("stroke") == TOWER_COLOURS[tower]:
            outline += max(xs) - min(xs)
    return filled / outline


def drawn(cut: bool, layer: str, channel: int, language: str = "en") -> str:
    network = regrouped(PAPER, 2, ("fc6", "fc7", "fc8")) if cut else PAPER
    result = trace(network)
    towers = split(result)
    return reach_diagram(towers, seen(result, layer, channel), language)


@pytest.mark.parametrize(
    ("cut", "layer", "channel", "strip", "shares"),
    [
        (False, "conv5", 0, "conv1", (1, 1)),
        (True, "conv5", 0, "conv1", (1, 0)),
        (True, "conv5", 255, "conv1", (0, 1)),
        (False, "conv5", 0, "conv4", (1, 0)),
        (False, "conv4", 3, "conv4", (1 / 192, 0)),
        (False, "fc6", 9, "conv5", (1, 1)),
    ],
)
def test_a_strip_is_filled_as_far_as_it_is_seen(
    cut: bool, layer: str, channel: int, strip: str, shares: tuple[float, float]
) -> None:
    svg = drawn(cut, layer, channel)
    assert [lit_share(svg, strip, n) for n in (0, 1)] == pytest.approx(shares, abs=0.002)


def test_a_lit_channel_stands_in_its_place() -> None:
    """Channel 230 of conv5 is the 103rd of GPU 1's 128."""
    group = next(
        g
        for g in ET.fromstring(drawn(False, "conv5", 230)).iter(f"{SVG}g")
        if g.get("data-layer") == "conv5"
    )
    lefts = {
        role: min(float(point.split(",")[0]) for point in shape.get("points", "").split())
        for shape in group.iter(f"{SVG}polygon")
        for role in ("fill", "stroke")
        if shape.get(role) == TOWER_COLOURS[1]
    }
    each = (1360 - 150 - 150 - 14) / 2 / 128
    assert lefts["fill"] - lefts["stroke"] == pytest.approx(102 * each, abs=0.2)


@pytest.mark.parametrize(("language", "words"), [("en", "48 of 96"), ("zh", "96 中的 48")])
def test_the_count_stands_beside_its_strip(language: str, words: str) -> None:
    assert f">{words}<" in drawn(True, "conv5", 0, language)


def test_lrn_has_a_strip_only_where_it_crosses() -> None:
    assert 'data-layer="norm1"' not in drawn(False, "conv5", 0)
    across = trace(regrouped(PAPER, 2, (), norm="across"))
    svg = reach_diagram(split(across, "halves"), seen(across, "conv5", 0))
    assert 'data-layer="norm1"' in svg


def test_the_unit_itself_is_always_there() -> None:
    assert 'data-layer="pool5"' in drawn(False, "pool5", 7)
