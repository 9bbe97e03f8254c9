"""Every page, run by Streamlit's own test harness: no exception, right words, right numbers."""

import re
from itertools import pairwise
from typing import Any

import pytest
import streamlit as st

from alexnet_viz.text import LANGUAGES, has, t
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.shell import HOME, MENU, ORDER, PAGES
from alexnet_viz.variants import VARIANTS
from tests.spoken import ROOT, open_page, plate, words

OF_NO_NETWORK = (
    "weights",
    "claims",
    "open",
    "course",
    "labs",
    "experiments",
    "practice",
    "glossary",
    "classroom",
)
"""Pages that are not about the network chosen."""


KINDS_OF_HEADING = ("title", "header", "subheader")


@pytest.fixture(autouse=True)
def _cold_caches() -> None:
    st.cache_data.clear()


def test_every_page_has_one_place_in_the_menu() -> None:
    assert sorted(page for pages in MENU.values() for page in pages) == sorted(PAGES)


@pytest.mark.parametrize("place", range(len(ORDER)))
def test_a_page_ends_with_the_ones_before_and_after_it_in_the_menu(place: int) -> None:
    links = [each.proto.page for each in open_page(ORDER[place]).get("page_link")]
    before, after = ORDER[:place][-1:], ORDER[place + 1 :][:1]
    names = ["" if name == HOME else name for name in (*before, *after)]
    if ORDER[place] != "glossary":
        assert links.pop() == "glossary"  # the words at a page's foot end with the way to all
    assert links[-len(names) :] == names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_in_both_languages(page: str, language: Any) -> None:
    app = open_page(page, lang=language)
    assert not app.exception
    assert [title.value for title in app.title] == [t(f"page.{page}.title", language)]
    if has(lead := f"page.{page}.lead"):
        assert t(lead, language) in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_network_that_fails_is_explained_on_every_page(page: str) -> None:
    query = {"variant": "article_002_text", "compare": "article_002_text,alexnet_2012_paper"}
    app = open_page(page, **query)
    assert not app.exception
    # the editor's chain and the split say it themselves
    if page not in ("calculator", "towers", *OF_NO_NETWORK):
        assert "kernel_size=3 does not fit an input of 2" in words(app)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_opens(variant: str) -> None:
    app = open_page("architecture", variant=variant)
    assert not app.exception


def test_the_size_changes_the_numbers() -> None:
    paper = words(open_page("architecture"))
    assert "**60,965,224** parameters" in paper
    assert "**659,272** neurons" in paper
    at_227 = words(open_page("architecture", variant="torchvision_alexnet", input=227))
    assert "**716,767,232** MACs" in at_227


def test_the_rounding_rule_changes_the_numbers() -> None:
    app = open_page("architecture", rounding="floor", refit=1)
    assert "fc6 reads **6,400** values (256×5×5)" in words(app)
    assert "**49,430,888** parameters" in words(app)


def test_a_size_can_be_switched_and_typed() -> None:
    app = open_page("architecture", variant="alexnet_2012_227")
    app.segmented_control(key="widget.size").set_value("224").run()
    assert "49,430,888" in words(app)
    assert app.query_params["input"] == "224"
    app.number_input(key="widget.input").set_value(259).run()
    assert not app.exception
    assert "fc6 reads **12,544** values (256×7×7)" in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calculator_begins_with_the_verdict_and_the_paper_s_first_layer(language: Any) -> None:
    app = open_page("calculator", lang=language)
    first = app.main.markdown[0].value
    verdict = {"en": "**Both are right.**", "zh": "**两者都对。**"}[language]
    assert first.startswith(verdict)
    assert {"54.25", "55", "54", "224", "227"} <= set(re.findall(r"[\d.]*\d", first))
    assert app.segmented_control(key="widget.rule").value == "ceil"
    assert "= 55" in app.latex[0].value
    # rounding down is a choice like any other, and stays
    app.segmented_control(key="widget.rule").set_value("floor").run()
    assert app.query_params["rule"] == "floor"
    assert "= 54" in app.latex[0].value


def test_a_link_to_a_window_without_a_rule_rounds_down_as_ever() -> None:
    app = open_page("calculator", w=225)
    assert app.segmented_control(key="widget.rule").value == "floor"


HEADINGS = [
    "compare",
    *(f"compare?compare_view={view}" for view in ("matrix", "scatter", "inputs", "maps")),
    "family",
    "claims",
    "calculator",
    "open",
]


@pytest.mark.parametrize("link", HEADINGS)
def test_headings_leave_no_level_out(link: str) -> None:
    page, _, query = link.partition("?")
    app = open_page(page, **dict([query.split("=")] if query else []))
    levels = [int(each.proto.tag[1]) for each in app.main if each.type in KINDS_OF_HEADING]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_language_is_looked_up_once_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    get = state.get

    def counted(choice: str) -> Any:
        asked.append(choice)
        return get(choice)

    monkeypatch.setattr(state, "get", counted)
    app = open_page("claims", lang="zh")
    assert app.title[0].value == t("page.claims.title", "zh")
    # the next run, in the same session or in another, has its own
    asked.clear()
    app.segmented_control(key="widget.lang").set_value("en").run()
    assert asked.count("lang") < 9  # once to look it up, and to draw its widget and write the link
    assert app.title[0].value == t("page.claims.title", "en")
    assert open_page("claims", lang="zh").title[0].value == t("page.claims.title", "zh")


def test_a_language_switch_keeps_every_choice() -> None:
    app = open_page("layer", variant="caffe_bvlc_alexnet", input=224, layer="pool1")
    app.segmented_control(key="widget.lang").set_value("zh").run()
    assert not app.exception
    assert app.title[0].value == t("page.layer.title", "zh")
    assert app.selectbox(key="widget.variant").value == "caffe_bvlc_alexnet"
    assert app.selectbox(key="widget.layer").value == "pool1"
    assert "96×54×54 → 96×27×27" in words(app)


@pytest.mark.parametrize("size", [1, 2, 5, 11, 66])
@pytest.mark.parametrize("page", PAGES)
def test_an_input_too_small_for_the_first_layers(page: str, size: int) -> None:
    app = open_page(page, input=size)
    assert not app.exception
    if page not in ("calculator", *OF_NO_NETWORK):
        assert app.warning
    assert app.query_params["input"] == str(size)


@pytest.mark.parametrize(
    "query",
    [{"input": 1000, "refit": 1}, {"input": 10000}, {"variant": "article_002_text_fc1_stated"}],
)
def test_what_is_too_large_to_run_here_is_refused_in_words(query: dict[str, object]) -> None:
    app = open_page("feature_maps", **query)
    assert not app.exception
    assert "Choose a smaller input or another network" in words(app)


def test_a_comparison_of_one_asks_for_another_and_keeps_it() -> None:
    app = open_page("compare", compare="zfnet_paper,d2l_alexnet")
    app.multiselect(key="widget.compare").set_value(["zfnet_paper"]).run()
    assert not app.exception
    assert t("compare.too_few") in words(app)
    assert app.query_params["compare"] == "zfnet_paper"


def test_pages_end_by_themselves() -> None:
    """``st.stop()`` would skip the footer and the link."""
    for page in (ROOT / "pages").glob("*.py"):
        assert "st.stop" not in page.read_text("utf-8"), page.name


def test_the_inverse_question() -> None:
    app = open_page("calculator", variant="alexnet_2012_227", rule="floor")
    assert "**227 … 230**: 4 inputs give 55" in words(app)
    assert "**227 … 258**: 32 inputs give 9,216" in words(app)


def test_the_towers_of_the_paper() -> None:
    app = open_page("towers")
    assert "**32,531,112 + 28,434,112** = 60,965,224" in words(app)
    assert "Read from other GPUs too: **conv3, fc6, fc7, fc8**" in words(app)
    app.segmented_control(key="widget.last").set_value("halves").run()
    assert "**60,672** values" in words(app)
    assert "260,448 values would cross" in words(app)


def test_the_towers_say_what_a_split_means() -> None:
    app = open_page("towers")
    said = words(app)
    assert "**58,624 values cross between the GPUs for one image**" in said
    assert "260,448 values would cross" in said
    merged = 96 * (11 * 11 * 3 + 1) + 256 * (5 * 5 * 96 + 1) + 384 * (3 * 3 * 256 + 1)
    merged += 384 * (3 * 3 * 384 + 1) + 256 * (3 * 3 * 384 + 1)
    merged += 9216 * 4096 + 4096 * 4096 + 4096 * 1000 + 4096 + 4096 + 1000
    assert f"60,965,224 parameters instead of {merged:,}" in said
    assert "Nothing crosses" in words(open_page("towers", cross="-", last="halves"))


def test_a_card_of_the_towers_offers_what_can_be_done_there() -> None:
    details = dict(plate(open_page("towers"), "plate.towers")["details"])
    acts = {name: [act for act, _ in detail["acts"]] for name, detail in details.items()}
    assert acts["conv3"] == acts["conv2"] == ["cross", "light"]
    assert acts["conv1"] == acts["pool2"] == ["light"]
    assert details["conv3"]["acts"][0][1].startswith("Cut")
    assert details["conv2"]["acts"][0][1].startswith("Join")
    assert "43,264 values cross into it" in details["conv3"]["lines"][-1]
    assert "towers" not in details["conv2"]["pages"]
    alone = dict(plate(open_page("towers", gpus=1), "plate.towers")["details"])
    assert [act for act, _ in alone["conv3"]["acts"]] == ["light"]


def test_counts_of_nothing_leave_their_cells_empty() -> None:
    rows = {
        row["name"]: row["cells"]
        for row in plate(open_page("architecture"), "layers")["table"]["rows"]
    }
    assert rows["relu1"][-4:] == ["", "", "", ""]
    assert rows["conv1"][-4:] == ["34,848", "96", "34,944", "105,415,200"]
    assert rows["pool1"].count("0") == 1  # its padding
    per_layer = plate(open_page("towers"), "towers.layers")["table"]["rows"]
    assert not any("0" in row["cells"] for row in per_layer)


def test_a_crossing_cut_halves_what_a_unit_sees() -> None:
    app = open_page("towers", layer="conv5", seen=1)
    assert "sees **96 of 96** maps of conv1" in words(app)
    app.pills(key="widget.cross").set_value(["fc6", "fc7", "fc8"]).run()
    assert "sees **48 of 96** maps of conv1" in words(app)
    assert "**What if**: cut conv3." in words(app)
    app.button(key="towers.undo").click().run()
    assert "sees **96 of 96** maps of conv1" in words(app)


def test_a_cut_is_told_by_what_it_changes() -> None:
    app = open_page("towers", norm="across", cross="conv3,conv4,fc6,fc8")
    assert "**What if**: cut fc7; joined conv4; LRN stops nowhere." in words(app)
    app.pills(key="widget.cross").set_value(["conv3", "fc6", "fc7", "fc8"]).run()
    assert "**What if**: LRN stops nowhere." in words(app)


def test_the_most_that_could_cross_three_gpus() -> None:
    """256 maps have no three equal parts: LRN stays whole, or the count would end at norm2."""
    app = open_page("towers", gpus=3)
    assert "**345,690** values" in words(app)
    assert "351,152 values would cross" in words(app)


def test_one_gpu_is_told_in_one_sentence() -> None:
    said = words(open_page("towers", gpus=1))
    assert "Everything is on one GPU: **60,965,224** parameters" in said
    assert "Read from other GPUs" not in said


@pytest.mark.parametrize("gpus", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("variant", ["alexnet_2012_paper", "torchvision_alexnet", "zfnet_paper"])
def test_any_number_of_gpus(variant: str, gpus: int) -> None:
    app = open_page("towers", variant=variant, gpus=gpus, seen=1, cross="-", layer="fc7")
    assert not app.exception


def test_a_published_placement_is_one_click_away() -> None:
    app = open_page("towers", cross="fc6", gpus=4, input=227)
    app.button(key="towers.published.released").click().run()
    assert "**32,531,112 + 28,434,112** = 60,965,224" in words(app)


def test_a_network_without_towers_says_so_and_offers_others() -> None:
    app = open_page("towers", variant="torchvision_alexnet")
    assert not app.exception
    app.button(key="towers.alexnet_2012_paper").click().run()
    assert "32,531,112" in words(app)


def test_a_comparison_names_the_changed_order() -> None:
    app = open_page("compare", compare="caffe_bvlc_alexnet,caffe_bvlc_reference_caffenet")
    assert not app.exception
    assert "The order of these layers differs: norm1, norm2, pool1, pool2" in words(app)
