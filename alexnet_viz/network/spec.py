"""A network as a frozen value: a named, flat tuple of layers and the words about it.

There is no graph: every AlexNet is a chain, and the two towers are a view of ``groups=2``
(``alexnet_viz.analysis.towers.split``).  A reading of a network is a parent plus named differences
(``edited``). How a network is written as JSON is in ``alexnet_viz.network.spec_file``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from alexnet_viz.network.from_plain import read
from alexnet_viz.network.geometry import Rounding
from alexnet_viz.network.layers import Conv, Layer, Linear, Shape, Window
from alexnet_viz.network.to_plain import to_plain
from alexnet_viz.text import Text


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a network is written down, precisely enough to check."""

    title: str
    where: str
    """Section, file, or file and line."""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class About:
    """What a person wants to know about a network besides its layers."""

    title: Text
    year: int | None
    """None where nobody says, as of a file that somebody opened."""
    source: Source
    summary: Text
    """What distinguishes it from the paper's network."""
    assumptions: tuple[Text, ...] = ()
    """What the source leaves open and this reading fills in."""
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By layer, the fields the source states; ``present`` is the layer itself."""
    framework: str = ""
    """What it is written for, as that calls itself; empty for a paper or an article."""
    parent: str | None = None
    """The variant it descends from: of which it is a reading, which its source names, or else the
    older one that it differs least from."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """An input shape and the layers it passes, in order."""

    id: str
    input_shape: Shape
    layers: tuple[Layer, ...]
    about: About | None = None

    def __post_init__(self) -> None:
        names = [layer.name for layer in self.layers]
        repeated = {name for name in names if names.count(name) > 1}
        if repeated:
            raise ValueError(f"{self.id}: layer names must be unique, got {sorted(repeated)} twice")

    def __getitem__(self, name: str) -> Layer:
        """The layer with this name.

        Raises:
            KeyError: no such layer.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)

    @property
    def input_size(self) -> int:
        """Side of the native input, in pixels."""
        return self.input_shape[1]

    def at(self, input_size: int) -> "Network":
        """This network on a square input of another size."""
        return replace(self, input_shape=(self.input_shape[0], input_size, input_size))

    def rounded(self, rounding: Rounding) -> "Network":
        """This network with one rounding rule in every window."""
        return self._mapped(
            lambda layer: replace(layer, rounding=rounding) if isinstance(layer, Window) else layer
        )

    def refitted(self) -> "Network":
        """This network with dense layers that take whatever arrives: new weights, same widths."""
        return self._mapped(
            lambda layer: replace(layer, in_features=None) if isinstance(layer, Linear) else layer
        )

    def _mapped(self, change: Any) -> "Network":
        return replace(self, layers=tuple(change(layer) for layer in self.layers))

    def edited(
        self,
        *,
        id: str,
        about: About | None = None,
        input_size: int | None = None,
        without: tuple[str, ...] = (),
        after: Mapping[str, tuple[Layer, ...]] | None = None,
        **changes: Mapping[str, Any],
    ) -> "Network":
        """This network with named differences.

        ``without`` drops layers, ``after`` inserts layers behind a named one, and each further
        keyword changes fields of the layer it names: ``conv1={"padding": (1, 2)}``.

        Raises:
            KeyError: a difference names a layer that is not there.
        """
        for name in (*without, *changes, *(after or {})):
            self[name]
        layers: list[Layer] = []
        for layer in self.layers:
            if layer.name not in without:
                layers.append(replace(layer, **changes.get(layer.name, {})))
            layers.extend((after or {}).get(layer.name, ()))
        shape = self.at(input_size).input_shape if input_size else self.input_shape
        return Network(id=id, input_shape=shape, layers=tuple(layers), about=about or self.about)

    @property
    def dense(self) -> tuple[Linear, ...]:
        """The linear layers, in order."""
        return tuple(layer for layer in self.layers if isinstance(layer, Linear))

    @property
    def last_dense(self) -> Conv | Linear | None:
        """The layer whose outputs are the classes.

        The last learned layer, if it is linear or a convolution named fc…; None otherwise.
        """
        learned = [layer for layer in self.layers if isinstance(layer, Conv | Linear)]
        if learned and (isinstance(learned[-1], Linear) or learned[-1].name.startswith("fc")):
            return learned[-1]
        return None

    def with_classes(self, count: int) -> "Network":
        """This network with ``count`` outputs of its last dense layer, if it has one."""
        last = self.last_dense
        if last is None:
            return self
        width = "out_features" if isinstance(last, Linear) else "out_channels"
        wanted: Layer = replace(last, **{width: count})  # type: ignore[arg-type]
        return self._mapped(lambda layer: wanted if layer is last else layer)

    @property
    def towers(self) -> int:
        """Into how many towers the network is split: the largest ``groups`` of a learned layer."""
        learned = [layer for layer in self.layers if isinstance(layer, Conv | Linear)]
        return max((layer.groups for layer in learned), default=1)

    def to_dict(self) -> dict[str, Any]:
        """This network as plain data; the format is described in docs/spec-format.md."""
        return dict(to_plain(self))

    @classmethod
    def from_dict(cls, data: object) -> "Network":
        """The network that plain data describes.

        Raises:
            Problems: with everything that is wrong.
        """
        return read(cls, data)
