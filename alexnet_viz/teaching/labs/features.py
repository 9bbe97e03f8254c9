"""What the maps of each layer answer to: strongest channels, one cell's field, sparsity.

The weights are those that ship, learned on drawings; they know no cats.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.render.diagrams.graph.axes import number_text
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


def look(values: Values, say: Say) -> Look:
    """The picture with what one cell reads, its map, and the layer's strongest maps."""
    from alexnet_viz.model.activations import answering

    maps = maps_of(values)
    order = answering(maps)[:SHOWN]
    channel = _channel(values)
    cell = min(values["row"], maps.shape[1] - 1), min(values["column"], maps.shape[2] - 1)
    row = trace(values["live"].network)[after(values["layer"])]
    assert row.receptive_field
    down, across = (field.pixels(at) for field, at in zip(row.receptive_field, cell, strict=True))
    value = float(maps[(channel, *cell)])
    words = {"layer": values["layer"], "channels": len(maps), "side": maps.shape[1]}
    said = (
        say("cell", map=channel, row=cell[0], column=cell[1], value=number_text(value, 3),
            size=len(down), top=down.start, bottom=down.stop - 1, left=across.start,
            right=across.stop - 1),
        say("sparse", zeros=f"{100 * float((maps == 0).mean()):.0f}",
            dead=int((maps == 0).all(axis=(1, 2)).sum()), **words),
        say("strongest", names=", ".join(map(str, order)), most=number_text(float(maps.max()), 3),
            scale=say(f"scale_{values['scale']}")),
    )  # fmt: skip
    drawings = (
        Drawing(_one(values, maps, channel, cell, (down, across), say), "features",
                say("caption", origin=values["live"].weights.title.of(say.language))),
        Drawing(_strongest(values, maps, order.tolist(), say), "features_strongest"),
    )  # fmt: skip
    return Look(drawings, said)


def _top(values: Values, maps: Floats, channel: int) -> float:
    """The upper end of a map's scale: the layer's largest value, or the map's own."""
    return float(maps.max() if values["scale"] == "shared" else maps[channel].max())


def _one(
    values: Values, maps: Floats, channel: int, cell: tuple[int, int],
    field: tuple[range, range], say: Say,
) -> str:  # fmt: skip
    from alexnet_viz.render.charts.map_faces import png
    from alexnet_viz.render.charts.picture_uri import picture_uri

    pixels, top = values["picture"], _top(values, maps, channel)
    down, across = field
    frame = Frame(across.start, down.start, len(across), len(down), say("field"))
    mark = Frame(cell[1], cell[0], 1, 1, say("the_cell"))
    side = maps.shape[1]
    return planes(
        (
            Plane(picture_uri(pixels), pixels.shape[1::-1], say("picture"), frames=[frame],
                  smooth=True),
            Plane(png(maps[channel], (0.0, top or 1.0)), (side, side),
                  say("map", map=channel, layer=values["layer"]), (0.0, top), frames=[mark]),
        ),
        title=say("drawing", map=channel, layer=values["layer"]), largest=250.0,
    )  # fmt: skip


def _strongest(values: Values, maps: Floats, order: list[int], say: Say) -> str:
    from alexnet_viz.render.charts.map_faces import png

    side = maps.shape[1]
    shown = []
    for channel in order:
        top = _top(values, maps, channel)
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
    ),
    look=look,
    tasks={
        "lights": Task(_lights, Pick("drawing", CLASSES, CLASSES[0])),
        "field": Task(_field, Number("pixels", 1, 227, 1)),
    },
    see=("feature_maps?layer=conv5",),
    needs_picture=True,
    runs_network=True,
)
