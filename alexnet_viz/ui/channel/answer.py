"""What a channel reads, what it answers to and why, in sentences with its own numbers."""

from typing import Any

import numpy as np

from alexnet_viz.interpretability.kernels import colour_selectivity, kernel
from alexnet_viz.interpretability.lens import lens, strongest
from alexnet_viz.network.layers import Conv, Linear, shape_text
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import running, t
from alexnet_viz.ui.channel.chosen_channel import is_outside
from alexnet_viz.ui.components.specimen import Specimen
from alexnet_viz.ui.components.subject import Subject

COLOURS = {"R": "channel.red", "G": "channel.green", "B": "channel.blue"}


def name(subject: Subject, it: Specimen) -> str:
    """The channel's name with its size, or the class of an output unit."""
    names = {"layer": it.row.name, "channel": it.channel, "count": it.shape[0]}
    flat = len(it.row.output_shape) == 1
    words = t("channel.unit_of" if flat else "channel.of", **names)
    size = "" if flat else f"{it.shape[1]}×{it.shape[2]}"
    return " · ".join(filter(None, (words, size or subject.output_title(it.row.name, it.channel))))


def answer(it: Specimen, module: Any, cell: tuple[int, int]) -> list[str]:
    """What the channel reads, where it answers most, and what its value comes from, as sentences.

    What is between two pairs of asterisks is bold.
    """
    said = [_reads(it, cell), _answers(it)]
    if it.row.layer.weighted:
        said += [_why(it, module, cell), _colour(it, module)]
    if it.plane.size > 1 and is_outside(it):
        _, height, width = it.shape
        place = {"row": state.get("cell_row"), "column": state.get("cell_column")}
        words = t("channel.outside", **place, height=height, width=width, layer=it.row.name)
        said.insert(0, words)
    return [words for words in said if words]


def _reads(it: Specimen, cell: tuple[int, int]) -> str:
    """What the channel reads of the layer below."""
    block, below = it.reach(*cell), it.source.layer or t("lens.picture")
    cells = len(block.rows) * len(block.columns)
    channels = len(block.channels)
    names = {"layer": it.row.name, "channel": it.channel, "below": below}
    spread = {"first": block.channels.start, "last": block.channels.stop - 1}
    if not it.row.layer.weighted:
        key = "reads_several"
        if channels == 1:
            key = "reads_value" if cells == 1 else "reads_one"
        return t(f"channel.{key}", **names, **spread, cells=cells)
    key = "units" if it.reads_units else "maps"
    if not it.source.layer:
        key = "picture" if channels > 1 else "grey"
    counts = {"count": channels, "all": it.source.shape[0], "below": below}
    share = "all" if channels == counts["all"] else "some"
    read = "" if not it.source.layer else t(f"channel.{share}_{key}", **counts)
    words = t(
        f"channel.reads_{key}" if it.plane.size > 1 else f"channel.unit_reads_{key}",
        **names,
        count=channels,
        read=read,
        window=shape_text((len(block.rows), len(block.columns))),
        products=channels * cells,
    )
    grouped = isinstance(it.row.layer, Conv | Linear) and it.row.layer.groups > 1
    groups = it.row.layer.groups if grouped else 1
    return running(words, t("channel.reads_group", **spread, groups=groups) if grouped else "")


def _answers(it: Specimen) -> str:
    """Where the channel's value is largest, and what of the picture that cell sees."""
    names = {"layer": it.row.name, "channel": it.channel}
    if it.plane.size == 1:
        value = float(it.plane[0, 0])
        return t("channel.unit_answers", value=value, rank=it.rank, all=it.shape[0], **names)
    if it.silent:
        return t("channel.silent", **names)
    row, column = strongest(it.plane, 1)[0]
    words = t(
        "channel.answers",
        row=row,
        column=column,
        value=float(it.plane[row, column]),
        share=100 * float((it.plane > 0).mean()),
    )
    if it.row.receptive_field:
        sides = zip(it.row.receptive_field, (row, column), it.seen.shape, strict=False)
        seen = [
            (max(0, pixels.start), min(size, pixels.stop) - 1)
            for pixels, size in ((axis.pixels(at), size) for axis, at, size in sides)
        ]
        (top, bottom), (left, right) = seen
        words = running(
            words, t("channel.answers_to", top=top, bottom=bottom, left=left, right=right)
        )
    return words


def _why(it: Specimen, module: Any, cell: tuple[int, int]) -> str:
    """Which input channels add most to the chosen cell and take most away from it."""
    found = lens(it.row, module, it.values, (it.channel, *cell)).ranked()
    up, down = max(found, key=lambda part: part[1]), min(found, key=lambda part: part[1])
    where = t("channel.at", row=cell[0], column=cell[1])
    if it.plane.size == 1:
        where = t("channel.at_unit")
    numbers = {
        "where": where,
        "plus": _source(it, up[0]),
        "up": up[1],
        "minus": _source(it, down[0]),
        "down": down[1],
    }
    if len(found) == 1 or not found:
        return ""
    if up[1] <= 0:
        return t("channel.why_down", **numbers) if down[1] < 0 else ""
    return t("channel.why_both" if down[1] < 0 else "channel.why_up", **numbers)


def _source(it: Specimen, channel: int) -> str:
    """The name of a channel that is read: a colour, a map or a unit of the layer below."""
    if it.colours:
        return t(COLOURS[it.colours[channel]])
    below = it.source.layer or t("lens.picture")
    key = "channel.source_unit_of" if it.reads_units else "channel.source_of"
    return t(key, channel=channel, layer=below)


def _colour(it: Specimen, module: Any) -> str:
    """The share of a first kernel's energy that is colour."""
    if len(it.colours) != 3 or len(it.reach(0, 0).channels) != 3:
        return ""
    weights = kernel(module, it.channel)
    share = float(np.clip(colour_selectivity(weights[None])[0], 0, 1))
    return t("channel.colour_share", share=100 * share, rest=100 - 100 * share)
