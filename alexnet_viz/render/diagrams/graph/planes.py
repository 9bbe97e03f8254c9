"""Pictures or maps side by side, each with its name, a scale and frames on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from alexnet_viz.render.diagrams.graph.axes import LINE, SIZE, WIDTH, number_text, wrapped, write
from alexnet_viz.render.diagrams.graph.grips import Grip, held
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import BLUE, GREEN, GREY, GROUND, VERMILION

FRAMES = (VERMILION, BLUE, GREEN)
FRAME_DASHES = ("", "7 4", "2 4")
GAP = 14.0


@dataclass(frozen=True)
class Frame:
    """A rectangle over a picture in its pixels, with words said on it."""

    x: float
    y: float
    width: float
    height: float
    words: str = ""
    field: bool = False
    """Whether it follows the cell that is pointed at (``grips.Field``)."""


@dataclass(frozen=True)
class Plane:
    """One picture: a data URI of ``size`` (width, height) pixels."""

    uri: str
    size: tuple[int, int]
    label: str = ""
    limits: tuple[float, float] | None = None
    """Least and largest value, written at the ends of the scale."""
    colours: Sequence[str] = ()
    """Of the scale from the least to the largest; without them the limits are only written."""
    frames: Sequence[Frame] = ()
    smooth: bool = False
    grip: Grip | None = None
    """A frame that the student moves."""


def planes(
    pictures: Sequence[Plane], *, title: str, columns: int | None = None, largest: float = 300.0
) -> str:
    """An SVG of pictures in rows of ``columns``, as wide as they fit, ``largest`` at most."""
    sheet = Sheet()
    count = columns or min(len(pictures), 4) or 1
    across = min((WIDTH - GAP * (count + 1)) / count, largest)
    y = 6.0
    for first in range(0, len(pictures), count):
        row = pictures[first : first + count]
        start = (WIDTH - across * len(row) - GAP * (len(row) - 1)) / 2
        tallest = max(_height(one, across) for one in row)
        foot = y
        for n, one in enumerate(row):
            x = start + n * (across + GAP)
            foot = max(foot, _plane(sheet, one, x, y, across, tallest))
        y = foot + 12
    return sheet.document(WIDTH, max(y - 4, 20), title=title)


def _height(one: Plane, across: float) -> float:
    wide, high = one.size
    return min(across * high / max(wide, 1), 1.6 * across)


def _plane(sheet: Sheet, one: Plane, x: float, y: float, across: float, tallest: float) -> float:
    """Draw one picture with what is under it; returns the y of its lower end."""
    wide, high = (max(n, 1) for n in one.size)
    down = _height(one, across)
    scale = down / high
    left, top = x + (across - wide * scale) / 2, y + tallest - down
    with sheet.group(title=one.label, kind="plane"):
        sheet.image(left, top, wide * scale, down, one.uri, smooth=one.smooth)
        sheet.rectangle(left, top, wide * scale, down, stroke=GREY, width=0.8)
    if one.grip:
        with held(sheet, one.grip, left, top, wide * scale, down):
            sheet.rectangle(left, top, wide * scale, down, fill=GREY, opacity=0)
    for n, frame in enumerate(one.frames):
        a, b = max(frame.x, 0), max(frame.y, 0)
        c, d = min(frame.x + frame.width, wide), min(frame.y + frame.height, high)
        if not frame.field and (c <= a or d <= b):
            continue
        size = f"{number_text(frame.width)} × {number_text(frame.height)}"
        title = f"{frame.words}: {size}".lstrip(": ")
        on = {"on": f"{left:.2f} {top:.2f} {scale:.5f} {wide} {high}"} if frame.field else None
        with sheet.group(title=title, kind="frame", passive=frame.field, data=on):
            place = (left + a * scale, top + b * scale, (c - a) * scale, (d - b) * scale)
            sheet.rectangle(*place, stroke=GROUND, width=4.4)
            sheet.rectangle(*place, stroke=FRAMES[n % 3], width=2.4, dash=FRAME_DASHES[n % 3])
    foot = y + tallest
    if one.limits:
        foot = _scale(sheet, one, x, foot + 8, across)
    if one.label:
        lines = wrapped(one.label, across)
        write(sheet, x + across / 2, foot + 19, lines)
        foot += LINE * len(lines) + 4
    return foot


def _scale(sheet: Sheet, one: Plane, x: float, y: float, across: float) -> float:
    low, high = (number_text(limit, 3) for limit in one.limits or (0, 0))
    if one.colours:
        each = across / len(one.colours)
        for n, colour in enumerate(one.colours):
            sheet.rectangle(x + n * each, y, each + 0.3, 9, fill=colour)
        sheet.rectangle(x, y, across, 9, stroke=GREY, width=0.6)
        y += 9
    if text_width(low, SIZE) + text_width(high, SIZE) + 8 <= across:
        sheet.text(x, y + 15, low, size=SIZE, anchor="start", quiet=True)
        sheet.text(x + across, y + 15, high, size=SIZE, anchor="end", quiet=True)
        return y + 18
    lines = wrapped(f"{low} … {high}", across)
    write(sheet, x + across / 2, y + 15, lines, quiet=True)
    return y + LINE * len(lines)
