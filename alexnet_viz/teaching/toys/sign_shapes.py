"""Shapes whose meaning a transformation can change: ten digits, and a sign with an arrow.

The digits have seven segments on a grid of 5 by 3.  After a transformation the label is that of
the shape which agrees in most cells; a label is kept if that is the shape it began with.
"""

from typing import Any

DIGITS = {
    "0": "111101101101111",
    "1": "001001001001001",
    "2": "111001111100111",
    "3": "111001111001111",
    "4": "101101111001001",
    "5": "111100111001111",
    "6": "111100111101111",
    "7": "111001001001001",
    "8": "111101111101111",
    "9": "111101111001111",
}
ARROWS = {
    "left": "00100" "01000" "11111" "01000" "00100",
    "right": "00100" "00010" "11111" "00010" "00100",
}  # fmt: skip

ITEMS = {
    "six_flip": ("6", "flip"),
    "six_turn": ("6", "half_turn"),
    "six_crop": ("6", "crop"),
    "sign_flip": ("left", "flip"),
    "sign_turn": ("left", "half_turn"),
    "sign_colour": ("left", "colour"),
}
"""A shape and what is done to it, by the item's id in the texts."""


def _grid(name: str) -> Any:
    import numpy as np

    cells = {**DIGITS, **ARROWS}[name]
    return np.array(list(map(int, cells))).reshape(5, -1)


def done(name: str, change: str) -> Any:
    """The shape after a change: cells of 0 and 1, cut to the shape's own outline."""
    import numpy as np

    grid = _grid(name)
    match change:
        case "flip":
            return grid[:, ::-1]
        case "half_turn":
            return grid[::-1, ::-1]
        case "crop":  # the window moves; the shape is found again elsewhere in it
            moved = np.pad(grid, ((2, 0), (1, 0)))
            rows, columns = moved.any(axis=1), moved.any(axis=0)
            return moved[rows][:, columns]
    return grid


def label_after(name: str, change: str) -> str:
    """The label that the changed shape has among its kind; empty if two agree equally."""
    found = done(name, change)
    kind = DIGITS if name in DIGITS else ARROWS
    score = {each: int((found == _grid(each)).sum()) for each in kind}
    best = [each for each in score if score[each] == max(score.values())]
    return best[0] if len(best) == 1 else ""
