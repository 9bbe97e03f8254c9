"""All variants and the fields they differ in."""

import pytest

from alexnet_viz.analysis.compare.matrix import (
    FIELDS,
    NUMBERS,
    keeping,
    line,
    range_text,
    stage_order,
)
from alexnet_viz.analysis.inputs.sweep import sweep
from alexnet_viz.network.layers import Conv, Window
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.matrix import differing, matrix_table, value_text
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.ui.compare.matrix import FIELD_GROUPS
from alexnet_viz.variants import VARIANTS


@pytest.mark.parametrize(
    ("variant", "first", "second"),
    [
        ("alexnet_2012_paper", "RNP", "RNP"),
        ("alexnet_2012_code_145", "NPR", "RNNP"),
        ("caffe_bvlc_alexnet", "RNP", "RNP"),
        ("caffe_bvlc_reference_caffenet", "RPN", "RPN"),
        ("torchvision_alexnet", "RP", "RP"),
        ("nvcaffe_alexnet_bn", "NRP", "NRP"),
        ("article_002_text_fc1_stated", "", ""),
    ],
)
def test_the_order_inside_a_stage(variant: str, first: str, second: str) -> None:
    assert [stage_order(VARIANTS[variant], n) for n in (1, 2)] == [first, second]


def test_a_line_says_what_the_trace_says(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            found, result = line(id), trace(VARIANTS[id])
            assert (found["params"], found["macs"]) == (result.params, result.macs)
            assert found["input"] == result.input_shape[1]
            stages = [
                x for x in VARIANTS[id].layers if isinstance(x, Conv) and x.name.startswith("conv")
            ]
            assert found["widths"] == " ".join(str(each.out_channels) for each in stages)
            assert found["groups"] == " ".join(str(each.groups) for each in stages)


def test_the_inputs_that_keep_the_weights_are_those_of_the_sweep(subtests: pytest.Subtests) -> None:
    """Two bisections against the outcomes of a sweep."""
    for id in [
        id
        for id in VARIANTS
        if not trace(VARIANTS[id]).failure
        and "avgpool" not in {layer.name for layer in VARIANTS[id].layers}
    ]:
        with subtests.test(id=id):
            sizes = keeping(VARIANTS[id])
            fits = [one.sizes for one in sweep(VARIANTS[id], 40, 300) if one.outcome == "fits"]
            assert [range(max(40, sizes.start), min(301, sizes.stop))] == fits


def test_ranges_in_words() -> None:
    assert line("torchvision_alexnet")["keeps"] == "63+"
    assert line("caffe_bvlc_alexnet")["keeps"] == "199–230"
    assert line("article_002_text")["keeps"] == "–"
    assert range_text(range(5, 6)) == "5–5"


def test_the_lines_that_papers_are_quoted_for() -> None:
    paper, code = line("alexnet_2012_paper"), line("alexnet_2012_code_145")
    assert paper["conv1"] == "11×11 / 4, 0"
    assert paper["pools"] == "3×3 / 2 (1 2 5)"
    assert (paper["lrn_n"], paper["lrn_k"], paper["lrn_alpha"]) == ("5", "2", "1e-4")
    assert code["lrn_alpha"] == "2e-5 / 4e-5"
    assert paper["dropout"] == "fc7 fc8 (0.5)"
    assert line("torchvision_alexnet")["dropout"] == "fc6 fc7 (0.5)"
    assert (paper["at_224"], paper["at_227"]) == ("55 27 13 6", "55 27 13 6")
    assert line("tf_slim_alexnet_v2")["at_227"] == "55 27 13 6 2 ✗ squeeze"
    assert line("article_001_fc_as_conv")["dense"] == "4096 4096 1000"


def test_only_windows_that_round_have_a_rule() -> None:
    assert line("keras_eweill_bn")["round_conv"] == ""  # every stride of its convs is 1
    for id, network in VARIANTS.items():
        rounds = any(isinstance(layer, Conv) and layer.stride != (1, 1) for layer in network.layers)
        assert bool(line(id)["round_conv"]) == rounds, id
    assert issubclass(Conv, Window)


def test_what_differs_from_a_reference() -> None:
    paper, places = "caffe_bvlc_reference_caffenet", "places365_alexnet"
    assert differing(paper, paper) == frozenset()
    assert differing(places, paper) == {"year", "dense", "params", "macs"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_matrix_is_a_line_a_variant(language: Language) -> None:
    grid = matrix_table(list(VARIANTS), language).grid
    assert [row[0] for row in grid.rows] == list(VARIANTS)
    assert all(len(row) == len(grid.header) == len(FIELDS) + 1 for row in grid.rows)
    numbers = {index for index in range(len(grid.header)) if index not in grid.words}
    assert {list(FIELDS)[index - 1] for index in numbers} == NUMBERS
    for row in grid.rows:
        assert all(isinstance(row[index], int) for index in numbers)
    assert matrix_table(["zfnet_paper"], language).records[0]["stage1"] == "RPN"


def test_every_field_is_in_one_group() -> None:
    assert [key for group in FIELD_GROUPS.values() for key in group] == list(FIELDS)


def test_cells_in_words() -> None:
    assert value_text("params", 60_965_224, "en") == "60,965,224"
    assert value_text("year", 2012, "en") == "2012"
    assert value_text("round_pool", "same / floor", "zh") == "SAME / 向下"
    assert value_text("lrn_k", "", "en") == value_text("framework", None, "zh") == "–"
