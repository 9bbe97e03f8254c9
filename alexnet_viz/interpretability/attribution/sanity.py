"""Model randomisation test of attribution maps.

Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018, section 3: replace the weights by
random ones and compute the map again.  A map that hardly changes does not depend on the learned
weights, so it cannot explain what the network has learned.  Guided backpropagation is known to fail
the test if only the last layers are random, because its ReLUs alone decide which edges pass.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.interpretability.attribution import Attribution, Floats, Unit
from alexnet_viz.interpretability.attribution.methods import attribute
from alexnet_viz.interpretability.attribution.unit_model import up_to
from alexnet_viz.jobs import Progress, Stop
from alexnet_viz.model.build import initialise, private_copy


@dataclass(frozen=True)
class Sanity:
    """The attribution with random weights, and how similar it is to the learned one."""

    random: Attribution
    correlation: float | None
    """Spearman's rank correlation of the two maps, -1 to 1, over the pixels that are non-zero in at
    least one of them: pixels outside the receptive field are 0 in both, whatever the weights.  None
    if one of the maps is constant over these pixels."""


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
    """Compute an attribution with random weights and correlate it with the learned one.

    ``image`` is float32, (channels, height, width), as the network reads it.  ``learned`` is the
    result of ``attribute`` for the same arguments.  Weights are random from the layer ``since`` on,
    by default in every layer.

    Raises:
        Problem: the model has no such layer.
        Stopped: ``stop`` returned true.
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
    """A copy of a model with random weights (``initialise``) in the layers from ``since`` on.

    By default all layers are random.  The layers before ``since`` share the model's tensors.

    Raises:
        Problem: the model has no such layer.
    """
    kept = len(up_to(model, since)) - 1 if since else 0
    copy = private_copy(model)
    devices = {parameter.device for parameter in copy.parameters()}
    fresh = cast(nn.Sequential, copy[kept:])
    fresh.to_empty(device="cpu")  # new memory: until here the tensors are the model's own
    initialise(fresh, seed)
    for device in devices:
        fresh.to(device)
    return copy


def rank_correlation(one: Floats, other: Floats) -> float | None:
    """Spearman's rank correlation of two arrays with equally many values; None if one is constant.

    This is Pearson's correlation of the ranks; tied values have the mean of their ranks.

    >>> rank_correlation(np.array([1, 2, 3]), np.array([10, 20, 400]))
    1.0
    """
    first, second = _centred_ranks(one), _centred_ranks(other)
    length = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / length if length else None


def _centred_ranks(values: Floats) -> NDArray[np.float64]:
    """The rank of each value less the mean rank, (size,); ties have the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middle = ends - (counts - 1) / 2
    ranks: NDArray[np.float64] = middle[place.ravel()]
    return ranks - (values.size + 1) / 2
