"""Does a map show what the network has learned, or only the picture?

Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018, section 3: fill the network with
random weights and explain again.  A map that hardly changes does not depend on what was learned,
so it cannot explain it.  Guided backpropagation is known to fail where only the last layers are
random: its ReLUs decide alone which edges pass.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.interpretability.attribution import Attribution, Floats, Progress, Stop, Unit
from alexnet_viz.interpretability.attribution.methods import attribute
from alexnet_viz.interpretability.attribution.unit_model import up_to
from alexnet_viz.model.build import initialise, private_copy


@dataclass(frozen=True)
class Sanity:
    """The same map with random weights."""

    random: Attribution
    correlation: float | None
    """Spearman's rank correlation of the two maps, -1 to 1, over the pixels that are not 0 in both:
    what a unit does not see would agree with anything.  None if one of them is constant there."""


def sanity_check(
    model: nn.Sequential,
    image: Floats,
    unit: Unit,
    method: str,
    learned: Attribution,
    *,
    since: str | None = None,
    seed: int = 0,
    layer: str | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Sanity:
    """Explain again with random weights from the layer ``since`` on, or in every layer.

    ``learned`` is what ``attribute`` found for the same arguments.

    Raises:
        Problem: there is no such layer.
        Stopped: ``stop`` said so.
    """
    random = attribute(
        randomised(up_to(model, unit.layer), since=since, seed=seed),
        image,
        unit,
        method,
        layer=layer,
        window=window,
        progress=progress,
        stop=stop,
    )
    seen = (learned.values != 0) | (random.values != 0)
    return Sanity(random, rank_correlation(learned.values[seen], random.values[seen]))


def randomised(model: nn.Sequential, *, since: str | None = None, seed: int = 0) -> nn.Sequential:
    """A copy with the same shapes whose layers from ``since`` on are as ``initialise`` fills them.

    The layers before ``since`` share the model's numbers.

    Raises:
        Problem: there is no such layer.
    """
    kept = len(up_to(model, since)) - 1 if since else 0
    copy = private_copy(model)
    devices = {parameter.device for parameter in copy.parameters()}
    fresh = cast(nn.Sequential, copy[kept:])
    fresh.to_empty(device="cpu")  # new memory: until now the numbers are the model's own
    initialise(fresh, seed)
    for device in devices:
        fresh.to(device)
    return copy


def rank_correlation(one: Floats, other: Floats) -> float | None:
    """Spearman's rank correlation: Pearson's correlation of the ranks, ties sharing their mean.

    >>> rank_correlation(np.array([1, 2, 3]), np.array([10, 20, 400]))
    1.0
    """
    first, second = _centred_ranks(one), _centred_ranks(other)
    length = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / length if length else None


def _centred_ranks(values: Floats) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middle = ends - (counts - 1) / 2
    ranks: NDArray[np.float64] = middle[place.ravel()]
    return ranks - (values.size + 1) / 2
