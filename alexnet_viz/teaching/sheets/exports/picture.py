"""The numbers that a question is about: a map, a kernel; as PNG, as tables of HTML, in words."""

from html import escape
from itertools import count

from alexnet_viz.teaching.exercises.given_numbers import drawing
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.questions.question import Question
from alexnet_viz.teaching.questions.rectified import RectifiedGradient, RectifiedMap
from alexnet_viz.teaching.questions.small_maps import ConvolvedMap, Map, PooledMap
from alexnet_viz.teaching.sheets.exports.item import Item
from alexnet_viz.text import Language, t

WIDTH = 640
"""Of a picture as it is shown, in pixels."""


def grids_of(question: Question, language: Language) -> tuple[tuple[str, Map], ...]:
    """What is shown beside a question, each with its caption; nothing for most questions."""
    match question:
        case PooledMap(cells=cells) | RectifiedMap(cells=cells):
            return ((t("sheet_export.map", language), cells),)
        case RectifiedGradient(cells=cells, arriving=arriving):
            names = (t(f"exercise.{name}", language) for name in ("before_relu", "arriving"))
            return tuple(zip(names, (cells, arriving), strict=True))
        case ConvolvedMap(channels=channels, kernel=kernel):
            found: list[tuple[str, Map]] = []
            for number, channel, weights in zip(count(1), channels, kernel, strict=False):
                found.append((t("sheet_export.input", language, number=number), channel))
                found.append((t("sheet_export.kernel", language, number=number), weights))
            return tuple(found)
    return ()


def png(item: Item, language: Language) -> bytes:
    """The picture of a question; empty where it has none, and on a system without a typeface.

    Raises:
        ModuleNotFoundError: resvg, which draws it, is not installed.
    """
    drawn = drawing(item.exercise, language)
    if not drawn or not _drawable(language):
        return b""
    from alexnet_viz.render.export.png import png as rendered

    return rendered(drawn, language)


def _drawable(language: Language) -> bool:
    """Whether the system has a typeface for the captions."""
    from alexnet_viz.render.export.png import PROBES, drawable

    return all(drawable(letter) for letter in PROBES[language])


def image(address: str, item: Item, language: Language, most: int = 0) -> str:
    """The element of HTML that shows a picture, with all its numbers as text; empty without one.

    Where a format has an alternative text of at most ``most`` letters and the numbers need more, it
    names them and they follow as tables.  Where there is no picture (``png``), only the tables are.
    """
    grids = grids_of(item.question, language)
    if not grids:
        return ""
    if not _drawable(language):
        return tables(item.question, language)
    words, after = described(item.question, language), ""
    if most and len(words) > most:
        words, after = ", ".join(caption for caption, _ in grids), tables(item.question, language)
    return f'<img src="{address}" alt="{escape(words)}" width="{WIDTH}" />{after}'


def described(question: Question, language: Language) -> str:
    """The numbers row by row, as the alternative text of the picture."""
    stop = "；" if language == "zh" else "; "
    return stop.join(
        t("sheet_export.rows", language, caption=caption, rows=" / ".join(map(_spaced, cells)))
        for caption, cells in grids_of(question, language)
    )


def _spaced(row: tuple[int, ...]) -> str:
    return " ".join(written(cell, "count").en for cell in row)


def tables(question: Question, language: Language) -> str:
    """The numbers as tables of HTML, for a format that holds no picture."""
    return "".join(
        f"<table><caption>{escape(caption, quote=False)}</caption>"
        f"<tbody>{_rows(cells)}</tbody></table>"
        for caption, cells in grids_of(question, language)
    )


def _rows(cells: Map) -> str:
    return "".join(
        "<tr>" + "".join(f"<td>{written(cell, 'count').en}</td>" for cell in row) + "</tr>"
        for row in cells
    )
