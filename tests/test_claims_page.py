"""The Claims page: filters in the link, the ledger, one claim in full, and what leads on."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.selection import furthest, select
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import judge
from alexnet_viz.analysis.claims.view import view
from alexnet_viz.analysis.claims.wording import explained, said
from alexnet_viz.text import LANGUAGES, Language, t
from tests.spoken import open_page, words


def ledger(app: AppTest, language: Language) -> dict[str, Any]:
    """What the table of the ledger was given to show."""
    tables = [json.loads(each.proto.json).get("table") for each in app.get("bidi_component")]
    return next(
        table for table in tables if table and table["label"] == t("claims.ledger", language)
    )


def test_all_but_agreement_is_listed_and_the_rest_on_request() -> None:
    app = open_page("claims")
    disputed = select(verdict="disputed")
    assert f"**{len(disputed)}** of {len(claims())} claims" in words(app)
    assert [row["name"] for row in ledger(app, "en")["rows"]] == [each.id for each in disputed]
    app.selectbox(key="widget.claim_verdict").set_value("all").run()
    assert app.query_params["claim_verdict"] == "all"
    assert f"**{len(claims())}** of {len(claims())} claims" in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_until_a_claim_is_chosen_the_counts_and_the_one_farthest_off_are_shown(
    language: Language,
) -> None:
    said_here = words(open_page("claims", lang=language))
    fine = len(select(verdict="agrees")) + len(select(verdict="roughly"))
    assert f"**{fine}**" in said_here
    assert f"**{len(claims()) - fine}**" in said_here
    assert said(claims()["s002-71"], language) in said_here
    of_paper = words(open_page("claims", claim_source="paper", lang=language))
    assert said(claims()["s002-71"], language) not in of_paper
    least = furthest(select(source="paper", verdict="disputed"))
    assert least
    assert explained(least, language) in of_paper
    assert t("claims.furthest", language) not in words(
        open_page("claims", claim_verdict="agrees", lang=language)
    )


def test_words_and_numbers_are_searched_for() -> None:
    app = open_page("claims", claim_verdict="all")
    app.text_input(key="widget.claim_text").set_value("54.75").run()
    assert app.query_params["claim_text"] == "54.75"
    found = {row["name"] for row in ledger(app, "en")["rows"]}
    assert "s001-03" in found
    assert len(found) < 9
    app.text_input(key="widget.claim_text").set_value("PADDING  conv1").run()
    shown = [claims()[row["name"]] for row in ledger(app, "en")["rows"]]
    assert shown
    assert all("conv1" in said(each) + explained(each) + each.layer for each in shown)
    chinese = open_page("claims", claim_text="填充", lang="zh")
    assert ledger(chinese, "zh")["rows"]
    assert t("claims.none") in words(open_page("claims", claim_text="填充", lang="en"))


def test_sources_are_named_and_linked() -> None:
    app = open_page("claims", claim="torchvision-params")
    url = SOURCES["torchvision"].url
    assert url.startswith("https://")
    assert f"[torchvision]({url})" in app.caption[1].value
    assert all(f"]({each.url})" in words(app) for each in SOURCES.values() if each.url)
    places = {row["cells"][0] for row in ledger(open_page("claims"), "en")["rows"]}
    assert "Article\N{NO-BREAK SPACE}000, line\N{NO-BREAK SPACE}1" in places
    places = {row["cells"][0] for row in ledger(open_page("claims", lang="zh"), "zh")["rows"]}
    assert (
        "文\N{WORD JOINER}章\N{NO-BREAK SPACE}000，第\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}行"
        in places
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_is_shown_in_full(language: Any) -> None:
    app = open_page("claims", claim="paper-neurons-conv1", lang=language)
    claim = claims()["paper-neurons-conv1"]
    said_here = words(app)
    assert said(claim, language) in said_here
    assert explained(claim, language) in said_here
    assert t("claims.verdict_of.contradicts", language) in said_here
    assert t("claims.basis_long.computed", language) in said_here
    table = app.table[0].value
    assert list(table.iloc[0]) == [
        {"en": "conv1: neurons", "zh": "conv1：神经元个数"}[language],
        "253,440",
        "290,400",
    ]


def test_the_paper_s_value_stands_beside_an_article_s() -> None:
    table = open_page("claims", claim="s000-29").table[0].value
    assert list(table.iloc[0]) == ["conv5: kernels", "384", "384", "256"]
    assert list(table.columns)[-1] == t("claims.paper")


def test_garbled_text_is_shown_as_it_is_printed_and_is_no_slip() -> None:
    app = open_page("claims", claim="s001-35")
    assert t("claims.verdict_of.copied") in words(app)
    assert t("claims.verdict_of.garbled") not in words(app)
    assert "27×27 times12827×27 times128" in words(app)
    app.button(key="claims.close").click().run()
    assert "claim" not in app.query_params
    assert t("claims.furthest") in words(app)


def test_resetting_the_filters_keeps_the_claim_and_closing_it_the_filters() -> None:
    app = open_page("claims", claim="s001-35", claim_source="article_001", claim_text="27")
    app.button(key="claims.close").click().run()
    assert app.query_params["claim_source"] == "article_001"
    assert app.query_params["claim_text"] == "27"
    app = open_page("claims", claim="s001-35", claim_source="article_001", claim_text="27")
    app.button(key="claims.reset").click().run()
    assert app.query_params["claim"] == "s001-35"
    assert not {"claim_source", "claim_text"} & app.query_params.keys()
    assert app.button(key="claims.reset").disabled


def test_what_is_judged_says_so() -> None:
    app = open_page("claims", claim="s002-07")
    assert t("claims.basis_long.judged") in words(app)
    assert not app.table


def test_a_claim_leads_to_its_view() -> None:
    app = open_page("claims", claim="s001-03")
    shown = view(claims()["s001-03"])
    link = app.get("page_link")[0].proto
    assert link.page == shown.page == "calculator"
    assert t("page.calculator.title") in link.label
    assert dict(parse_qsl(link.query_string)) == shown.choices
    led = open_page(shown.page, **shown.choices)
    assert not led.exception
    assert "left out" not in words(led)
    assert led.number_input(key="widget.w").value == 224


def test_the_filters_are_in_the_link() -> None:
    app = open_page("claims")
    app.selectbox(key="widget.claim_source").set_value("article_002").run()
    app.selectbox(key="widget.claim_verdict").set_value("differs").run()
    chosen = select(source="article_002", verdict="differs")
    assert f"**{len(chosen)}** of" in words(app)
    assert app.query_params["claim_source"] == "article_002"
    assert app.query_params["claim_verdict"] == "differs"
    app.button(key="claims.reset").click().run()
    assert f"**{len(select(verdict='disputed'))}** of" in words(app)
    assert "claim_source" not in app.query_params


def test_a_link_filters_by_layer_and_concept() -> None:
    asked = {"claim_layer": "pool5", "claim_concept": "output_size", "claim_verdict": "all"}
    app = open_page("claims", lang="zh", **asked)
    chosen = select(layer="pool5", concept="output_size")
    assert f"显示 **{len(chosen)}** 条" in words(app)
    assert [row["name"] for row in ledger(app, "zh")["rows"]] == [claim.id for claim in chosen]


def test_nothing_that_fits_is_said_and_a_filter_can_be_taken_back() -> None:
    app = open_page("claims", claim_source="article_003", claim_verdict="wrong")
    assert not app.exception
    assert t("claims.none") in words(app)
    app.selectbox(key="widget.claim_verdict").set_value("all").run()
    assert t("claims.none") not in words(app)


def test_what_a_link_cannot_mean_is_named() -> None:
    """Every page reads the whole link."""
    query = {"claim": "s009-01", "claim_layer": "conv9", "claim_verdict": "fine"}
    app = open_page("start", **query)
    assert not app.exception
    for choice in query:
        assert f"{choice}=" in words(app)


def test_every_verdict_that_is_not_fine_is_lit() -> None:
    app = open_page("claims", claim_source="article_001", claim_verdict="all", lang="zh")
    rows = {row["name"]: row for row in ledger(app, "zh")["rows"]}
    assert len(rows) == len(select(source="article_001"))
    for id, row in rows.items():
        word = judge(claims()[id]).word
        assert row["lit"][-1] == (word not in ("agrees", "roughly"))
        assert not any(row["lit"][:-1])
        assert t(f"claims.verdict_of.{word}", "zh") in row["cells"][-1]
