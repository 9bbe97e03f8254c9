"""Overlapping pooling: how many windows read each cell (Krizhevsky et al. 2012, section 3.4)."""

from typing import Any

from alexnet_viz.network.geometry import Slide, slide
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, UNREAD
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values

SIDE, TOP, CELL = 640, 30, 28


def _window(values: Values) -> Slide:
    return slide(values["w"], values["z"], values["s"], rounding=values["rule"])


def look(values: Values, say: Say) -> Look:
    """One axis of the map: its windows, and how often each cell is read."""
    window = _window(values)
    reads = [
        sum(start <= cell < start + window.kernel_size for start in window.starts)
        for cell in range(window.input_size)
    ]
    once, more, never = (sum(test(n) for n in reads) for test in (_once, _more, _never))
    overlap = window.kernel_size - window.stride
    words = {"z": values["z"], "s": values["s"], "n": window.output_size, "overlap": overlap}
    key = "overlaps" if overlap > 0 else "gaps" if overlap < 0 else "touches"
    return Look(
        drawings=(Drawing(_drawn(window, reads, say), "overlapping_pooling", say("caption")),),
        sentences=(
            say(key, **words, gap=-overlap),
            say("counted", once=once, more=more, never=never),
        ),
    )


def _once(reads: int) -> bool:
    return reads == 1


def _more(reads: int) -> bool:
    return reads > 1


def _never(reads: int) -> bool:
    return reads == 0


def _drawn(window: Slide, reads: list[int], say: Say) -> str:
    sheet = Sheet()
    unit = min(CELL, (SIDE - 20) / window.input_size)
    left = (SIDE - unit * window.input_size) / 2
    for cell, count in enumerate(reads):
        colour = BLUE if count else UNREAD
        sheet.rectangle(
            left + cell * unit, TOP, unit, CELL,
            fill=colour, opacity=min(0.85, 0.25 * count) if count else 0.85,
            stroke="#7A8087", width=0.6,
        )  # fmt: skip
        if unit >= 12:
            sheet.text(left + (cell + 0.5) * unit, TOP + 20, str(count), size=14)
    rows = min(6, -(-window.kernel_size // window.stride) + 1)
    for number, start in enumerate(window.starts):
        y = TOP + CELL + 16 + 14 * (number % rows)
        end = min(start + window.kernel_size, window.input_size)
        sheet.line((left + start * unit + 2, y), (left + end * unit - 2, y), stroke=BLUE, width=5)
    bottom = TOP + CELL + 30 + 14 * rows
    sheet.text(left, 20, say("cells"), anchor="start", quiet=True)
    sheet.text(left, bottom, say("windows"), anchor="start", quiet=True)
    return sheet.document(SIDE, bottom + 12, title=say("drawing", n=window.output_size))


def _no_overlap(values: Values, answer: Any, say: Say) -> Outcome:
    z, s = values["z"], values["s"]
    if s == 1:
        return Outcome(False, say("still_default", s=s))
    if z > s:
        return Outcome(False, say("still_overlaps", z=z, s=s, overlap=z - s))
    return Outcome(True, say("no_overlap", z=z, s=s))


LAB = Lab(
    id="overlapping_pooling",
    concepts=("overlapping_pooling",),
    controls=(
        Number("w", 5, 55, 13),
        Number("z", 1, 7, 3),
        Number("s", 1, 7, 2),
        Pick("rule", ("floor", "ceil"), "floor"),
    ),
    look=look,
    tasks={"no_overlap": Task(_no_overlap)},
    see=("layer?layer=pool1",),
)
