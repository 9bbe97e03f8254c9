"""Solids with the channels on which a chosen unit depends filled, the others hollow."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from alexnet_viz.render.diagrams.solids import Solid
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import INK

DARK = 0.45
"""Opacity of channels on which the unit does not depend."""
MOST_RUNS = 48
"""For more runs of channels than this only their share is drawn."""

Runs = list[tuple[float, float]]


@dataclass(frozen=True)
class Light:
    """By layer, the channels on which a unit depends; if there are none, every channel is lit."""

    seen: Mapping[str, Collection[int]] | None = None

    def sees(self, layer: str, channels: range) -> bool:
        """Whether the unit depends on any of these channels."""
        if self.seen is None:
            return True
        return any(channel in channels for channel in self.seen.get(layer, ()))

    def runs(self, layer: str, channels: range) -> Runs:
        """Those of these channels on which the unit depends, as runs of fractions from 0 to 1.

        >>> Light({"conv1": {0, 1, 5}}).runs("conv1", range(8))
        [(0.0, 0.25), (0.625, 0.75)]
        """
        if self.seen is None:
            return [(0.0, 1.0)]
        ends: list[list[int]] = []
        for channel in sorted(set(self.seen.get(layer, ())) & set(channels)):
            if ends and ends[-1][1] == channel:
                ends[-1][1] += 1
            else:
                ends.append([channel, channel + 1])
        if len(ends) > MOST_RUNS:
            ends = [[channels.start, channels.start + sum(stop - first for first, stop in ends)]]
        each = len(channels)
        return [((a - channels.start) / each, (b - channels.start) / each) for a, b in ends]


def draw_lit(
    sheet: Sheet, solid: Solid, left: float, middle: float, colour: str, runs: Runs
) -> None:
    """A solid whose lit runs are filled and whose other channels are hollow."""
    if runs != [(0.0, 1.0)]:
        with sheet.group(opacity=DARK):
            solid.draw(sheet, left, middle, colour, hollow=True)
    for low, high in runs:
        part, right, down = solid.part(low, high)
        part.draw(sheet, left + right, middle + down, colour)


def draw_unit(sheet: Sheet, solid: Solid, left: float, middle: float, place: float) -> None:
    """A mark at one unit's channel: a line down the front and a pointer above it."""
    part, right, down = solid.part(place, place)
    x, y = left + right, solid.top(middle) + solid.rise
    if solid.depth:
        sheet.rectangle(x - 1, y, 2, solid.height, fill=INK)
        tip = y
    else:
        tip = middle + down
        sheet.rectangle(x, tip - 1, part.thickness, 2, fill=INK)
        x, tip = x + part.thickness / 2, solid.top(middle)
    sheet.polygon([(x, tip), (x - 5, tip - 9), (x + 5, tip - 9)], fill=INK)
