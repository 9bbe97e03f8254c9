"""Parameters against MACs, and names that overlap neither each other nor a point."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.network.trace import trace
from alexnet_viz.render.charts.label_placement import Spot, away, beside, overlap, places
from alexnet_viz.render.charts.scatter import Point, beyond, scatter
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.variants import VARIANTS

SIZE = (700.0, 400.0)
COLOURS = {"one": "#0072B2", "two": "#D55E00"}

spots = st.lists(
    st.builds(
        Spot,
        st.floats(20, 680),
        st.floats(20, 380),
        st.text("abc中文", min_size=1, max_size=30),
        st.booleans(),
    ),
    max_size=25,
)


@given(spots)
def test_names_overlap_nothing(given_spots: list[Spot]) -> None:
    found = places(given_spots, SIZE)
    boxes = []
    for spot, place in zip(given_spots, found, strict=True):
        if place is None:
            continue
        options = dict(away(spot) if spot.ringed else beside(spot))
        box = options[place]
        assert 0 <= box[0] < box[2] <= SIZE[0]
        assert 0 <= box[1] < box[3] <= SIZE[1]
        assert not any(
            overlap(box, (other.x - 5, other.y - 5, other.x + 5, other.y + 5))
            for other in given_spots
        )
        boxes.append(box)
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))


def test_a_point_by_itself_has_its_name_at_its_right() -> None:
    assert places([Spot(100, 100, "one", ringed=False)], SIZE) == ["middle right"]
    assert places([Spot(690, 100, "a long name", ringed=False)], SIZE) == ["middle left"]
    assert places([Spot(100, 100, "ringed", ringed=True)], SIZE) == [(100, -24)]
    assert places([Spot(350, 200, "x" * 200, ringed=False)], SIZE) == [None]


def test_names_are_as_wide_as_their_letters() -> None:
    latin, chinese = (dict(beside(Spot(0, 0, name, ringed=False))) for name in ("abcd", "中文"))
    assert latin == chinese


def points(count: int = 3) -> list[Point]:
    return [Point(f"n{n}", f"net {n}", 60_000_000 + n, 700_000_000, "one") for n in range(count)]


@pytest.mark.parametrize("near", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_network_is_under_some_marker(language: Language, near: bool) -> None:
    traces = [trace(network) for network in VARIANTS.values()]
    each = [
        Point(one.network.id, one.network.id, one.params, one.macs, "one" if n % 2 else "two")
        for n, one in enumerate(traces)
    ]
    figure = scatter(each, COLOURS, ["zfnet_paper"], language, near=near)
    named = [
        id
        for series in figure.data
        for data in series.customdata or []
        for id in data[0].split(",")
    ]
    assert len(named) == len(set(named)) == len(VARIANTS) - beyond(each, near=near)
    for series in figure.data:
        for x, y, data in zip(series.x, series.y, series.customdata or [], strict=False):
            for id in data[0].split(","):
                result = trace(VARIANTS[id])
                assert (result.params, result.macs) == (x, y)
    assert (beyond(each, near=True) > 0) > (beyond(each, near=False) > len(VARIANTS))


def test_networks_of_equal_cost_share_a_point_and_a_colour_if_they_can() -> None:
    alike = [Point(id, id, 60_000_000, 700_000_000, "one") for id in "abc"]
    figure = scatter([*alike, Point("d", "d", 50_000_000, 700_000_000, "two")], COLOURS)
    assert [series.name for series in figure.data] == ["one", "two"]
    assert figure.data[0].text == ("a +2",)
    mixed = scatter([*alike, Point("e", "e", 60_000_000, 700_000_000, "two")], COLOURS)
    assert [series.name for series in mixed.data] == ["several of these"]


def test_the_compared_are_ringed_and_named() -> None:
    figure = scatter(points(), COLOURS, ["n1"])
    ring = figure.data[0]
    assert (list(ring.x), ring.name) == ([60_000_001], "compared")
    assert [note.text for note in figure.layout.annotations] == ["net 1"]
    assert len(scatter(points(), COLOURS).data) == 1


def test_a_compared_network_stands_for_its_point() -> None:
    alike = [Point(id, id, 60_000_000, 700_000_000, "one") for id in "abc"]
    figure = scatter(alike, COLOURS, ["c"])
    assert figure.data[1].customdata[0][0] == "c,a,b"


def test_what_lies_beyond_the_axes_is_counted() -> None:
    far = Point("far", "far", 800_000_000, 29_000_000_000, "one")
    assert beyond([*points(), far], near=True) == 1
    assert beyond([*points(), far], near=False) == 0
    assert len(scatter([far], COLOURS, near=True).data) == 0
