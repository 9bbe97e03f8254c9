"""Parameter sharing: one kernel for all places, a kernel for every place, or all to all.

What is counted is the real layer.  What is run is a toy, because the weights of the other two kinds
would fill 400 MB and 180 GB: a grey picture of 56×56 and weights drawn by a seed.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.bars import bars
from alexnet_viz.render.diagrams.graph.planes import Frame, Plane, planes
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.variants import VARIANTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

KINDS = ("shared", "unshared", "full")
LAYERS = ("conv1", "conv2", "conv3", "conv4", "conv5")
REDUCED, WINDOW, STRIDE = 4, 6, 2
TOY = 56
CELLS = (TOY - WINDOW) // STRIDE + 1
SAME = 1e-9
"""Relative difference below which two maps are equal."""


def weights(layer: str, side: int) -> dict[str, int] | None:
    """Weights of a layer of the paper's network at an input of ``side`` px, by kind, no biases.

    None if the network stops before the layer.

    >>> weights("conv1", 227)
    {'shared': 34848, 'unshared': 105415200, 'full': 44892064800}
    """
    rows = trace(VARIANTS["alexnet_2012_227"], side).by_name
    if layer not in rows:
        return None
    row = rows[layer]
    full = prod(row.input_shape) * prod(row.output_shape)
    return {"shared": row.weights, "unshared": row.macs, "full": full}


def macs(layer: str, side: int) -> dict[str, int] | None:
    """Multiply-accumulates of the same: every weight but the shared ones is used once."""
    held = weights(layer, side)
    return held and {**held, "shared": held["unshared"]}


@lru_cache(maxsize=8)
def drawn(kind: str, seed: int) -> Floats:
    """Weights of the toy: (1 or places, window) of a kind, or (places, pixels) of all to all."""
    import numpy as np

    draw = np.random.default_rng(seed)
    size = {"shared": (1, WINDOW**2), "unshared": (CELLS**2, WINDOW**2), "full": (CELLS**2, TOY**2)}
    found = draw.standard_normal(size[kind])
    return np.asarray(found - found.mean(axis=1, keepdims=True), np.float64)


def toy_map(picture: Floats, kind: str, seed: int) -> Floats:
    """The toy's map (26, 26) of a grey picture (56, 56)."""
    import numpy as np

    if kind == "full":
        return (drawn(kind, seed) @ picture.ravel()).reshape(CELLS, CELLS)
    windows = np.lib.stride_tricks.sliding_window_view(picture, (WINDOW, WINDOW))
    rows = windows[::STRIDE, ::STRIDE].reshape(CELLS**2, -1)
    return np.asarray((rows * drawn(kind, seed)).sum(axis=1)).reshape(CELLS, CELLS)


def toy_pictures(values: Values) -> tuple[Floats, Floats]:
    """The picture in grey from 0 to 1, reduced, and the same moved right; its left edge is kept."""
    import numpy as np

    side = TOY * REDUCED
    grey = values["picture"][:side, :side].mean(axis=2) / 255
    small = grey.reshape(TOY, REDUCED, TOY, REDUCED).mean(axis=(1, 3))
    at = np.maximum(np.arange(TOY) - values["shift"], 0)
    return small, small[:, at]


def moved(values: Values, kind: str) -> tuple[Floats, Floats, Floats]:
    """The map, the map of the moved picture, and the second minus the first moved as far.

    The difference has the cells only that both windows read inside the picture.
    """
    before, after = (toy_map(each, kind, values["seed"]) for each in toy_pictures(values))
    cells = values["shift"] // STRIDE
    return before, after, after[:, cells:] - before[:, : CELLS - cells]


def unlike(values: Values, kind: str) -> float:
    """The mean absolute difference, as a share of the map's mean absolute value."""
    import numpy as np

    before, _, difference = moved(values, kind)
    return float(np.abs(difference).mean() / max(np.abs(before).mean(), 1e-12))


def look(values: Values, say: Say) -> Look:
    """The weights of the three kinds, and the toy's two maps of one kind with their difference."""
    layer, side, kind = values["layer"], values["side"], values["kind"]
    held, used = weights(layer, side), macs(layer, side)
    drawings = [Drawing(_maps(values, say), "sharing_maps", say("toy", n=TOY, w=WINDOW, s=STRIDE))]
    if held is None or used is None:
        said = [say("no_layer", layer=layer, side=side)]
    else:
        names = [say(name) for name in KINDS]
        drawn_bars = bars(
            [(name, held[key]) for name, key in zip(names, KINDS, strict=True)],
            title=say("bars", layer=layer), log=True, lit=[KINDS.index(kind)],
        )  # fmt: skip
        drawings.insert(0, Drawing(drawn_bars, "sharing_weights", say("bars", layer=layer)))
        said = [
            say(
                "counted",
                layer=layer,
                places=used["shared"] // held["shared"],
                **held,
                macs=used["shared"],
                full_macs=used["full"],
            )
        ]
    said.append(_told(values, kind, say))
    return Look(tuple(drawings), tuple(said))


def _told(values: Values, kind: str, say: Say) -> str:
    share, shift = unlike(values, kind), values["shift"]
    if not shift:
        return say("not_moved")
    words = {"kind": say(kind), "shift": shift, "cells": shift // STRIDE}
    if share < SAME:
        return say("moves", **words)
    return say("changes", part=number_text(100 * share, 3), **words)


def _maps(values: Values, say: Say) -> str:
    import numpy as np

    from alexnet_viz.render.charts.map_faces import png
    from alexnet_viz.render.charts.picture_uri import picture_uri

    kind = values["kind"]
    before, after, difference = moved(values, kind)
    top = float(max(np.abs(before).max(), np.abs(after).max())) or 1.0
    shown: list[Plane] = []
    for words, picture in zip(("picture", "shifted"), toy_pictures(values), strict=True):
        uri = picture_uri(np.rint(255 * picture).astype(np.uint8))
        shown.append(Plane(uri, (TOY, TOY), say(words)))
    gone = CELLS - difference.shape[1]
    whole = np.pad(difference, ((0, 0), (gone, 0)))
    compared = Frame(gone, 0, CELLS - gone, CELLS, say("compared"))
    for words, cells in (("map", before), ("map_shifted", after), ("difference", whole)):
        uri = png(cells.astype(np.float32), (-top, top))
        frames = [compared] if words == "difference" else []
        shown.append(Plane(uri, (CELLS, CELLS), say(words), frames=frames))
    return planes(shown, title=say("drawing", kind=say(kind)), columns=5)


def _survives(values: Values, answer: str, say: Say) -> Outcome:
    """Which of the three survives moving the cat?"""
    shift = values["shift"]
    if not shift:
        return Outcome(False, say("move_first"))
    found = {kind: unlike(values, kind) for kind in KINDS}
    words = {
        "shift": shift, "answer": say(answer), "part": number_text(100 * found[answer], 3),
        **{kind: number_text(100 * share, 3) for kind, share in found.items()},
    }  # fmt: skip
    if found[answer] < SAME:
        return Outcome(True, say("survives", cells=shift // STRIDE, **words))
    return Outcome(False, say("does_not", **words))


def _times(values: Values, answer: int, say: Say) -> Outcome:
    """How many times fewer multiplications does sharing need than one kernel for each place?"""
    held, used = weights("conv1", 227), macs("conv1", 227)
    assert held
    assert used
    fewer, times = held["unshared"] // held["shared"], used["unshared"] // used["shared"]
    words = {"fewer": fewer, "times": times, "macs": used["shared"], "answer": answer}
    if answer == times:
        return Outcome(True, say("times_right", **words))
    return Outcome(False, say("times_weights" if answer == fewer else "times_wrong", **words))


LAB = Lab(
    id="sharing",
    concepts=("sharing",),
    controls=(
        Pick("kind", KINDS, "shared"),
        Number("shift", 0, 16, 8, STRIDE),
        Pick("layer", LAYERS, "conv1"),
        Number("side", 67, 451, 227),
        Number("seed", 1, 50, 1),
    ),
    look=look,
    tasks={
        "survives": Task(_survives, Pick("kind", KINDS, "full")),
        "times": Task(_times, Number("times", 1, 100_000, 1)),
    },
    see=("layer?layer=conv1",),
    needs_picture=True,
)
