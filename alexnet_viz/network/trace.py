"""The trace of a network: shapes, windows, receptive field and counts of every layer.

A network that fails is a value, not an exception: ``trace`` returns the rows so far and a
``Failure`` with the layer, the numbers, the rule and the remedy.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from alexnet_viz.network.geometry import Slide, check_input_size
from alexnet_viz.network.layers import Layer, Shape, shape_text
from alexnet_viz.network.layers.base import Field
from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.network.spec import Network
from alexnet_viz.text import Language, running, t
from alexnet_viz.text.problem import Problem

FLOAT32_BYTES = 4


@dataclass(frozen=True)
class Row:
    """One layer of a trace: shapes, windows and counts, for one image."""

    layer: Layer
    input_shape: Shape
    output_shape: Shape
    slides: tuple[Slide, Slide] | None
    receptive_field: Field
    weights: int
    biases: int
    macs: int
    operations: Mapping[str, int]

    @property
    def name(self) -> str:
        return self.layer.name

    @property
    def kind(self) -> str:
        return self.layer.kind

    @property
    def params(self) -> int:
        """Learnable numbers: weights and biases."""
        return self.weights + self.biases

    @property
    def weight_shape(self) -> Shape | None:
        """Shape of the weight as torch stores it; None where nothing is learned.

        (out, in / groups, height, width) of a convolution, (out, in / groups) of a dense layer,
        (channels,) of BatchNorm.
        """
        if self.layer.weighted:
            window = (axis.kernel_size for axis in self.slides or ())
            return self.output_shape[0], self.layer.kernel_depth(self.input_shape), *window
        return (self.weights,) if self.weights else None

    @property
    def elements(self) -> int:
        """Values in the output."""
        return prod(self.output_shape)

    @property
    def activation_bytes(self) -> int:
        """Bytes of the output in float32."""
        return FLOAT32_BYTES * self.elements

    @property
    def neurons(self) -> int:
        """Outputs of a learned unit: the elements of conv and linear layers, else 0.

        The convention of the 2012 paper's "650,000 neurons" (Figure 2's caption lists them).
        """
        return self.elements if self.layer.weighted else 0


@dataclass(frozen=True)
class Failure:
    """The layer at which a network fails, its input shape, and the problem."""

    network: str
    layer: str
    kind: str
    input_shape: Shape
    problem: Problem

    def message(self, language: Language = "en") -> str:
        """The layer, its input shape, the numbers and the rule, as one sentence."""
        return t(
            "failure.message",
            language,
            network=self.network,
            kind=t(f"kind.{self.kind}", language),
            layer=self.layer,
            shape=shape_text(self.input_shape),
            problem=self.problem.message(language),
        )

    def remedy(self, language: Language = "en") -> str:
        """What to change so that it works."""
        return self.problem.remedy(language)

    def explained(self, language: Language = "en") -> str:
        """The message and the remedy, on one line."""
        return running((self.message(language), self.remedy(language)), language)


class CannotRun(Problem):
    """A network that fails at its input, where one that runs through is needed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.problem.code, **failure.problem.values)
        self.failure = failure

    def message(self, language: Language = "en") -> str:
        return self.failure.message(language)


@dataclass(frozen=True)
class Trace:
    """The rows of a network at one input, and the failure that ended it, if any."""

    network: Network
    rows: tuple[Row, ...]
    failure: Failure | None

    @cached_property
    def by_name(self) -> Mapping[str, Row]:
        """Rows by layer name."""
        return {row.name: row for row in self.rows}

    def __getitem__(self, name: str) -> Row:
        """The row of this layer.

        Raises:
            KeyError: no such layer, or the network failed before it.
        """
        return self.by_name[name]

    def complete_rows(self) -> tuple[Row, ...]:
        """The rows of a network that runs through.

        Raises:
            CannotRun: it fails at its input.
        """
        if self.failure:
            raise CannotRun(self.failure)
        return self.rows

    @property
    def input_shape(self) -> Shape:
        return self.network.input_shape

    @property
    def params(self) -> int:
        """Learnable numbers of all rows."""
        return sum(row.params for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all rows, one image."""
        return sum(row.macs for row in self.rows)

    @property
    def neurons(self) -> int:
        """Outputs of conv and linear layers."""
        return sum(row.neurons for row in self.rows)

    @property
    def operations(self) -> Mapping[str, int]:
        """Operations other than MACs, by name."""
        total: Counter[str] = Counter()
        for row in self.rows:
            total.update(row.operations)
        return total


def trace(network: Network, input_size: int | None = None) -> Trace:
    """Trace a network at its own input, or at a square input of ``input_size`` pixels.

    >>> from alexnet_viz.variants import VARIANTS
    >>> trace(VARIANTS["alexnet_2012_paper"], 224)["conv1"].output_shape
    (96, 55, 55)

    Raises:
        Problem: ``input_size`` is not 1 to ``MAX_INPUT_SIZE``; a network that fails at a legal
            size does not raise.
    """
    if input_size is not None:
        check_input_size(input_size)
        network = network.at(input_size)
    rows: list[Row] = []
    shape = network.input_shape
    grid = shape[1:] or (1, 1)
    field: Field = (ReceptiveField(), ReceptiveField())
    for layer in network.layers:
        try:
            row = _row(layer, shape, grid, field)
        except Problem as problem:
            failure = Failure(network.id, layer.name, layer.kind, shape, problem)
            return Trace(network, tuple(rows), failure)
        rows.append(row)
        shape, field = row.output_shape, row.receptive_field
        grid = shape[1:] or ((1, 1) if layer.weighted else grid)
    return Trace(network, tuple(rows), None)


def _row(layer: Layer, shape: Shape, grid: Shape, field: Field) -> Row:
    output_shape = layer.output_shape(shape)
    if len(shape) == 1:
        _check_whole_maps(layer, shape[0] // prod(grid))
    slides = layer.slides(shape)
    return Row(
        layer=layer,
        input_shape=shape,
        output_shape=output_shape,
        slides=slides,
        receptive_field=layer.receptive_field(field, slides, grid),
        weights=layer.weights(shape),
        biases=layer.biases(shape),
        macs=layer.macs(shape),
        operations=layer.operations(shape),
    )


def _check_whole_maps(layer: Layer, channels: int) -> None:
    """Check that each group of a dense layer reads whole maps, as a tower holds them.

    Raises:
        Problem: ``channels`` maps cannot be divided among the groups.
    """
    if channels % layer.groups:
        raise Problem("groups", name="channels", channels=channels, groups=layer.groups)


def fits(network: Network, input_size: int) -> bool:
    """Whether the network runs through at a square input of this size."""
    return trace(network, input_size).failure is None
