"""What Predictions shows of a picture, computed where the model is; see ``shown``."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.interpretability.ablation import parse
from alexnet_viz.interpretability.ablation.edits import recaptured
from alexnet_viz.interpretability.kernels import kernels
from alexnet_viz.interpretability.likeness import different
from alexnet_viz.interpretability.predictions import logits_of
from alexnet_viz.serving.engine import Passes

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class OutputOf:
    """Asks for the output of a layer for every picture: (pictures, features)."""

    layer: str

    def __call__(self, passes: Passes) -> Floats:
        """The outputs, flattened."""
        return np.stack([kept[self.layer].reshape(-1) for kept in passes.kept])


@dataclass(frozen=True)
class LogitsWithout:
    """Asks for the logits (classes,) of the first picture after ablations.

    ``ablated`` are these as a link spells them.
    """

    layer: str
    ablated: tuple[str, ...]

    def __call__(self, passes: Passes) -> Floats:
        """The logits; only the layers from the first changed one on run."""
        off = [parse(each) for each in self.ablated]
        image, kept = passes.images[0], passes.kept[0]
        again = recaptured(passes.model, passes.result, image, kept, off)
        return logits_of(again, self.layer)


class FirstKernels(NamedTuple):
    """Kernels of the first convolution that tell the places of a picture apart most."""

    answering: int
    """How many kernels answer anywhere."""
    total: int
    channels: list[int]
    """Those that are shown."""
    kernels: Floats
    """All kernels (out, in, height, width)."""
    planes: list[Floats]
    """The shown ones' maps (height, width), without negative values."""


@dataclass(frozen=True)
class FirstKernelsOf:
    """Asks for the kernels of ``convolution`` whose maps ``layer`` holds."""

    convolution: str
    layer: str
    most: int

    def __call__(self, passes: Passes) -> FirstKernels:
        """See ``FirstKernels``."""
        maps = np.maximum(passes.kept[0][self.layer], 0)
        apart = different(maps, self.most)
        return FirstKernels(
            answering=int((maps > 0).any(axis=(1, 2)).sum()),
            total=len(maps),
            channels=apart,
            kernels=kernels(passes.model.get_submodule(self.convolution)),
            planes=[maps[channel] for channel in apart],
        )


@dataclass(frozen=True)
class SilentOf:
    """Asks how many channels of a layer are 0 everywhere for the first picture."""

    layer: str

    def __call__(self, passes: Passes) -> int:
        """The number."""
        maps = passes.kept[0][self.layer]
        return int((~maps.reshape(len(maps), -1).any(axis=1)).sum())
