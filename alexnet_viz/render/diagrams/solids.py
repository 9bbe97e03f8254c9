"""Shapes as solids in one oblique projection, the same for all drawings.

The front face is channels wide and the map's side high; the map itself is the slanted right face.
Sides grow as n^0.6 and thicknesses as c^0.5 so that 224 and 13, 3 and 4096 share one picture.
"""

from dataclasses import dataclass, replace

from alexnet_viz.network.layers import Shape
from alexnet_viz.render.diagrams.svg import Point, Sheet

SIDE, SIDE_AT = 225.0, 224
THICKNESS, THICKNESS_AT, THICKEST = 88.0, 384, 120.0
BAR_WIDTH, BAR_HEIGHT, BAR_AT = 18.0, 218.0, 4096
SLANT: Point = (0.42, -0.26)
"""The projection of a step of one in depth, as (x, y) of the drawing."""


@dataclass(frozen=True)
class Solid:
    """A block or bar on paper; ``left`` is set when it is placed, ``middle`` is its centre line."""

    thickness: float
    height: float
    depth: float

    @property
    def width(self) -> float:
        """Width of the drawing, the slanted face included."""
        return self.thickness + SLANT[0] * self.depth

    @property
    def rise(self) -> float:
        """Height of the slanted face above the front."""
        return -SLANT[1] * self.depth

    def top(self, middle: float) -> float:
        """Upper end when the solid is centred on ``middle``."""
        return middle - (self.height + self.rise) / 2

    def bottom(self, middle: float) -> float:
        """Lower end when the solid is centred on ``middle``."""
        return middle + (self.height + self.rise) / 2

    def part(self, low: float, high: float) -> tuple["Solid", float, float]:
        """The part of channels ``low`` to ``high``, as fractions: solid, offset right and down.

        A block's channels lie along its thickness, a bar's features along its height.
        """
        if self.depth:
            low *= self.thickness
            return replace(self, thickness=high * self.thickness - low), low, 0.0
        lower = (low + high - 1) / 2 * self.height
        return replace(self, height=(high - low) * self.height), 0.0, lower

    def draw(
        self, sheet: Sheet, left: float, middle: float, colour: str, *, hollow: bool = False
    ) -> None:
        """Three faces of a block, or one of a bar; of a hollow one only the edges."""
        x, y, t, h = left, self.bottom(middle) - self.height, self.thickness, self.height
        dx, dy = SLANT[0] * self.depth, SLANT[1] * self.depth
        faces = [([(0.0, 0.0), (t, 0.0), (t, h), (0.0, h)], 0.66)]
        if self.depth:
            faces += [
                ([(0.0, 0.0), (dx, dy), (t + dx, dy), (t, 0.0)], 0.26),
                ([(t, 0.0), (t + dx, dy), (t + dx, h + dy), (t, h)], 0.45),
            ]
        for corners, opacity in faces:
            moved = [(x + px, y + py) for px, py in corners]
            sheet.polygon(moved, fill=colour, opacity=0.0 if hollow else opacity, stroke=colour)

    def ghost(self, sheet: Sheet, left: float, middle: float, colour: str) -> None:
        """The outline of the solid of a layer that was not reached."""
        sheet.rectangle(
            left, self.top(middle), self.width, self.height + self.rise, stroke=colour, dash="5 4"
        )

    def face(self, left: float, middle: float, u: float, v: float) -> Point:
        """A point of the map's slanted face: u from the front edge, v from the top, 0 to 1."""
        x = left + self.thickness + SLANT[0] * self.depth * u
        y = self.bottom(middle) - self.height + SLANT[1] * self.depth * u + self.height * v
        return x, y

    def window(self, left: float, middle: float, height: float, width: float) -> list[Point]:
        """A window in the middle of the map's face, its sides as fractions of the map's."""
        low, high = 0.5 - width / 2, 0.5 + width / 2
        up, down = 0.5 - height / 2, 0.5 + height / 2
        corners = ((low, up), (high, up), (high, down), (low, down))
        return [self.face(left, middle, u, v) for u, v in corners]


@dataclass(frozen=True)
class Scale:
    """The scale of one network's drawing, in which its largest map fits."""

    largest_side: int = SIDE_AT
    reduction: float = 1.0
    """Below 1 everything shrinks together (two towers share the height of one network)."""

    def solid(self, shape: Shape) -> Solid:
        """The solid of a shape: a block for maps, a bar for features and for 1 x 1 maps."""
        channels, *size = shape
        if max(size, default=1) == 1:
            height = self.reduction * BAR_HEIGHT * min(1.15, (channels / BAR_AT) ** 0.39)
            return Solid(BAR_WIDTH, max(8.0, height), 0.0)
        side = self.reduction * SIDE * (size[0] / max(SIDE_AT, self.largest_side)) ** 0.6
        depth = self.reduction * SIDE * (size[1] / max(SIDE_AT, self.largest_side)) ** 0.6
        thickness = self.reduction * THICKNESS * (channels / THICKNESS_AT) ** 0.5
        return Solid(max(5.0, min(THICKEST, thickness)), max(9.0, side), max(9.0, depth))
