"""Placement of labels in a scatter plot, so that they overlap neither each other nor a point.

A greedy algorithm in the order of the points.  A label is next to its point; that of a ringed
point, whose ring would overlap it, at the end of a line.  Labels without room are left out.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

LETTER, LINE = 6.6, 17.0
"""Width of a Latin letter and height of a line, in pixels."""
DOT, RING = 7.0, 14.0
FAR = [
    (side * (100 + 40 * n), way * (24 + 26 * m))
    for n in range(4)
    for m in range(5)
    for way in (-1, 1)
    for side in (-1, 1)
]
"""Offsets (right, up) in pixels of a label that is connected to its point by a line."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
Place = str | tuple[int, int] | None
"""Plotly's ``textposition``; an offset (right, up) in pixels; or None for no label."""


class Spot(NamedTuple):
    """A point and its label; coordinates in pixels from the lower left corner."""

    x: float
    y: float
    name: str
    ringed: bool


def places(spots: Sequence[Spot], size: tuple[float, float]) -> list[Place]:
    """The place of each label inside a rectangle of this (width, height) in pixels."""
    taken = [_around(spot) for spot in spots]
    found: list[Place] = []
    for spot in spots:
        for place, box in away(spot) if spot.ringed else beside(spot):
            if _within(box, size) and not any(overlap(box, other) for other in taken):
                found.append(place)
                taken.append(box)
                break
        else:
            found.append(None)
    return found


def beside(spot: Spot) -> Iterator[tuple[str, Box]]:
    """The four places next to a point, each with the box of the label there."""
    x, y, wide = spot.x, spot.y, width(spot.name)
    yield "middle right", (x + 9, y - LINE / 2, x + 12 + wide, y + LINE / 2)
    yield "middle left", (x - 12 - wide, y - LINE / 2, x - 9, y + LINE / 2)
    yield "top center", (x - wide / 2, y + 8, x + wide / 2, y + 8 + LINE)
    yield "bottom center", (x - wide / 2, y - 8 - LINE, x + wide / 2, y - 8)


def away(spot: Spot) -> Iterator[tuple[tuple[int, int], Box]]:
    """Places at a distance from a point, each with the box of the label there."""
    wide = width(spot.name)
    for across, up in FAR:
        left, low = spot.x + across - wide / 2, spot.y + up - LINE / 2
        yield (across, up), (left, low, left + wide, low + LINE)


def width(name: str) -> float:
    """Approximate width of a label in pixels; a Chinese character counts as two letters."""
    return LETTER * sum(2 if ord(letter) >= 0x2E80 else 1 for letter in name)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(spot: Spot) -> Box:
    r = RING if spot.ringed else DOT
    return spot.x - r, spot.y - r, spot.x + r, spot.y + r


def _within(box: Box, size: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]
