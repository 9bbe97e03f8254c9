"""The pictures that experiments train on, 28 pixels a side: Fashion-MNIST or drawings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.pictures import fashion, synthetic
from alexnet_viz.pictures.synthetic.scene import draw
from alexnet_viz.teaching.experiments.experiment import DRAWINGS, FASHION
from alexnet_viz.teaching.experiments.small_network import SIDE

DRAWN = {"train": 4_000, "validation": 1_000}
"""Drawings of each part: each has a seed of its own, so the parts share none."""


@dataclass(frozen=True)
class Pictures:
    """Both parts: pictures, uint8 (pictures, channels, 28, 28), and labels, int64 (pictures,)."""

    classes: tuple[str, ...]
    """Their English names or ids, in the order of the labels."""
    train: NDArray[np.uint8]
    train_labels: NDArray[np.int64]
    validation: NDArray[np.uint8]
    validation_labels: NDArray[np.int64]

    @cached_property
    def means(self) -> NDArray[np.float64]:
        """The mean of every pixel over the training pictures, (1, channels, 28, 28)."""
        found: NDArray[np.float64] = self.train.mean(axis=0, keepdims=True)
        return found

    @property
    def channels(self) -> int:
        """1 for grey pictures, 3 for colours."""
        return int(self.train.shape[1])


def _fashion() -> Pictures:
    """The part of Fashion-MNIST that ships; validation is on pictures of its test part."""
    parts: list[Any] = []
    for pixels, labels in (fashion.subset("train"), fashion.subset("test")):
        order = np.random.default_rng(0).permutation(len(pixels))
        parts += [pixels[order][:, None], labels[order].astype(np.int64)]
    return Pictures(tuple(name.en for name in fashion.CLASSES), *parts)


def _drawings() -> Pictures:
    """Drawings of all classes in turn, each from a seed of its own."""
    parts: list[Any] = []
    for number, count in enumerate(DRAWN.values()):
        labels = np.arange(count) % len(synthetic.CLASSES)
        drawn = [
            draw(synthetic.CLASSES[label], np.random.default_rng((2012, number, each)), SIDE)
            for each, label in enumerate(labels)
        ]
        parts += [np.stack(drawn).transpose(0, 3, 1, 2).copy(), labels]
    return Pictures(synthetic.CLASSES, *parts)


DATA: Mapping[str, Any] = MappingProxyType({FASHION: _fashion, DRAWINGS: _drawings})
"""What can be trained on, by id; the first is the default."""


@lru_cache(maxsize=len(DATA))
def pictures(data: str) -> Pictures:
    """The pictures of a data set of ``DATA``; read or drawn once for the process."""
    found: Pictures = DATA[data]()
    return found
