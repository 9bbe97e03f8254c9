"""The Family page: the tree, the chosen network's line, filters, and the way to Compare."""

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.analysis.compare.ancestry import change, lineage
from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.variants import VARIANTS
from tests.spoken import open_page, words
from tests.test_compare_page import plate


def opened(**query: object) -> AppTest:
    app = open_page("family", **query)
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_from_the_paper_on(language: Language) -> None:
    said = words(opened(variant="tch_rs_alexnet", lang=language))
    for id in lineage("tch_rs_alexnet")[1:]:
        assert sentence(change(id), language) in said
    assert t("family.childless", language) in said


@pytest.mark.parametrize("variant", [*list(VARIANTS)[::9], "article_002_text"])
def test_every_variant_has_its_place(variant: str) -> None:
    app = opened(variant=variant, family_articles=1)
    data = plate(app, "family")
    assert data["selected"] == variant
    assert f'data-layer="{variant}"' in data["svg"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_begins_with_a_sentence_on_the_chosen_network(language: Language) -> None:
    said = opened(variant="tch_rs_alexnet", lang=language).main.markdown[0].value
    steps = lineage("tch_rs_alexnet")[1:]
    assert f"**{len(steps)}**" in said
    assert f"**{sum(len(change(id)) for id in steps)}**" in said
    assert sentence(change("tch_rs_alexnet"), language).split("：")[0].split(":")[0] in said
    root = opened(lang=language).main.markdown[0].value
    assert f"**{len(VARIANTS) - 1}**" in root


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("articles", [0, 1])
def test_the_sentence_and_the_chip_count_the_same(language: Language, articles: int) -> None:
    app = opened(lang=language, family_articles=articles)
    drawn = plate(app, "family")["svg"].count('<g class="target')
    counted = t("family.drawn", language, shown=drawn, all=len(VARIANTS))
    assert counted in app.main.markdown[0].value
    chip = next(it for it in app.get("popover") if it.proto.id.endswith("filters"))
    assert chip.proto.popover.label == t("family.chip", language, shown=drawn, all=len(VARIANTS))


def test_a_click_opens_a_card_with_what_the_network_changed() -> None:
    details = dict(plate(opened(lang="en"), "family")["details"])
    card = details["caffe_bvlc_reference_caffenet"]
    assert sentence(change("caffe_bvlc_reference_caffenet")) in " ".join(card["lines"])
    assert card["lines"][0] == "2013 · Caffe"


def test_the_articles_are_folded_until_they_are_asked_for() -> None:
    app = opened()
    assert "article_" not in plate(app, "family")["svg"]
    assert "**41** of all **62**" in words(app)
    app.toggle(key="widget.family_articles").set_value(True).run()
    assert "article_004" in plate(app, "family")["svg"]
    assert app.query_params["family_articles"] == "1"


def test_filters_are_in_the_link() -> None:
    app = opened()
    app.selectbox(key="widget.family_framework").set_value("PyTorch").run()
    app.number_input(key="widget.family_fits").set_value(227).run()
    assert app.query_params["family_framework"] == "PyTorch"
    assert app.query_params["family_fits"] == "227"
    assert "**4** of all **62**" in words(app)
    app.button(key="family.reset").click().run()
    assert "family_fits" not in app.query_params
    assert "**41** of all **62**" in words(app)


def test_nobody_passes_filters_that_contradict_each_other() -> None:
    said = words(opened(family_framework="MATLAB", family_norms="batch_norm"))
    assert t("family.nobody") in said


def test_the_way_to_the_comparison_with_the_parent() -> None:
    app = opened(variant="caffe_bvlc_reference_caffenet", lang="en")
    app.button(key="family.compare").click().run()
    assert not app.exception
    assert app.title[0].value == t("page.compare.title")
    assert "pools before it normalises (stages 1 and 2)" in words(app)
    assert "input 227 instead of 224" in words(app)


def test_colours_have_a_legend() -> None:
    legend = plate(opened(family_colour=1, lang="zh"), "family")["legend"]
    assert ["#0072B2", "cuda-convnet"] in legend
    assert legend[-1][1] == t("family.others", "zh")
    assert plate(opened(), "family")["legend"] == []


def test_a_network_that_stops_says_where() -> None:
    app = opened(variant="article_002_text")
    assert "kernel_size=3 does not fit an input of 2" in words(app)
