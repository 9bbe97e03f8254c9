"""Questions about a registered network: a quantity at some input, what a tower reads, a mistake."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import ClassVar

from alexnet_viz.analysis.claims.quantity import LAYER, NETWORK, Place
from alexnet_viz.analysis.inputs.case_224 import staircase
from alexnet_viz.analysis.towers.split import Towers, split
from alexnet_viz.network.geometry import Rounding
from alexnet_viz.network.layers import Conv, Linear, Window
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.teaching.questions.counts import (
    ConvMacs,
    ConvParams,
    DenseParams,
    FlattenedInputs,
)
from alexnet_viz.teaching.questions.question import Answer, Form, Question, Step
from alexnet_viz.teaching.questions.window_sizes import OutputSize
from alexnet_viz.text import Text
from alexnet_viz.variants import VARIANTS


@lru_cache(maxsize=1024)
def chain(network: str, input_size: int, rounding: Rounding | None = None) -> Trace:
    """The trace of a registered network at an input, its dense layers rebuilt for what arrives.

    ``rounding`` replaces the rule of every window.

    Raises:
        KeyError: no such network.
    """
    found = VARIANTS[network].refitted()
    return trace(found.rounded(rounding) if rounding else found, input_size)


def quantity_of(traced: Trace, quantity: str) -> Answer | None:
    """A quantity by its name, ``fc6.inputs`` or ``network.params``; None where there is none."""
    subject, _, field = quantity.partition(".")
    if subject == "network":
        return None if traced.failure else NETWORK[field](traced)  # type: ignore[return-value]
    row = traced.by_name.get(subject)
    if row is None:
        return None
    try:
        return LAYER[field](Place(traced.network, row.layer, row))  # type: ignore[return-value]
    except LookupError:
        return None


@dataclass(frozen=True)
class ChainQuestion(Question):
    """A quantity of a network at an input: ``fc6.inputs``, ``conv2.params``, ``network.macs``."""

    kind: ClassVar[str] = "chain"

    network: str
    input_size: int
    quantity: str

    @property
    def form(self) -> Form:  # type: ignore[override]
        """A shape or a count, by what is asked."""
        return "shape" if isinstance(self.answer, tuple) else "count"

    @property
    def trace(self) -> Trace:
        """The network at this input."""
        return chain(self.network, self.input_size)

    @cached_property
    def answer(self) -> Answer:
        found = quantity_of(self.trace, self.quantity)
        if found is None:
            raise KeyError(f"{self.network}: {self.quantity} at {self.input_size}")
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """The maps that the layer's input was made of: (channels, height, width)."""
        return maps_before(self.trace, self.quantity.partition(".")[0])

    @property
    def part(self) -> Question | None:
        """The same about the layer alone: a question in which the slips of layers can be made."""
        layer, _, field = self.quantity.partition(".")
        row = self.trace.by_name.get(layer)
        found = _part(row, self.shape, field) if row else None
        return found if found and found.answer == self.answer else None

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the sides of the maps from the image on."""
        channels, side, *_ = self.shape
        return {
            **super().values,
            "title": title_of(self.network),
            "chain": arrows(sides(self.trace, self.quantity)),
            "channels": channels,
            "side": side,
            "layer": self.quantity.partition(".")[0],
        }

    @property
    def worked(self) -> str:
        return "chain_inputs" if self.quantity.endswith(".inputs") else "chain"


def _part(row: Row, maps: tuple[int, ...], field: str) -> Question | None:
    """A quantity of a row as a question about its layer."""
    layer = row.layer
    if isinstance(layer, Window) and field == "output_size":
        return window_question(layer, maps[1])
    if isinstance(layer, Linear) and len(maps) == 3 and layer.groups == 1:
        shape = (maps[0], maps[1], maps[2])
        dense = {
            "inputs": FlattenedInputs(shape),
            "params": DenseParams(shape, layer.out_features, layer.bias),
        }
        return dense.get(field)
    kind = {"params": ConvParams, "macs": ConvMacs}.get(field)
    if kind is None or not isinstance(layer, Conv) or row.slides is None:
        return None
    window = row.slides[0]
    return kind(
        in_channels=maps[0],
        out_channels=layer.out_channels,
        kernel_size=window.kernel_size,
        map_size=window.input_size,
        stride=window.stride,
        padding=window.padding,
        groups=layer.groups,
        bias=layer.bias,
    )


def maps_before(traced: Trace, layer: str) -> tuple[int, ...]:
    """(channels, height, width) of what a layer reads; (features, 1, 1) behind a dense layer.

    >>> maps_before(chain("alexnet_2012_paper", 224), "fc6")
    (256, 6, 6)
    >>> maps_before(chain("alexnet_2012_paper", 224), "fc7")
    (4096, 1, 1)
    """
    shape = read = traced.input_shape
    for row in traced.rows:
        read = row.input_shape
        shape = read if len(read) == 3 else shape
        if row.name == layer:
            break
    return shape if prod(shape) == prod(read) else (prod(read), 1, 1)


def sides(traced: Trace, quantity: str) -> tuple[int, ...]:
    """The sides of the maps from the image to where a quantity is: before its layer, or behind it.

    >>> sides(chain("alexnet_2012_paper", 224), "fc6.inputs")
    (224, 55, 27, 13, 6)
    >>> sides(chain("alexnet_2012_paper", 224), "pool1.output_size")
    (224, 55, 27)
    """
    layer, _, field = quantity.partition(".")
    if layer == "network":
        return staircase(traced)
    stop = list(traced.by_name).index(layer) + (not field.startswith("in"))
    return staircase(Trace(traced.network, traced.rows[:stop], None))


def arrows(sizes: tuple[int, ...]) -> str:
    """Sizes one after the other: 224 → 55 → 27.

    >>> arrows((224, 55, 27))
    '224 → 55 → 27'
    """
    return " → ".join(map(str, sizes))


def windows(traced: Trace, until: str = "fc6") -> tuple[str, ...]:
    """The names of the layers with a window, in order, before the layer ``until``."""
    names = []
    for row in traced.rows:
        if row.name == until:
            break
        if isinstance(row.layer, Window):
            names.append(row.name)
    return tuple(names)


def step(traced: Trace, layer: str, input_size: int) -> OutputSize:
    """The window of a traced layer as a question about an input of ``input_size`` cells."""
    found = traced[layer].layer
    assert isinstance(found, Window)
    return window_question(found, input_size)


def window_question(window: Window, input_size: int) -> OutputSize:
    """The window of a layer as a question about an input of ``input_size`` cells."""
    top, bottom, *_ = window.padding
    return OutputSize(
        input_size,
        window.kernel_size[0],
        window.stride[0],
        (top, bottom),
        window.rounding,
        any(window.padding),
    )


def title_of(network: str) -> Text:
    """The title of a registered network."""
    about = VARIANTS[network].about
    return about.title if about else Text(network, network)


@lru_cache(maxsize=64)
def towers(network: str) -> Towers | None:
    """The towers of a registered network; None if it has one."""
    return split(trace(VARIANTS[network].refitted()))


@dataclass(frozen=True)
class TowersRead(Question):
    """Whose maps one tower of a layer reads: the image, its own, or those of all."""

    kind: ClassVar[str] = "towers_read"
    form: ClassVar[Form] = "word"

    network: str
    layer: str

    @cached_property
    def answer(self) -> str:
        stages = found.stages if (found := towers(self.network)) else ()
        return next(str(stage.reads) for stage in stages if stage.name == self.layer)

    @property
    def steps(self) -> tuple[Step, ...]:
        return ((0,),)

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the network's title."""
        return {**super().values, "title": title_of(self.network)}

    @property
    def worked(self) -> str:
        return f"{self.kind}.{self.answer}"


@dataclass(frozen=True)
class PlantedError(Question):
    """The line of a chain of output sizes that is wrong; all lines after it follow from it."""

    kind: ClassVar[str] = "planted_error"
    form: ClassVar[Form] = "count"

    network: str
    input_size: int
    layers: tuple[str, ...]
    at: int
    """The line, from 1 on."""
    wrong: int
    """The size that stands there."""

    @cached_property
    def lines(self) -> tuple[tuple[OutputSize, int], ...]:
        """Each line: the window with the size that the line before gave, and the stated size.

        Raises:
            Problem: after the wrong size a window does not fit.
        """
        traced, size = chain(self.network, self.input_size), self.input_size
        found = []
        for number, layer in enumerate(self.layers, 1):
            question = step(traced, layer, size)
            size = self.wrong if number == self.at else question.answer
            found.append((question, size))
        return tuple(found)

    @cached_property
    def answer(self) -> int:
        return next(n for n, (asked, size) in enumerate(self.lines, 1) if asked.answer != size)

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(part for asked, _ in self.lines[: self.at] for part in asked.steps)

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the wrong line with what is right."""
        asked = self.lines[self.at - 1][0]
        return {
            **asked.values,
            **super().values,
            "title": title_of(self.network),
            "layer": self.layers[self.at - 1],
            "right": asked.answer,
            "arriving": asked.input_size,
        }
