"""fc6 as a kernel of 6×6×256: on a larger picture the network gives a map of scores."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from alexnet_viz.network.geometry import sizes_giving
from alexnet_viz.network.layers import Conv
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.render.diagrams.graph.planes import Frame, Plane, planes
from alexnet_viz.render.diagrams.graph.square_chains import SquareChain, squares
from alexnet_viz.teaching.control import Number, Switch
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.text import t
from alexnet_viz.variants import VARIANTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alexnet_viz.pictures.images import Pixels

DENSE = VARIANTS["alexnet_2012_227"]
SIDE = DENSE.input_size
LEAST, MOST = 195, 483
SHOWN = ("conv1", "pool1", "pool2", "pool5", "fc6", "fc8")
WANTED = 5


def _convolutional() -> Any:
    """The paper's network with fc6 as 4,096 kernels of 6×6×256, fc7 and fc8 as 1×1 kernels."""
    sizes = {"fc6": trace(DENSE)["pool5"].output_shape[1], "fc7": 1, "fc8": 1}
    after = {
        layer.name: (Conv(name=layer.name, out_channels=layer.out_features,
                          kernel_size=sizes[layer.name]),)
        for layer in DENSE.dense
    }  # fmt: skip
    kept = [layer for layer in DENSE.layers if layer.name not in ("flatten", "prob")]
    layers = [after[layer.name][0] if layer.name in after else layer for layer in kept]
    return type(DENSE)(id="dense_as_convolution", input_shape=DENSE.input_shape,
                       layers=tuple(layers))  # fmt: skip


CONVOLUTIONAL = _convolutional()


def scores(side: int) -> Trace:
    """The trace of the convolutional form.

    >>> scores(227)["fc8"].output_shape, scores(259)["fc8"].output_shape
    ((1000, 1, 1), (1000, 2, 2))
    """
    return trace(CONVOLUTIONAL, side)


def inputs_for(cells: int) -> range:
    """The inputs whose map of scores is ``cells`` × ``cells``.

    >>> inputs_for(1), inputs_for(5)
    (range(227, 259), range(355, 387))
    """

    def found(side: int) -> int:
        result = scores(side)
        return 0 if result.failure else result["fc8"].output_shape[1]

    return sizes_giving(cells, found)


@lru_cache(maxsize=16)
def mosaic(seed: int) -> tuple[Pixels, tuple[str, ...]]:
    """Four drawings side by side, uint8 (483, 483, 3), and their classes, by a seed."""
    import numpy as np

    from alexnet_viz.pictures.synthetic.scene import draw

    chosen = np.random.default_rng(seed).choice(len(CLASSES), 4, replace=False)
    kinds = tuple(CLASSES[each] for each in chosen)
    tiles = [draw(kind, np.random.default_rng([seed, n]), SIDE) for n, kind in enumerate(kinds)]
    whole = np.vstack([np.hstack(tiles[:2]), np.hstack(tiles[2:])])
    beyond = ((0, MOST - len(whole)), (0, MOST - len(whole)), (0, 0))
    return np.pad(whole, beyond, mode="reflect"), kinds


def class_map(live: Any, pixels: Pixels) -> NDArray[np.float32]:
    """The probabilities of every class in every window of fc6: float32 (classes, cells, cells).

    The layers before flatten read the whole picture once.  fc6 then reads each 6×6 window of
    pool5, which is a convolution with its weights; the layers after it follow for each window.
    """
    import torch
    from torch.nn.functional import unfold

    from alexnet_viz.pictures.preprocessing import normalised

    layers = dict(live.model().named_children())
    names = list(layers)
    size = trace(live.network)["pool5"].output_shape[1]
    image = torch.from_numpy(normalised(pixels, 3, live.weights.preprocessing))[None]
    with torch.inference_mode(), live.gate():
        for name in names[: names.index("flatten")]:
            image = layers[name](image)
        cells = image.shape[-1] - size + 1
        windows = unfold(image, size)[0].T
        for name in names[names.index("fc6") :]:
            windows = layers[name](windows)
    found: NDArray[np.float32] = windows.T.reshape(-1, cells, cells).numpy()
    return found


_FOUND: dict[tuple[str, int, int], NDArray[np.float32]] = {}
"""Class maps by weights, seed of the mosaic and input; a click computes none anew."""
MOST_KEPT = 64


def _kept(values: Values) -> NDArray[np.float32]:
    """The class map of the chosen mosaic."""
    live, seed, side = values["live"], values["seed"], values["input"]
    key = (live.weights.id, seed, side)
    found = _FOUND.get(key)
    if found is None:
        if len(_FOUND) >= MOST_KEPT:
            _FOUND.clear()
        found = _FOUND[key] = class_map(live, mosaic(seed)[0][:side, :side])
    return found


def look(values: Values, say: Say) -> Look:
    """The chain of map sides; with ``run`` a mosaic and the probabilities of its four classes."""
    side = values["input"]
    result = scores(side)
    drawings = [Drawing(_chain(result, side, say), "dense_as_convolution", say("caption"))]
    if result.failure:
        return Look(tuple(drawings), (say("too_small", input=side, least=SIDE),))
    cells = result["fc8"].output_shape[1]
    fc6, form = trace(DENSE)["fc6"], result["fc6"]
    step = result["pool5"].receptive_field
    assert step
    said = [
        say("map", input=side, pool5=result["pool5"].output_shape[1], cells=cells,
            scores=cells * cells, window=SIDE, step=step[0].effective_stride),
        say("same", params=form.params, dense=fc6.params, macs=form.macs, times=cells * cells),
    ]  # fmt: skip
    if values["run"]:
        found = _kept(values)
        drawings.append(Drawing(_maps(values, found, say), "class_map", say("probabilities")))
        said.append(_best(values, found, say))
    return Look(tuple(drawings), tuple(said))


def _chain(result: Trace, side: int, say: Say) -> str:
    rows = [result[name] for name in SHOWN if name in result.by_name]
    sides = [side, *(row.output_shape[1] for row in rows)]
    kinds = ["input", *("dense" if row.name in ("fc6", "fc8") else row.layer.family
                        for row in rows)]  # fmt: skip
    names = [say("input"), *(row.name for row in rows)]
    failed = None
    if result.failure:
        failed = len(sides)
        sides, kinds, names = [*sides, 0], [*kinds, "dense"], [*names, result.failure.layer]
    chain = SquareChain(sides, labels=names, kinds=kinds, failed_at=failed)
    return squares([chain], title=say("chain", input=side))


def _maps(values: Values, found: NDArray[np.float32], say: Say) -> str:
    from alexnet_viz.render.charts.map_faces import png
    from alexnet_viz.render.charts.picture_uri import picture_uri

    side = values["input"]
    pixels, kinds = mosaic(values["seed"])
    shown = [
        Plane(picture_uri(pixels[:side, :side]), (side, side), say("picture"),
              frames=[Frame(0, 0, SIDE, SIDE, say("window"))], smooth=True)
    ]  # fmt: skip
    for kind in kinds:
        cells = found[CLASSES.index(kind)]
        words = say("of_class", kind=t(f"drawn.{kind}", say.language),
                    most=f"{100 * float(cells.max()):.0f}")  # fmt: skip
        shown.append(Plane(png(cells, (0.0, 1.0)), cells.shape[::-1], words))
    return planes(shown, title=say("drawing", cells=len(found[0])), columns=5)


def _best(values: Values, found: NDArray[np.float32], say: Say) -> str:
    """Which class has the largest probability in the first window and in the last one."""
    first, last = (int(found[:, at, at].argmax()) for at in (0, -1))
    names = [t(f"drawn.{CLASSES[each]}", say.language) for each in (first, last)]
    return say(
        "best" if found.shape[1] > 1 else "best_of_one", first=names[0], last=names[1],
        one=f"{100 * found[first, 0, 0]:.0f}", other=f"{100 * found[last, -1, -1]:.0f}",
        cells=found.shape[1] ** 2,
    )  # fmt: skip


def _five(values: Values, answer: int, say: Say) -> Outcome:
    """Which input gives a 5×5 map of scores?"""
    valid = inputs_for(WANTED)
    result = scores(answer)
    if result.failure:
        return Outcome(False, say("too_small", input=answer, least=SIDE))
    cells = result["fc8"].output_shape[1]
    words = {
        "answer": answer, "cells": cells, "wanted": WANTED, "first": valid.start,
        "last": valid.stop - 1, "ways": len(valid), "pool5": result["pool5"].output_shape[1],
        "needed": trace(DENSE)["pool5"].output_shape[1] + WANTED - 1,
    }  # fmt: skip
    return Outcome(answer in valid, say("five" if answer in valid else "not_five", **words))


def _more(values: Values, answer: int, say: Say) -> Outcome:
    """How many parameters does the network have more on the larger picture?"""
    side = inputs_for(WANTED).start
    large, small = scores(side), scores(SIDE)
    right = large.params - small.params
    words = {"answer": answer, "params": large.params, "side": side, "wanted": WANTED**2}
    return Outcome(answer == right, say("more_right" if answer == right else "more_wrong", **words))


LAB = Lab(
    id="dense_as_convolution",
    concepts=("dense_as_convolution",),
    controls=(
        Number("input", LEAST, MOST, 387),
        Switch("run", True),
        Number("seed", 1, 200, 1),
    ),
    look=look,
    tasks={
        "five": Task(_five, Number("side", LEAST, MOST, LEAST)),
        "more": Task(_more, Number("more", 0, 1_500_000_000, 0)),
    },
    see=("compare?compare=article_001,article_001_fc_as_conv&differing=1&own=1",),
    runs_network=True,
)
