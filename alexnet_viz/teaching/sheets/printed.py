"""A sheet as one HTML file to print: its versions, a key for each, and answer strips.

The file asks nothing from outside.  Drawings are SVG, and what carries meaning is ink or a line:
browsers print no backgrounds and many printers no colours.  Every version and every key begins on a
page of its own, and no exercise is cut by the end of a page.
"""

from collections.abc import Iterable, Sequence
from html import escape
from math import ceil
from pathlib import Path

from alexnet_viz.render.theme import FONT
from alexnet_viz.teaching.exercises.exercise import (
    Exercise,
    asked,
    lines,
    option,
    title,
    worked,
)
from alexnet_viz.teaching.exercises.given_numbers import drawing
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.questions.network_chains import PlantedError
from alexnet_viz.teaching.questions.question import effort
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.text import Language, t

PAPERS = ("a4", "letter")
"""Sizes of paper, as CSS calls them."""

MOST_LINES = 9
"""Most lines of room to write under an exercise."""

STRIP = 20
"""Most rows of an answer column, so that it fits on either paper; a longer sheet has several."""

LETTERS = "abcd"
"""Names of the options."""

STYLE = (Path(__file__).parent / "printed.css").read_text("utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def printed(sheet: Sheet, language: Language = "en", paper: str = "a4", link: str = "") -> str:
    """The HTML document of a sheet: all versions, then their keys, then their strips.

    ``link`` leads to the sheet with its answers, so it stands on the keys only.
    """
    drawn = {letter: sheet.exercises(letter) for letter in sheet.letters}
    parts = [_version(sheet, letter, drawn[letter], language) for letter in drawn]
    parts += [_key(sheet, letter, drawn[letter], language, link) for letter in drawn]
    parts.append(_strips(drawn, language))
    speech = {"en": "en", "zh": "zh-Hans"}[language]
    return (
        f'<!DOCTYPE html>\n<html lang="{speech}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(t('sheet.name', language, seed=sheet.seed))}</title>\n<style>\n"
        f"{_style(sheet, language, paper)}</style>\n</head>\n"
        f"<body>\n{chr(10).join(parts)}\n</body>\n</html>\n"
    )


def _style(sheet: Sheet, language: Language, paper: str) -> str:
    """The style sheet; at the foot of each page stands the version that it belongs to."""
    parts = [f"@page {{ size: {paper}; }}\nbody {{ font-family: {FONT}; }}\n{STYLE}"]
    for letter in sheet.letters:
        words = t("sheet.strip", language, letter=letter)
        foot = f"@bottom-left {{ content: '{words}'; font: 9pt {FONT}; }}"
        parts.append(f"@page v{letter} {{ {foot} }}")
        parts.append(f"#version-{letter}, #key-{letter} {{ page: v{letter}; }}\n")
    return "\n".join(parts)


def room(exercise: Exercise) -> int:
    """The lines to write on under an exercise: more, the more operations it takes.

    A choice among words takes none.
    """
    if exercise.question.form == "word":
        return 0
    return min(MOST_LINES, 1 + ceil(effort(exercise.question.steps) / 6))


def short_answer(exercise: Exercise, language: Language = "en") -> str:
    """The answer as a key gives it, after the letter of its option if it is chosen."""
    if exercise.way == "typed":
        return written(exercise.answer, exercise.question.form).of(language)
    place = exercise.options.index(exercise.answer)
    return f"{LETTERS[place]}) {option(exercise, exercise.answer, language)}"


def _element(tag: str, words: str, **attributes: str) -> str:
    """An element with escaped text."""
    return _around(tag, [escape(words)], **attributes)


def _around(tag: str, parts: Iterable[str], **attributes: str) -> str:
    """An element around finished parts; ``kind`` is its class."""
    said = {"kind": "class"}
    marks = "".join(f' {said.get(k, k)}="{escape(value)}"' for k, value in attributes.items())
    return f"<{tag}{marks}>{''.join(parts)}</{tag}>"


def _version(sheet: Sheet, letter: str, exercises: Sequence[Exercise], language: Language) -> str:
    fields = (t("sheet.student", language), t("sheet.date", language))
    head = [
        _element("div", letter, kind="letter"),
        _element("h1", t("sheet.heading", language)),
        _element("p", t("sheet.seed_is", language, seed=sheet.seed, letter=letter), kind="small"),
        _around("div", (_element("span", words) for words in fields), kind="fields"),
    ]
    body = [_exercise(number, each, language) for number, each in enumerate(exercises, 1)]
    columns = _columns([""] * len(exercises), t("sheet.your_answers", language))
    parts = [_around("header", head), *body, _around("div", columns, kind="answers")]
    return _around("section", parts, kind="version", id=f"version-{letter}")


def _exercise(number: int, exercise: Exercise, language: Language) -> str:
    parts = [_element("h2", f"{number}. {title(exercise, language)}")]
    parts.append(_element("p", asked(exercise, language)))
    if isinstance(exercise.question, PlantedError):
        said = (_element("li", line) for line in lines(exercise.question, language))
        parts.append(_around("ol", said))
    parts.append(drawing(exercise, language))
    options = [
        _around("li", ("<i></i>", escape(f"{LETTERS[place]}) {option(exercise, value, language)}")))
        for place, value in enumerate(exercise.options)
    ]
    if options:
        parts.append(_around("ul", options, kind="options"))
    if count := room(exercise):
        parts.append(_around("div", ["<div></div>"] * count, kind="room"))
    return _around("article", parts, kind="exercise")


def _columns(answers: Sequence[str], caption: str) -> list[str]:
    """Answers in columns of numbered rows of one height: a key's lies beside a student's."""
    rows = [
        _around("tr", (_element("th", str(number), scope="row"), _element("td", answer)))
        for number, answer in enumerate(answers, 1)
    ]
    return [
        _around("table", [_element("caption", caption), *rows[at : at + STRIP]], kind="column")
        for at in range(0, len(rows), STRIP)
    ]


def _key(
    sheet: Sheet, letter: str, exercises: Sequence[Exercise], language: Language, link: str
) -> str:
    header = _around(
        "tr",
        (
            _element("th", t(f"sheet.{name}", language), scope="col")
            for name in ("number", "answer", "worked")
        ),
    )
    rows = []
    for number, each in enumerate(exercises, 1):
        answer = short_answer(each, language)
        cell = _around("td", [_element("b", answer)], kind="long" if len(answer) > 16 else "short")
        how = _element("td", worked(each.question, language))
        rows.append(_around("tr", (_element("th", str(number), scope="row"), cell, how)))
    again = t("sheet.again", language, seed=sheet.seed, items=sheet.link)
    head = [
        _element("div", letter, kind="letter"),
        _element("h1", t("sheet.key_of", language, letter=letter)),
        _element("p", link or again, kind="small"),
    ]
    table = _around("table", (_around("thead", [header]), _around("tbody", rows)), kind="worked")
    return _around("section", (_around("header", head), table), kind="key", id=f"key-{letter}")


def _strips(drawn: dict[str, tuple[Exercise, ...]], language: Language) -> str:
    columns = [
        column
        for letter, exercises in drawn.items()
        for column in _columns(
            [short_answer(each, language) for each in exercises],
            t("sheet.strip", language, letter=letter),
        )
    ]
    head = [
        _element("h1", t("sheet.strips", language)),
        _element("p", t("sheet.strips_say", language)),
    ]
    answers = _around("div", columns, kind="answers cut")
    return _around("section", (_around("header", head), answers), kind="strips", id="strips")
