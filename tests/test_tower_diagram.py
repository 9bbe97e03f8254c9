"""The tower diagram says what the towers say: parsed as XML, counted, measured."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from alexnet_viz.analysis.towers.channel_dependence import seen
from alexnet_viz.analysis.towers.regroup import regrouped
from alexnet_viz.analysis.towers.split import Towers, split
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.towers import tower_diagram
from alexnet_viz.render.theme import CROSSING, FAILURE, INK
from alexnet_viz.text import LANGUAGES
from alexnet_viz.variants import VARIANTS
from tests.test_drawings import SVG, parsed, texts

PAPER = VARIANTS["alexnet_2012_paper"]
CUT = regrouped(PAPER, 2, ("fc6", "fc7", "fc8"))
IN_FOURS = PAPER.edited(
    id="four", conv2={"groups": 4}, conv4={"groups": 4}, conv5={"groups": 2}, norm1={"groups": 4}
)
HOLLOW, LIT_LINE = "0.45", "0.85"

Element = ElementTree.Element


def cut_in(network: Network, gpus: int, last: Any = "first") -> Towers:
    towers = split(trace(network), last, gpus)
    assert towers
    return towers


def drawn(network: Network, gpus: int = 2, last: Any = "first", **how: Any) -> Element:
    result = trace(network)
    how.setdefault("ghosts", network.layers[len(result.rows) :])
    return parsed(tower_diagram(cut_in(network, gpus, last), result.input_shape, **how))


def block(root: Element, layer: str, tower: int) -> Element:
    (found,) = (
        g for g in root.iter(f"{SVG}g")
        if g.get("data-layer") == layer and g.get("data-tower") == str(tower)
    )  # fmt: skip
    return found


def title(element: Element) -> str:
    return element.findtext(f"{SVG}title") or ""


def arrows(root: Element) -> Iterator[tuple[str, int, int, int, Element, Element]]:
    """Layer, from, to, values as the title tells them; the line, the group around it."""
    for group in root.iter(f"{SVG}g"):
        if group.get("class") == "crossing":
            found = re.match(r"(\w+): GPU (\d+) → GPU (\d+) · ([\d,]+) values", title(group))
            assert found, title(group)
            layer, source, target, values = found.groups()
            line = next(group.iter(f"{SVG}line"))
            yield layer, int(source), int(target), int(values.replace(",", "")), line, group


def number(element: Element, name: str) -> float:
    return float(element.get(name, "nan"))


def extent(element: Element, axis: int = 0) -> tuple[float, float]:
    """From where to where a polygon reaches, across (0) or down (1)."""
    ends = [float(point.split(",")[axis]) for point in element.get("points", "").split()]
    return min(ends), max(ends)


def polygon_width(element: Element, axis: int = 0) -> float:
    low, high = extent(element, axis)
    return high - low


def test_each_gpu_has_its_channels_its_kernels_and_its_name() -> None:
    words = texts(drawn(PAPER, last="halves"))
    assert {"GPU 0", "GPU 1", "43,264", "9,216", "4,096", "2,048", "500"} <= set(words)
    for twice in ("48×55×55", "128×27×27", "5×5×48", "11×11×3 / 4", "3×3×256", "= 128+128"):
        assert words.count(twice) == 2, twice


@pytest.mark.parametrize(
    ("network", "gpus"),
    [
        (PAPER, 2), (PAPER, 1), (CUT, 2), (IN_FOURS, 4), (PAPER, 3), (PAPER, 8),
        (VARIANTS["torchvision_alexnet"], 2), (VARIANTS["alexnet_2012_code_146_conv6"], 2),
    ],
)  # fmt: skip
def test_an_arrow_for_every_pair_that_fetches_and_no_other(network: Network, gpus: int) -> None:
    fetches = {
        (stage.name, other, tower, values)
        for stage in cut_in(network, gpus).stages
        for tower, row in enumerate(stage.fetches)
        for other, values in enumerate(row)
        if values
    }
    found = list(arrows(drawn(network, gpus)))
    assert {arrow[:4] for arrow in found} == fetches
    assert len(found) == len(fetches)
    for _, source, target, _, line, _ in found:
        assert number(line, "x1") < number(line, "x2")
        assert (number(line, "y2") > number(line, "y1")) == (target > source)


def test_arrows_are_the_thicker_the_more_they_carry() -> None:
    for gpus in (2, 3, 4):
        root = drawn(VARIANTS["zfnet_paper"], gpus)
        widths = {values: number(line, "stroke-width") for *_, values, line, _ in arrows(root)}
        carried = sorted(widths)
        assert [widths[values] for values in carried] == sorted(widths.values())
        # four times as much is twice as thick, where nothing is at the thinnest
        most = carried[-1]
        for values in carried:
            if widths[values] > 0.5:
                assert widths[values] / widths[most] == pytest.approx(
                    (values / most) ** 0.5, rel=0.01
                )
        legend = [each for each in root.iter(f"{SVG}line") if each.get("stroke") == CROSSING][-2:]
        assert [number(each, "stroke-width") for each in legend] == [
            widths[carried[-1]],
            widths[carried[0]],
        ]
        assert {f"{carried[0]:,} values", f"{carried[-1]:,} values"} <= set(texts(root))


def test_a_cut_leaves_the_other_arrows_as_thick_as_they_were() -> None:
    whole, without = (
        {arrow[:3]: arrow[4].get("stroke-width") for arrow in arrows(drawn(network))}
        for network in (PAPER, CUT)
    )
    assert without == {arrow: width for arrow, width in whole.items() if arrow[0] != "conv3"}


def test_bytes_and_batches_are_counted() -> None:
    words = texts(drawn(PAPER, last="halves", unit="bytes"))
    assert {f"{4 * n:,} B" for n in (43_264, 9_216, 4_096)} <= set(words)
    root = drawn(PAPER, last="halves", unit="bytes", batch=128)
    assert "22.2 MB" in texts(root)
    assert "for a batch of 128" in " ".join(texts(root))
    first = next(g for g in root.iter(f"{SVG}g") if g.get("class") == "crossing")
    assert title(first).endswith(f"{21_632 * 4:,} bytes · batch of 128: {21_632 * 512:,} bytes")
    assert f"{43_264 * 128:,}" in texts(drawn(PAPER, batch=128))


@pytest.mark.parametrize("network", [PAPER, VARIANTS["caffe_bvlc_alexnet"], IN_FOURS])
def test_the_blocks_tell_every_tower_s_own_numbers(network: Network) -> None:
    towers = cut_in(network, network.towers)
    root = drawn(network, network.towers)
    told = {
        name: [
            sum(int(n.replace(",", "")) for g in root.iter(f"{SVG}g")
                for n in re.findall(rf"([\d,]+) {name}", title(g))
                if g.get("data-tower") == str(tower))
            for tower in range(towers.count)
        ]
        for name in ("parameters", "MACs", "values")
    }  # fmt: skip
    assert told["parameters"] == list(towers.params)
    assert told["MACs"] == list(towers.macs)
    assert sum(told["values"]) == sum(stage.crossing for stage in towers.stages)
    conv2 = title(block(root, "conv2", 1))
    assert f"{256 // network.towers} kernels of 5×5×{96 // network.towers}" in conv2


def bars(root: Element) -> list[Element]:
    """How deep kernels reach into the blocks before them, in drawing order."""
    return [
        each for each in root.iter(f"{SVG}polygon")
        if (each.get("fill"), each.get("fill-opacity")) == ("#FFFFFF", "0.5")
    ]  # fmt: skip


def test_a_kernel_reaches_through_the_maps_it_reads() -> None:
    """On one GPU conv2 and conv4 read half of the maps before them, conv3 all 256."""
    root = drawn(PAPER, gpus=1)
    for bar, before, share in zip(
        bars(root)[-4:], ("pool1", "pool2", "conv3", "conv4"), (0.5, 1, 0.5, 0.5), strict=True
    ):
        front, _, face = block(root, before, 0).iter(f"{SVG}polygon")
        assert polygon_width(bar) == pytest.approx(share * polygon_width(front), abs=0.2)
        assert extent(face)[0] < extent(bar)[1] < extent(face)[1]  # it begins at the window
    # one for the image, and on two GPUs one for each of theirs
    assert len(bars(drawn(PAPER))) == 1 + 2 * 4


def test_windows_over_several_towers_have_the_colour_of_what_crosses() -> None:
    def windows(network: Network) -> int:
        return sum(
            each.get("fill") == "#FFFFFF" and each.get("stroke") == CROSSING
            for each in drawn(network).iter(f"{SVG}polygon")
        )

    assert windows(PAPER) == 2
    assert windows(CUT) == 0


def hollow(element: Element) -> list[Element]:
    return [g for g in element.iter(f"{SVG}g") if g.get("opacity") == HOLLOW]


def test_what_a_unit_sees_is_lit() -> None:
    """conv5's map 17 sees GPU 0 and, through conv3, all of GPU 1 up to pool2."""
    how: dict[str, Any] = {"lit": seen(trace(PAPER), "conv5", 17), "unit_of": ("conv5", 17)}
    root = drawn(PAPER, **how)
    lit = {
        (layer, tower): not hollow(block(root, layer, tower))
        for layer in ("conv1", "pool2", "conv3", "conv4", "fc6")
        for tower in (0, 1)
    }
    dark = {("conv3", 1), ("conv4", 1), ("fc6", 0), ("fc6", 1)}
    assert {each for each, bright in lit.items() if not bright} == dark
    bright = {arrow[:3] for arrow in arrows(root) if arrow[5].get("opacity") == LIT_LINE}
    assert bright == {("conv3", 1, 0)}
    fronts = [polygon_width(p) for p in list(block(root, "conv5", 0).iter(f"{SVG}polygon"))[::3]]
    assert fronts[1] / fronts[0] == pytest.approx(1 / 128, abs=0.004)
    marks = [p for p in root.iter(f"{SVG}polygon") if p.get("fill") == INK]
    assert len(marks) == 2
    left, right = extent(next(block(root, "conv5", 0).iter(f"{SVG}polygon")))
    for mark in marks:
        assert sum(extent(mark)) / 2 == pytest.approx(left + 17.5 / 128 * (right - left), abs=0.2)
    assert "conv5, channel 17" in " ".join(texts(root))


def test_with_conv3_cut_a_unit_sees_its_own_gpu_only() -> None:
    how: dict[str, Any] = {"lit": seen(trace(CUT), "conv5", 140), "unit_of": ("conv5", 140)}
    root = drawn(CUT, cut=("conv3",), **how)
    for layer in ("conv1", "pool1", "conv2", "conv4"):
        assert hollow(block(root, layer, 0)), layer
        assert not hollow(block(root, layer, 1)), layer
    assert "cut" in texts(root)
    stubs = [x for x in root.iter(f"{SVG}line")
             if x.get("stroke") == CROSSING and x.get("stroke-dasharray")]  # fmt: skip
    assert len(stubs) == 4
    faded = [g for g in hollow(root) if any(x.get("stroke-dasharray") for x in g)]
    assert len(faded) == 8 + 1  # the lines into GPU 0's layers, and into GPU 1's pool5


def test_a_part_of_a_layer_is_lit_as_its_share() -> None:
    root = drawn(PAPER, lit={"conv1": range(24), "fc6": range(512)})
    whole, part = list(block(root, "conv1", 0).iter(f"{SVG}polygon"))[::3]
    assert polygon_width(part) / polygon_width(whole) == pytest.approx(0.5, abs=0.01)
    bar, filled = block(root, "fc6", 0).iter(f"{SVG}polygon")
    assert polygon_width(filled, 1) / polygon_width(bar, 1) == pytest.approx(0.25, abs=0.01)


def test_lrn_is_drawn_only_where_it_crosses() -> None:
    assert "norm1" not in texts(drawn(PAPER))
    merged = drawn(regrouped(PAPER, 2, ("conv3", "fc6", "fc7", "fc8"), "across"))
    assert texts(merged).count("norm1") == 2
    assert "12,100" in texts(merged)  # 2 x 2 maps of 55 x 55


def test_fc8_on_one_gpu_is_a_ghost_on_the_other() -> None:
    root = drawn(PAPER)
    ghost = next(block(root, "fc8", 1).iter(f"{SVG}polygon"))
    assert ghost.get("stroke-dasharray")
    assert "nothing of it is on GPU 1" in title(block(root, "fc8", 1))
    whole = next(block(root, "fc8", 0).iter(f"{SVG}polygon"))
    assert not whole.get("stroke-dasharray")
    assert polygon_width(ghost, 1) == pytest.approx(polygon_width(whole, 1), abs=0.2)


def test_a_failing_network_ends_in_ghosts() -> None:
    root = drawn(VARIANTS["article_002_text"])
    for tower in (0, 1):
        ghost = next(block(root, "pool5", tower).iter(f"{SVG}polygon"))
        assert (ghost.get("stroke"), bool(ghost.get("stroke-dasharray"))) == (FAILURE, True)
        assert "stops here" in texts(block(root, "pool5", tower))
        assert "stops before" in title(block(root, "fc6", tower))


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_gpu_is_one_row_and_nothing_crosses(language: Any) -> None:
    words = texts(drawn(VARIANTS["torchvision_alexnet"], gpus=1, language=language))
    assert {"One GPU holds every map: nothing crosses.",
            "一块 GPU 保存全部特征图：没有任何数据跨越。"} & set(words)  # fmt: skip
    assert [word for word in words if word.startswith("GPU")] == ["GPU 0"]


def test_many_gpus_are_the_first_few_and_a_number() -> None:
    root = drawn(PAPER, gpus=32)
    words = texts(root)
    assert [word for word in words if word.startswith("GPU")] == [f"GPU {n}" for n in range(4)]
    assert any("28 more" in word for word in words)
    assert f"{cut_in(PAPER, 32).stages[8].crossing:,}" in words
