"""What one cell of a map sees: its field on the picture, and the proof by scrambling pixels.

Recurrence of Araujo, Norris, Sim 2019 (``network.receptive_field``); the proof runs the network.
"""

from typing import Any

from alexnet_viz.network.trace import Row, trace
from alexnet_viz.render.diagrams import receptive_field as diagram
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.weights.catalogue import DRAWINGS

LAYERS = ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5")
LARGEST_MAP = 55
RESULT = trace(DRAWINGS.network)
SIDE = RESULT.input_shape[1]
WIDTH = 640
WHERE = ("none", "outside", "inside")

Cell = tuple[int, int]


def fields(layer: str) -> tuple[Row, int, int]:
    """The row of a layer, the side of the field of its cells, and the cells along its map."""
    row = RESULT[layer]
    assert row.receptive_field
    return row, row.receptive_field[0].size, row.output_shape[1]


def field(layer: str, cell: Cell) -> tuple[range, range]:
    """The rows and columns of pixels that a cell sees, also beyond the picture.

    >>> field("pool5", (2, 5))
    (range(0, 195), range(96, 291))
    """
    row, _, _ = fields(layer)
    assert row.receptive_field
    down, across = row.receptive_field
    return down.pixels(cell[0]), across.pixels(cell[1])


def inside(pixels: range) -> range:
    """The part of them that is on the picture.

    >>> inside(range(96, 291))
    range(96, 227)
    """
    return range(max(0, pixels.start), min(SIDE, pixels.stop))


def whole(layer: str) -> list[Cell]:
    """The cells of a layer whose field lies inside the picture as a whole.

    >>> whole("pool5")
    [(2, 2), (2, 3), (3, 2), (3, 3)]
    """
    _, size, count = fields(layer)
    kept = [at for at in range(count) if len(inside(field(layer, (at, at))[0])) == size]
    return [(row, column) for row in kept for column in kept]


def scrambled(picture: Any, layer: str, cell: Cell, where: str, seed: int) -> Any:
    """The picture with random pixels outside or inside the field of a cell."""
    import numpy as np

    if where == "none":
        return picture
    down, across = map(inside, field(layer, cell))
    replaced = np.full(picture.shape[:2], where == "outside")
    replaced[down.start : down.stop, across.start : across.stop] = where == "inside"
    noise = np.random.default_rng(seed).integers(0, 256, picture.shape, np.uint8)
    return np.where(replaced[..., None], noise, picture)


def answer(live: Any, pixels: Any, layer: str, cell: Cell) -> Any:
    """The values of all channels of a cell, float32 (channels,)."""
    from alexnet_viz.model.activations import capture
    from alexnet_viz.pictures.preprocessing import normalised

    model = live.model()
    names = [name for name, _ in model.named_children()]
    with live.gate():
        maps = capture(
            model[: names.index(layer) + 1], normalised(pixels, 3, DRAWINGS.preprocessing)
        )
    return maps[layer][:, cell[0], cell[1]]


def chosen(values: Values) -> tuple[str, Cell]:
    """The layer, and the cell: the last one where the map is smaller than what was chosen."""
    layer = values["layer"]
    last = fields(layer)[2] - 1
    return layer, (min(values["row"], last), min(values["column"], last))


def look(values: Values, say: Say) -> Look:
    """The field on the picture, its pixels, and what scrambling did to the cell."""
    layer, cell = chosen(values)
    row, size, count = fields(layer)
    assert row.receptive_field
    down, across = field(layer, cell)
    seen = inside(down), inside(across)
    # imports Pillow
    from alexnet_viz.render.charts.picture_uri import picture_uri

    picture, where = values["picture"], values["scramble"]
    pixels = scrambled(picture, layer, cell, where, values["seed"])
    drawn = diagram.receptive_field(
        RESULT, row, cell, say.language, photo=picture_uri(pixels), width=WIDTH
    )
    words = {
        "layer": layer, "row": cell[0], "column": cell[1], "size": size,
        "top": seen[0].start, "bottom": seen[0].stop - 1, "left": seen[1].start,
        "right": seen[1].stop - 1, "share": 100 * len(seen[0]) * len(seen[1]) / SIDE**2,
        "stride": row.receptive_field[0].effective_stride, "count": count,
    }  # fmt: skip
    sentences = [say("sees", **words)]
    if (values["row"], values["column"]) != cell:
        sentences.append(say("last", **words))
    if down != seen[0] or across != seen[1]:
        sentences.append(say("beyond", **words))
    if where != "none":
        sentences.append(_said(values, pixels, layer, cell, say))
    return Look((Drawing(drawn, f"receptive_field_{layer}", say("caption")),), tuple(sentences))


def _said(values: Values, pixels: Any, layer: str, cell: Cell, say: Say) -> str:
    """How many of the cell's values the scrambling changed."""
    before, after = (
        answer(values["live"], each, layer, cell) for each in (values["picture"], pixels)
    )
    replaced = (pixels != values["picture"]).any(axis=2)
    words = {
        "pixels": int(replaced.sum()), "changed": int((before != after).sum()), "all": len(before),
        "most": float(abs(before - after).max()), "layer": layer, "row": cell[0],
        "column": cell[1],
    }  # fmt: skip
    return say("changed" if words["changed"] else "unchanged", **words)


def _half(values: Values, given: str, say: Say) -> Outcome:
    """The first layer whose cells see at least half of the picture's width."""
    size = fields(given)[1]
    right = next(layer for layer in LAYERS if 2 * fields(layer)[1] >= SIDE)
    before = LAYERS[LAYERS.index(right) - 1]
    words = {
        "layer": given, "size": size, "side": SIDE, "share": 100 * size / SIDE,
        "before": before, "before_size": fields(before)[1],
    }  # fmt: skip
    if given == right:
        return Outcome(True, say("half_right", **words))
    return Outcome(False, say("half_small" if 2 * size < SIDE else "half_later", **words))


def _whole(values: Values, given: None, say: Say) -> Outcome:
    """A cell of the last pool whose field lies inside the picture."""
    layer, cell = chosen(values)
    found = whole("pool5")
    words = {"layer": layer, "row": cell[0], "column": cell[1], "n": len(found)}
    if layer != "pool5":
        return Outcome(False, say("whole_layer", **words))
    if cell in found:
        return Outcome(True, say("whole_right", **words))
    size = fields(layer)[1]
    cut = max(size - len(inside(each)) for each in field(layer, cell))
    return Outcome(False, say("whole_cut", **words, cut=cut))


def _idle(values: Values) -> tuple[str, ...]:
    return ("seed",) if values["scramble"] == "none" else ()


LAB = Lab(
    id="receptive_field",
    concepts=("features",),
    controls=(
        Pick("layer", LAYERS, "conv1"),
        Number("row", 0, LARGEST_MAP - 1, 0),
        Number("column", 0, LARGEST_MAP - 1, 0),
        Pick("scramble", WHERE, "none"),
        Number("seed", 1, 20, 1),
    ),
    look=look,
    idle=_idle,
    tasks={"half": Task(_half, Pick("first", LAYERS, "conv1")), "whole": Task(_whole)},
    see=("layer?layer=pool5", "feature_maps?layer=conv5"),
    needs_picture=True,
    runs_network=True,
)
