"""The claims and their verdicts, held against a table worked out by other means.

``facts/claims.json`` has, by id, the verdict, the line and the computed value that somebody noted
down for each statement of the five articles, before any of this was written.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from alexnet_viz.analysis.claims import quantity
from alexnet_viz.analysis.claims.claim import WORDS, Claim
from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.analysis.claims.expression import evaluate, names
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.quantity import Value, ask, traced
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import judge
from alexnet_viz.analysis.claims.view import view
from alexnet_viz.analysis.claims.wording import explained, quantity_text, said, value_text
from alexnet_viz.network.layers import Window
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.app.shell import PAGES

FACTS: dict[str, tuple[str, int, str]] = json.loads(
    (Path(__file__).parent / "facts" / "claims.json").read_text("utf-8")
)
CLAIMS = claims()

SAME = {
    "consistent": {"agrees"},
    "differs from paper": {"differs"},
    "internally inconsistent": {"contradicts", "arithmetic"},  # a wrong sum is told apart here
    "ambiguous": {"unclear"},
    "garbled typo": {"garbled", "copied"},  # what copying did is told apart here
    "factually wrong": {"wrong"},
}
"""The facts' verdicts in ours."""

OTHERWISE = {
    # fc6 has fewer outputs than inputs in the article's own network too, not only in the paper's
    "s000-39": "contradicts",
    # "2 groups" is not merely unclear: the depth of 256 beside it excludes them
    "s001-49": "contradicts",
    # "raw pixel values" are the paper's words too, as s002-10 has it; only the mean goes unsaid
    "s003-02": "agrees",
    # about batch normalisation in general, not about AlexNet
    "s002-30": "unclear",
}
"""Where the computed verdict says more than the facts."""

ELSEWHERE = {
    # the facts count Keras' running means and variances too: 4 numbers a channel, we say 2
    *("s002-87", "s002-90", "s002-92", "s002-94", "s002-105"),
    # numbers beside the point: links of fc6, masks of an example, parameters of a garbled kernel
    *("s000-53", "s000-87", "s001-31", "s004-09"),
    # 1,2,1,2,2 and 0,2,1,1,1 are lists, not numbers; "1000 probabilities" is how many softmax gives
    *("s001-99", "s002-23", "s002-108"),
}
"""Claims whose reason leaves out the large numbers that the facts give."""


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")))


def test_every_statement_of_the_articles_is_there_with_its_line() -> None:
    articles = {id: claim for id, claim in CLAIMS.items() if claim.source.startswith("article_")}
    assert articles.keys() == FACTS.keys()
    assert len(articles) == 428
    for id, claim in articles.items():
        assert claim.source == f"article_{id[1:4]}"
        assert claim.where.en == f"line {FACTS[id][1]}"
        assert claim.where.zh == f"第 {FACTS[id][1]} 行"


def test_the_verdicts_are_those_of_the_facts() -> None:
    for id, (verdict, _, _) in FACTS.items():
        expected = {OTHERWISE[id]} if id in OTHERWISE else SAME[verdict]
        assert judge(CLAIMS[id]).word in expected, id
    assert all(OTHERWISE[id] not in SAME[FACTS[id][0]] for id in OTHERWISE)


def test_what_concerns_a_number_is_computed() -> None:
    """Judged are claims in words; the facts give a result with "=" for none but a few of them."""
    bases = Counter(judge(claim).basis for claim in CLAIMS.values())
    assert bases["computed"] > 2 * bases["judged"]
    for id, claim in CLAIMS.items():
        assert (judge(claim).basis == "judged") == (claim.judged is not None)
        assert bool(claim.judged) != bool(claim.states or claim.implies or claim.omits), id


def test_the_large_numbers_of_the_facts_are_ours() -> None:
    compared = 0
    for id, (_, _, computed) in FACTS.items():
        theirs = {n for n in numbers(computed) if "." not in n and int(n) >= 1000}
        claim = CLAIMS[id]
        ours = numbers(explained(claim)).union(
            *(numbers(value_text(each.quantity, each.own)) for each in judge(claim).findings)
        )
        if theirs:
            assert bool(theirs & ours) != (id in ELSEWHERE), id
            compared += 1
    assert compared == 75


def test_the_output_sizes_of_the_facts_are_ours() -> None:
    """A computed value such as "(55-3)/2+1=27" at a window gives the side of its map."""
    compared = 0
    for id, (_, _, computed) in FACTS.items():
        result = re.match(r"\([-+\d]+\)/\d\+1=(\d+)(?![\d.])", computed)
        claim = CLAIMS[id]
        row = traced(claim.variant).by_name.get(claim.layer)
        if result and row and isinstance(row.layer, Window) and row.slides:
            assert int(result[1]) == ask(claim.variant, f"{claim.layer}.output_size"), id
            compared += 1
    assert compared == 84


def test_another_number_would_get_another_verdict() -> None:
    """Every number that is found to hold holds by itself: one more, and it does not."""
    changed = 0
    for id, claim in CLAIMS.items():
        if judge(claim).word not in ("agrees", "roughly", "differs"):
            continue
        for name, value in claim.states.items():
            if isinstance(value, int | float):
                wrong = value + max(1, 2 * claim.tolerance)
            elif isinstance(value, tuple) and isinstance(value[0], int):
                wrong = (*value[:-1], int(value[-1]) + 1)
            else:
                wrong = "something else"
            other = replace(claim, states={**claim.states, name: wrong})
            assert judge(other).word in ("contradicts", "arithmetic"), (id, name)
            changed += 1
    assert changed > 250


def test_only_rounded_numbers_have_a_tolerance() -> None:
    for id, claim in CLAIMS.items():
        if claim.tolerance:
            assert not id.startswith("s0")
            assert judge(claim).word in ("roughly", "contradicts"), id
    rounded = [id for id, claim in CLAIMS.items() if judge(claim).word == "roughly"]
    assert {"paper-params", "paper-neurons"} <= set(rounded)


def test_what_is_left_open_is_not_among_what_the_reading_says_is_stated() -> None:
    for id, claim in CLAIMS.items():
        about = traced(claim.variant).network.about
        for name in claim.omits:
            layer, field = name.split(".")
            known = about.stated.get(layer, ()) if about else ()
            assert field not in known, id


def test_a_slip_of_the_pen_hides_something_right() -> None:
    """What is printed wrongly and can be read is true of the source's network and the paper's."""
    slips = [claim for claim in CLAIMS.values() if claim.printed]
    assert len(slips) > 10
    for claim in slips:
        assert judge(replace(claim, printed="")).word == "agrees", claim.id
        assert claim.printed not in {str(value) for value in claim.states.values()}


@pytest.mark.parametrize(
    ("id", "word", "reason"),
    [
        ("paper-neurons-conv1", "contradicts", "290,400"),
        ("paper-params", "roughly", "60,965,224"),
        ("s001-03", "arithmetic", "53.25"),
        ("s002-71", "contradicts", "633,192,448"),
        ("s002-68", "contradicts", "259"),
        ("s000-87", "agrees", "while training"),
        ("s002-98", "agrees", "at test time"),
        ("paper-conv-share", "contradicts", "1.45%"),
        ("paddle-weights", "roughly", "61,090,496"),
        ("owt-connections-windows", "roughly", "-2.36%"),
        ("paper-views", "arithmetic", "2,178"),
        ("pytorchcv-flops", "roughly", "halves the sum: 1,132.33 million"),
        ("pytorchcv-b-flops", "roughly", "halves the sum: 714.83 million"),
        ("s002-23", "agrees", "67, torchvision's AlexNet 63, the code of this article 57"),
        ("s003-02", "agrees", "the mean over the training set is subtracted"),
        ("s002-10", "agrees", "less their mean"),
    ],
)
def test_the_famous_ones(id: str, word: str, reason: str) -> None:
    assert judge(CLAIMS[id]).word == word
    assert reason in explained(CLAIMS[id])


def test_the_size_of_a_file_is_that_of_the_file_that_is_named() -> None:
    """243,863,542 bytes are those of the zoo's operator sets 7 to 9; set 12 has other bytes."""
    assert CLAIMS["onnx-file"].states["4*network.params"] == 243_863_542
    assert "-9.onnx" in CLAIMS["onnx-file"].where.en


def decided() -> Iterator[tuple[Claim, Value]]:
    """The computed claims that do not hold, with the value that decides against them."""
    for claim in CLAIMS.values():
        verdict = judge(claim)
        finding = verdict.decisive
        if finding and verdict.word in ("arithmetic", "contradicts", "differs"):
            value = finding.paper if verdict.word == "differs" else finding.own
            if isinstance(value, int | float | Fraction) or (
                isinstance(value, tuple) and isinstance(value[0], int)
            ):
                yield claim, value


WORDED = {
    # shares in per cent and gigabytes are rounded, or given in megabytes
    *("owt-params-footnote", "owt-connections", "paper-conv-share", "d2l-memory"),
}
"""Claims whose reason says the deciding number in another form."""


def test_a_reason_gives_the_number_that_decides() -> None:
    """A verdict against a number rests on another number, and the reason has it."""
    offenders, counted = [], 0
    for claim, value in decided():
        shown = value_text(judge(claim).decisive.quantity, value)  # type: ignore[union-attr]
        for language in LANGUAGES:
            counted += 1
            if shown not in explained(claim, language) and claim.id not in WORDED:
                offenders.append((claim.id, language, shown, explained(claim, language)))
    assert not offenders
    assert counted > 60


def test_an_agreement_on_a_sum_gives_no_other_sum() -> None:
    """A reason that works out another number than the source has is no agreement."""
    for claim in CLAIMS.values():
        sums = [name for name in claim.states if not names(name)]
        if judge(claim).word == "agrees" and len(sums) == len(claim.states) > 0:
            worked_out = re.findall(r"\{([^{}:]+)\}", claim.explains.en if claim.explains else "")
            values = {evaluate(each, claim.variant) for each in worked_out if not names(each)}
            assert values <= set(claim.states.values()), claim.id


def test_one_statement_has_one_verdict() -> None:
    """The same quantity of the same network with the same stated value is judged alike."""
    verdicts: dict[tuple[object, ...], dict[str, list[str]]] = {}
    for claim in CLAIMS.values():
        if claim.printed or claim.judged or len(claim.states) != 1:
            continue
        ((name, value),) = claim.states.items()
        # an article of several networks is held against the paper, a framework is not
        key = (name, value, claim.variant, SOURCES[claim.source].against_paper)
        verdicts.setdefault(key, {}).setdefault(judge(claim).word, []).append(claim.id)
    assert not [found for found in verdicts.values() if len(found) > 1]
    assert len(verdicts) > 150


def test_the_same_words_have_one_verdict() -> None:
    """What two sources say in the same words is judged alike, whatever quantities are compared."""
    verdicts: dict[str, dict[str, list[str]]] = {}
    for claim in CLAIMS.values():
        if not claim.printed:  # a slip of the pen hides the same statement
            verdicts.setdefault(said(claim), {}).setdefault(judge(claim).word, []).append(claim.id)
    assert not [found for found in verdicts.values() if len(found) > 1]


COUNTED = {"1.2", "120", "60", "6000", "50000", "150000", "22000"}
"""Millions are counted as 百万 or 万: 1.2 million is 120 万."""


def of_source(source: str) -> list[Claim]:
    return [claim for claim in CLAIMS.values() if claim.source == source]


def filled(claim: Claim, language: Language) -> list[str]:
    return [said(claim, language), explained(claim, language), claim.where.of(language)]


def test_everything_is_said_in_both_languages(subtests: pytest.Subtests) -> None:
    for source in SOURCES:
        with subtests.test(source=source):
            for claim in of_source(source):
                for language in LANGUAGES:
                    for text in filled(claim, language):
                        assert text.strip() == text != ""
                        assert not re.search(r"[{}]|None|Fraction|  ", text), text
                    assert said(claim, language)[-1] in ".。"
                    assert len(said(claim, language)) < 140
                    assert explained(claim, language)[-1] in ".。)）"
                english, chinese = filled(claim, "en"), filled(claim, "zh")
                slip = judge(claim).word == "garbled"
                assert slip or not re.search(r"[\u4e00-\u9fff]", " ".join(english)), claim.id
                assert re.search(r"[\u4e00-\u9fff，。：]", chinese[0]), claim.id
                assert re.search(r"[\u4e00-\u9fff]|^\(", chinese[1]), claim.id


def test_both_languages_give_the_same_numbers(subtests: pytest.Subtests) -> None:
    for source in SOURCES:
        with subtests.test(source=source):
            for claim in of_source(source):
                english, chinese = (
                    {
                        number
                        for number in numbers(" ".join(filled(claim, each)[:2]))
                        if float(number) > 20
                    }
                    for each in LANGUAGES
                )
                assert english - COUNTED == chinese - COUNTED, claim.id


def test_a_number_that_can_be_computed_is_not_typed() -> None:
    quoted = {
        *("22,000", "50,000", "150,000", "10,184"),  # sizes of data sets, as the paper gives them
        *("2009", "2011", "2012", "2015"),
        "650,000",  # the paper's own, quoted where another page differs
        "1000",  # ln 1000, "1000 numbers"
    }
    for claim in CLAIMS.values():
        for text in claim.explains or ():
            typed = re.findall(r"(?<![\d.])\d[\d,]{3,}(?<!,)", re.sub(r"\{[^}]*\}", "", text))
            assert set(typed) <= quoted, (claim.id, typed)


def test_every_claim_leads_to_a_view_that_exists(subtests: pytest.Subtests) -> None:
    for source in SOURCES:
        with subtests.test(source=source):
            for claim in of_source(source):
                shown = view(claim)
                assert shown.page in PAGES
                parsed: dict[str, Any] = {
                    choice: CHOICES[choice].parse(text) for choice, text in shown.choices.items()
                }
                variant = parsed.get("variant") or parsed.get("compare", ("alexnet_2012_paper",))[0]
                if "layer" in parsed:
                    assert parsed["layer"] in traced(variant).by_name, claim.id
                assert shown.link.startswith(f"./{shown.page}")


def test_names_are_known() -> None:
    for claim in CLAIMS.values():
        assert claim.concept in CONCEPTS, claim.id
        assert claim.source in SOURCES, claim.id
        for finding in judge(claim).findings:
            for language in LANGUAGES:
                assert quantity_text(finding.quantity, language)
    assert {claim.concept for claim in CLAIMS.values()} == set(CONCEPTS)
    assert {claim.source for claim in CLAIMS.values()} == set(SOURCES)
    assert {judge(claim).word for claim in CLAIMS.values()} == set(WORDS)


def test_every_quantity_is_asked_for() -> None:
    """A quantity that no claim and no lesson names is nobody's."""
    asked = set()
    lessons = Path(quantity.__file__).parents[2] / "teaching" / "lessons"
    for path in (*Path(quantity.__file__).parent.glob("*.toml"), *lessons.glob("*/en.md")):
        asked |= set(re.findall(r"\w+\.(\w+)", path.read_text("utf-8")))
    known = {*quantity.LAYER, *quantity.NETWORK, *quantity.STAGE}
    assert known <= asked, known - asked


def test_values_are_written_as_readers_write_them() -> None:
    assert value_text("conv1.padding", 0) == "0"
    assert value_text("conv1.quotient", Fraction(217, 4)) == "54.25"
    assert value_text("stage1.order", ("conv", "relu", "lrn"), "zh") == "卷积 → ReLU → LRN"
    assert value_text("drop6.scale", "test", "zh") == "测试时"
    assert value_text("pool3.stride", None) == "–"
