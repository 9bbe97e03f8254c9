"""What the maps of each layer answer to: strongest channels, one cell's field, sparsity.

The weights are those that ship, learned on drawings; they know no cats.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.grips import Field, Grip
from alexnet_viz.render.diagrams.graph.planes import Frame, Plane, planes
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.text import t

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LAYERS = ("conv1", "conv2", "conv3", "conv4", "conv5")
SHOWN, COLUMNS = 8, 4
"""Strongest maps that are shown."""
LEAST = 24
"""Pixels of a side of the patch that the task asks for."""
CLOSE = 0.9
"""Share of the best drawing's answer that is said to be close."""


def maps_of(values: Values) -> Floats:
    """The maps of the chosen layer after its ReLU, float32 (channels, height, width)."""
    found: Floats = values["live"].activations(values["picture"])[after(values["layer"])]
    return found


def after(layer: str) -> str:
    """The ReLU after a layer, which is what the next layer reads.

    >>> after("conv3")
    'relu3'
    """
    return layer.replace("conv", "relu")


def _channel(values: Values) -> int:
    """The chosen map; the strongest on the picture where none is chosen."""
    from alexnet_viz.model.activations import answering

    maps = maps_of(values)
    return int(answering(maps)[0]) if values["map"] < 0 else min(values["map"], len(maps) - 1)


def _patch(values: Values) -> tuple[int, int, int]:
    """The first row and column of the patch, and its side: 0 where there is none."""
    side = int(values["patch"])
    most = len(values["picture"]) - side
    return min(values["patch_row"], most), min(values["patch_column"], most), side


def covering(values: Values) -> tuple[int, ...]:
    """The colour of the patch: the mean of the training pictures, which the network reads as 0."""
    how = values["live"].weights.preprocessing
    return tuple(round(each / how.scale) for each in how.mean)


def covered(values: Values) -> NDArray[np.uint8]:
    """The picture with the patch on it."""
    row, column, side = _patch(values)
    found: NDArray[np.uint8] = values["picture"].copy()
    found[row : row + side, column : column + side] = covering(values)
    return found


def look(values: Values, say: Say) -> Look:
    """The picture with what one cell reads, its map, and the layer's strongest maps.

    A patch on the picture changes the maps; which are shown, and their scale, stay.
    """
    from alexnet_viz.model.activations import answering

    plain = maps_of(values)
    hidden = {**values, "picture": covered(values)} if values["patch"] else values
    maps = maps_of(hidden)
    order = answering(plain)[:SHOWN]
    channel = _channel(values)
    cell = min(values["row"], maps.shape[1] - 1), min(values["column"], maps.shape[2] - 1)
    row = trace(values["live"].network)[after(values["layer"])]
    assert row.receptive_field
    down, across = (each.pixels(at) for each, at in zip(row.receptive_field, cell, strict=True))
    value = float(maps[(channel, *cell)])
    words = {"layer": values["layer"], "channels": len(maps), "side": maps.shape[1]}
    said: tuple[str, ...] = (
        say("cell", map=channel, row=cell[0], column=cell[1], value=number_text(value, 3),
            size=len(down), top=down.start, bottom=down.stop - 1, left=across.start,
            right=across.stop - 1),
        say("sparse", zeros=f"{100 * float((maps == 0).mean()):.0f}",
            dead=int((maps == 0).all(axis=(1, 2)).sum()), **words),
        say("strongest", names=", ".join(map(str, order)), most=number_text(float(plain.max()), 3),
            scale=say(f"scale_{values['scale']}")),
    )  # fmt: skip
    if values["patch"]:
        said = (_under_patch(values, hidden, channel, cell, say), *said)
    drawings = (
        Drawing(_one(values, (plain, maps), channel, cell, row.receptive_field[0], say), "features",
                say("caption", origin=values["live"].weights.title.of(say.language))),
        Drawing(_strongest(values, (plain, maps), order.tolist(), say), "features_strongest"),
    )  # fmt: skip
    return Look(drawings, said)


def _under_patch(
    values: Values, hidden: Values, channel: int, cell: tuple[int, int], say: Say
) -> str:
    """What the patch changes: the map, the chosen cell, and the probability of a class."""
    live, name = values["live"], after(values["layer"])
    before, then = (live.activations(each["picture"]) for each in (values, hidden))
    first, second = before[name][channel], then[name][channel]
    odds = before["prob"].ravel(), then["prob"].ravel()
    best = int(odds[0].argmax())
    return say(
        "patched", side=values["patch"], map=channel, changed=int((first != second).sum()),
        cells=first.size, before=number_text(float(first.mean()), 3),
        then=number_text(float(second.mean()), 3), row=cell[0], column=cell[1],
        cell_before=number_text(float(first[cell]), 3),
        cell_then=number_text(float(second[cell]), 3),
        kind=t(f"drawn.{CLASSES[best]}", say.language),
        odds=f"{100 * odds[0][best]:.1f}", odds_then=f"{100 * odds[1][best]:.1f}",
    )  # fmt: skip


def _top(values: Values, maps: Floats, channel: int) -> float:
    """The upper end of a map's scale: the layer's largest value, or the map's own."""
    return float(maps.max() if values["scale"] == "shared" else maps[channel].max())


def _one(
    values: Values, both: tuple[Floats, Floats], channel: int, cell: tuple[int, int],
    field: ReceptiveField, say: Say,
) -> str:  # fmt: skip
    """The picture and one map; the frames on both, and the patch, can be moved."""
    from alexnet_viz.render.charts.map_faces import png
    from alexnet_viz.render.charts.picture_uri import picture_uri

    pixels, (plain, maps) = values["picture"], both
    top, side = _top(values, plain, channel), maps.shape[1]
    down, across = (field.pixels(at) for at in cell)
    frame = Frame(across.start, down.start, len(across), len(down), say("field"), field=True)
    place = say("at_place", row="{row}", column="{column}")
    row, column, covers = _patch(values)
    patch = Grip(
        ("patch_row", "patch_column"), pixels.shape[:2], (row, column), say("patch"), place,
        (covers, covers), fill="#" + bytes(covering(values)).hex(),
    )  # fmt: skip
    pointed = Grip(
        ("row", "column"), (side, side), cell, say("the_cell"), place,
        field=Field(field.start, field.effective_stride, field.size),
    )  # fmt: skip
    return planes(
        (
            Plane(picture_uri(pixels), pixels.shape[1::-1], say("picture"), frames=[frame],
                  smooth=True, grip=patch if covers else None),
            Plane(png(maps[channel], (0.0, top or 1.0)), (side, side),
                  say("map", map=channel, layer=values["layer"]), (0.0, top), grip=pointed),
        ),
        title=say("drawing", map=channel, layer=values["layer"]), largest=250.0,
    )  # fmt: skip


def _strongest(values: Values, both: tuple[Floats, Floats], order: list[int], say: Say) -> str:
    from alexnet_viz.render.charts.map_faces import png

    plain, maps = both
    side = maps.shape[1]
    shown = []
    for channel in order:
        top = _top(values, plain, channel)
        shown.append(Plane(png(maps[channel], (0.0, top or 1.0)), (side, side),
                           say("of_map", map=channel), (0.0, top)))  # fmt: skip
    return planes(shown, title=say("strongest_drawing"), columns=COLUMNS)


_READ: dict[tuple[str, int], Floats] = {}
"""What the drawings of a seed lead to, by weights and layer, and seed: (classes, channels)."""
MOST_KEPT = 64


def drawings_answer(live: Any, layer: str, seed: int) -> Floats:
    """The mean of each map over the drawing of each class: float32 (classes, channels)."""
    import numpy as np

    key = (f"{live.weights.id}/{layer}", seed)
    found = _READ.get(key)
    if found is None:
        if len(_READ) >= MOST_KEPT:
            _READ.clear()
        found = np.stack([_means(live, layer, drawn(kind, seed)) for kind in CLASSES])
        _READ[key] = found
    return found


def _means(live: Any, layer: str, pixels: NDArray[np.uint8]) -> Floats:
    """The mean of each map of a layer, its part of the network only."""
    import torch

    from alexnet_viz.pictures.preprocessing import normalised

    image = torch.from_numpy(normalised(pixels, 3, live.weights.preprocessing))[None]
    with torch.inference_mode(), live.gate():
        for name, module in live.model().named_children():
            image = module(image)
            if name == after(layer):
                break
    found: Floats = image[0].mean(dim=(1, 2)).numpy()
    return found


@lru_cache(maxsize=64)
def drawn(kind: str, seed: int) -> NDArray[np.uint8]:
    """The drawing of a class, uint8 (227, 227, 3)."""
    import numpy as np

    from alexnet_viz.pictures.samples.fresh import SIZE
    from alexnet_viz.pictures.synthetic.scene import draw

    return draw(kind, np.random.default_rng(seed), SIZE)


def _lights(values: Values, answer: str, say: Say) -> Outcome:
    """Which of the drawings lights the chosen map most?"""
    means = drawings_answer(values["live"], values["layer"], values["seed"])
    channel = _channel(values)
    found = means[:, channel]
    best = int(found.argmax())
    mine = float(found[CLASSES.index(answer)])
    words = {
        "map": channel, "layer": values["layer"], "answer": t(f"drawn.{answer}", say.language),
        "mine": number_text(mine, 3), "best": t(f"drawn.{CLASSES[best]}", say.language),
        "most": number_text(float(found[best]), 3), "all": len(CLASSES),
        "rank": int((found > mine).sum()) + 1,
        "share": f"{100 * mine / max(float(found[best]), 1e-9):.0f}",
    }  # fmt: skip
    if not found[best]:
        return Outcome(False, say("none_lights", **words))
    if CLASSES.index(answer) == best:
        return Outcome(True, say("lights", **words))
    close = mine >= CLOSE * float(found[best])
    return Outcome(False, say("close" if close else "not_most", **words))


def _field(values: Values, answer: int, say: Say) -> Outcome:
    """How many pixels wide is what one cell of conv5 reads?"""
    rows = trace(values["live"].network)
    sizes = {}
    for layer in LAYERS:
        field = rows[layer].receptive_field
        assert field
        sizes[layer] = field[0].size
    words = {"answer": answer, "right": sizes["conv5"], "chain": ", ".join(
        f"{layer} {size}" for layer, size in sizes.items()
    )}  # fmt: skip
    if answer == sizes["conv5"]:
        return Outcome(True, say("field_right", **words))
    other = next((layer for layer, size in sizes.items() if size == answer), "")
    key = "field_other" if other else "field_wrong"
    return Outcome(False, say(key, other=other or "-", **words))


def _beside(values: Values, answer: Any, say: Say) -> Outcome:
    """The patch changes the map, and the chosen cell keeps its value."""
    live, name, channel = values["live"], after(values["layer"]), _channel(values)
    first, second = (
        live.activations(pixels)[name][channel] for pixels in (values["picture"], covered(values))
    )
    cell = min(values["row"], len(first) - 1), min(values["column"], len(first) - 1)
    row = trace(live.network)[name]
    assert row.receptive_field
    down, across = (field.pixels(at) for field, at in zip(row.receptive_field, cell, strict=True))
    words = {
        "least": LEAST, "side": values["patch"], "map": channel, "row": cell[0], "column": cell[1],
        "before": number_text(float(first[cell]), 3), "then": number_text(float(second[cell]), 3),
        "changed": int((first != second).sum()), "top": down.start, "bottom": down.stop - 1,
        "left": across.start, "right": across.stop - 1,
    }  # fmt: skip
    if values["patch"] < LEAST:
        return Outcome(False, say("small_patch", **words))
    if not first[cell]:
        return Outcome(False, say("silent_cell", **words))
    if not words["changed"]:
        return Outcome(False, say("same_map", **words))
    same = bool(first[cell] == second[cell])
    return Outcome(same, say("beside" if same else "not_beside", **words))


LAB = Lab(
    id="features",
    concepts=("features",),
    controls=(
        Pick("layer", LAYERS, "conv2"),
        Pick("scale", ("shared", "own"), "shared"),
        Number("map", -1, 383, -1),
        Number("row", 0, 54, 13),
        Number("column", 0, 54, 13),
        Number("seed", 1, 200, 1),
        Number("patch", 0, 120, 0, 4),
        Number("patch_row", 0, 226, 90),
        Number("patch_column", 0, 226, 90),
    ),
    look=look,
    idle=lambda values: () if values["patch"] else ("patch_row", "patch_column"),
    tasks={
        "lights": Task(_lights, Pick("drawing", CLASSES, CLASSES[0])),
        "field": Task(_field, Number("pixels", 1, 227, 1)),
        "beside": Task(_beside),
    },
    see=("feature_maps?layer=conv5",),
    needs_picture=True,
    runs_network=True,
)
