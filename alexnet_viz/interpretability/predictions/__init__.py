"""What a network says of a picture: one number a class, and what people read from it.

The numbers that arrive at the softmax are the logits z.  Softmax makes shares of them that add up
to 1, p_i = exp(z_i / T) / Σ exp(z_j / T); T, the temperature, is 1 in every AlexNet.  Dividing by a
larger T brings the shares together, by a smaller one sets them apart; the order never changes
(Hinton, Vinyals, Dean 2015, "Distilling the Knowledge in a Neural Network", equation 1).
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
    """What one network says of one picture."""

    logits: Floats
    """(classes,)"""
    shares: Shares
    """(classes,) probabilities, at some temperature."""

    @property
    def first(self) -> int:
        """The class it answers with."""
        return top(self.logits, 1)[0]


def answer(logits: Floats, temperature: float = 1.0) -> Answer:
    """Logits and the probabilities they amount to at a temperature."""
    return Answer(logits, probabilities(logits, temperature))


def logit_layer(result: Trace) -> str:
    """The layer whose outputs are the logits: the one before a final softmax, else the last.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> [logit_layer(trace(VARIANTS[id])) for id in ("alexnet_2012_paper", "tf_slim_alexnet_v2")]
    ['fc8', 'squeeze']

    Raises:
        Problem: the network stops, is cut off before its classes, or answers at several places.
    """
    network = result.network.id
    if result.failure:
        raise Problem("answer_stopped", network=network, layer=result.failure.layer)
    rows = result.rows[:-1] if has_softmax(result) else result.rows
    learned = [place for place, row in enumerate(rows) if row.layer.weighted]
    if not learned:
        raise Problem("answer_no_classes", network=network)
    classes, behind = rows[learned[-1]].output_shape[0], rows[learned[-1] + 1 :]
    shape = rows[-1].output_shape
    if prod(shape) == classes:
        return rows[-1].name
    if not all(row.layer.is_view for row in behind):
        raise Problem("answer_no_classes", network=network)  # its last maps are hidden ones
    raise Problem("answer_at_places", network=network, layer=rows[-1].name, shape=shape_text(shape))


def has_softmax(result: Trace) -> bool:
    """Whether the network ends in a softmax of its own; many leave it to the loss function."""
    return bool(result.rows) and isinstance(result.rows[-1].layer, Softmax)


def logits_of(kept: Mapping[str, Floats], layer: str) -> Floats:
    """The logits (classes,) among the activations of one image."""
    return kept[layer].reshape(-1)


def outputs(model: nn.Sequential, result: Trace, image: Floats) -> Floats:
    """What a model says of an image (channels, side, side): its logits (classes,).

    Raises:
        Problem: the network gives no answer; see ``logit_layer``.
    """
    layer = logit_layer(result)
    return logits_of(capture(model, image), layer)


def probabilities(logits: NDArray[Any], temperature: float = 1.0) -> Shares:
    """softmax(z / T), in float64: (classes,) in, (classes,) out, adding up to 1.

    >>> probabilities(np.log([1, 3])).round(6).tolist()
    [0.25, 0.75]
    """
    if not temperature > 0:
        raise ValueError(f"temperature={temperature}: it must be more than 0")
    scaled = logits.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max())
    shares: Shares = powers / powers.sum()
    return shares


def top(values: NDArray[Any], count: int) -> list[int]:
    """The numbers of the largest values, largest first; of equal ones the lower number first.

    >>> top(np.array([1, 5, 5, 0]), 3)
    [1, 2, 0]
    """
    return [int(number) for number in np.argsort(-values, kind="stable")[:count]]


def shown_classes(before: NDArray[Any], after: NDArray[Any] | None, count: int = 5) -> list[int]:
    """The first ``count`` classes of either answer: those of the first, then who is new."""
    new: Sequence[int] = top(after, count) if after is not None else ()
    return list(dict.fromkeys([*top(before, count), *new]))


def moved(before: Shares, after: Shares) -> float:
    """How much probability has changed hands, 0 to 1: the total variation, ½ Σ |p_i - q_i|.

    >>> moved(np.array([0.9, 0.1, 0.0]), np.array([0.6, 0.1, 0.3])).round(6).item()
    0.3
    """
    return np.abs(before - after).sum() / 2  # type: ignore[no-any-return]


def percent(share: float) -> str:
    """A probability as it is shown: three digits, more next to certainty.

    >>> [percent(share) for share in (0.98765, 0.99967, 0.9999999, 1, 2e-6)]
    ['98.8 %', '99.97 %', '>99.99 %', '100 %', '<0.001 %']
    """
    if 0 < share < 1e-5:
        return "<0.001 %"
    if 0.9999 < share < 1:
        return ">99.99 %"
    return f"{100 * share:.4g} %" if share > 0.999 else f"{100 * share:.3g} %"
