"""A network as a frozen value: an input shape, a flat tuple of layers, and its source.

There is no graph: every AlexNet is a chain, and the two towers are a view of ``groups=2``
(``alexnet_viz.analysis.towers.split``).  A reading of a network is a parent plus named differences
(``edited``).  ``alexnet_viz.network.spec_file`` reads and writes a network as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from alexnet_viz.network.from_plain import read
from alexnet_viz.network.geometry import Rounding
from alexnet_viz.network.layers import Conv, Layer, Linear, Shape, Window
from alexnet_viz.network.to_plain import to_plain
from alexnet_viz.text import Language, Text, t

Axis = Literal["channels", "height", "width"]
"""An axis of the input."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a network is published, precisely enough to check."""

    title: str | Text
    """A ``Text`` where it is not the name of a publication, which no language translates."""
    where: str | Text
    """Section, file, or file and line; a ``Text`` where it has words."""
    url: str = ""

    def titled(self, language: Language) -> str:
        """The title in one language."""
        return _of(self.title, language)

    def place(self, language: Language) -> str:
        """Where it stands there, in one language."""
        return _of(self.where, language)


def _of(words: str | Text, language: Language) -> str:
    return words.of(language) if isinstance(words, Text) else words


@dataclass(frozen=True, kw_only=True)
class About:
    """Title, source and origin of a network."""

    title: Text
    year: int | None
    """None if unknown, as of a file that a user opened."""
    source: Source
    summary: Text
    """What distinguishes it from the paper's network."""
    assumptions: tuple[Text, ...] = ()
    """What the source leaves open and this reading adds."""
    assumed: tuple[Axis, ...] = ()
    """The axes of the input whose size the source does not state, so that the network's own is a
    guess; ``at`` and ``with_channels`` replace it."""
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By layer, the fields the source states; ``present`` is the layer itself."""
    framework: str = ""
    """The framework it is written for, by its own name; empty for a paper or an article."""
    parent: str | None = None
    """Id of the variant it descends from: the one it is a reading of, the one its source names, or
    else the older variant that it differs least from."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """An input shape and the layers that it passes through, in order."""

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
        """Height of the network's own input, in pixels."""
        return self.input_shape[1]

    def at(self, input_size: int) -> "Network":
        """This network with a square input of ``input_size`` pixels."""
        if self.input_shape[1:] == (input_size, input_size):
            return self
        shape = (self.input_shape[0], input_size, input_size)
        return replace(self, input_shape=shape, about=self._stating("height", "width"))

    def with_channels(self, channels: int) -> "Network":
        """This network with an input of ``channels`` channels: 1 for grey, 3 for colours."""
        shape = (channels, *self.input_shape[1:])
        return replace(self, input_shape=shape, about=self._stating("channels"))

    def _stating(self, *axes: Axis) -> About | None:
        """Title and source with ``axes`` of the input given and no longer assumed."""
        if self.about is None or not self.about.assumed:
            return self.about
        left = tuple(axis for axis in self.about.assumed if axis not in axes)
        return replace(self.about, assumed=left)

    @property
    def assumed_input(self) -> dict[Axis, int]:
        """The axes of the input that are a guess, with the sizes that are taken."""
        sizes = dict(zip(get_args(Axis), self.input_shape, strict=False))
        return {axis: sizes[axis] for axis in (self.about.assumed if self.about else ())}

    @property
    def assumptions(self) -> tuple[Text, ...]:
        """What the source leaves open and this reading adds, in words; the input first."""
        if self.about is None:
            return ()
        guessed = self.assumed_input
        keys = [
            *(["open.assumed_size"] if {"height", "width"} & guessed.keys() else []),
            *(["open.assumed_channels"] if "channels" in guessed else []),
        ]
        sizes = dict(zip(get_args(Axis), self.input_shape, strict=False))
        said = (Text(t(key, "en", **sizes), t(key, "zh", **sizes)) for key in keys)
        return (*said, *self.about.assumptions)

    def rounded(self, rounding: Rounding) -> "Network":
        """This network with ``rounding`` as the rule of every window."""
        return self._mapped(
            lambda layer: replace(layer, rounding=rounding) if isinstance(layer, Window) else layer
        )

    def refitted(self) -> "Network":
        """This network with dense layers of the same widths that accept any input size."""
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

        ``without`` drops layers, ``after`` inserts layers after a named one, and each further
        keyword changes fields of the layer it names: ``conv1={"padding": (1, 2)}``.

        Raises:
            KeyError: a difference names a layer that the network does not have.
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
        """The number of towers: the largest ``groups`` of a convolution or dense layer."""
        learned = [layer for layer in self.layers if layer.weighted]
        return max((layer.groups for layer in learned), default=1)

    def to_dict(self) -> dict[str, Any]:
        """This network as plain data, in the format of docs/spec-format.md."""
        return dict(to_plain(self))

    @classmethod
    def from_dict(cls, data: object) -> "Network":
        """The network that plain data describes.

        Raises:
            Problems: with everything that is wrong.
        """
        return read(cls, data)
