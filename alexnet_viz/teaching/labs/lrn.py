"""Local response normalisation: a loud channel lowers its neighbours, at a pixel and in a map.

Krizhevsky et al. 2012, section 3.3; the formula of the code is layer.py, ``NormLayerParser``.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from alexnet_viz.network.layers import LRN
from alexnet_viz.render.diagrams.graph.axes import Scale, bar, grid_lines, number_text
from alexnet_viz.render.diagrams.graph.cell_png import cell_png
from alexnet_viz.render.diagrams.graph.planes import Frame, Plane, planes
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, VERMILION
from alexnet_viz.teaching.control import Bars, Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.teaching.labs.lrn_order import normalised as normalised_maps

CHANNELS, LOUDEST = 11, 250
MAPS = 96
"""Of conv1."""
EVEN = 1.05
"""Divisors whose largest is less than this multiple of the least are said to be the same."""
BEFORE = (20, 20, 20, 20, 20, 150, 20, 20, 20, 20, 20)
FORMULAS = ("paper", "code", "caffe")
WIDTH, TOP, BOTTOM, LEFT = 640, 44, 250, 44


def layer(values: Values, formula: str = "") -> LRN:
    """The layer that the controls describe; Caffe's k is 1, whatever is chosen."""
    chosen = formula or values["formula"]
    return LRN(
        name="norm",
        size=values["n"],
        alpha=float(values["alpha"]),
        beta=values["beta"],
        k=1.0 if chosen == "caffe" else values["k"],
        divide_alpha=chosen != "paper",
    )


def divisors(a: Sequence[float], how: LRN) -> list[float]:
    """What each channel is divided by."""
    found = []
    for channel in range(len(a)):
        window = how.channels_read(range(channel, channel + 1), (len(a), 1, 1))
        squares = sum(a[other] ** 2 for other in window)
        found.append((how.k + how.effective_alpha * squares) ** how.beta)
    return found


def normalised(a: Sequence[float], how: LRN) -> list[float]:
    """b of every channel."""
    return [value / divisor for value, divisor in zip(a, divisors(a, how), strict=True)]


def _inputs(values: Values) -> list[float]:
    return [float(values["scale"]) * value for value in values["a"]]


def look(values: Values, say: Say) -> Look:
    """Channels at one pixel, which the student sets, or a whole map of conv1 on a picture."""
    return _mapped(values, say) if values["show"] == "map" else _at_pixel(values, say)


def _at_pixel(values: Values, say: Say) -> Look:
    """The bars before and after, the window of one channel, the three formulas."""
    a, how, at = _inputs(values), layer(values), values["channel"] - 1
    b, divisor = normalised(a, how), divisors(a, how)[at]
    window = how.channels_read(range(at, at + 1), (CHANNELS, 1, 1))
    by_formula = {f"b_{name}": normalised(a, layer(values, name))[at] for name in FORMULAS}
    sentences = (
        say("divided", channel=at + 1, a=number_text(a[at]), b=number_text(b[at]),
            divisor=number_text(divisor), share=100 * (1 - 1 / divisor)),
        say("window", first=window.start + 1, last=window.stop, terms=len(window)),
        say("formulas", **{name: number_text(value) for name, value in by_formula.items()}),
        say("rest", factor=number_text(how.k**-how.beta, 3), k=number_text(how.k),
            beta=number_text(how.beta)),
    )  # fmt: skip
    return Look((Drawing(_drawn(a, b, window, at, say), "lrn", say("caption")),), sentences)


def map_layer(values: Values) -> LRN:
    """The layer that the controls describe, within the groups of the network's own."""
    own: LRN = values["live"].network["norm1"]
    return replace(layer(values), groups=own.groups)


def maps_of(values: Values) -> tuple[Any, Any]:
    """The maps of conv1 after its ReLU and what LRN makes of them, float64 (96, 55, 55)."""
    import numpy as np

    answered = values["live"].activations(values["picture"])["relu1"]
    maps = float(values["scale"]) * np.asarray(answered, np.float64)
    return maps, normalised_maps(maps, map_layer(values))


def _mapped(values: Values, say: Say) -> Look:
    """A map before, after and the difference, and the channels at its strongest pixel."""
    import numpy as np

    maps, after = maps_of(values)
    how, channel = map_layer(values), values["map"] - 1
    before, normal = maps[channel], after[channel]
    row, column = (int(n) for n in np.unravel_index(before.argmax(), before.shape))
    first = min(max(channel - CHANNELS // 2, 0), MAPS - CHANNELS)
    shown = slice(first, first + CHANNELS)
    window = how.channels_read(range(channel, channel + 1), maps.shape)
    a, b = maps[shown, row, column].tolist(), normal[row, column]
    bars = _drawn(a, after[shown, row, column].tolist(), window, channel, say, first)
    drawings = (
        Drawing(_planes(values, before, normal, (row, column), say), "lrn_map"),
        Drawing(bars, "lrn_channels"),
    )
    words = {"map": channel + 1, "rows": len(before), "columns": before.shape[1]}
    if not before.any():
        return Look(drawings, (say("silent", **words),))
    divisor = before[before > 0] / normal[before > 0]
    sentences = [
        say("map", **words, a=number_text(before.max(), 3), b=number_text(b, 3),
            mean_a=number_text(before.mean(), 3), mean_b=number_text(normal.mean(), 3),
            share=100 * (1 - normal.sum() / before.sum())),
        say("map_even" if divisor.max() < EVEN * divisor.min() else "map_divisor",
            least=number_text(divisor.min(), 3), most=number_text(divisor.max(), 3),
            rest=number_text(how.k**how.beta, 3), active=100 * (before > 0).mean()),
        say("map_pixel", row=row + 1, column=column + 1, first=window.start + 1, last=window.stop,
            terms=len(window), a=number_text(before.max(), 3), b=number_text(b, 3),
            divisor=number_text(before.max() / b, 3)),
    ]  # fmt: skip
    if len(window) < how.size:
        sentences.append(say("tower", per=MAPS // how.groups))
    return Look(drawings, tuple(sentences))


def _planes(values: Values, before: Any, after: Any, at: tuple[int, int], say: Say) -> str:
    from alexnet_viz.render.charts.picture_uri import picture_uri

    apart, pixels = after - before, values["picture"]
    width = float(abs(apart).max())
    frame = (Frame(at[1] - 1, at[0] - 1, 3, 3, say("strongest")),)
    shown = [Plane(picture_uri(pixels), pixels.shape[1::-1], say("picture"), smooth=True)]
    shown += [
        Plane(cell_png(each.tolist(), limits), each.shape[::-1], say(name), limits, (), frame)
        for each, name, limits in (
            (before, "before_map", (0.0, float(before.max()))),
            (after, "after_map", (0.0, float(after.max()))),
            (apart, "difference", (-width, width)),
        )
    ]
    return planes(shown, title=say("map_drawing", map=values["map"]))


def _drawn(
    a: Sequence[float], b: Sequence[float], window: range, at: int, say: Say, first: int = 0
) -> str:
    """Bars of the channels from ``first`` on; ``window`` and ``at`` count from channel 0."""
    sheet = Sheet()
    column = (WIDTH - LEFT - 10) / CHANNELS
    top = max(*a, *b) or 1.0
    up = Scale(0, top, BOTTOM, TOP)
    grid_lines(sheet, Scale(0, 1, LEFT, WIDTH - 10), up, x_ticks=())
    for channel, (before, after) in enumerate(zip(a, b, strict=True)):
        left = LEFT + column * channel
        name = first + channel + 1
        said = f"{name}: {number_text(before)} → {number_text(after)}"
        with sheet.group(title=said, kind="bar"):
            for value, place, hatched in ((before, 0.08, True), (after, 0.52, False)):
                bar(sheet, left + place * column, up(value), 0.4 * column, BOTTOM - up(value),
                    VERMILION if hatched else BLUE, second=hatched)  # fmt: skip
        middle = left + column / 2
        sheet.text(middle, BOTTOM + 20, str(name), size=14, bold=first + channel == at)
        sheet.text(middle, up(max(before, after)) - 5, number_text(after, 3), size=14)
    start, end = (LEFT + column * (edge - first) for edge in (window.start, window.stop))
    y = BOTTOM + 34
    for piece in (
        ((start + 4, y), (end - 4, y)),
        *(((x, y), (x, y - 8)) for x in (start + 4, end - 4)),
    ):
        sheet.line(*piece, width=2.5)
    sheet.text(
        min(max((start + end) / 2, 150), WIDTH - 150), y + 20,
        say("bracket", channel=at + 1, terms=len(window)), size=14,
    )  # fmt: skip
    bar(sheet, LEFT, 6, 18, 12, VERMILION, second=True)
    sheet.text(LEFT + 24, 17, say("before"), size=14, anchor="start")
    bar(sheet, LEFT + 160, 6, 18, 12, BLUE)
    sheet.text(LEFT + 184, 17, say("after"), size=14, anchor="start")
    return sheet.document(WIDTH, y + 30, title=say("drawing", channels=CHANNELS))


def changes(values: Values) -> tuple[int, int]:
    """How many outputs change, and how many fall, when the chosen channel's bar is raised by 1."""
    a, how, at = _inputs(values), layer(values), values["channel"] - 1
    raised = [value + (channel == at) for channel, value in enumerate(a)]
    pairs = list(zip(normalised(a, how), normalised(raised, how), strict=True))
    return sum(old != new for old, new in pairs), sum(new < old for old, new in pairs)


def _neighbours(values: Values, answer: int, say: Say) -> Outcome:
    """How many bars answer to one."""
    if values["show"] == "map":
        return Outcome(False, say("about_bars"))
    changed, falling = changes(values)
    at = values["channel"]
    silent = sum(not value for n, value in enumerate(values["a"], 1) if n != at)
    words = {"channel": at, "changed": changed, "falling": falling, "n": values["n"]}
    if answer == changed:
        return Outcome(True, say("neighbours_right", **words))
    if answer == changed - 1:
        return Outcome(False, say("neighbours_itself", **words))
    return Outcome(False, say("neighbours", **words, silent=silent, edge=CHANNELS))


def equal(a: float, how: LRN) -> float:
    """b of a channel in the middle of ``n`` channels that are all ``a``."""
    divisor: float = (how.k + how.effective_alpha * how.size * a * a) ** how.beta
    return a / divisor


def _loudest(values: Values, answer: int, say: Say) -> Outcome:
    """At which equal value the middle one of a window is loudest."""
    how = layer(values)
    best = max(range(1, LOUDEST + 1), key=lambda a: equal(a, how))
    words = {
        "a": answer, "b": number_text(equal(answer, how)), "n": how.size,
        "more": number_text(equal(answer + 1, how)), "less": number_text(equal(answer - 1, how)),
    }  # fmt: skip
    if best == LOUDEST:
        return Outcome(False, say("no_loudest", **words, most=LOUDEST))
    if abs(answer - best) > 1:
        return Outcome(False, say("loudest_more" if answer < best else "loudest_less", **words))
    others = {
        f"best_{name}": max(range(1, LOUDEST + 1), key=lambda a: equal(a, layer(values, name)))
        for name in FORMULAS
    }
    return Outcome(True, say("loudest_right", **words, **others))


LAB = Lab(
    id="lrn",
    concepts=("lrn",),
    controls=(
        Pick("show", ("pixel", "map"), "pixel"),
        Pick("formula", FORMULAS, "paper"),
        Number("channel", 1, CHANNELS, 6),
        Number("map", 1, MAPS, 25),
        Number("n", 1, 9, 5, 2),
        Number("k", 1.0, 4.0, 2.0, 0.5),
        Number("beta", 0.0, 1.0, 0.75, 0.05),
        Pick("alpha", ("0.00001", "0.0001", "0.0005", "0.001", "0.01"), "0.0001"),
        Pick("scale", ("0.01", "0.1", "1"), "1"),
        Bars("a", CHANNELS, 0, LOUDEST, BEFORE),
    ),
    look=look,
    tasks={
        "neighbours": Task(_neighbours, Number("count", 0, CHANNELS, 0)),
        "loudest": Task(_loudest, Number("value", 1, LOUDEST, 10)),
    },
    see=("layer?layer=norm1", "experiments?experiment=lrn"),
    needs_picture=lambda values: values["show"] == "map",
    runs_network=lambda values: values["show"] == "map",
    idle=lambda values: ("channel", "a") if values["show"] == "map" else ("map",),
)
