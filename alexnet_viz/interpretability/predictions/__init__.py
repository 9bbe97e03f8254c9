"""Logits and class probabilities of a network for a picture.

The inputs of the softmax are the logits z.  The probabilities are
p_i = exp(z_i / T) / Σ exp(z_j / T); T, the temperature, is 1 in every AlexNet.  A larger T makes
the probabilities more equal, a smaller one less; their order never changes (Hinton, Vinyals, Dean
2015, "Distilling the Knowledge in a Neural Network", equation 1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.model.activations import capture
from alexnet_viz.network.layers import Softmax, shape_text
from alexnet_viz.network.trace import Trace
from alexnet_viz.text.problem import Problem

Floats = NDArray[np.float32]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """The prediction of one network for one picture."""

    logits: Floats
    """(classes,)"""
    shares: Shares
    """(classes,) probabilities, at the temperature given to ``answer``."""

    @property
    def first(self) -> int:
        """The index of the class with the largest logit."""
        return top(self.logits, 1)[0]


def answer(logits: Floats, temperature: float = 1.0) -> Answer:
    """Logits (classes,), float32, with their probabilities at a temperature, float64."""
    return Answer(logits, probabilities(logits, temperature))


def logit_layer(result: Trace) -> str:
    """The name of the layer with the logits: the one before a final softmax, else the last.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> [logit_layer(trace(VARIANTS[id])) for id in ("alexnet_2012_paper", "tf_slim_alexnet_v2")]
    ['fc8', 'squeeze']

    Raises:
        Problem: the trace fails, or the last layer has no class outputs or several positions.
    """
    network = result.network.id
    if result.failure:
        raise Problem("answer_stopped", network=network, layer=result.failure.layer)
    rows = result.rows[:-1] if has_softmax(result) else result.rows
    learned = [place for place, row in enumerate(rows) if row.layer.weighted]
    if not learned:
        raise Problem("answer_no_classes", network=network)
    classes, after = rows[learned[-1]].output_shape[0], rows[learned[-1] + 1 :]
    shape = rows[-1].output_shape
    if prod(shape) == classes:
        return rows[-1].name
    if not all(row.layer.is_view for row in after):
        raise Problem("answer_no_classes", network=network)  # the last maps are of a hidden layer
    raise Problem("answer_at_places", network=network, layer=rows[-1].name, shape=shape_text(shape))


def has_softmax(result: Trace) -> bool:
    """Whether the last layer is a softmax; in many networks it is part of the loss instead."""
    return bool(result.rows) and isinstance(result.rows[-1].layer, Softmax)


def logits_of(kept: Mapping[str, Floats], layer: str) -> Floats:
    """The logits of one image, float32, (classes,): the activations of ``layer``, flattened."""
    return kept[layer].reshape(-1)


def outputs(model: nn.Sequential, result: Trace, image: Floats) -> Floats:
    """The logits of a model, (classes,), for an image (channels, side, side), both float32.

    ``result`` is the trace of the model.

    Raises:
        Problem: the network has no logits; see ``logit_layer``.
    """
    layer = logit_layer(result)
    return logits_of(capture(model, image), layer)


def probabilities(logits: NDArray[Any], temperature: float = 1.0) -> Shares:
    """softmax(z / T): logits (classes,) → probabilities (classes,), float64, with the sum 1.

    >>> probabilities(np.log([1, 3])).round(6).tolist()
    [0.25, 0.75]

    Raises:
        ValueError: the temperature is not positive.
    """
    if not temperature > 0:
        raise ValueError(f"temperature={temperature}: it must be more than 0")
    scaled = logits.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max())
    shares: Shares = powers / powers.sum()
    return shares


def top(values: NDArray[Any], count: int) -> list[int]:
    """The indices of the ``count`` largest of values (n,), largest first, ties by lower index.

    >>> top(np.array([1, 5, 5, 0]), 3)
    [1, 2, 0]
    """
    return [int(number) for number in np.argsort(-values, kind="stable")[:count]]


def shown_classes(before: NDArray[Any], after: NDArray[Any] | None, count: int = 5) -> list[int]:
    """Indices of the ``count`` largest of ``before``, then those of ``after`` that are new.

    Both are logits or probabilities, (classes,).
    """
    new: Sequence[int] = top(after, count) if after is not None else ()
    return list(dict.fromkeys([*top(before, count), *new]))


def moved(before: Shares, after: Shares) -> float:
    """The total variation distance of two distributions (classes,), 0 to 1: ½ Σ |p_i - q_i|.

    >>> moved(np.array([0.9, 0.1, 0.0]), np.array([0.6, 0.1, 0.3])).round(6).item()
    0.3
    """
    return np.abs(before - after).sum() / 2  # type: ignore[no-any-return]


def percent(share: float) -> str:
    """A probability, 0 to 1, as text in percent: three significant digits, more near 100 %.

    >>> [percent(share) for share in (0.98765, 0.99967, 0.9999999, 1, 2e-6)]
    ['98.8 %', '99.97 %', '>99.99 %', '100 %', '<0.001 %']
    """
    if 0 < share < 1e-5:
        return "<0.001 %"
    if 0.9999 < share < 1:
        return ">99.99 %"
    return f"{100 * share:.4g} %" if share > 0.999 else f"{100 * share:.3g} %"
