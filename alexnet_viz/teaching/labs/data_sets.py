"""Data sets: where tiny pictures die in AlexNet, and what adapts it (article 002, data sets)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

from alexnet_viz.analysis.inputs.input_ranges import inputs_fitting
from alexnet_viz.network.layers import Window
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.graph.square_chains import SquareChain, squares
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.theme import BLUE, INPUT, PINK, SKY, VERMILION
from alexnet_viz.teaching.control import Pick, Several
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Table, Task, Values
from alexnet_viz.text import running
from alexnet_viz.variants import VARIANTS

ALEXNET = VARIANTS["alexnet_2012_227"].refitted()
POOLS = ("pool1", "pool2", "pool5")
CARD = 104.0
"""Units of the side of the largest picture."""
SPLIT = {"train": BLUE, "validate": SKY, "test": PINK}
PARTS = tuple(SPLIT)


@dataclass(frozen=True)
class DataSet:
    """The pictures of a data set: their shape, classes, and how many are for what."""

    channels: int
    side: int
    classes: int
    split: tuple[int, int, int]
    """Pictures to train, to validate and to test."""


DATA_SETS: Mapping[str, DataSet] = {
    "MNIST": DataSet(1, 28, 10, (60_000, 0, 10_000)),
    "CIFAR-10": DataSet(3, 32, 10, (50_000, 0, 10_000)),
    "Tiny-ImageNet": DataSet(3, 64, 200, (100_000, 10_000, 10_000)),
    "ILSVRC": DataSet(3, 227, 1000, (1_200_000, 50_000, 150_000)),
}
"""As their publishers state them; of ILSVRC the paper's round numbers and the crop at 227."""

SIZES = ("own", "smallest", "paper")


def _set(*names: str, **fields: Any) -> Callable[[Network], Network]:
    changes: dict[str, Any] = dict.fromkeys(names, fields)
    return lambda network: network.edited(
        id=network.id, **{name: each for name, each in changes.items() if _has(network, name)}
    )


def _without(name: str) -> Callable[[Network], Network]:
    return lambda network: network.edited(
        id=network.id, without=(name,) if _has(network, name) else ()
    )


def _has(network: Network, name: str) -> bool:
    return any(layer.name == name for layer in network.layers)


EDITS: Mapping[str, Callable[[Network], Network]] = {
    "stride2": _set("conv1", stride=2),
    "stride1": _set("conv1", stride=1),
    "kernel5": _set("conv1", kernel_size=5),
    "padding2": _set("conv1", padding=2),
    "no_pool1": _without("pool1"),
    "no_pool2": _without("pool2"),
    "no_pool5": _without("pool5"),
    "ceil": _set(*POOLS, rounding="caffe"),
    "groups": _set("conv2", "conv4", "conv5", groups=1),
}
"""Small edits of the network, in the order in which they are made."""


def adapted(data: str, edits: tuple[str, ...], side: int | None = None) -> Network:
    """AlexNet for a data set: its channels, its classes, its side or another, and some edits."""
    chosen = DATA_SETS[data]
    network = ALEXNET.with_channels(chosen.channels).with_classes(chosen.classes)
    network = network.at(side or chosen.side)
    for name, edit in EDITS.items():
        if name in edits:
            network = edit(network)
    return network


@cache
def smallest() -> int:
    """The smallest square input that the unchanged network takes, in pixels."""
    return inputs_fitting(ALEXNET).start


def _side(values: Values) -> int:
    own = DATA_SETS[values["data"]].side
    return {"own": own, "smallest": smallest(), "paper": ALEXNET.input_size}[values["size"]]


def look(values: Values, say: Say) -> Look:
    """The sides of the maps of the unchanged and of the edited network."""
    data, side = DATA_SETS[values["data"]], _side(values)
    plain = trace(adapted(values["data"], (), side))
    results = [(plain, say("plain", data=values["data"], side=side))]
    if values["edits"]:
        results.append((trace(adapted(values["data"], values["edits"], side)), say("edited")))
    chains = [_chain(*each) for each in results]
    drawings = (
        Drawing(squares(chains, title=say("drawing")), "data_sets", say("caption")),
        Drawing(_cards(values["data"], say), "data_sets_cards"),
    )
    now = results[-1][0]
    said = (_outcome(now, say), _resized(values["data"], side, say), _sizes(data, now, say))
    return Look(drawings, said, (Table(_table(say), "data_sets"),))


def _chain(result: Trace, name: str) -> SquareChain:
    """The sides after the input and every window, up to the one that does not fit."""
    windows = [layer for layer in result.network.layers if isinstance(layer, Window)]
    rows = [result[layer.name] for layer in windows if layer.name in result.by_name]
    sides = [result.input_shape[1], *(row.output_shape[1] for row in rows)]
    stopped = bool(result.failure)
    return SquareChain(
        sides=[*sides, 0] if stopped else sides,
        name=name,
        labels=["", *(layer.name for layer in windows)][: len(sides) + stopped],
        kinds=["input", *(layer.family for layer in windows)],
        failed_at=len(sides) if stopped else None,
    )


def _cards(chosen: str, say: Say) -> str:
    """The pictures of all data sets to scale, and how those of the chosen one are split."""
    sheet, x = Sheet(), 8.0
    largest = max(each.side for each in DATA_SETS.values())
    ground = 8 + CARD
    for name, each in DATA_SETS.items():
        side = CARD * each.side / largest
        across = max(side, text_width(name, 14)) + 10
        lit = name == chosen
        sheet.rectangle(x + (across - side) / 2, ground - side, side, side, fill=INPUT,
                        opacity=0.4, stroke=VERMILION if lit else INPUT,
                        width=2.4 if lit else 1.2)  # fmt: skip
        sheet.text(x + across / 2, ground + 18, name, bold=lit)
        sheet.text(x + across / 2, ground + 35, f"{each.side}×{each.side}", quiet=True)
        x += across + 6
    parts = [(part, count) for part, count in
             zip(PARTS, DATA_SETS[chosen].split, strict=True) if count]  # fmt: skip
    whole, start, width = sum(count for _, count in parts), x + 10, 632 - x - 10
    left = start
    for place, (part, count) in enumerate(parts):
        long, colour = width * count / whole, SPLIT[part]
        sheet.rectangle(left, 14, long, 20, fill=colour, opacity=0.75, stroke=colour)
        y = 56 + 20 * place
        sheet.rectangle(start, y - 11, 12, 12, fill=colour, opacity=0.75, stroke=colour)
        words = say(f"split_{part}", n=count, share=100 * count / whole)
        sheet.text(start + 18, y, words, anchor="start")
        left += long
    return sheet.document(640, ground + 42, title=say("cards_drawing"))


def _outcome(result: Trace, say: Say) -> str:
    if failure := result.failure:
        return say("dies", layer=failure.layer, side=failure.input_shape[1],
                   kernel=result.network[failure.layer].kernel_size[0])  # type: ignore[attr-defined]  # fmt: skip
    shape = result["flatten"].input_shape
    return say("lives", side=shape[1], maps=shape[0], n=result["fc6"].input_shape[0])


def _resized(name: str, side: int, say: Say) -> str:
    data = DATA_SETS[name]
    if side <= data.side:
        return say("as_it_is", smallest=smallest(), data=name, own=data.side)
    return say("resized", side=side, own=data.side, factor=side / data.side,
               share=100 * data.side**2 / side**2)  # fmt: skip


def _sizes(data: DataSet, result: Trace, say: Say) -> str:
    width = ALEXNET.dense[-2].out_features
    words = say("classes", classes=data.classes, params=width * data.classes + data.classes)
    if result.failure:
        return words
    per = result.params / data.split[0]
    return running([words, say("per_picture", params=result.params, train=data.split[0], per=per)],
                   say.language)  # fmt: skip


def _table(say: Say) -> Grid:
    header = ("data", "shape", "classes", "train", "validate", "test", "dies")
    rows = []
    for name, each in DATA_SETS.items():
        failure = trace(adapted(name, ())).failure
        rows.append((name, f"{each.channels}×{each.side}×{each.side}", each.classes,
                     *(count or None for count in each.split),
                     failure.layer if failure else say("runs")))  # fmt: skip
    words = tuple(say(f"column.{key}") for key in header)
    return Grid(title=say("table"), header=words, rows=tuple(rows), words=frozenset((0, 6)))


@cache
def fewest() -> tuple[int, tuple[tuple[str, ...], ...]]:
    """How few edits keep a map before fc6 at CIFAR-10, and all sets of so few that do."""
    for count in range(len(EDITS) + 1):
        found = tuple(each for each in combinations(EDITS, count)
                      if not trace(adapted("CIFAR-10", each)).failure)  # fmt: skip
        if found:
            return count, found
    raise AssertionError


def _adapt(values: Values, answer: Any, say: Say) -> Outcome:
    if values["data"] != "CIFAR-10" or values["size"] != "own":
        return Outcome(False, say("not_cifar"))
    result = trace(adapted("CIFAR-10", values["edits"]))
    if failure := result.failure:
        return Outcome(False, say("still_dies", layer=failure.layer, side=failure.input_shape[1]))
    edits, (best, ways) = len(values["edits"]), fewest()
    side = result["flatten"].input_shape[1]
    if edits > best:
        return Outcome(False, say("too_many", n=edits, best=best, side=side))
    names = ", ".join(say(f"option.edits.{name}") for way in ways for name in way)
    return Outcome(True, say("adapted", n=edits, side=side, ways=len(ways), names=names))


LAB = Lab(
    id="data_sets",
    concepts=("data_sets",),
    controls=(
        Pick("data", tuple(DATA_SETS), "CIFAR-10"),
        Pick("size", SIZES, "own"),
        Several("edits", tuple(EDITS)),
    ),
    look=look,
    tasks={"adapt": Task(_adapt)},
    see=("calculator", "weights"),
)
