"""Moodle XML: one file for all versions, a category each.

Every known reply has its feedback, typed ones too.  A picture is a PNG: an SVG inside a question
may be taken out when the text is cleaned, and one that is attached may be offered for download.
The names of the elements are those that ``question/format/xml/format.php`` of Moodle reads.
"""

from base64 import b64encode
from html import escape

from alexnet_viz.teaching.sheets.exports.gift import starless
from alexnet_viz.teaching.sheets.exports.item import Item, Reply, items, plain
from alexnet_viz.teaching.sheets.exports.picture import image, png
from alexnet_viz.teaching.sheets.exports.question_html import category, html
from alexnet_viz.teaching.sheets.exports.xml_tree import Element, element, file_of
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.text import Language

KINDS = {"choice": "multichoice", "number": "numerical", "numbers": "shortanswer"}

SETTINGS = {
    "choice": {"single": "true", "shuffleanswers": "true", "answernumbering": "abc"},
    "number": {"unitgradingtype": "0", "unitpenalty": "0.1", "showunits": "3", "unitsleft": "0"},
    "numbers": {"usecase": "0"},
}
"""What Moodle asks of each kind: letters before options, no unit, no case."""


def write(sheet: Sheet, letters: str, language: Language) -> bytes:
    """The versions named by ``letters`` as one file."""
    questions: list[Element] = []
    for letter in letters:
        path = _text("category", category(sheet, letter, language))
        questions.append(element("question", path, type="category"))
        questions += [question(item, language) for item in items(sheet, letter, language)]
    return file_of(element("quiz", *questions))


def question(item: Item, language: Language) -> Element:
    """One question with its replies in the order of matching."""
    drawn = png(item, language)
    name = f"{item.place}.png"
    shown = html(item, image(f"@@PLUGINFILE@@/{name}", item, language))
    body = _text("questiontext", shown, format="html")
    if drawn:
        encoded = b64encode(drawn).decode("ascii")
        body.append(element("file", text=encoded, name=name, path="/", encoding="base64"))
    settings = [element(tag, text=words) for tag, words in SETTINGS[item.kind].items()]
    return element(
        "question",
        _text("name", item.name),
        body,
        _text("generalfeedback", f"<p>{escape(item.worked, quote=False)}</p>", format="html"),
        element("defaultgrade", text="1"),
        element("penalty", text="0.3333333"),
        element("hidden", text="0"),
        *settings,
        *(answer for reply in item.replies for answer in _answers(item, reply)),
        type=KINDS[item.kind],
    )


def _answers(item: Item, reply: Reply) -> list[Element]:
    says = _text("feedback", escape(reply.says, quote=False), format="html")
    fraction = "100" if reply.right else "0"
    if item.kind == "choice":
        words = escape(reply.words, quote=False)
        return [_text("answer", words, says, fraction=fraction, format="html")]
    if item.kind == "number":
        tolerance = element("tolerance", text=plain(reply.tolerance))
        return [_text("answer", reply.number, says, tolerance, fraction=fraction)]
    return [_text("answer", starless(each), says, fraction=fraction) for each in reply.writings]


def _text(tag: str, words: str, *children: Element, **attributes: str) -> Element:
    """An element whose words are in a ``text`` of its own, as everywhere in this format."""
    return element(tag, element("text", text=words), *children, **attributes)
