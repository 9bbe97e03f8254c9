"""An SVG document with a few primitives; every text is escaped.

Coordinates are SVG's: x to the right, y down, in units that are pixels at full width.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape

from alexnet_viz.render.theme import FONT, GROUND, INK, QUIET

Point = tuple[float, float]


class Sheet:
    """Collects elements in drawing order and renders them as one SVG document."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    @contextmanager
    def group(
        self,
        *,
        layer: str = "",
        title: str = "",
        kind: str = "",
        tower: int | None = None,
        opacity: float = 1.0,
        passive: bool = False,
        data: Mapping[str, object] | None = None,
    ) -> Iterator[None]:
        """A group of elements.

        Those of a ``layer``, or of what one ``tower`` holds of it, are a target for the pointer
        and the keyboard; ``passive`` ones let the pointer through to what lies under them.
        ``data`` becomes attributes, which a page's script reads.
        """
        mark = f' class="{escape(kind)}"' if kind else ""
        if layer:
            held = "" if tower is None else f' data-tower="{tower}"'
            mark = (
                f' class="target {escape(kind)}" data-layer="{escape(layer)}"{held} tabindex="0"'
                f' role="button" aria-label="{escape(title)}"'
            )
        faded = f' opacity="{opacity:g}"' if opacity != 1 else ""
        through = ' pointer-events="none"' if passive else ""
        self._parts.append(f"<g{mark}{faded}{through}{_data(data or {})}>")
        if title:
            self._parts.append(f"<title>{escape(title)}</title>")
        yield
        self._parts.append("</g>")

    @contextmanager
    def grip(self, title: str, **data: object) -> Iterator[None]:
        """A group with a frame that the pointer and the arrow keys move; ``data`` says where."""
        self._parts.append(
            f'<g class="grip" tabindex="0" role="slider" aria-label="{escape(title)}"{_data(data)}>'
        )
        yield
        self._parts.append("</g>")

    def polygon(
        self,
        points: Iterable[Point],
        *,
        fill: str = "none",
        opacity: float = 1.0,
        stroke: str = "",
        width: float = 1.2,
        dash: str = "",
    ) -> None:
        """A closed shape; ``opacity`` is the fill's.  Filled with ink it follows the page's."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        role = ' class="ink"' if fill == INK else ""
        self._parts.append(
            f'<polygon{role} points="{path}" fill="{fill}" fill-opacity="{opacity:g}"'
            f"{_stroke(stroke, width, dash)}/>"
        )

    def rectangle(
        self, x: float, y: float, across: float, down: float, **style: str | float
    ) -> None:
        """An upright rectangle; style as for ``polygon``."""
        corners = ((x, y), (x + across, y), (x + across, y + down), (x, y + down))
        self.polygon(corners, **style)  # type: ignore[arg-type]

    def ground(self, x: float, y: float, across: float, down: float) -> None:
        """A rectangle of the page's own background, which hides what lies under it."""
        self._parts.append(
            f'<rect class="ground" x="{x:.1f}" y="{y:.1f}" width="{across:.1f}"'
            f' height="{down:.1f}" fill="{GROUND}"/>'
        )

    def line(
        self,
        start: Point,
        end: Point,
        *,
        stroke: str = QUIET,
        width: float = 1.2,
        dash: str = "",
        opacity: float = 1.0,
    ) -> None:
        """A straight line; without a colour of its own it follows the page's quiet ink."""
        rule = ' class="rule"' if stroke == QUIET else ""
        faded = f' stroke-opacity="{opacity:g}"' if opacity != 1 else ""
        self._parts.append(
            f'<line{rule} x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}"'
            f' y2="{end[1]:.1f}"{_stroke(stroke, width, dash)}{faded}/>'
        )

    def polyline(
        self, points: Iterable[Point], *, stroke: str, width: float = 2.0, dash: str = ""
    ) -> None:
        """A line through the points, not closed and not filled."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(
            f'<polyline points="{path}" fill="none" stroke-linecap="round"'
            f"{_stroke(stroke, width, dash)}/>"
        )

    def circle(
        self, x: float, y: float, radius: float, *, fill: str = "none", stroke: str = "",
        width: float = 1.2, dash: str = "",
    ) -> None:  # fmt: skip
        """A circle.  Filled with ink or with the ground it follows the page's."""
        role = {INK: ' class="ink"', GROUND: ' class="ground"'}.get(fill, "")
        self._parts.append(
            f'<circle{role} cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"'
            f"{_stroke(stroke, width, dash)}/>"
        )

    def region(
        self, rings: Iterable[Iterable[Point]], *, fill: str, opacity: float = 1.0,
        stroke: str = "", width: float = 0.8,
    ) -> None:  # fmt: skip
        """One filled area bounded by closed rings, those of its holes in the other direction."""
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)
        if path:
            self._parts.append(
                f'<path d="{path}" fill="{fill}" fill-opacity="{opacity:g}"'
                f"{_stroke(stroke, width, '')}/>"
            )

    def strokes(
        self, segments: Iterable[tuple[Point, Point]], *, stroke: str, width: float = 1.0
    ) -> None:
        """Many straight pieces of line in one element, as of a hatching."""
        path = "".join(f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for (a, b), (c, d) in segments)
        if path:
            self._parts.append(f'<path d="{path}" fill="none"{_stroke(stroke, width, "")}/>')

    def image(
        self, x: float, y: float, across: float, down: float, data_uri: str, *, smooth: bool = True
    ) -> None:
        """A picture stretched over a rectangle; ``data_uri`` carries it, so the SVG is complete.

        Without ``smooth`` each of its pixels stays a rectangle, as the cells of a map should.
        """
        cells = "" if smooth else ' style="image-rendering:pixelated"'
        self._parts.append(
            f'<image x="{x:.1f}" y="{y:.1f}" width="{across:.1f}" height="{down:.1f}"{cells}'
            f' preserveAspectRatio="none" href="{escape(data_uri)}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 14,
        bold: bool = False,
        quiet: bool = False,
        fill: str = "",
        anchor: str = "middle",
    ) -> None:
        """One line of text with its baseline at ``y``."""
        role = "" if fill else ' class="quiet"' if quiet else ' class="ink"'
        colour = fill or (QUIET if quiet else INK)
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text{role} x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
            f' fill="{colour}"{weight}>{escape(words)}</text>'
        )

    def label(self, x: float, y: float, words: str, *, size: float = 13, fill: str = "") -> None:
        """A bold text on a filled background, for places crossed by lines."""
        half = 0.31 * size * len(words) + 4
        self._parts.append(
            f'<rect class="ground" x="{x - half:.1f}" y="{y - size:.1f}" width="{2 * half:.1f}"'
            f' height="{1.4 * size:.1f}" fill="{GROUND}"/>'
        )
        self.text(x, y, words, size=size, bold=True, fill=fill)

    def document(self, width: float, height: float, *, title: str) -> str:
        """The SVG document; ``title`` is its text for screen readers."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
            f' width="{width:.0f}" height="{height:.0f}" font-family="{escape(FONT)}" role="img"'
            f' aria-label="{escape(title)}">'
            f'<rect class="ground" width="100%" height="100%" fill="{GROUND}"/>'
            f"{''.join(self._parts)}</svg>"
        )


def text_width(words: str, size: float) -> float:
    """Estimated width of a line of text, enough for a fallback typeface too."""
    return size * sum(1.0 if ord(letter) >= 0x2E80 else 0.56 for letter in words)


def _data(data: Mapping[str, object]) -> str:
    return "".join(f' data-{name}="{escape(str(it))}"' for name, it in data.items())


def _stroke(colour: str, width: float, dash: str) -> str:
    if not colour:
        return ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"{dashes}'
