"""The drawings of the labs, read back from their SVG: places against values, texts apart."""

import base64
import itertools
import math
import random
import re
import zlib
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from alexnet_viz.render.diagrams.graph.axes import Scale, number_text, spread, wrapped
from alexnet_viz.render.diagrams.graph.bars import bars
from alexnet_viz.render.diagrams.graph.cell_png import cell_png
from alexnet_viz.render.diagrams.graph.colour_cloud import Axis, cloud
from alexnet_viz.render.diagrams.graph.connections import Block, connections
from alexnet_viz.render.diagrams.graph.contours import below, contour
from alexnet_viz.render.diagrams.graph.count_histogram import histogram
from alexnet_viz.render.diagrams.graph.curves import Band, Mark, Spot, curves
from alexnet_viz.render.diagrams.graph.flat_strip import Segment, strip
from alexnet_viz.render.diagrams.graph.gauges import gauges
from alexnet_viz.render.diagrams.graph.grips import Grip
from alexnet_viz.render.diagrams.graph.number_grids import NumberGrid, grids, number_grid
from alexnet_viz.render.diagrams.graph.planes import Frame, Plane, planes
from alexnet_viz.render.diagrams.graph.share_rows import Row, share_rows
from alexnet_viz.render.diagrams.graph.square_chains import SquareChain, squares
from alexnet_viz.render.diagrams.graph.timeline import timeline
from alexnet_viz.render.diagrams.svg import text_width

NAN, INF = math.nan, math.inf
LONG_EN = "multiply-accumulates of the second convolution with both towers and all positions"
LONG_ZH = "第二个卷积层在全部位置上的乘加次数，包括两块显卡上的全部特征图与偏置"
UNBROKEN = "x" * 60
NAMES = {"en": LONG_EN, "zh": LONG_ZH, "unbroken": UNBROKEN, "short": "a", "none": ""}
VALUES = {
    "plain": [3.0, 1.5, 2.0],
    "one": [5.0],
    "empty": [],
    "zeros": [0.0, 0.0],
    "equal": [7.0, 7.0, 7.0],
    "nan": [NAN, 1.0, NAN],
    "infinite": [1.0, INF, -INF],
    "negative": [-5.0, -0.25, -1e-9],
    "mixed": [-1234567.0, 0.0, 44_892_064_800.0],
    "huge": [1e300, 1.0, 1e-300],
    "many": [float(n * n) for n in range(24)],
}
FORGED = '</title><script>alert("1")</script>&amp;'
Namespace = "{http://www.w3.org/2000/svg}"
Root = ElementTree.Element


def elements(svg: str, kind: str = "") -> list[Root]:
    """All elements, or the groups of one class."""
    root = ElementTree.fromstring(svg)
    return [one for one in root.iter() if not kind or one.get("class") == kind]


def named(svg: str, kind: str) -> list[tuple[str, Root]]:
    """The groups of a class with their titles."""
    return [(one.findtext(f"{Namespace}title", ""), one) for one in elements(svg, kind)]


def corners(group: Root, which: int = 0) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a polygon of a group."""
    polygon = group.findall(f".//{Namespace}polygon")[which]
    points = [tuple(map(float, one.split(","))) for one in polygon.get("points", "").split()]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def boxes(svg: str) -> list[tuple[str, float, float, float, float]]:
    """The estimated boxes of the texts."""
    found = []
    for one in elements(svg):
        if one.tag != f"{Namespace}text":
            continue
        words, size = one.text or "", float(one.get("font-size", 0))
        assert size >= 14, words
        wide, x, y = text_width(words, size), float(one.get("x", 0)), float(one.get("y", 0))
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[one.get("text-anchor", "")]
        found.append((words, left, y - 0.78 * size, left + wide, y + 0.22 * size))
    return found


def text_faults(svg: str) -> list[object]:
    """Texts outside the document, pairs of texts that overlap by more than a unit, bad numbers."""
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    faults: list[object] = [] if width == 640 and height < 3000 else [(width, height)]
    faults += re.findall(r'\w+="[^"]*\b(?:nan|inf)\b', re.sub(r'aria-label="[^"]*"', "", svg))
    texts = [one for one in boxes(svg) if one[0].strip()]
    faults += [
        one
        for one in texts
        if one[1] < -1 or one[2] < -1 or one[3] > width + 1 or one[4] > height + 1
    ]
    faults += [
        (a, b)
        for a, b in itertools.combinations(texts, 2)
        if min(a[3], b[3]) - max(a[1], b[1]) > 1 and min(a[4], b[4]) - max(a[2], b[2]) > 1
    ]
    return faults


def pairs(values: list[float]) -> list[tuple[float, float]]:
    return [(float(n), value) for n, value in enumerate(values)]


def square(values: list[float]) -> list[list[float]]:
    side = math.isqrt(len(values))
    return [values[n * side : (n + 1) * side] for n in range(side)] if side else []


def tone(value: float) -> float:
    """A value of one colour."""
    return min(abs(value), 255.0) if math.isfinite(value) else 255.0


DRAWINGS: dict[str, Callable[[list[float], str], str]] = {
    "curves": lambda values, name: curves(
        [(name, pairs(values)), (f"{name} 2", pairs(values[::-1])), ("3", []), (name, [])],
        title="t", x_label=name, y_label=name,
        marks=[Mark("x", 1, name), Mark("x", 1.1, name), Mark("y", 2, name)],
        bands=[Band("x", 0, 1, name), Band("y", 0, 1, name)], points=[Spot(1, 1, name)],
    ),
    "curves_log": lambda values, name: curves(
        [(name, pairs(values))], title="t", log_y=True, steps=True, x_label=name,
        marks=[Mark("x", NAN, name), Mark("y", 0, name)], points=[Spot(NAN, 1, name)],
    ),
    "curves_limits": lambda values, name: curves(
        [(name, pairs(values))], title="t", x_range=(0, 2), y_range=(-1, 1), log_x=False,
        marks=[Mark("x", 9, name)], bands=[Band("x", -5, 50, name)], points=[Spot(9, 9, name)],
    ),
    "bars": lambda values, name: bars(
        [(f"{name}{n}", v) for n, v in enumerate(values)], title="t", unit="params", lit=[0],
        truth=(2, name),
    ),
    "bars_two": lambda values, name: bars(
        [(f"{name}{n}", (v, 2 * v)) for n, v in enumerate(values)], title="t", shares=True,
        series=[name, name], truth=(NAN, name),
    ),
    "bars_log": lambda values, name: bars(
        [(name, v) for v in values], title="t", log=True, unit="MACs", truth=(100, name)
    ),
    "grid": lambda values, name: number_grid(
        square(values), title="t", caption=name, circled=[(0, 0)], shade="diverging",
        outline=(0, 0, 1, 1),
    ),
    "grids": lambda values, name: grids(
        [NumberGrid(square(values), name, shade="sequential"), "×",
         NumberGrid([[1, -1], [0, NAN]], name, faded=[(0, 0)]), "=", NumberGrid([values], name),
         "→", NumberGrid([values] * 3, name, shade="diverging", numbers=False)],
        title="t",
    ),
    "connections": lambda values, name: connections(
        len(values), 2 * len(values) + 1, [Block(range(len(values) // 2), range(1), name)],
        title="t", row_label=name, column_label=name, missing=name,
    ),
    "connections_many": lambda values, name: connections(
        96, 256, [Block(range(6 * n, 6 * n + 6), range(16 * n, 16 * n + 16), name)
                  for n in range(len(values[:16]))],
        title="t", row_label=name, column_label=name, missing=name,
    ),
    "histogram": lambda values, name: histogram(
        [(name, values), (name, values[::-1])], list(range(len(values) + 1)), title="t",
        x_label=name, y_label=name, marks=[Mark("x", 1, name), Mark("x", 1.2, name)],
    ),
    "squares": lambda values, name: squares(
        [SquareChain(values, name, [name] * len(values), ["input", "pooling"], 1, name),
         SquareChain([*values[:1], 3.0], name, [name])],
        title="t",
    ),
    "contour": lambda values, name: contour(
        [[x * y for x in values] for y in values],
        [(name, pairs(values)), (name, []), ("", [(0, 0)])],
        title="t", x_range=(0, 5), y_range=(-2, 3), x_label=name, y_label=name,
        goal=(4.9, 2.9, name),
    ),
    "strip": lambda values, name: strip(
        [Segment(round(min(max(v, 0), 1e9)), name, n) for n, v in enumerate(values) if v == v],
        title="t", block=(256, 6, 6), block_words=name, caption=name,
    ),
    "gauges": lambda values, name: gauges(
        [(name, v) for v in values], title="t", y_label=name, unit_words=name, second=[1]
    ),
    "planes": lambda values, name: planes(
        [Plane("data:,", (9, 5), name, (v, 1.0), ["#000000", "#ffffff"], [Frame(1, 1, 20, 2, name)])
         for v in values],
        title="t",
    ),
    "cloud": lambda values, name: cloud(
        [(v, 9, 9) for v in map(tone, values)], (128, 128, 128),
        [Axis((0, -1, 0), tone(v), name) for v in values[:3]],
        title="t", names=(name, name, name), shift=((0, 0, 9), name),
    ),
    "share_rows": lambda values, name: share_rows(
        [Row(name, [tone(v) / 255 for v in values[:4]], "data:,"),
         Row(name, [0.5, 1.0][: len(values)])],
        Row(name, [0.25] * len(values[:4])), [name] * len(values[:4]), title="t",
    ),
    "timeline": lambda values, name: timeline(
        [(name[:30], name, v) for v in values] + [("2012", name, None)], title="t", unit="params",
        lit=[0], value_label=name,
    ),
    "timeline_log": lambda values, name: timeline(
        [("2012", name, v) for v in values], title="t", log=True
    ),
}  # fmt: skip


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_texts_are_inside_and_apart(drawing: str) -> None:
    """For every kind of values and every length of label, in both languages."""
    wrong = [
        (values, name, fault)
        for (values, numbers), (name, words) in itertools.product(VALUES.items(), NAMES.items())
        if (fault := text_faults(DRAWINGS[drawing](numbers, words)))
    ]
    assert wrong == []


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_forged_text_stays_text(drawing: str) -> None:
    svg = DRAWINGS[drawing](VALUES["plain"], FORGED)
    assert not [one for one in elements(svg) if "script" in one.tag]
    assert "script" in "".join(ElementTree.fromstring(svg).itertext())


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_the_title_is_said(drawing: str) -> None:
    root = ElementTree.fromstring(DRAWINGS[drawing](VALUES["plain"], "a"))
    assert (root.get("role"), root.get("aria-label")) == ("img", "t")


def test_colours_and_axes_lie_where_an_oblique_cube_has_them() -> None:
    """Corners of the cube by an affine map; an axis ends at its reach or at a face."""
    corner = [(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]
    axes = [Axis((0.6, 0.8, 0.0), 50, "a"), Axis((0.0, 0.0, 1.0), 500, "b")]
    svg = cloud(corner, (100, 100, 55), axes, title="t", names=("r", "g", "b"),
                shift=((0, 0, 400), "s"))  # fmt: skip
    ((_, points),) = named(svg, "cloud")
    at = {
        each.get("fill"): (float(each.get("cx", 0)), float(each.get("cy", 0)))
        for each in points.iter(f"{Namespace}circle")
    }
    black = at["rgb(0,0,0)"]
    steps = [
        [(at[f"rgb({name})"][n] - black[n]) / 255 for n in (0, 1)]
        for name in ("255,0,0", "0,255,0", "0,0,255")
    ]

    def expected(*colour: float) -> list[float]:
        return [
            black[n] + sum(part * step[n] for part, step in zip(colour, steps, strict=True))
            for n in (0, 1)
        ]

    assert at["rgb(255,255,255)"] == pytest.approx(expected(255, 255, 255), abs=0.2)
    ends = {
        title: [
            float(part)
            for part in group.findall(f"{Namespace}polyline")[1]
            .get("points", "")
            .replace(",", " ")
            .split()
        ]
        for title, group in named(svg, "axis")
    }
    assert ends["a"] == pytest.approx([*expected(70, 60, 55), *expected(130, 140, 55)], abs=0.2)
    assert ends["b"] == pytest.approx([*expected(100, 100, 0), *expected(100, 100, 255)], abs=0.2)
    ((_, shift),) = named(svg, "shift")
    dot = shift.findall(f"{Namespace}circle")[1]
    found = [float(dot.get("cx", 0)), float(dot.get("cy", 0))]
    assert found == pytest.approx(expected(100, 100, 255), abs=0.2)


def test_bars_of_shares_are_as_long_as_the_shares() -> None:
    svg = share_rows([Row("p", (0.5, 0.25))], Row("mean", (1.0, 0.0)), ["a", "b"], title="t")
    lengths = {
        title: right - left
        for title, group in named(svg, "share")
        for left, _, right, _ in [corners(group)]
    }
    whole = lengths["mean, a: 100.0 %"]
    assert lengths["p, a: 50.0 %"] == pytest.approx(whole / 2, abs=0.2)
    assert lengths["p, b: 25.0 %"] == pytest.approx(whole / 4, abs=0.2)
    assert lengths["mean, b: 0.0 %"] == 0


def test_lengths_of_bars_are_in_the_ratio_of_their_values() -> None:
    svg = bars([("a", 10), ("b", 25), ("c", -5), ("d", 0)], title="t")
    lengths = {
        title: right - left for title, group in named(svg, "bar")
        if group.findall(f".//{Namespace}polygon")
        for left, _, right, _ in [corners(group)]
    }  # fmt: skip
    assert set(lengths) == {"a: 10", "b: 25", "c: −5"}
    assert lengths["b: 25"] / lengths["a: 10"] == pytest.approx(2.5, abs=0.01)
    assert lengths["c: −5"] / lengths["a: 10"] == pytest.approx(0.5, abs=0.01)


def test_hatched_bars_are_the_ones_asked_for() -> None:
    """Their colour and lines, which no other bar of one series has."""
    plain = bars([("a", 10), ("b", 25), ("c", 5)], title="t")
    svg = bars([("a", 10), ("b", 25), ("c", 5)], title="t", hatched=[1])
    drawn, other = (re.findall(r'<g class="bar">(.*?)</g>', it) for it in (svg, plain))
    assert [a == b for a, b in zip(drawn, other, strict=True)] == [True, False, True]
    assert "<path" in drawn[1]
    assert "<path" not in "".join(other)


def test_bars_on_a_log_scale() -> None:
    """Equal ratios are equal differences of length: 34,848 against 44,892,064,800."""
    svg = bars([("a", 34_848), ("b", 348_480), ("c", 44_892_064_800)], title="t", log=True)
    a, b, c = (corners(group)[2] for _, group in named(svg, "bar"))
    assert (c - a) / (b - a) == pytest.approx(math.log10(44_892_064_800 / 34_848), abs=0.01)
    assert "44,892,064,800" in svg


def test_shares_add_up_to_100_and_the_second_series_is_hatched() -> None:
    svg = bars([("a", (1, 30)), ("b", (3, 10))], title="t", shares=True, series=["p", "q"])
    titles = [title for title, _ in named(svg, "bar")]
    assert titles == [
        "a · p: 1 · 25 %", "a · q: 30 · 75 %", "b · p: 3 · 75 %", "b · q: 10 · 25 %"
    ]  # fmt: skip
    hatched = [bool(group.findall(f"{Namespace}path")) for _, group in named(svg, "bar")]
    assert hatched == [False, True, False, True]


def test_points_of_a_curve_lie_where_the_axes_say() -> None:
    """The places of three points and of two marked lines are an affine map of their values."""
    line = [(0.0, 1.0), (2.0, 5.0), (10.0, -3.0)]
    svg = curves([("f", line)], title="t", marks=[Mark("x", 4, "m"), Mark("y", 3, "n")])
    places = [
        (float(one.get("cx", 0)), float(one.get("cy", 0)))
        for _, group in named(svg, "point") for one in group.iter(f"{Namespace}circle")
    ]  # fmt: skip
    per_x = (places[2][0] - places[0][0]) / 10
    per_y = (places[1][1] - places[0][1]) / 4
    for (x, y), (a, b) in zip(places, line, strict=True):
        assert x == pytest.approx(places[0][0] + per_x * a, abs=0.1)
        assert y == pytest.approx(places[0][1] + per_y * (b - 1), abs=0.1)
    upright, level = (group.find(f"{Namespace}line") for _, group in named(svg, "mark"))
    assert upright is not None
    assert level is not None
    assert float(upright.get("x1", 0)) == pytest.approx(places[0][0] + 4 * per_x, abs=0.1)
    assert float(level.get("y1", 0)) == pytest.approx(places[0][1] + 2 * per_y, abs=0.1)
    assert [title for title, _ in named(svg, "point")][1] == "f: 2; 5"


def test_a_gap_parts_a_curve() -> None:
    line = [(0.0, 1.0), (1.0, 2.0), (2.0, NAN), (3.0, 2.0), (4.0, 1.0)]
    (_, group), = named(curves([("f", line)], title="t"), "curve")  # fmt: skip
    assert len(group.findall(f"{Namespace}polyline")) == 2


def test_a_curve_is_cut_at_the_limits() -> None:
    """y = x from −10 to 10 in limits ±5 goes from corner to corner."""
    svg = curves([("f", [(-10, -10), (10, 10)])], title="t", x_range=(-5, 5), y_range=(-5, 5))
    (_, group), = named(svg, "curve")  # fmt: skip
    line = group.find(f"{Namespace}polyline")
    assert line is not None
    (x1, y1), (x2, y2) = (map(float, one.split(",")) for one in line.get("points", "").split())
    ticks = [float(one.get("x1", 0)) for one in elements(svg) if one.get("x1") == one.get("x2")
             and one.tag.endswith("line")]  # fmt: skip
    assert x2 > x1
    assert y1 - y2 == pytest.approx(280, abs=0.2)
    assert max(ticks) <= x2 + 0.1


def test_cells_of_a_grid_hold_their_numbers() -> None:
    values = [[1, -2.5], [NAN, 44_892_064_800]]
    svg = number_grid(values, title="t", circled=[(0, 1)], outline=[(0, 1, 2, 1)], faded=[(0, 0)],
                      shade="diverging", limits=(-5, 5))  # fmt: skip
    cells = dict(named(svg, "cell"))
    assert list(cells) == ["(0, 0): 1", "(0, 1): −2.5", "(1, 0): –", "(1, 1): 44,892,064,800"]
    ringed = [title for title, one in cells.items() if one.findall(f"{Namespace}circle")]
    assert ringed == ["(0, 1): −2.5"]
    shades = [one.findall(f"{Namespace}polygon")[0].get("fill-opacity") for one in cells.values()]
    assert float(shades[1] or 0) / float(shades[0] or 1) == pytest.approx(2.5, abs=0.02)
    (_, window), = named(svg, "window")  # fmt: skip
    left, top, right, bottom = corners(window)
    a, b = corners(cells["(0, 1): −2.5"]), corners(cells["(1, 1): 44,892,064,800"])
    assert (left, top, right, bottom) == (a[0], a[1], a[2], b[3])


def test_a_product_of_grids_is_not_broken_over_two_lines() -> None:
    one = NumberGrid([[1.0] * 3] * 3)
    svg = grids([one, "×", one, "+", one, "×", one, "+", one, "×", one], title="sum")
    signs = re.findall(r'y="([\d.]+)"[^>]*>([×+])</text>', svg)
    lines = [[sign for _, sign in each] for _, each in itertools.groupby(signs, lambda it: it[0])]
    assert lines == [["×", "+", "×"], ["+", "×"]]


def test_fractions_of_a_grid_have_equally_many_places() -> None:
    svg = number_grid([[0.25, -0.5], [1 / 3, 1]], title="t")
    assert [words for words, *_ in boxes(svg)] == ["0.250", "−0.500", "0.333", "1"]


@pytest.mark.parametrize("side", [3, 11, 16])
def test_numbers_of_a_grid_fit_their_cells(side: int) -> None:
    chance = random.Random(side)
    values = [[chance.uniform(-1, 1) * 10 ** chance.randint(-6, 12) for _ in range(side)]
              for _ in range(side)]  # fmt: skip
    assert text_faults(number_grid(values, title="t")) == []


def test_a_shaded_grid_of_64_is_one_small_picture() -> None:
    values = [[math.sin(r / 6) * math.cos(c / 9) for c in range(64)] for r in range(64)]
    svg = number_grid(values, title="t", shade="diverging")
    assert len(svg) < 16_000
    assert text_faults(svg) == []


def test_the_picture_of_cells_holds_their_values() -> None:
    """Read back by the PNG specification, and by Pillow."""
    from io import BytesIO

    from PIL import Image

    data = base64.b64decode(cell_png([[0, 1, -1], [0.5, NAN, 9]], (-1, 1)).partition(",")[2])
    with Image.open(BytesIO(data)) as picture:
        assert picture.size == (3, 2)
        pixels = [picture.convert("RGBA").getpixel((x, y)) for y in (0, 1) for x in (0, 1, 2)]
    opacity = [pixel[3] for pixel in pixels if isinstance(pixel, tuple)]
    assert opacity == [0, 217, 217, 109, 217, 217] or opacity[4] == 0
    blue, red = pixels[1], pixels[2]
    assert isinstance(blue, tuple)
    assert isinstance(red, tuple)
    assert blue[2] > blue[0]
    assert red[0] > red[2]
    raw = zlib.decompress(data[data.index(b"IDAT") + 4 : data.index(b"IEND") - 8])
    assert len(raw) == 2 * (1 + 3)


def test_blocks_of_a_matrix_have_the_area_of_their_connections() -> None:
    """Two groups connect half of 256 outputs with 96 inputs; what is missing fills the rest."""
    halves = [Block(range(128), range(48), "0"), Block(range(128, 256), range(48, 96), "1")]
    svg = connections(256, 96, halves, title="t", missing="none")
    area = {
        kind: sum((c - a) * (d - b) for _, one in named(svg, kind) for a, b, c, d in [corners(one)])
        for kind in ("block", "missing")
    }
    said = [title for title, _ in named(svg, "missing") if title]
    assert said == ["none: 128 × 48"] * 2
    assert area["block"] == pytest.approx(300 * 300 * 96 / 256 / 2, rel=0.01)
    dashed = [one.find(f"{Namespace}polygon") for _, one in named(svg, "missing")]
    assert all(one is not None and one.get("stroke-dasharray") for one in dashed)


def test_the_areas_of_bins_are_their_counts() -> None:
    svg = histogram([("a", [1, 3]), ("b", [2, 0])], [0, 1, 3], title="t")
    bins = {title: corners(one) for title, one in named(svg, "bin") if len(one) > 1}
    assert set(bins) == {"a 0 – 1: 1", "a 1 – 3: 3", "b 0 – 1: 2"}
    first, second = bins["a 0 – 1: 1"], bins["a 1 – 3: 3"]
    assert (second[2] - second[0]) / (first[2] - first[0]) == pytest.approx(2, abs=0.01)
    assert (second[3] - second[1]) / (first[3] - first[1]) == pytest.approx(3, abs=0.01)


def test_squares_shrink_and_the_first_difference_is_lit() -> None:
    svg = squares([SquareChain([55, 27, 13]), SquareChain([55, 26, 12])], title="t")
    marks = [one for _, one in named(svg, "square")]
    sides = [corners(one)[2] - corners(one)[0] for one in marks]
    assert sides[1] / sides[0] == pytest.approx((27 / 55) ** 0.6, abs=0.01)
    lit = [len(one.findall(f"{Namespace}polygon")) == 2 for one in marks]
    assert lit == [False, False, False, False, True, False]


def test_a_failed_square_is_broken_with_the_rule_under_it() -> None:
    svg = squares([SquareChain([6, 2, 0], failed_at=2, words="(2 − 3) / 2 + 1")], title="t")
    (_, broken), = named(svg, "failed")  # fmt: skip
    polygon = broken.find(f"{Namespace}polygon")
    assert polygon is not None
    assert polygon.get("stroke-dasharray")
    assert "(2 − 3) / 2 + 1" in [words for words, *_ in boxes(svg)]


def area(ring: list[tuple[float, float]]) -> float:
    return sum(a * d - c * b for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def test_contours_of_a_cone_are_circles_of_the_level() -> None:
    """f = √(x² + y²): every point of the ring has the level's value, and its area is π level²."""
    grid = [
        [(x * 10.0, y * 10.0, math.hypot(x - 20, y - 20)) for x in range(41)] for y in range(41)
    ]
    for level in (5.0, 12.5, 17.0):
        (ring,) = below(grid, level)
        assert all(math.hypot(x / 10 - 20, y / 10 - 20) == pytest.approx(level, abs=0.05)
                   for x, y in ring)  # fmt: skip
        assert abs(area(ring)) / 100 == pytest.approx(math.pi * level**2, rel=0.01)


def test_contours_leave_holes_and_touch_the_border() -> None:
    """f = −cone: all but a disc; a plane: half of the square; NaN leaves its cells out."""
    hill = [[(x * 10.0, y * 10.0, -math.hypot(x - 20, y - 20)) for x in range(41)]
            for y in range(41)]  # fmt: skip
    total = sum(area(ring) for ring in below(hill, -10.0)) / 100
    assert total == pytest.approx(1600 - math.pi * 100, rel=0.01)
    plane = [[(x * 1.0, y * 1.0, float(x)) for x in range(11)] for y in range(11)]
    assert sum(map(area, below(plane, 4.5))) == pytest.approx(45)
    plane[0][0] = (0.0, 0.0, NAN)
    assert sum(map(area, below(plane, 4.5))) == pytest.approx(44)
    assert below(plane, -1.0) == []


def test_a_path_has_its_steps_over_the_contours() -> None:
    values = [[x * x + y * y for x in range(-4, 5)] for y in range(-4, 5)]
    points = [(-3.0, 2.0), (-1.0, 0.0), (0.5, 0.5), (99.0, 0.0)]
    svg = contour(values, [("p", points)], title="t", x_range=(-4, 4), y_range=(-4, 4))
    assert [title for title, _ in named(svg, "step")] == [
        "p 0: −3; 2",
        "p 1: −1; 0",
        "p 2: 0.5; 0.5",
    ]
    assert len(elements(svg, "level")) == 9
    assert len(svg) < 30_000


def test_a_strip_has_segments_in_the_order_and_size_of_their_values() -> None:
    svg = strip([Segment(100, "a"), Segment(300, "b", 1), Segment(0, "c", 2)], title="t")
    places = [corners(one) for _, one in named(svg, "segment")]
    wide = [right - left - 26 for left, _, right, _ in places]
    assert wide[1] / wide[0] == pytest.approx(3, abs=0.01)
    assert wide[2] == pytest.approx(0, abs=0.2)
    assert places[0][2] == pytest.approx(places[1][0], abs=0.1)


def test_gauges_of_a_product_add_up() -> None:
    """On a log scale the lengths of the factors sum up to that of the product."""
    svg = gauges([("a", 0.25), ("b", 0.5), ("ab", 0.125)], title="t", second=[2])
    a, b, both = (bottom - top for _, one in named(svg, "gauge")
                  for _, top, _, bottom in [corners(one)])  # fmt: skip
    assert a + b == pytest.approx(both, abs=0.3)


def test_frames_lie_on_their_pictures_in_pixels() -> None:
    svg = planes([Plane("data:,", (100, 50), "p", frames=[Frame(20, 10, 40, 20, "w")])], title="t")
    (_, picture), = named(svg, "plane")  # fmt: skip
    (_, frame), = named(svg, "frame")  # fmt: skip
    left, top, right, bottom = corners(picture)
    a, b, c, d = corners(frame)
    assert (a - left) / (right - left) == pytest.approx(0.2, abs=0.005)
    assert (c - a) / (right - left) == pytest.approx(0.4, abs=0.005)
    assert (d - b) / (bottom - top) == pytest.approx(0.4, abs=0.005)
    assert (b - top) / (bottom - top) == pytest.approx(0.2, abs=0.005)


def test_a_frame_that_moves_lies_on_its_cell() -> None:
    grip = Grip(("row", "column"), (5, 10), (2, 4), "g", "{row}", (1, 2), fill="#777777")
    svg = planes([Plane("data:,", (100, 50), "p", grip=grip)], title="t")
    (_, picture), = named(svg, "plane")  # fmt: skip
    (held,), (moved,) = elements(svg, "held"), elements(svg, "grip")
    left, top, right, bottom = corners(picture)
    a, b, c, d = corners(held)
    assert (a - left) / (right - left) == pytest.approx(0.4, abs=0.005)
    assert (c - left) / (right - left) == pytest.approx(0.6, abs=0.005)
    assert (b - top) / (bottom - top) == pytest.approx(0.4, abs=0.005)
    assert (d - top) / (bottom - top) == pytest.approx(0.6, abs=0.005)
    x, y, across, down = map(float, moved.get("data-box", "").split())
    assert (x, y) == pytest.approx((left, top), abs=0.1)
    assert (across, down) == pytest.approx(((right - left) / 10, (bottom - top) / 5), abs=0.1)


def test_events_are_in_order_with_lengths_in_ratio() -> None:
    svg = timeline([("1998", "a", 60), ("2012", "b", 240), ("2014", "c", None)], title="t")
    heights = [float(one.get("cy", 0)) for _, group in named(svg, "event")
               for one in group.iter(f"{Namespace}circle")]  # fmt: skip
    assert heights == sorted(heights)
    a, b = (right - left for _, one in named(svg, "value") for left, _, right, _ in [corners(one)])
    assert b / a == pytest.approx(4, abs=0.05)


def test_ticks_are_round_and_inside() -> None:
    assert [Scale(2, 6, 10, 50)(value) for value in (2, 4, 6)] == [10, 30, 50]
    assert Scale(0, 1, 0, 100).ticks(5) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert Scale(-3, 47, 0, 100).ticks(5) == [0, 10, 20, 30, 40]
    assert Scale(1, 1e6, 0, 100, log=True).ticks(3) == [1, 100, 1e4, 1e6]


def test_lines_are_no_wider_than_asked_and_lose_nothing() -> None:
    for words, width in itertools.product((LONG_EN, LONG_ZH, UNBROKEN), (30, 80, 200)):
        lines = wrapped(words, width)
        assert max(text_width(line, 14) for line in lines) <= width
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert not [line for line in wrapped(LONG_ZH, 98) if line[0] in "，。、"]
    assert wrapped(LONG_EN, 100, most=2)[1].endswith("…")


def test_labels_are_spread_without_overlap() -> None:
    chance = random.Random(0)
    for _ in range(50):
        wanted = [chance.uniform(-20, 220) for _ in range(8)]
        heights = [chance.choice([18.0, 36.0]) for _ in range(8)]
        tops = spread(wanted, heights, 0, 300)
        spans = sorted(zip(tops, heights, strict=True))
        assert spans[0][0] >= 0
        assert all(a + high <= b + 1e-9 for (a, high), (b, _) in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (-0.0, "0"), (1234567, "1,234,567"), (1 / 3, "0.3333"), (-2e-9, "−2×10⁻⁹"),
     (NAN, "–"), (-INF, "−∞"), (1e15, "10¹⁵"), (99999.96, "100,000")],
)  # fmt: skip
def test_numbers_as_words(value: float, words: str) -> None:
    assert number_text(value) == words
