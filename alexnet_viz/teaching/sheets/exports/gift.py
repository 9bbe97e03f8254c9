"""GIFT, Moodle's text format: one file for all versions, a category each.

It holds no pictures; maps and kernels are tables of HTML.  The rules of escaping are those of
``question/format/gift/format.php`` of Moodle, which decides what is read.
"""

from html import escape

from alexnet_viz.teaching.sheets.exports.item import Item, Reply, items, plain
from alexnet_viz.teaching.sheets.exports.picture import tables
from alexnet_viz.teaching.sheets.exports.question_html import category, html
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.text import Language

RESERVED = "\\~=#{}:"
"""Characters with a meaning; each is written with a backslash before it."""


def write(sheet: Sheet, letters: str, language: Language) -> bytes:
    """The versions named by ``letters`` as one file in UTF-8."""
    parts = []
    for letter in letters:
        parts.append(f"$CATEGORY: {category(sheet, letter, language)}")
        parts += [question(item, language) for item in items(sheet, letter, language)]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def question(item: Item, language: Language) -> str:
    """One question; it has no empty line, which would end it."""
    text = escaped(html(item, tables(item.question, language)))
    opening = "{#" if item.kind == "number" else "{"
    found = "\n".join(line for reply in item.replies for line in _replies(item, reply))
    general = escaped(f"<p>{escape(item.worked, quote=False)}</p>")
    return f"::{escaped(item.name)}::[html]{text}{opening}\n{found}\n\t####{general}\n}}"


def _replies(item: Item, reply: Reply) -> list[str]:
    says = escaped(escape(reply.says, quote=False))
    if item.kind == "choice":
        mark = "=" if reply.right else "~"
        return [f"\t{mark}{escaped(escape(reply.words, quote=False))}#{says}"]
    weight = "=%100%" if reply.right else "=%0%"
    if item.kind == "number":
        return [f"\t{weight}{reply.number}:{plain(reply.tolerance)}#{says}"]
    return [f"\t{weight}{escaped(starless(writing))}#{says}" for writing in reply.writings]


def starless(writing: str) -> str:
    """A writing in which Moodle takes no asterisk for "anything"."""
    return writing.replace("*", "\\*")


def escaped(text: str) -> str:
    """Text in which no character has a meaning.

    >>> escaped("a = {b}: 50 ~ #")
    'a \\\\= \\\\{b\\\\}\\\\: 50 \\\\~ \\\\#'
    """
    return "".join(f"\\{each}" if each in RESERVED else each for each in text)
