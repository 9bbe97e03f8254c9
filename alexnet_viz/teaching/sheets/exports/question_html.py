"""What the formats write of a question: its HTML, and the names of sheet, version and category."""

from html import escape
from zlib import crc32

from alexnet_viz.teaching.sheets.exports.item import Item
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.text import Language, t


def html(item: Item, picture: str = "", hinted: bool = True) -> str:
    """The question, the lines that it is about, its picture, and how to write the answer."""
    lines = "".join(f"<li>{escape(line, quote=False)}</li>" for line in item.lines)
    return "".join(
        (
            f"<p>{escape(item.asked, quote=False)}</p>",
            f"<ol>{lines}</ol>" if lines else "",
            f"<div>{picture}</div>" if picture else "",
            f"<p><em>{escape(item.hint, quote=False)}</em></p>" if item.hint and hinted else "",
        )
    )


def mistakes(item: Item, language: Language) -> str:
    """The slips and what is said to them, for a platform that tells no reply from another."""
    said = "".join(f"<li>{escape(reply.says, quote=False)}</li>" for reply in item.wrong)
    return f"<p>{t('sheet_export.mistakes', language)}</p><ul>{said}</ul>"


def title(sheet: Sheet, letters: str, language: Language) -> str:
    """The name of a version; of the sheet, where several are in one file."""
    if len(letters) != 1:
        return t("sheet_export.sheet", language, seed=sheet.seed)
    return t("sheet_export.title", language, seed=sheet.seed, letter=letters)


def identifier(sheet: Sheet, letter: str, language: Language) -> str:
    """What names a version in a package, unlike that of any other sheet.

    A platform takes a second import with the same identifiers for a newer one of the first.

    >>> identifier(Sheet((), 7), "A", "en") == identifier(Sheet((), 8), "A", "en")
    False
    """
    drawn = crc32(f"{sheet.link} {sheet.seed} {language}".encode())
    return f"alexnet_{drawn:08x}_{letter}"


def category(sheet: Sheet, letter: str, language: Language) -> str:
    """The path of a version's category in the question bank that is imported into."""
    version = t("sheet_export.version", language, letter=letter)
    return f"top/{title(sheet, '', language)}/{version}"
