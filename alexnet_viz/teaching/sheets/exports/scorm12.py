"""SCORM 1.2: a page for each version that grades itself and reports the result to the platform.

The page needs nothing but itself and works without a platform too.  Its script reads numbers as
``teaching.typed`` does.
"""

import json
from fractions import Fraction
from html import escape
from pathlib import Path

from alexnet_viz.render.export.html_page import page
from alexnet_viz.teaching.exercises.given_numbers import drawing
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.questions.question import Answer, Form
from alexnet_viz.teaching.sheets.exports.item import Item, items
from alexnet_viz.teaching.sheets.exports.package import zipped
from alexnet_viz.teaching.sheets.exports.picture import described
from alexnet_viz.teaching.sheets.exports.question_html import html, identifier, title
from alexnet_viz.teaching.sheets.exports.xml_tree import Element, element, file_of
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.teaching.typed import MOST_DIGITS, MOST_LETTERS, SCALES
from alexnet_viz.text import Language, t

PACKAGE = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"

ADL = "http://www.adlnet.org/xsd/adlcp_rootv1p2"

STYLE, SCRIPT = (
    (Path(__file__).parent / f"scorm_page.{suffix}").read_text("utf-8") for suffix in ("css", "js")
)

GIVEN = "{given}"
"""Stands in a sentence for what was typed; the script puts it there."""

UNREAD: dict[Form, str] = {
    "count": "typed_number",
    "number": "typed_number",
    "range": "typed_range",
}
"""The problem with a reply that cannot be read; of other forms ``typed_list``."""


def write(sheet: Sheet, letters: str, language: Language) -> bytes:
    """The versions named by ``letters`` as one zip, a page each."""
    files: dict[str, bytes] = {}
    entries, resources = [], []
    for letter in letters:
        name = identifier(sheet, letter, language)
        heading, path = title(sheet, letter, language), f"version_{letter}.html"
        found = items(sheet, letter, language)
        files[path] = document(heading, found, language).encode("utf-8")
        entries.append(
            element(
                "item",
                element("title", text=heading),
                identifier=name,
                identifierref=f"{name}_page",
                isvisible="true",
            )
        )
        resources.append(_page_of(name, path))
    name = identifier(sheet, letters, language)
    organization = element(
        "organization",
        element("title", text=title(sheet, letters, language)),
        *entries,
        identifier=f"{name}_sheet",
    )
    manifest = element(
        "manifest",
        element(
            "metadata",
            element("schema", text="ADL SCORM"),
            element("schemaversion", text="1.2"),
        ),
        element("organizations", organization, default=f"{name}_sheet"),
        element("resources", *resources),
        identifier=f"{name}_package",
        version="1.0",
        xmlns=PACKAGE,
        xmlns__adlcp=ADL,
    )
    return zipped({"imsmanifest.xml": file_of(manifest), **files})


def _page_of(name: str, path: str) -> Element:
    return element(
        "resource",
        element("file", href=path),
        identifier=f"{name}_page",
        type="webcontent",
        adlcp__scormtype="sco",
        href=path,
    )


def document(heading: str, found: tuple[Item, ...], language: Language) -> str:
    """The page of a version."""
    asked = "\n".join(_section(item, language) for item in found)
    hand_in, again = (t(f"sheet_export.page.{key}", language) for key in ("hand_in", "again"))
    data = json.dumps(_data(found, language), ensure_ascii=False).replace("<", "\\u003c")
    return page(
        heading,
        [
            f"<style>\n{STYLE}</style>",
            f"<h1>{escape(heading)}</h1>",
            f'<form autocomplete="off"><fieldset id="replies">\n{asked}\n',
            f'<button type="submit">{hand_in}</button></fieldset>',
            '<p id="status" role="status" tabindex="-1"></p>',
            f'<button type="reset" hidden>{again}</button></form>',
            f'<script type="application/json" id="sheet">{data}</script>',
            f"<script>\n{SCRIPT}</script>",
        ],
        language,
    )


def _section(item: Item, language: Language) -> str:
    said = f'<div class="said" id="said_{item.place}" aria-live="polite"></div>'
    asked = html(item, _drawn(item, language), hinted=item.kind == "numbers")
    heading = f'<h2 id="h_{item.place}">{escape(item.name)}</h2>'
    if item.kind != "choice":
        label = t("sheet_export.page.reply", language)
        field = f'<label>{label}<input type="text" name="{item.place}"></label>'
        return f"<section>{heading}{asked}{field}{said}</section>"
    options = "".join(
        f'<label><input type="radio" name="{item.place}" value="{number}">'
        f"{escape(reply.words)}</label>"
        for number, reply in enumerate(item.replies)
    )
    group = f'<div role="radiogroup" aria-labelledby="h_{item.place}">{options}</div>'
    return f"<section>{heading}{asked}{group}{said}</section>"


def _drawn(item: Item, language: Language) -> str:
    """The drawing as one picture whose text has all the numbers."""
    drawn = drawing(item.exercise, language).replace(' role="img"', "", 1)
    words = escape(described(item.question, language))
    return f'<div role="img" aria-label="{words}" data-given>{drawn}</div>' if drawn else ""


def _data(found: tuple[Item, ...], language: Language) -> dict[str, object]:
    """What the script grades by."""
    page_words = ("empty", "mend", "reported", "alone")
    words = {key: t(f"sheet_export.page.{key}", language) for key in page_words}
    words["result"] = t("sheet_export.page.result", language, right="{right}", of=len(found))
    scales = {name: SCALES[name] for name in sorted(filter(None, SCALES), key=len, reverse=True)}
    return {
        "scales": scales,
        "digits": MOST_DIGITS,
        "letters": MOST_LETTERS,
        "words": words,
        "items": [_graded(item, language) for item in found],
    }


def _graded(item: Item, language: Language) -> dict[str, object]:
    replies = [
        {"value": _number(reply.value), "right": reply.right, "says": reply.says}
        for reply in item.replies
    ]
    shared = {"place": item.place, "worked": item.worked, "replies": replies}
    if item.kind == "choice":
        return {**shared, "form": "choice"}
    form = item.question.form
    answer = written(item.right.value, form)
    unread = f"problem.{UNREAD.get(form, 'typed_list')}"
    return {
        **shared,
        "form": form,
        "about": item.exercise.about,
        "unread": t(unread, language, given=GIVEN),
        "rounded": t("slip.rounded", language, given=GIVEN),
        "unknown": t("slip.unknown", language, given=GIVEN, answer=answer),
    }


def _number(value: Answer) -> object:
    """A value as JSON has it."""
    if isinstance(value, tuple):
        return [_number(each) for each in value]
    return float(value) if isinstance(value, Fraction) else value
