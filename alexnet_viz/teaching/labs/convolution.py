"""Convolution: a window's products, their sum, and the map of all sums.

What networks compute is cross-correlation: the kernel is not turned over.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from alexnet_viz.network.geometry import slide
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.graph.axes import WIDTH, number_text
from alexnet_viz.render.diagrams.graph.grips import Grip
from alexnet_viz.render.diagrams.graph.number_grids import NumberGrid, grids
from alexnet_viz.render.diagrams.graph.planes import Plane, planes
from alexnet_viz.teaching.control import Cells, Number, Pick, Switch
from alexnet_viz.teaching.labs.lab import Backing, Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.variants import VARIANTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SIDE = 5
"""Cells of a side of the painted kernel."""
PRESETS = ("painted", "edge", "blob", "gabor", "colour", "learned")
HORIZONTAL = tuple(value for value in (1, 2, 0, -2, -1) for _ in range(SIDE))
CHANNELS = ("red", "green", "blue")
PERIODS, GRATING = (4, 6, 8, 12, 16), 48
"""Of the test gratings, in pixels, and the side of each."""
ACROSS, ZOOM = 16, 3
"""Learned kernels in a row of the wall, and pixels a weight."""
PASSED, LEAST = 5.0, 0.01
"""The ratio that solves the task, and the least mean response to vertical edges."""
NOTHING = 1e-9


def kernel(values: Values) -> tuple[Floats, float]:
    """The chosen kernel (depth, height, width), depth 1 or 3, and its bias."""
    import numpy as np

    name = values["preset"]
    if name == "learned":
        layer = values["live"].model().conv1
        weights = layer.weight[values["number"]].detach().cpu().double().numpy().copy()
        return weights, float(layer.bias[values["number"]])
    if name == "painted":
        return np.reshape(np.array(values["kernel"], float), (1, SIDE, SIDE)), 0.0
    size = {"edge": 5, "blob": 7, "gabor": 11, "colour": 11}[name]
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    along = x * np.cos(np.radians(values["angle"])) + y * np.sin(np.radians(values["angle"]))
    near = np.exp(-(x**2 + y**2) / (2 * (size / 5) ** 2))
    if name == "edge":
        found = (along * near)[None]
    elif name == "gabor":
        found = (np.sin(2 * np.pi * along / 6) * near)[None]
    else:
        around = np.exp(-(x**2 + y**2) / (2 * (size / 3) ** 2))
        near, around = near / near.sum(), around / around.sum()
        found = np.stack([near, -around, 0 * near]) if name == "colour" else (near - around)[None]
    return found / np.abs(found).max(), 0.0


def pixels(values: Values) -> Floats:
    """What the kernel reads: (depth, 227, 227), grey or colours from 0 to 255, whole numbers.

    A learned kernel reads what the network reads, the colours less their mean.
    """
    import numpy as np

    if values["preset"] == "learned":
        return np.asarray(values["live"].prepared(values["picture"]), np.float64)
    if values["preset"] == "colour":
        return np.asarray(values["picture"].transpose(2, 0, 1), np.float64)
    return grey(values)[None]


def grey(values: Values) -> Floats:
    """The mean of the three colours, 0 to 255, rounded."""
    found: Floats = values["picture"].mean(axis=2).round()
    return found


def correlated(picture: Floats, weights: Floats, stride: int = 1, bias: float = 0.0) -> Floats:
    """The map of a kernel (depth, h, w) over a picture (depth, H, W), without padding."""
    import numpy as np

    _, high, wide = weights.shape
    down, across = (side - size + 1 for side, size in zip(picture.shape[1:], (high, wide),
                                                          strict=True))  # fmt: skip
    total = np.full((-(-down // stride), -(-across // stride)), bias)
    for depth, row, column in zip(*np.nonzero(weights), strict=True):
        cells = picture[depth, row : row + down : stride, column : column + across : stride]
        total += weights[depth, row, column] * cells
    return total


@cache
def grating(period: int) -> Floats:
    """Vertical stripes, grey from 0 to 1, (48, 48); transposed they are horizontal."""
    import numpy as np

    return np.tile(0.5 + 0.5 * np.sin(2 * np.pi * np.arange(GRATING) / period), (GRATING, 1))


def answers(weights: Floats) -> tuple[float, float]:
    """The mean absolute responses to vertical and to horizontal stripes of all ``PERIODS``."""
    import numpy as np

    flat = weights.sum(axis=0, keepdims=True)
    means = [
        (np.abs(correlated(each[None], flat)).mean(), np.abs(correlated(each.T[None], flat)).mean())
        for each in map(grating, PERIODS)
    ]
    vertical, horizontal = np.mean(means, axis=0).round(9).tolist()
    return vertical, horizontal


def _cell(values: Values, shape: tuple[int, ...]) -> tuple[int, int]:
    """The cell whose window begins at the chosen pixel, or next before it."""
    row, column = (values[name] // values["stride"] for name in ("row", "column"))
    return min(row, shape[0] - 1), min(column, shape[1] - 1)


def look(values: Values, say: Say) -> Look:
    """The window on the picture, the kernel, the map; then the products of one cell."""
    import numpy as np

    weights, bias = kernel(values)
    turned = weights[:, ::-1, ::-1]
    used = turned if values["flip"] else weights
    seen, stride = pixels(values), values["stride"]
    cells = correlated(seen, used, stride, bias)
    row, column = _cell(values, cells.shape)
    size = used.shape[1]
    top, left = row * stride, column * stride
    window = seen[:, top : top + size, left : left + size]
    products = window * used
    other = correlated(seen, weights if values["flip"] else turned, stride, bias)
    apart, largest = float(np.abs(cells - other).max()), float(np.abs(cells).max())
    vertical, horizontal = answers(used)
    words = {"row": row, "column": column, "size": size, "depth": len(used), "n": products.size}
    along = slide(seen.shape[1], size, stride)
    said = [
        say("sum_bias" if bias else "sum", total=_number(float(cells[row, column])),
            bias=number_text(bias, 3), **words),
        say("map_exact" if along.exact else "map", size=size, stride=stride, side=len(cells),
            width=along.input_size, raw=number_text(float(along.quotient), 5)),
        say("turned" if apart > NOTHING * largest else "symmetric",
            apart=number_text(apart, 3), largest=number_text(largest, 3)),
        say("ratio", vertical=number_text(vertical, 3), horizontal=number_text(horizontal, 3),
            ratio=_ratio_text(vertical, horizontal)),
    ]  # fmt: skip
    if values["preset"] != "painted":
        said.append(say("not_painted"))
    maps = _planes(values, used, cells, (row, column), say)
    drawings = [
        Drawing(maps, "convolution", say("caption")),
        Drawing(_products(window, used, products, bias, say), "convolution_products"),
    ]
    if values["preset"] == "learned":
        drawings.insert(1, _wall(values, say))
    return Look(tuple(drawings), tuple(said))


def _wall(values: Values, say: Say) -> Drawing:
    """All kernels of conv1, as on the pages about weights; one is chosen."""
    from alexnet_viz.render.charts.filters import filter_sheet
    from alexnet_viz.render.charts.picture_uri import picture_uri

    kernels = values["live"].model().conv1.weight.detach().cpu().numpy()
    count, size = len(kernels), kernels.shape[2]
    sheet = filter_sheet(kernels, towers=1, columns=ACROSS, zoom=ZOOM)
    grip = Grip(
        ("number",), (-(-count // ACROSS), ACROSS), divmod(int(values["number"]), ACROSS),
        say("wall", n=count), say("of_wall", number="{number}"),
    )  # fmt: skip
    plane = Plane(picture_uri(sheet), sheet.shape[1::-1], grip=grip)
    svg = planes((plane,), title=say("wall", n=count), largest=WIDTH)
    origin = values["live"].weights.title.of(say.language)
    words = say("wall_caption", n=count, size=size, origin=origin)
    return Drawing(svg, "convolution_kernels", words)


def _planes(values: Values, used: Floats, cells: Floats, cell: tuple[int, int], say: Say) -> str:
    import numpy as np

    from alexnet_viz.render.charts.kernels import in_colour
    from alexnet_viz.render.charts.map_faces import png
    from alexnet_viz.render.charts.picture_uri import picture_uri

    size, side = used.shape[1], len(cells)
    picture = values["picture"]
    if len(used) == 1:
        picture = grey(values).astype(np.uint8)
    far, top = float(np.abs(used).max()), float(np.abs(cells).max())
    shades = (
        png(np.asarray(used[0], np.float32), (-far or -1.0, far or 1.0))
        if len(used) == 1
        else picture_uri(in_colour(used))
    )
    whole = np.asarray(cells, np.float32)
    stride = values["stride"]
    high, wide = (each / stride for each in picture.shape[:2])
    place = say("at_place", row="{row}", column="{column}")
    on_picture = Grip(("row", "column"), (high, wide), cell, say("window"), place,
                      (size / stride, size / stride), stride)  # fmt: skip
    on_map = Grip(("row", "column"), (side, side), cell, say("cell"), place, step=stride)
    return planes(
        (
            Plane(picture_uri(picture), picture.shape[1::-1], say("picture"), smooth=True,
                  grip=on_picture),
            Plane(shades, (size, size), say("kernel", size=size, depth=len(used)), (-far, far)),
            Plane(png(whole, (-top or -1.0, top or 1.0)), (side, side), say("its_map", n=side),
                  (-top, top), grip=on_map),
        ),
        title=say("drawing", n=side),
    )  # fmt: skip


def _products(window: Floats, used: Floats, products: Floats, bias: float, say: Say) -> str:
    """The products as numbers where these are whole, else as shades on one scale."""
    import numpy as np

    from alexnet_viz.render.charts.picture_uri import picture_uri

    total = _number(float(products.sum()) + bias)
    title = say("products", n=products.size, total=total)
    if len(used) == 1 and len(used[0]) <= SIDE and bool((used == used.round()).all()):
        parts = (
            NumberGrid(window[0].tolist(), say("window")), "×",
            NumberGrid(used[0].tolist(), say("weights")), "=",
            NumberGrid(products[0].tolist(), say("sum_of", total=total)),
        )  # fmt: skip
        return grids(parts, title=title)
    names = ("sum_of",) if len(products) == 1 else CHANNELS
    shown = [
        _shades(each, say(name, total=_number(float(each.sum()))), float(np.abs(products).max()))
        for each, name in zip(products, names, strict=True)
    ]
    if len(products) == 1:
        grey_cells = picture_uri(np.asarray(window[0], np.uint8))
        seen = Plane(grey_cells, window.shape[:0:-1], say("window"),
                     (float(window.min()), float(window.max())))  # fmt: skip
        shown = [seen, _shades(used[0], say("weights"), float(np.abs(used).max())), *shown]
    return planes(shown, title=title, columns=3)


def _shades(cells: Floats, words: str, far: float) -> Plane:
    """Cells as shades from blue, -``far``, to orange, ``far``."""
    import numpy as np

    from alexnet_viz.render.charts.map_faces import png

    limits = (-far or -1.0, far or 1.0)
    return Plane(png(np.asarray(cells, np.float32), limits), cells.shape[::-1], words, (-far, far))


def _number(value: float) -> str:
    return number_text(round(value, 6), 4)


def _ratio_text(vertical: float, horizontal: float) -> str:
    if horizontal < NOTHING:
        return "∞" if vertical >= NOTHING else "–"
    return number_text(vertical / horizontal, 3)


def _vertical(values: Values, answer: Any, say: Say) -> Outcome:
    """A kernel that answers to vertical edges only."""
    weights, _ = kernel(values)
    weights = weights[:, ::-1, ::-1] if values["flip"] else weights
    vertical, horizontal = answers(weights)
    words = {
        "vertical": number_text(vertical, 3), "horizontal": number_text(horizontal, 3),
        "ratio": _ratio_text(vertical, horizontal), "passed": number_text(PASSED),
        "sum": number_text(float(weights.sum()), 3),
    }  # fmt: skip
    if max(vertical, horizontal) < LEAST:
        return Outcome(False, say("no_answer", **words))
    if vertical >= LEAST and horizontal < NOTHING:
        return Outcome(True, say("perfect", **words))
    if vertical / horizontal >= PASSED:
        return Outcome(True, say("vertical_enough", **words))
    largest = float(abs(weights).sum())
    if abs(float(weights.sum())) > 0.1 * largest:
        return Outcome(False, say("not_zero", **words))
    if vertical > horizontal:
        sums = weights.sum(axis=(0, 2))
        at = int(abs(sums).argmax())
        return Outcome(False, say("row_leaks", at=at + 1, leaks=_number(float(sums[at])), **words))
    return Outcome(False, say("not_vertical", **words))


def _count(values: Values, answer: int, say: Say) -> Outcome:
    """How many products has one window of the network's conv1?"""
    row = trace(VARIANTS["alexnet_2012_227"])["conv1"]
    kernels, depth, high, wide = row.weight_shape or (0, 0, 0, 0)
    words = {
        "answer": answer, "right": depth * high * wide, "depth": depth, "size": high,
        "kernels": kernels,
    }  # fmt: skip
    if answer == depth * high * wide:
        return Outcome(True, say("count_right", **words))
    if answer == high * wide:
        return Outcome(False, say("count_flat", **words))
    return Outcome(False, say("count_wrong", **words))


def backing(name: str, values: Values, say: Say) -> Backing:
    """The student's picture in grey, which the painted kernel reads."""
    import numpy as np

    if name != "kernel" or "picture" not in values:
        return Backing()
    return Backing(preview=grey(values).astype(np.uint8))


def _idle(values: Values) -> tuple[str, ...]:
    """What the kernel that is shown does not depend on."""
    turned = () if values["preset"] in ("edge", "gabor") else ("angle",)
    numbered = () if values["preset"] == "learned" else ("number",)
    painted = () if values["preset"] == "painted" else ("kernel",)
    return turned + numbered + painted


LAB = Lab(
    id="convolution",
    concepts=("convolution",),
    controls=(
        Pick("preset", PRESETS, "painted"),
        Number("stride", 1, 8, 1),
        Number("row", 0, 222, 56),
        Number("column", 0, 222, 56),
        Number("angle", 0, 165, 0, 15),
        Number("number", 0, 95, 0),
        Switch("flip"),
        Cells("kernel", SIDE, SIDE, -2, 2, HORIZONTAL, paint=True),
    ),
    look=look,
    idle=_idle,
    tasks={
        "vertical": Task(_vertical),
        "count": Task(_count, Number("products", 1, 40_000, 1)),
    },
    see=("channel?layer=conv1",),
    needs_picture=True,
    runs_network=True,
    backing=backing,
)
