"""The columns of a tower diagram: each tower's part of a layer as solids and words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from alexnet_viz.analysis.columns import axes_text
from alexnet_viz.analysis.towers.split import Stage, Towers
from alexnet_viz.network.layers import Conv, Layer, Linear, Window, shape_text
from alexnet_viz.render.diagrams.solids import Scale, Solid
from alexnet_viz.render.diagrams.svg import text_width

NAME, KERNEL, SHAPE = 17.0, 15.0, 15.0
"""Sizes of the words at a block: at 1440 pixels a page shows 1360 units in 1280."""
LONGEST_SUM = 8
"""Most letters of a sum below a kernel: 86+85+85."""
STOPS = 82.0
"""Width of the words that a network stops here, in any language."""
SLICE = 6.0
"""Thickness of a layer that keeps its shape and is drawn only because values cross."""


@dataclass(frozen=True)
class Column:
    """One drawn layer: each tower's part of it, and its position."""

    layer: Layer
    stage: Stage | None
    """None for a layer that a failing network never reached."""
    arriving: tuple[range, ...]
    """Input channels that each tower holds; empty if it has the whole image."""
    solids: tuple[Solid, ...]
    width: float
    left: float = 0.0
    source: str = ""
    """The layer right before, whose values are read."""
    failed: bool = False
    """Whether a failing network stops here."""

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def centre(self) -> float:
        return self.left + self.width / 2

    def solid_left(self, tower: int) -> float:
        """Left edge of a tower's solid, which stands in the middle of the column."""
        return self.centre - self.solids[tower].width / 2

    @property
    def depth(self) -> int:
        """Input channels that a kernel reads; 0 of a layer without kernels."""
        return (self.stage.kernel_depth or 0) if self.stage else 0

    def channels(self, tower: int) -> int:
        """Output channels of a tower; none of a layer that was never reached."""
        return self.stage.channels[tower] if self.stage else 0

    @property
    def kernel(self) -> str:
        """The kernel with its depth, 5×5×48, or the window of a pool; nothing for other layers."""
        if not isinstance(self.layer, Window):
            return ""
        size = shape_text(self.layer.kernel_size)
        return f"{size}×{self.depth}" if self.depth else size

    @property
    def words(self) -> tuple[str, ...]:
        """The words above a block: the kernel with its depth, and the depth as a sum."""
        if not self.stage or not isinstance(self.layer, Window):
            return ()
        stride = "" if self.layer.stride == (1, 1) else f" / {axes_text(*self.layer.stride)}"
        kernel = self.kernel + stride
        if not self.depth:
            return (kernel,)
        held = next(tower for tower, n in enumerate(self.stage.channels) if n)
        parts = [len(part) for part in self.reads(held) if part]
        total = sum_text(parts)
        return (kernel, f"= {total}") if len(parts) > 1 and len(total) <= LONGEST_SUM else (kernel,)

    def reads(self, tower: int) -> tuple[range, ...]:
        """By source tower, the input channels that a kernel of this tower reads: its last one."""
        if not self.stage or not isinstance(self.layer, Conv) or not self.stage.channels[tower]:
            return ()
        kernel = self.layer.channels_read(self.stage.held[tower][-1:], self.stage.row.input_shape)
        return tuple(
            range(max(kernel.start, part.start), min(kernel.stop, part.stop))
            for part in self.arriving
        )

    def shape(self, tower: int) -> str:
        """The words below a block: its maps or features; "" for a slice."""
        if not self.stage or not isinstance(self.layer, Window | Linear):
            return ""
        shape = self.stage.shapes[tower]
        return f"{shape[0]:,}" if len(shape) == 1 else shape_text(shape)


def columns_of(
    towers: Towers, scale: Scale, rows: int, cut: Collection[str], ghosts: Sequence[Layer]
) -> tuple[Column, ...]:
    """Columns for layers with a window or dense weights, and for others into which values cross.

    ``rows`` towers are drawn; ``cut`` and ``ghosts`` as in ``towers.tower_diagram``.  The columns
    still have to be placed.
    """
    columns: list[Column] = []
    for before, stage in pairwise((None, *towers.stages)):
        assert stage is not None
        solids = _solids(stage, scale)[:rows]
        if not isinstance(stage.row.layer, Window | Linear):
            if not stage.crossing and stage.name not in cut:
                continue
            solids = tuple(
                replace(solid, thickness=min(SLICE, solid.thickness)) for solid in solids
            )
        arriving = before.held if before and stage.reads != "image" else ()
        source = before.name if before else "input"
        columns.append(Column(stage.row.layer, stage, arriving, solids, 0.0, source=source))
    for number, layer in enumerate(ghosts):
        if isinstance(layer, Window | Linear) or number == 0:
            shape = (layer.out_features,) if isinstance(layer, Linear) else (96, 13, 13)
            part = (max(1, shape[0] // towers.count), *shape[1:])
            columns.append(
                Column(layer, None, (), (scale.solid(part),) * rows, 0.0, failed=number == 0)
            )
    return tuple(replace(column, width=_width(column)) for column in columns)


def _solids(stage: Stage, scale: Scale) -> tuple[Solid, ...]:
    """Each tower's solid; where it holds nothing, the size of what the others hold."""
    largest = max(stage.shapes)
    return tuple(scale.solid(shape if shape[0] else largest) for shape in stage.shapes)


def _width(column: Column) -> float:
    towers = range(len(column.solids))
    words = [text_width(column.layer.name, NAME)]
    words += [text_width(line, KERNEL) for line in column.words]
    words += [text_width(column.shape(tower), SHAPE) for tower in towers]
    if column.failed:
        words.append(STOPS)
    return max(*words, *(solid.width for solid in column.solids))


def sum_text(parts: Sequence[int]) -> str:
    """A sum as text, equal terms as a product.

    >>> sum_text([128, 128]), sum_text([52, 51, 51, 51, 51])
    ('128+128', '52+4×51')
    """
    runs = [(value, len(list(group))) for value, group in groupby(parts)]
    return "+".join(
        f"{count}×{value:,}" if count > 2 else "+".join([f"{value:,}"] * count)
        for value, count in runs
    )
