"""The Layer page: every number is answered in a sentence, and every layer has a picture."""

from typing import Any

import pytest

from alexnet_viz.text import LANGUAGES
from alexnet_viz.variants import VARIANTS
from tests.spoken import open_page, plate, words

PAPER = VARIANTS["alexnet_2012_paper"]


def said(**query: object) -> str:
    app = open_page("layer", **query)
    assert not app.exception
    return words(app)


def test_why_a_kernel_is_as_deep_as_its_group() -> None:
    conv2 = said(layer="conv2")
    assert "**Why 48?** The 96 maps that arrive are divided into 2 groups" in conv2
    assert "96 / 2 = **48**" in conv2
    assert "5×5×48, not 5×5×96" in conv2
    weights, macs = 256 * 48 * 5 * 5, 256 * 48 * 5 * 5 * 27 * 27
    assert f"{weights:,} weights instead of {2 * weights:,}" in conv2
    assert f"{macs:,} multiply-accumulates instead of {2 * macs:,}" in conv2
    conv3 = said(layer="conv3")
    assert "**Why 256?** There are no groups here (groups = 1)" in conv3
    assert "What do the groups do" not in conv3
    assert "96 / 2 = **48**" in said(layer="conv2", lang="zh")


def test_why_a_dense_layer_reads_as_many_values() -> None:
    assert "pool5 gives 256 maps of 6×6" in said(layer="fc6")
    assert "256·6·6 = **9,216** values" in said(layer="fc6")
    assert "256·5·5 = **6,400** values" in said(layer="fc6", rounding="floor", refit=1)
    assert "laid out in one row" not in said(layer="fc7")


def test_which_formula_a_side_comes_from() -> None:
    assert (
        "**Why 55?** N = (W − F + 2P)/S + 1 = (224 − 11)/4 + 1 = 54.25, rounded up to 55"
        in said(layer="conv1")
    )
    assert "**Why 27?** N = (W − F + 2P)/S + 1 = (27 − 5 + 2·2)/1 + 1 = 27." in said(layer="conv2")
    assert "SAME gives ⌈W/S⌉" in said(layer="pool1", rounding="same")
    assert "VALID does not pad" in said(layer="conv1", rounding="valid")


def test_every_layer_has_a_picture_and_reasons(subtests: pytest.Subtests) -> None:
    for place, layer in enumerate(PAPER.layers):
        language: Any = LANGUAGES[place % 2]
        with subtests.test(layer=layer.name):
            app = open_page("layer", layer=layer.name, lang=language)
            assert not app.exception
            window = layer.kind in ("conv", "max_pool")
            svg = plate(app, "ruler" if window else "place")["svg"]
            assert svg.startswith("<svg")
            if not window and layer.kind != "flatten":
                assert f'data-layer="{layer.name}"' in svg


def test_a_layer_that_is_missing_is_said_below_the_picture() -> None:
    app = open_page("layer", variant="torchvision_alexnet", layer="norm1")
    assert not app.exception
    kinds = [element.type for element in app.main]
    assert "has no layer norm1" in app.info[0].value
    assert kinds.index("alert" if "alert" in kinds else "info") > kinds.index("header")


def test_the_neighbours_are_one_click_away() -> None:
    app = open_page("layer", layer="conv2")
    app.button(key="layer.next").click().run()
    assert app.query_params["layer"] == "relu2"
    app.button(key="layer.previous").click().run()
    app.button(key="layer.previous").click().run()
    assert app.query_params["layer"] == "pool1"
