"""Kernels of each tower as windows on the maps they read, and lines between other layers."""

from alexnet_viz.render.diagrams.kernel_window import KernelWindow, kernel_window
from alexnet_viz.render.diagrams.light import DARK, Light
from alexnet_viz.render.diagrams.solids import Solid
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.diagrams.tower_columns import Column
from alexnet_viz.render.diagrams.tower_layout import Layout
from alexnet_viz.render.theme import CROSSING, QUIET


def draw_stays(
    sheet: Sheet, plan: Layout, before: Column | None, column: Column, light: Light
) -> None:
    """Lines from each tower's block to its next one, where no window connects them."""
    if column.stage is None:
        return
    for tower, middle in enumerate(plan.middles):
        if _window(plan, before, column, tower) or not column.channels(tower):
            continue
        start = (plan.image_right + 6, plan.centre)
        if before:
            if not before.channels(tower):
                continue
            start = (before.solid_left(tower) + before.solids[tower].width + 6, middle)
        lit = light.sees(column.stage.name, column.stage.held[tower])
        with sheet.group(passive=True, opacity=0.8 if lit else DARK):
            sheet.line(start, (column.solid_left(tower) - 6, middle))


def draw_kernels(
    sheet: Sheet, plan: Layout, before: Column | None, column: Column, light: Light
) -> None:
    """A layer's window on the maps of every tower it reads, and lines to its output.

    A window that reads the maps of several towers has the colour of what crosses.
    """
    stage = column.stage
    if stage is None:
        return
    rows = range(len(plan.middles))
    lit = [light.sees(stage.name, channels) for channels in stage.held]
    crosses = CROSSING if stage.crossing else QUIET
    for source in rows:
        window = _window(plan, before, column, source)
        near = [tower for tower in rows if tower == source or stage.pieces[tower][source]]
        readers = [tower for tower in near if column.channels(tower)]
        if window is None or not readers:
            continue
        if before or source == rows[0]:
            # all towers read one and the same window of the image
            bright = any(lit[tower] for tower in (readers if before else rows))
            with sheet.group(passive=True, opacity=1.0 if bright else DARK):
                if bright and column.depth:
                    solid = before.solids[source] if before else plan.image
                    reader = source if source in readers else readers[0]
                    window.bar(sheet, solid, _depth(column, reader, source) if before else (0, 1))
                window.draw(sheet, stroke=crosses)
        if source in readers:
            landing = plan.middles[source] + column.solids[source].rise / 2
            left = column.solid_left(source)
            with sheet.group(passive=True, opacity=1.0 if lit[source] else DARK):
                if before is None:
                    # the lines that fan out from the image are steep: they end before the words
                    sheet.line((plan.row_start(source) - 4, landing), (left, landing), dash="4 3")
                    left = plan.row_start(source) - 4
                window.lines(sheet, (left, landing))


def _window(plan: Layout, before: Column | None, column: Column, tower: int) -> KernelWindow | None:
    """The window of a layer on what arrives at a tower."""
    if column.stage is None:
        return None
    solid: Solid = before.solids[tower] if before else plan.image
    left = before.solid_left(tower) if before else plan.image_left
    middle = plan.middles[tower] if before else plan.centre
    return kernel_window(column.stage.row, solid, left, middle)


def _depth(column: Column, reader: int, source: int) -> tuple[float, float]:
    """The part of a tower's maps that a kernel reads, as fractions from 0 to 1."""
    reads = column.reads(reader)
    if not reads or not reads[source]:
        return (0.0, 0.0)
    held = column.arriving[source]
    return (reads[source].start - held.start) / len(held), (reads[source].stop - held.start) / len(
        held
    )
