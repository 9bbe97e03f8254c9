"""What an experiment is: arms that differ in one named thing, and what is to be measured.

An ``Experiment`` asks one question of the paper again, on a small network.  Its words are phrases
that begin with ``experiment.<id>.``:

``title``, ``question``   one line each
``sentence``              what the paper says, quoted; ``source`` is where
``arm.<arm>``             the name of an arm
``figure.<key>``          a published figure in words, with the placeholders of ``Figure.values``
``caveat``                how the small experiment differs from the published one

Needs neither torch nor numpy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from alexnet_viz.network.spec import Network, Source
from alexnet_viz.text import Language, t

Augmentation = Literal["none", "crops_flips"]
Measure = Literal["train_error", "validation_error", "gap"]
"""What decides: an error after the last step, or ``gap``, the validation error minus the training
error.  Shares from 0 to 1; lower is better for each."""
FASHION, DRAWINGS = "fashion", "drawings"
"""What an experiment can be run on; the first is the default."""
SAME = "same"
"""The prediction, and the truth, that no arm is better."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """How a network is trained; the values of the paper (section 5) unless a comment says so."""

    learning_rate: float = 0.01
    momentum: float = 0.9
    weight_decay: float = 5e-4
    """Of weights; biases do not decay, as in the code of 2012 (``wc`` of its parameter files)."""
    bias: float = 0.0
    """Initial biases of conv2, conv4, conv5, fc6 and fc7, in the paper 1; the others start at 0."""
    augmentation: Augmentation = "none"
    """``crops_flips``: a random shift by up to 2 pixels and a random reflection."""
    batch: int = 32
    """Pictures a step; the paper has 128."""
    steps: int = 300
    data_size: int = 8_000
    """Training pictures, drawn by the seed; all there are if there are fewer."""


@dataclass(frozen=True)
class Arm:
    """One side of an experiment."""

    id: str
    network: Network
    """For grey pictures of 28 pixels and ten classes; ``run`` refits it to the data."""
    training: Training


@dataclass(frozen=True)
class Figure:
    """A published figure: the phrase ``experiment.<id>.figure.<key>`` says it with its numbers."""

    key: str
    year: int
    source: Source
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment; the id is part of people's links.

    Raises:
        ValueError: an arm differs from the first in more or in less than one thing.
    """

    id: str
    source: Source
    """Where the sentence stands."""
    figures: tuple[Figure, ...]
    arms: tuple[Arm, ...]
    """The first is the one that the others are compared with."""
    measure: Measure = "validation_error"
    also: Measure | None = None
    """A second measure that the paper speaks of."""

    def __post_init__(self) -> None:
        for arm in self.arms[1:]:
            found = changed(self.arms[0], arm)
            if len(found) != 1:
                raise ValueError(f"{self.id}: {arm.id} differs in {sorted(found)}, not in one")

    def __getitem__(self, arm: str) -> Arm:
        """The arm with this id.

        Raises:
            KeyError: no such arm.
        """
        for each in self.arms:
            if each.id == arm:
                return each
        raise KeyError(arm)

    @property
    def field(self) -> str:
        """What the arms differ in: a field of ``Training`` or of a layer, a family, ``order``."""
        return next(iter(changed(self.arms[0], self.arms[1])))

    @property
    def prediction(self) -> tuple[str, ...]:
        """What a student can predict before the run: which arm is best, or ``SAME``."""
        return (*(arm.id for arm in self.arms), SAME)

    def say(self, key: str, language: Language, **values: object) -> str:
        """The phrase ``experiment.<id>.<key>``."""
        return t(f"experiment.{self.id}.{key}", language, **values)

    def figure(self, figure: Figure, language: Language) -> str:
        """A published figure in words."""
        return self.say(f"figure.{figure.key}", language, year=figure.year, **figure.values)

    def predicted(self, choice: str, language: Language) -> str:
        """A choice of ``prediction`` in words."""
        return (
            t("lab_run.same", language) if choice == SAME else self.say(f"arm.{choice}", language)
        )


def changed(one: Arm, other: Arm) -> frozenset[str]:
    """The names of what two arms differ in.

    Of the training these are its fields.  Of the network: fields of layers that both have,
    ``order`` if these stand in another order, and the families of the layers that only one has.
    """
    found = {
        each.name
        for each in fields(Training)
        if getattr(one.training, each.name) != getattr(other.training, each.name)
    }
    if one.network.input_shape != other.network.input_shape:
        found.add("input_shape")
    layers = [
        {(layer.name, layer.kind): layer for layer in arm.network.layers} for arm in (one, other)
    ]
    shared = [[key for key in side if key in layers[0] and key in layers[1]] for side in layers]
    if shared[0] != shared[1]:
        found.add("order")
    for key in shared[0]:
        first, second = layers[0][key], layers[1][key]
        found |= {
            each.name
            for each in fields(first)
            if getattr(first, each.name) != getattr(second, each.name)
        }
    for side in layers:
        found |= {str(layer.family) for key, layer in side.items() if key not in shared[0]}
    return frozenset(found)
