"""Estimates the memory that the processes of a run take, before any is started."""

from math import prod

from alexnet_viz.model_parallel.request import Request
from alexnet_viz.network.trace import FLOAT32_BYTES
from alexnet_viz.text.problem import Problem

LIBRARIES = 300_000_000
"""Bytes of a process that has imported torch."""


def footprint(request: Request, processes: int) -> int:
    """Return the estimated peak in bytes, summed over all processes.

    Each process builds the whole network to slice its share.  Later GPU 0's process builds it again
    for the comparison: its weights and, in training, two sets of gradients; and the feature maps of
    a batch twice, or four times in training, where autograd keeps them.
    """
    towers = request.towers()
    ways = 2 if request.train else 1
    weights = FLOAT32_BYTES * sum(towers.params)
    maps = FLOAT32_BYTES * request.batch * sum(
        prod(stage.row.output_shape) for stage in towers.stages
    )  # fmt: skip
    passes = ways * (weights + maps)
    building = processes * weights + weights
    comparing = passes + weights + (2 * weights if request.train else 0) + ways * maps
    return processes * LIBRARIES + max(building, comparing)


def check_footprint(request: Request, processes: int, limit: int) -> None:
    """Check that a run fits into ``limit`` bytes.

    Raises:
        Problem: it does not.
    """
    needed = footprint(request, processes)
    if needed > limit:
        raise Problem(
            "run_too_large",
            network=request.network.id,
            processes=processes,
            batch=request.batch,
            gigabytes=needed / 1e9,
            limit=limit / 1e9,
        )
