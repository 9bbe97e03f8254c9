"""The Compare page: every view in both languages, and what each says."""

from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.analysis.compare.canonical import same_function
from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import differences
from alexnet_viz.analysis.compare.disputes import PAIRS
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.matrix import differing
from alexnet_viz.text import LANGUAGES, Language, catalogue, t
from alexnet_viz.ui.compare.alignment import match_table
from alexnet_viz.ui.compare.matrix import FIELD_GROUPS
from alexnet_viz.variants import VARIANTS
from tests.spoken import open_page, plate, words

pytestmark = pytest.mark.usefixtures("no_jobs")

VIEWS = ("layers", "matrix", "scatter", "inputs", "maps")


def opened(**query: object) -> AppTest:
    app = open_page("compare", **query)
    assert not app.exception
    return app


def totals(app: AppTest, column: int) -> list[str]:
    """A column of the table of totals."""
    return [row["cells"][column] for row in plate(app, "totals")["table"]["rows"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_opens_by_its_link(view: str, language: Language) -> None:
    app = opened(compare_view=view, lang=language)
    assert app.segmented_control(key="widget.compare_view").value == view
    assert app.query_params.get("compare_view", "layers") == view


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_differences_are_said_against_the_first(language: Language) -> None:
    ids = ("caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet", "digits_caffe_alexnet")
    said = words(opened(compare=",".join(ids), lang=language))
    for other in ids[1:]:
        assert sentence(differences(VARIANTS[ids[0]], VARIANTS[other]), language) in said


def test_what_is_lit_is_what_the_sentence_names(subtests: pytest.Subtests) -> None:
    """Lit are the layers of another function, missing ones and those of a changed order."""
    for pair in [("alexnet_2012_paper", "torchvision_alexnet"), *pairwise(VARIANTS)]:
        with subtests.test(pair=pair):
            networks = [VARIANTS[id] for id in pair]
            rows = match_table(list(map(trace, networks)), pair, only_differing=False)["rows"]
            one, other = ({layer.name: layer for layer in it.layers} for it in networks)
            shared = [[name for name in it if name in one and name in other] for it in (one, other)]
            for row in rows:
                name = row["name"]
                differs = not same_function(one.get(name), other.get(name))
                if name in shared[0]:
                    before, after = (set(order[: order.index(name)]) for order in shared)
                    differs |= before != after
                assert row["lit"][1] == row["lit"][4] == differs, name
            told = {name for each in differences(*networks) for name in each.layers}
            assert told & {row["name"] for row in rows} <= {r["name"] for r in rows if r["lit"][1]}


def test_a_rounding_that_changes_nothing_here_is_lit_because_it_is_named() -> None:
    """pool1 reads 55 cells, which its windows fit exactly; rounding the other way is a difference.

    In the sentence it is named, so in the table it is lit.
    """
    app = opened(compare="alexnet_2012_paper,torchvision_alexnet", differing=1)
    assert "conv1, pool1, pool2, pool5: rounding down instead of up" in words(app)
    rows = {row["name"]: row for row in plate(app, "compare")["table"]["rows"]}
    for pool in ("pool1", "pool2", "pool5"):
        assert rows[pool]["lit"][1]
        assert rows[pool]["lit"][4]
    assert "relu3" not in rows
    legend = t("compare.legend", first="AlexNet, the paper (2012)")
    assert legend in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_network_has_its_own_input_until_one_is_chosen_for_all(language: Language) -> None:
    pair = "alexnet_2012_paper,alexnet_2012_227"
    app = opened(compare=pair, lang=language)
    assert app.toggle(key="widget.own").value
    assert totals(app, 2) == ["60,965,224", "60,965,224"]
    assert "（**3×227×227**）" in words(app) or "(**3×227×227**)" in words(app)
    assert "own" not in app.query_params
    app.toggle(key="widget.own").set_value(False).run()
    assert app.query_params["own"] == "0"
    assert "49,430,888" in totals(app, 2)
    assert catalogue()["compare.made_for"].of(language).split("{")[0] in words(app)
    # a link with an input, from before this was the default, means all networks
    at = opened(compare=pair, input=227, lang=language)
    assert not at.toggle(key="widget.own").value
    assert totals(at, 1) == ["3×227×227"] * 2


def test_columns_that_are_left_out_are_said_to_be() -> None:
    few, many = (opened(compare=",".join(list(VARIANTS)[:n])) for n in (4, 5))
    said = t("compare.roomy", most=4)
    assert said not in words(few)
    assert said in words(many)
    assert len(plate(many, "compare")["table"]["columns"]) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_view_answers_in_a_sentence(language: Language) -> None:
    for view, key in (("matrix", "matrix.says"), ("scatter", "scatter.range_of")):
        start = catalogue()[key].of(language).split("{")[0]
        assert start in words(opened(compare_view=view, lang=language))
    app = opened(compare_view="inputs", compare="alexnet_2012_paper,torchvision_alexnet")
    assert t(
        "inputs.fit_both", who="AlexNet, the paper (2012), torchvision: alexnet", one=224, other=227
    ) in words(app)
    nine = opened(compare_view="inputs", inputs_who="all", family_framework="Caffe")
    assert "At neither" not in words(nine)


def test_a_long_list_of_differences_unfolds() -> None:
    app = opened(compare="alexnet_2012_paper,torchvision_alexnet", own=1)
    said = words(app)
    assert "rounding down instead of up; and 3 more" in said
    assert "- dropout scaled in training instead of at test" in said
    short = opened(compare="caffe_bvlc_alexnet,places365_alexnet")
    assert t("compare.all_differences") not in [each.label for each in short.expander]


def test_eight_networks_side_by_side_and_no_more() -> None:
    eight = list(VARIANTS)[:8]
    app = opened(compare=",".join(eight))
    assert app.multiselect(key="widget.compare").value == eight
    nine = opened(compare=",".join(list(VARIANTS)[:9]))
    assert len(nine.multiselect(key="widget.compare").value) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_matrix_explains_the_columns_that_it_shows_and_no_others(language: Language) -> None:
    shown = ["conv", "stages"]
    said = words(opened(compare_view="matrix", fields=",".join(shown), lang=language))
    for group in FIELD_GROUPS:
        assert (t(f"matrix.means_{group}", language) in said) == (group in shown)


def test_the_matrix_lights_what_differs_from_the_reference() -> None:
    app = opened(compare_view="matrix", fields="stages,lrn", family_framework="Caffe")
    table = plate(app, "matrix")["table"]
    assert [row["name"] for row in table["rows"]] == [
        "alexnet_2012_paper", "caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet",
        "places365_alexnet", "digits_caffe_alexnet", "nvcaffe_alexnet_bn",
    ]  # fmt: skip
    assert not any(table["rows"][0]["lit"])
    shown = ("stage1", "stage2", "pools", "round_pool", "lrn_n", "lrn_k", "lrn_alpha", "lrn_beta")
    for row in table["rows"]:
        lit = differing(row["name"], "alexnet_2012_paper")
        assert row["lit"] == [False, *(key in lit for key in shown)]


def test_another_reference_comes_first() -> None:
    app = opened(compare_view="matrix", reference="zfnet_paper")
    assert plate(app, "matrix")["table"]["rows"][0]["name"] == "zfnet_paper"
    assert "ZFNet, the paper (2013) comes first" in words(app)


def test_filters_that_nobody_passes_say_so() -> None:
    for view in ("matrix", "scatter", "inputs"):
        app = opened(
            compare_view=view, inputs_who="all", family_framework="Caffe", family_norms="none"
        )
        assert t("family.nobody") in words(app)
        app.button(key="family.reset").click().run()
        assert t("family.nobody") not in words(app)


def test_what_the_scatter_leaves_out_is_counted() -> None:
    assert "0 that stop on the way, 2 beyond the axes" in words(opened(compare_view="scatter"))
    every = opened(compare_view="scatter", family_articles=1)
    assert "3 that stop on the way" in words(every)
    assert "Not shown" not in words(opened(compare_view="scatter", scatter_range="all"))


@pytest.mark.parametrize("says", ["norms", "towers", "framework"])
def test_the_scatter_has_colours_for_every_network(says: str) -> None:
    app = opened(compare_view="scatter", scatter_says=says, family_articles=1, lang="zh")
    assert app.get("plotly_chart")


def test_the_inputs_of_the_compared_and_of_all() -> None:
    app = opened(compare_view="inputs", compare="alexnet_2012_paper,tf_slim_alexnet_v2")
    svg = plate(app, "sweep")["svg"]
    assert svg.count('class="target') >= 15
    assert "196–227 px" in svg
    assert "squeeze" in svg
    few = opened(compare_view="inputs", inputs_who="all", family_framework="Caffe")
    assert "Caffe: CaffeNet" in plate(few, "sweep")["svg"]


VERDICTS: dict[str, tuple[Language, str]] = {
    "norm_place": (
        "en",
        "Their outputs differ from **norm1** on. The outputs of **fc8** differ by up to",
    ),
    "alpha": ("zh", "两者在 **norm1** 分开。**fc8** 的输出最多相差"),
    "norm_reach": ("zh", "两者在 **norm1** 分开。**fc8** 的输出最多相差"),
    "rounding": ("en", "The outputs of all **23** layers are equal."),
    "relu_place": (
        "en",
        "Their outputs differ from **relu5** on and are equal again from **flatten** on.",
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_dispute_is_told_and_run(pair: str) -> None:
    language, verdict = VERDICTS[pair]
    said = words(opened(compare_view="maps", pair=pair, lang=language))
    assert sentence(differences(*PAIRS[pair]), language) in said
    assert t(f"apart.why_{pair}", language) in said
    assert verdict in said
    assert "100.00" in said  # both are sure of the star


def test_the_channels_at_the_border_are_named() -> None:
    app = opened(compare_view="maps", pair="norm_reach", source="sample")
    assert "**4 of 96** channels differ: 46, 47, 48, 49." in words(app)
    assert t("apart.sheet", layer="norm1") in words(app)
    assert t("apart.channel", channel=46, layer="norm1") in words(app)
    first = opened(compare_view="maps", pair="norm_reach", source="sample", channel=0)
    assert t("apart.channel", channel=0, layer="norm1") in words(first)
    app.selectbox(key="widget.apart_layer").set_value("conv1").run()
    assert "All **96** channels are the same." in words(app)
    app.selectbox(key="widget.apart_layer").set_value("relu2").run()
    assert "of 256** channels differ." in words(app)


def test_maps_of_other_sizes_are_not_held_against_each_other() -> None:
    app = opened(compare_view="maps", pair="norm_place", apart_layer="norm1")
    assert t("apart.shapes_differ", layer="norm1") in words(app)


def test_units_are_told_in_numbers() -> None:
    app = opened(compare_view="maps", pair="alpha", apart_layer="fc7")
    assert "of 4,096** units differ." in words(app)
    assert "in the second:" in words(app)


OWN = {"compare_view": "maps", "pair": "own"}


def test_two_networks_of_ones_own_choice() -> None:
    app = opened(**OWN, compare="caffe_bvlc_alexnet,alexnet_2012_code_145")
    assert "normalises before it applies ReLU (stage 1)" in words(app)
    assert t("apart.sheet", layer=t("apart.reads", layer="conv2")) in words(app)


def test_networks_that_no_weights_fit_both() -> None:
    app = opened(**OWN, compare="alexnet_2012_paper,torchvision_alexnet")
    assert "they differ in conv1, conv2, conv3, conv4, conv5." in words(app)
    assert not app.get("plotly_chart")


def test_weights_that_fit_neither_give_way_to_random_ones() -> None:
    app = opened(**OWN, compare="owt_paper_2014,tf_cnn_benchmarks_alexnet", own=0)
    assert "they differ in fc6, fc7, fc8." in words(app)
    app = opened(**OWN, compare="cuda_convnet2_1gpu,torch7_alexnetowt")
    assert "do not fit both networks (conv1, conv2" in words(app)
    assert "both run with the same random weights instead" in words(app)
    assert app.get("plotly_chart")


def test_inputs_of_other_shapes_are_refused() -> None:
    app = opened(**OWN, compare="alexnet_2012_paper,alexnet_2012_227", own=1)
    assert t("apart.inputs_differ") in words(app)


def test_one_network_has_nothing_beside_it() -> None:
    assert t("compare.too_few") in words(opened(**OWN, compare="zfnet_paper"))
    app = opened(compare_view="inputs", compare="zfnet_paper")
    assert plate(app, "sweep")["svg"]
