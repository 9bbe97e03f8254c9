"""What is said about the networks: complete, in both languages, and true to their numbers.

Which fields an article states is compared with ``facts/articles.json``, layer by layer in order.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from alexnet_viz.network.layers import Conv
from alexnet_viz.network.spec import About, Network
from alexnet_viz.network.trace import fits, trace
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.variants import VARIANTS

FACTS = Path(__file__).parent / "facts"
ARTICLES: dict[str, Any] = json.loads((FACTS / "articles.json").read_text())

LONGEST_TITLE = 45
"""Characters that a menu shows of an English title."""


def about(network: Network) -> About:
    assert network.about is not None
    return network.about


def test_everything_is_said_in_both_languages(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            said = about(VARIANTS[id])
            for text in (said.title, said.summary, *said.assumptions):
                assert all(text.of(language).strip() for language in LANGUAGES)
                assert "  " not in text.en + text.zh
            for text in (said.summary, *said.assumptions):
                assert text.en.endswith(".")
                assert text.zh.endswith("。")
                assert not text.zh.isascii()
            assert len(said.title.en) <= LONGEST_TITLE
            assert said.source.title
            assert said.source.where
            assert 2012 <= said.year <= 2026


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_unique(language: Language) -> None:
    titles = [about(network).title.of(language) for network in VARIANTS.values()]
    assert len(set(titles)) == len(titles)


READ_WITH = {"article_002_keras": "article_002_text"}
"""The code that an article prints belongs to its text."""


def test_a_parent_stands_before_its_reading(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            parent = about(VARIANTS[id]).parent
            ids = list(VARIANTS)
            if parent is not None:
                assert ids.index(parent) < ids.index(id)
            if id.startswith("article_"):
                # an article that is no other one's reading describes the paper's network
                assert parent == (ARTICLES[id]["parent"] or READ_WITH.get(id, "alexnet_2012_paper"))


def test_what_is_stated_exists(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            network = VARIANTS[id]
            stated = about(network).stated
            assert bool(stated) == id.startswith("article_")
            for name, fields in stated.items():
                assert fields[0] == "present"
                assert len(set(fields)) == len(fields)
                assert all(hasattr(network[name], field) for field in fields[1:]), name


# The facts' words for fields, in ours.  SAME padding is a rounding rule here.
OURS = {"out_ch": "out_channels", "kernel": "kernel_size", "n": "size", "out": "out_features"}

# Where the facts list a field as stated and it is not, or is not what this reading takes.
NOT_STATED = {
    # the programme leaves strides other than conv1's to Keras
    **{("article_002_keras", f"conv{stage}"): {"stride"} for stage in range(2, 6)},
    # the reading follows the words "2 groups" against the stated depth
    ("article_001_conv3_2groups", "conv3"): {"kernel_depth"},
    # the article says [1, 2]; the readings put in another P
    **{(f"article_004_formula_p{padding}", "conv1"): {"padding"} for padding in range(3)},
    # "3 FC layers" without a size
    **{
        (id, name): {"out_features"}
        for id in ARTICLES
        if id.startswith("article_004")
        for name in ("fc6", "fc7", "fc8")
    },
}


def test_what_is_stated_covers_the_facts(subtests: pytest.Subtests) -> None:
    for id in [id for id in ARTICLES if id.startswith("article_")]:
        with subtests.test(id=id):
            network = VARIANTS[id]
            for layer, words in zip(network.layers, ARTICLES[id]["stated"], strict=True):
                expected = {OURS.get(word, word) for word in words}
                if getattr(layer, "rounding", None) == "same" and "padding" in expected:
                    expected = expected - {"padding"} | {"rounding"}
                ours = set(about(network).stated.get(layer.name, ()))
                missing = expected - ours
                assert missing == NOT_STATED.get((id, layer.name), set()), layer.name


def numbers(text: str) -> set[int]:
    """The whole numbers of 20 and more in a text, years apart: sizes and counts, not strides."""
    words = re.findall(r"(?<![\d.])\d+(?!\.?\d)", text.replace(",", ""))
    return {int(word) for word in words if int(word) >= 20} - set(range(2010, 2021))


def test_both_languages_give_the_same_numbers(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            said = about(VARIANTS[id])
            for text in (said.title, said.summary, *said.assumptions):
                assert numbers(text.en) == numbers(text.zh)


def test_the_numbers_of_a_summary_are_those_of_a_trace(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            network = VARIANTS[id]
            rows = [
                row
                for each in (network, VARIANTS["alexnet_2012_paper"])
                for size in (None, 224, 227)
                for row in trace(each, size).rows
            ]
            known = {value for row in rows for value in (*row.input_shape, *row.output_shape)}
            known |= {
                row.layer.kernel_depth(row.input_shape)
                for row in rows
                if isinstance(row.layer, Conv)
            }
            for number in numbers(about(network).summary.en) - known:
                # the only other number worth a word: where the inputs that run begin
                assert fits(network, number)
                assert not fits(network, number - 1)
