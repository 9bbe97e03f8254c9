"""The glossary: terms in both languages, with figures of the paper's network, and links."""

import re

import pytest

from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.text import LANGUAGES, Language, catalogue, t
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.app.shell import GLOSSARY, PAGES
from alexnet_viz.ui.glossary import terms
from alexnet_viz.ui.glossary.terms import TERMS, listed, means, name
from tests.spoken import open_page, words


def test_every_term_has_its_words_and_every_words_their_term() -> None:
    said = {key.split(".")[1] for key in catalogue() if re.fullmatch(r"glossary\.\w+\.\w+", key)}
    assert said == {*TERMS}
    assert {*GLOSSARY} <= {*TERMS}
    assert len(TERMS) >= 30


def test_every_term_leads_to_a_view_that_the_app_has() -> None:
    for term, (concept, seen) in TERMS.items():
        assert concept in CONCEPTS, term
        page, _, query = seen.partition("?")
        assert page in PAGES, term
        for pair in query.split("&") if query else ():
            choice, _, value = pair.partition("=")
            CHOICES[choice].parse(value)


def test_the_figures_are_the_paper_s() -> None:
    """Oracles: the article and the released layer definitions."""
    assert "4 in conv1" in means("stride", "en")
    assert "195 by 195 pixels" in means("field", "en")
    assert "3 by 3 cells, moved by 2" in means("overlapping", "en")
    assert "256×6×6 becomes 9,216" in means("flatten", "en")
    assert "60,965,224" in means("params", "zh")
    assert "每次移动" in means("stride", "zh")


def test_no_number_is_typed_that_can_be_computed() -> None:
    """Digits stand in names (conv1, top-5), in the year, and in 0 and 1 of a definition."""
    for term in TERMS:
        for said in catalogue()[f"glossary.{term}.means"]:
            plain = re.sub(r"\{[^}]*\}|[a-z]+-?\d|2012|2P", "", said)
            assert {*re.findall(r"\d+", plain)} <= {"0", "1", "2"}, (term, said)


def test_the_order_is_that_of_the_language() -> None:
    assert [name(term, "en").lower() for term in listed("", "en")] == sorted(
        name(term, "en").lower() for term in TERMS
    )
    chinese = [name(term, "zh") for term in listed("", "zh")]
    # 步 bù, 参 cān, 池 chí, 填 tián: by sound, not by code point
    heads = [next(n for n, each in enumerate(chinese) if each[0] == c) for c in "步参池填"]
    assert heads == sorted(heads)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_finds_a_term_by_any_of_its_words(language: Language) -> None:
    for searched in ("步长", "Step", "stride", "步幅"):
        assert "stride" in listed(searched, language)
    assert "stride" not in listed("softmax", language)
    app = open_page("glossary", lang=language, term_text="dropout")
    assert t("glossary.count", language, n=len(listed("dropout", language)), all=len(TERMS)) in (
        words(app)
    )
    assert t("glossary.none", language) in words(
        open_page("glossary", lang=language, term_text="q9")
    )


def test_a_link_shows_one_term_and_the_way_to_all() -> None:
    app = open_page("glossary", term="quotient")
    assert "54.25" in words(app)
    assert means("stride", "en") not in words(app)
    app = open_page("glossary", term="nonsense")
    assert "There is no term nonsense" in words(app)
    assert means("stride", "en") in words(app)


def test_other_pages_explain_a_few_terms_and_lead_to_the_rest() -> None:
    app = open_page("layer")
    explained = [term for term in TERMS if means(term, "en") in words(app)]
    assert explained == sorted(explained, key=[*TERMS].index)
    assert {*explained} == {*GLOSSARY}
    assert "glossary" in [each.proto.page for each in app.get("page_link")]


def test_a_term_leads_to_a_lab_of_its_concept() -> None:
    for term in TERMS.values():
        link = terms.lab_of(term.concept)
        assert link, term
        assert term.concept in LABS[link.removeprefix("labs?lab=")].concepts
