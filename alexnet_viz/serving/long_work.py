"""Long work with a model, as plain values that another process can be sent: see ``engine.Task``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.interpretability.attribution import Attribution, Unit
from alexnet_viz.jobs import Progress, Stop, Stopped
from alexnet_viz.network.trace import Trace
from alexnet_viz.pictures.preprocessing import Preprocessing

if TYPE_CHECKING:  # torch and captum are loaded where they compute
    from torch import nn

    from alexnet_viz.interpretability.ablation.channels import ChannelEffects
    from alexnet_viz.interpretability.activation_maximisation import Frame
    from alexnet_viz.interpretability.attribution.sanity import Sanity
    from alexnet_viz.interpretability.folder_scan.looking import Answers

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class AttributionWork:
    """The attribution of a unit to the pixels of an image [C, H, W]."""

    image: Floats = field(repr=False)
    unit: Unit
    method: str
    layer: str | None
    window: int | None

    def __call__(self, model: nn.Sequential, progress: Progress, stop: Stop) -> Attribution:
        """See ``attribution.methods.attribute``."""
        from alexnet_viz.interpretability.attribution import methods

        return methods.attribute(
            model,
            self.image,
            self.unit,
            self.method,
            layer=self.layer,
            window=self.window,
            progress=progress,
            stop=stop,
        )


@dataclass(frozen=True)
class SanityWork:
    """The same attribution with random weights in the layers from ``since`` on, or in all."""

    of: AttributionWork
    learned: Attribution = field(repr=False)
    since: str | None
    seed: int

    def __call__(self, model: nn.Sequential, progress: Progress, stop: Stop) -> Sanity:
        """See ``attribution.sanity.sanity_check``."""
        from alexnet_viz.interpretability.attribution.sanity import sanity_check

        return sanity_check(
            model,
            self.of.image,
            self.of.unit,
            self.of.method,
            self.learned,
            since=self.since,
            seed=self.seed,
            layer=self.of.layer,
            window=self.of.window,
            progress=progress,
            stop=stop,
        )


@dataclass(frozen=True)
class EffectsWork:
    """The effect of every channel of a layer on a class; ``before`` is what was found already."""

    result: Trace = field(repr=False)
    image: Floats = field(repr=False)
    layer: str
    target: int
    before: ChannelEffects | None

    def __call__(self, model: nn.Sequential, progress: Progress, stop: Stop) -> ChannelEffects:
        """See ``ablation.channels.channel_effects``."""
        from alexnet_viz.interpretability.ablation.channels import channel_effects
        from alexnet_viz.model.activations import capture

        kept = capture(model, self.image)
        steps = channel_effects(model, self.result, self.layer, kept, self.target, self.before)
        for found in steps:
            progress(found.done / len(found.answers), found)
            if not found.complete and stop():
                raise Stopped
        return found


@dataclass(frozen=True)
class PassWork:
    """What a layer's channels answer to images (n, C, H, W), and the classes that follow."""

    images: Floats = field(repr=False)
    layer: str
    logits: str
    """The layer with the logits; "" if there is none."""

    def __call__(self, model: nn.Sequential, progress: Progress, stop: Stop) -> Answers:
        """See ``folder_scan.looking.passed``."""
        from alexnet_viz.interpretability.folder_scan.looking import passed

        return passed(model, self.layer, self.logits, self.images)


@dataclass(frozen=True)
class Film:
    """Frames of an ascent; the last one is the newest."""

    frames: tuple[Frame, ...]
    values: tuple[float, ...]
    """The unit's value after each step."""


@dataclass(frozen=True)
class MaximisationWork:
    """A picture that excites a channel, with the frames of the steps ``kept`` and the last one."""

    result: Trace = field(repr=False)
    unit: Unit
    how: Preprocessing
    seed: int
    kept: tuple[int, ...]

    def __call__(self, model: nn.Sequential, progress: Progress, stop: Stop) -> Film:
        """See ``activation_maximisation.maximise``."""
        from alexnet_viz.interpretability.activation_maximisation import STEPS, maximise

        film, at = Film((), ()), self.unit
        frames: Any = maximise(
            model, self.result, at.layer, at.channel, how=self.how, seed=self.seed
        )
        for frame in frames:
            before = tuple(each for each in film.frames if each.step in self.kept)
            film = Film((*before, frame), (*film.values, frame.value))
            progress(frame.step / STEPS, film)
            if frame.step < STEPS and stop():
                raise Stopped
        return film
