"""From a picture to what the network reads: crop, mean, order of the colours (2012, section 2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alexnet_viz.pictures.preprocessing import CHANNEL_MEANS, PAPER, normalised
from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.cell_png import cell_png
from alexnet_viz.render.diagrams.graph.count_histogram import histogram
from alexnet_viz.render.diagrams.graph.planes import Frame, Plane, planes
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.teaching.control import Number, Pick, Switch
from alexnet_viz.teaching.labs.lab import (
    Drawing,
    Lab,
    Look,
    Outcome,
    Say,
    Table,
    Task,
    Values,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SCALED = 256
"""The shorter side of the picture, and the side of its central square (section 2)."""
PIXEL = 255
TRAINED = {"mean": True, "order": "rgb", "scale": str(PIXEL)}
"""How the pictures of the training were prepared."""
COLOURS = ("red", "green", "blue")
BINS, TALL = 32, 12
REASONS = ("constant", "contrast", "colours", "size")


def tensor(values: Values, *, mean: bool | None = None) -> Floats:
    """What the network reads: float32 (3, side, side); ``mean`` instead of the control's value."""
    side, top, left = _crop(values)
    crop = values["picture"][top : top + side, left : left + side]
    scale = int(values["scale"]) / PIXEL
    centred = values["mean"] if mean is None else mean
    red, green, blue = (centred * scale * each for each in CHANNEL_MEANS)
    how = replace(PAPER, scale=scale, mean=(red, green, blue), bgr=values["order"] == "bgr")
    return normalised(crop, 3, how)


def _as_trained(values: Values) -> dict[str, Any]:
    return {**values, **TRAINED}


def _is_as_trained(values: Values) -> bool:
    return all(values[name] == value for name, value in TRAINED.items())


def _crop(values: Values) -> tuple[int, int, int]:
    """Side, top and left of the crop; it ends inside the square of 256."""
    side = int(values["side"])
    most = SCALED - side
    return side, min(values["top"], most), min(values["left"], most)


def conv1(live: Any, image: Floats) -> Floats:
    """All maps of conv1, with their biases: float32 (96, cells, cells)."""
    import torch

    with torch.inference_mode(), live.gate():
        found: Floats = live.model().conv1(torch.from_numpy(image)[None])[0].numpy()
    return found


def answers_of(values: Values) -> tuple[tuple[int, float], tuple[int, float]] | None:
    """The class and its probability: as prepared now, and as in training.

    None if the crop does not fit the network.
    """
    from alexnet_viz.model.activations import capture

    live, image = values["live"], tensor(values)
    if image.shape != live.network.input_shape:
        return None
    side, top, left = _crop(values)
    meant = live.activations(values["picture"][top : top + side, left : left + side])["prob"]
    now = meant
    if not _is_as_trained(values):
        with live.gate():
            now = capture(live.model(), image)["prob"]
    first, second = ((int(prob.argmax()), float(prob.max())) for prob in (now, meant))
    return first, second


def look(values: Values, say: Say) -> Look:
    """The crop and its three planes, what conv1 answers with and without the mean, the numbers."""
    image = tensor(values)
    side, top, left = _crop(values)
    live = values["live"]
    with_mean, without = (conv1(live, tensor(values, mean=mean)) for mean in (True, False))
    said = [
        say("tensor", n=image.size, side=side, top=top, left=left,
            low=number_text(float(image.min()), 4), high=number_text(float(image.max()), 4),
            mean=number_text(float(image.mean()), 4)),
        _shift(with_mean, without, say),
        _answers(values, say),
    ]  # fmt: skip
    drawings = (
        Drawing(_planes(values, image, say), "preprocessing", say("caption")),
        Drawing(_responses(values, without, say), "preprocessing_conv1", say("conv1_caption")),
    )
    return Look(drawings, tuple(said), (_table(values, image, say),))


def _names(values: Values) -> tuple[str, ...]:
    """The colours in the order of the planes."""
    return COLOURS[::-1] if values["order"] == "bgr" else COLOURS


def _planes(values: Values, image: Floats, say: Say) -> str:
    """The picture and its three channels, and under each channel the histogram of its values."""
    import numpy as np

    from alexnet_viz.render.charts.picture_uri import picture_uri

    side, top, left = _crop(values)
    frame = Frame(left, top, side, side, say("crop", side=side))
    uri = picture_uri(values["picture"])
    shown = [Plane(uri, (SCALED, SCALED), say("scaled"), frames=[frame], smooth=True)]
    shift, factor = min(float(image.min()), 0.0), PIXEL / int(values["scale"])
    limits = (float(image.min()), float(image.max()))
    under = [_bars(image, limits, say("all_values"))]
    for n, name in enumerate(_names(values)):
        grey = np.clip((image[n] - shift) * factor, 0, PIXEL).astype(np.uint8)
        shown.append(Plane(picture_uri(grey), (side, side), f"{n}: {say(name)}"))
        under.append(_bars(image[n], limits, say("values_of", name=say(name))))
    return planes((*shown, *under), title=say("drawing", side=side), columns=4)


def _bars(values: Floats, limits: tuple[float, float], words: str) -> Plane:
    """The histogram of values between limits, each bar one column of cells."""
    import numpy as np

    counts, _ = np.histogram(values, BINS, limits)
    high = np.rint(counts / counts.max() * TALL)
    filled = (np.arange(TALL)[::-1, None] < high).astype(float)
    return Plane(cell_png(filled.tolist(), (0, 1)), (BINS, TALL), words, limits)


def _responses(values: Values, without: Floats, say: Say) -> str:
    """Conv1 as in training against now; where both are the same, against a missing mean."""
    import numpy as np

    trained = conv1(values["live"], tensor(_as_trained(values)))
    same = _is_as_trained(values)
    other = without if same else conv1(values["live"], tensor(values))
    both = (trained.ravel(), other.ravel())
    low, high = (float(np.percentile(np.concatenate(both), at)) for at in (0.5, 99.5))
    edges = np.linspace(low, high, BINS + 1)
    counts = [
        (say(name), np.histogram(each, edges)[0].tolist())
        for name, each in zip(("as_trained", "raw" if same else "as_now"), both, strict=True)
    ]
    return histogram(counts, edges.tolist(), title=say("responses"), x_label=say("response"))


def _table(values: Values, image: Floats, say: Say) -> Table:
    """The least, the largest and the mean value of each plane."""
    rows: list[tuple[str | float, ...]] = []
    for n, name in enumerate(_names(values)):
        found = (image[n].min(), image[n].max(), image[n].mean())
        rows.append((f"{n}: {say(name)}", *(round(float(each), 2) for each in found)))
    header = tuple(say(f"column_{name}") for name in ("channel", "low", "high", "mean"))
    return Table(Grid("", header, tuple(rows), frozenset({0})), "preprocessing")


def _shift(with_mean: Floats, without: Floats, say: Say) -> str:
    """What is added to every cell of a map when the mean is not subtracted."""
    import numpy as np

    added = (without - with_mean).mean(axis=(1, 2))
    return say(
        "shift", kernels=len(added), low=number_text(float(added.min()), 3),
        high=number_text(float(added.max()), 3), size=number_text(float(np.abs(added).mean()), 3),
        spread=number_text(float(with_mean.std(axis=(1, 2)).mean()), 3),
    )  # fmt: skip


def _answers(values: Values, say: Say) -> str:
    live, found = values["live"], answers_of(values)
    if found is None:
        return say("no_answer", side=values["side"], needed=live.network.input_size)
    now, meant = found
    names = [live.weights.classes[each].of(say.language) for each, _ in (now, meant)]
    key = "other" if now[0] != meant[0] else "same" if now[1] > meant[1] - 0.02 else "weaker"
    return say(key, now=names[0], part=f"{100 * now[1]:.0f}", meant=names[1],
               was=f"{100 * meant[1]:.0f}")  # fmt: skip


def _reason(values: Values, answer: str, say: Say) -> Outcome:
    """Why does a network trained on centred pixels answer nonsense without the mean?"""
    with_mean, without = (tensor(values, mean=mean) for mean in (True, False))
    maps = [conv1(values["live"], each) for each in (with_mean, without)]
    added = maps[1] - maps[0]
    words = {
        "inside": number_text(float(added.std(axis=(1, 2)).max()), 2),
        "low": number_text(float(added.mean(axis=(1, 2)).min()), 3),
        "high": number_text(float(added.mean(axis=(1, 2)).max()), 3),
        "contrast": number_text(float(without[0].std()), 4),
        "before": number_text(float(with_mean[0].std()), 4),
        "side": values["side"], "first": say(_names(values)[0]),
        "silent": _dead(maps[0]), "silenced": _dead(maps[1]), "kernels": len(added),
    }  # fmt: skip
    return Outcome(answer == "constant", say(f"reason_{answer}", **words))


def _dead(maps: Floats) -> int:
    """How many maps are 0 everywhere after the ReLU."""
    return int((maps <= 0).all(axis=(1, 2)).sum())


def _nonsense(values: Values, answer: Any, say: Say) -> Outcome:
    """The same crop with another answer than the network gives when it is prepared rightly."""
    live, found = values["live"], answers_of(values)
    if found is None:
        return Outcome(False, say("no_answer", side=values["side"], needed=live.network.input_size))
    now, meant = found
    if _is_as_trained(values):
        return Outcome(False, say("prepared_rightly"))
    names = [live.weights.classes[each].of(say.language) for each, _ in (now, meant)]
    words = {
        "now": names[0], "part": f"{100 * now[1]:.0f}", "meant": names[1],
        "was": f"{100 * meant[1]:.0f}",
    }  # fmt: skip
    other = now[0] != meant[0]
    return Outcome(other, say("nonsense" if other else "survives", **words))


LAB = Lab(
    id="preprocessing",
    concepts=("input",),
    controls=(
        Switch("mean", True),
        Pick("order", ("rgb", "bgr"), "rgb"),
        Pick("scale", ("255", "1"), "255"),
        Pick("side", ("227", "224"), "227"),
        Number("left", 0, 32, 14),
        Number("top", 0, 32, 14),
    ),
    look=look,
    tasks={
        "reason": Task(_reason, Pick("reason", REASONS, "size")),
        "nonsense": Task(_nonsense),
    },
    see=("predictions",),
    needs_picture=True,
    picture_side=SCALED,
    runs_network=True,
)
