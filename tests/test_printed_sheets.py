"""The printed sheet as a document: every exercise with its drawing, its key, and equal strips."""

import re
import xml.etree.ElementTree as ET

import pytest

from alexnet_viz.teaching.exercises.exercise import asked, worked
from alexnet_viz.teaching.exercises.generators import GENERATORS
from alexnet_viz.teaching.sheets.printed import MOST_LINES, PAPERS, STRIP, printed, room
from alexnet_viz.teaching.sheets.sheet import MOST_ENTRIES, parsed
from alexnet_viz.text import LANGUAGES, Language

EACH = parsed(",".join(f"{id}:{1 + n % 3}" for n, id in enumerate(GENERATORS)), 5, 2)


def document(text: str) -> ET.Element:
    """The body, read by a parser that takes nothing but well-formed markup."""
    return ET.fromstring(re.sub(r"^.*?(?=<body>)|</html>\s*$", "", text, flags=re.S))


def words(element: ET.Element) -> str:
    return "".join(element.itertext())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_version_has_its_exercises_and_every_key_their_answers(language: Language) -> None:
    body = document(printed(EACH, language))
    for letter in EACH.letters:
        (version,) = body.findall(f"section[@id='version-{letter}']")
        (key,) = body.findall(f"section[@id='key-{letter}']")
        articles, rows = version.findall("article"), key.findall("table/tbody/tr")
        for exercise, article, row in zip(EACH.exercises(letter), articles, rows, strict=True):
            assert asked(exercise, language) in words(article)
            assert worked(exercise.question, language) in words(row)
            drawn = article.findall(".//{http://www.w3.org/2000/svg}svg")
            assert len(drawn) == (exercise.generator in ("pool", "conv", "relu"))
            assert len(article.findall("ul/li")) == len(exercise.options)
            assert len(article.findall("div[@class='room']/div")) == room(exercise) <= MOST_LINES
            assert words(row) not in words(version)


def test_it_asks_nothing_of_the_network() -> None:
    text = printed(EACH, link="http://10.0.0.5:8501/practice?a=1&b=<2>")
    assert "default-src 'none'" in text
    assert not re.search(r"<(script|link|img|iframe|a)\b|url\(|@import", text)
    assert not re.search(r"""(src|href)=["'](?!data:)""", text)
    assert "a=1&amp;b=&lt;2&gt;" in text


def test_the_link_to_the_answers_is_on_the_keys_only() -> None:
    body = document(printed(EACH, link="http://10.0.0.5/practice"))
    with_link = [part.get("id") for part in body if "10.0.0.5" in words(part)]
    assert with_link == [f"key-{letter}" for letter in EACH.letters]


@pytest.mark.parametrize("count", [1, STRIP, STRIP + 1, MOST_ENTRIES])
def test_a_strip_has_the_rows_of_the_answer_column(count: int) -> None:
    body = document(printed(parsed(",".join(["out1"] * count), 3, 2)))
    strips = body.findall("section[@id='strips']//table")
    columns = body.findall("section[@class='version']//table")
    assert [len(each.findall("tr")) for each in strips] == [
        len(each.findall("tr")) for each in columns
    ]
    assert {each.get("class") for each in (*strips, *columns)} == {"column"}
    assert all(len(each.findall("tr")) <= STRIP for each in strips)


def test_longer_work_has_more_room() -> None:
    sheet = parsed("same:1,par:2,pool:3,tower:1")
    padding, params, pool, tower = map(room, sheet.exercises("A"))
    assert tower == 0 < padding < params < pool == MOST_LINES


def test_the_paper_is_the_one_that_was_asked_for() -> None:
    assert all(f"@page {{ size: {paper}; }}" in printed(EACH, paper=paper) for paper in PAPERS)
