"""The drawings say what the trace says: parsed as XML, measured, counted."""

from itertools import product
from xml.etree import ElementTree

import pytest

from alexnet_viz.network.geometry import slide
from alexnet_viz.network.layers import Linear, Window, shape_text
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.render.diagrams.receptive_field import receptive_field
from alexnet_viz.render.diagrams.ruler import ruler
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, FAILURE, PADDING, UNREAD
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS

SVG = "{http://www.w3.org/2000/svg}"
PAPER = VARIANTS["alexnet_2012_paper"]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def groups(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {g.get("data-layer", ""): g for g in root.iter(f"{SVG}g") if g.get("data-layer")}


def width_of(polygon: ElementTree.Element) -> float:
    xs = [float(point.split(",")[0]) for point in polygon.get("points", "").split()]
    return max(xs) - min(xs)


def test_every_window_and_dense_layer_is_a_block_with_its_shape(subtests: pytest.Subtests) -> None:
    for variant in VARIANTS:
        for language in LANGUAGES:
            with subtests.test(variant=variant, language=language):
                result = trace(VARIANTS[variant])
                root = parsed(architecture(result, language))  # type: ignore[arg-type]
                blocks = groups(root)
                for row in result.rows:
                    if isinstance(row.layer, Window | Linear):
                        shape = row.output_shape
                        words = f"{shape[0]:,}" if len(shape) == 1 else shape_text(shape)
                        assert words in texts(blocks[row.name]), row.name
                assert not any("�" in text for text in texts(root))


def test_the_drawing_stays_inside_its_sheet() -> None:
    for network in VARIANTS.values():
        root = parsed(architecture(trace(network), detail=True))
        width, height = (float(root.get(side, "0")) for side in ("width", "height"))
        for polygon in root.iter(f"{SVG}polygon"):
            for point in polygon.get("points", "").split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= width, network.id
                assert 0 <= y <= height, network.id
        for text in root.iter(f"{SVG}text"):
            assert 10 <= float(text.get("y", "0")) <= height, (network.id, text.text)


def test_larger_maps_are_drawn_larger() -> None:
    blocks = groups(parsed(architecture(trace(PAPER))))
    fronts = {name: next(block.iter(f"{SVG}polygon")) for name, block in blocks.items()}
    assert width_of(fronts["conv3"]) > width_of(fronts["conv2"]) > width_of(fronts["conv1"])


def test_a_block_says_how_deep_its_kernels_are_and_the_last_map_how_many_values_it_is() -> None:
    result = trace(PAPER)
    blocks = groups(parsed(architecture(result)))
    assert "5×5×48" in texts(blocks["conv2"])  # 96 maps in two groups
    assert "3×3×256" in texts(blocks["conv3"])
    assert "3×3 / 2" in texts(blocks["pool1"])
    assert texts(blocks["pool5"])[-2:] == ["256×6×6", f"= {256 * 6 * 6:,}"]
    assert not any(words.startswith("=") for words in texts(blocks["pool2"]))
    cut_short = groups(parsed(architecture(trace(PAPER, 66))))
    assert not any(words.startswith("=") for block in cut_short.values() for words in texts(block))


def test_detail_adds_the_layers_that_keep_the_shape() -> None:
    result = trace(PAPER)
    assert "norm1" not in groups(parsed(architecture(result)))
    with_detail = groups(parsed(architecture(result, detail=True)))
    assert {"relu1", "norm1", "drop6", "prob"} <= set(with_detail)


def test_a_failing_network_ends_in_ghosts() -> None:
    blocks = groups(parsed(architecture(trace(VARIANTS["article_002_text"]))))
    ghost = next(blocks["pool5"].iter(f"{SVG}polygon"))
    assert ghost.get("stroke-dasharray")
    assert ghost.get("stroke") == FAILURE
    assert "stops here" in texts(blocks["pool5"])
    assert next(blocks["conv5"].iter(f"{SVG}polygon")).get("stroke-dasharray") is None


def test_names_are_escaped() -> None:
    sheet = Sheet()
    with sheet.group(layer='"><script>', title="<b>&", kind="conv"):
        sheet.text(0, 0, "</svg><script>alert(1)</script>")
    svg = sheet.document(10, 10, title="<&>")
    assert "<script" not in svg
    assert texts(parsed(svg)) == ["</svg><script>alert(1)</script>"]


@pytest.mark.parametrize(
    ("size", "rounding", "colour", "cells"),
    [(224, "floor", UNREAD, 1), (224, "ceil", PADDING, 3), (230, "floor", UNREAD, 3)],
)
def test_the_ruler_colours_what_is_unread_and_what_is_padding(
    size: int, rounding: str, colour: str, cells: int
) -> None:
    window = slide(size, 11, stride=4, rounding=rounding)  # type: ignore[arg-type]
    root = parsed(ruler(window))
    filled = [p for p in root.iter(f"{SVG}polygon") if p.get("fill") == colour]
    whole = (1360 - 32) / max(size, window.end)  # one cell of the upper axis, in units
    assert width_of(filled[0]) == pytest.approx(cells * whole, abs=0.3)


def test_cells_between_windows_that_jump_are_coloured() -> None:
    window = slide(10, 1, stride=3)
    unread = [p for p in parsed(ruler(window)).iter(f"{SVG}polygon") if p.get("fill") == UNREAD]
    assert len(unread) == 3
    assert window.unread == 6


def test_the_ruler_holds_at_every_corner_of_the_calculator(subtests: pytest.Subtests) -> None:
    rules, sizes = ("floor", "ceil", "caffe", "same", "valid"), (1, 1000, 10_000)
    for corner in product(rules, sizes, (1, 1000), (1, 1000), (1, 100)):
        rounding, size, kernel, stride, dilation = corner
        with subtests.test(corner=corner):
            try:
                window = slide(size, kernel, stride, (1000, 0), dilation, rounding)  # type: ignore[arg-type]
            except Problem:
                continue
            root = parsed(ruler(window))
            assert float(root.get("height", "0")) < 1200


def test_the_ruler_stamps_every_window_once() -> None:
    window = slide(27, 3, stride=2)
    lines = [x for x in parsed(ruler(window)).iter(f"{SVG}line") if x.get("stroke") == BLUE]
    assert len(lines) == window.output_size == 13
    assert float(lines[1].get("x1", "0")) > float(lines[0].get("x1", "0"))


def test_the_receptive_field_is_clipped_to_the_image() -> None:
    result = trace(PAPER)
    root = parsed(receptive_field(result, result["pool5"], (0, 0)))
    filled = next(
        p for p in root.iter(f"{SVG}polygon") if p.get("fill") == BLUE and p.get("stroke") == BLUE
    )
    image = next(p for p in root.iter(f"{SVG}polygon") if p.get("fill-opacity") == "0.12")
    # 195 pixels from -64 on: 131 of 224 are inside
    assert width_of(filled) / width_of(image) == pytest.approx(131 / 224, abs=0.005)


def test_a_photo_lies_exactly_under_the_image() -> None:
    result = trace(PAPER)
    root = parsed(receptive_field(result, result["conv3"], (0, 0), photo="data:image/png;base64,x"))
    photo = next(root.iter(f"{SVG}image"))
    image = next(p for p in root.iter(f"{SVG}polygon") if p.get("fill-opacity") == "0.12")
    assert float(photo.get("width", "0")) == pytest.approx(width_of(image), abs=0.2)
    x, y = map(float, image.get("points", "").split()[0].split(","))
    assert (float(photo.get("x", "0")), float(photo.get("y", "0"))) == pytest.approx(
        (x, y), abs=0.1
    )
