"""Memory that a network needs on each GPU in training and inference: computed, not measured.

A GTX 580 had 3 GB, which is why there are two towers (Krizhevsky et al. 2012, section 3.2).  The
calculator sums what has to be in memory at once: weights, momentum and gradients, the activations
of a batch and their gradients, copies from other GPUs, buffers.  What is kept for the backward pass
is a convention, and there are two: that of the 2012 code, read in its source (``cuda_convnet``),
and autograd's (``pytorch``), which the tests compare with the tensors that torch saves.  Everything
else is a field of ``Assumptions``.
"""

from collections.abc import Callable, Iterator
from math import prod

from alexnet_viz.analysis.memory import cuda_convnet, pytorch
from alexnet_viz.analysis.memory.budget import (
    KINDS,
    MIB,
    PRESETS,
    WORKSPACES,
    Assumptions,
    Keeping,
    Kind,
    Memory,
    Part,
    Workspace,
    gathered,
)
from alexnet_viz.analysis.memory.shares import shares, workspace
from alexnet_viz.analysis.towers.split import Towers, split
from alexnet_viz.network.trace import Trace

__all__ = [
    "CARD",
    "KINDS",
    "MIB",
    "PRESETS",
    "WORKSPACES",
    "Assumptions",
    "Keeping",
    "Kind",
    "Memory",
    "Part",
    "Workspace",
    "memory",
]

CARD = 3072 * MIB
"""Bytes of a GTX 580 with 3 GB.  deviceQuery.txt of the 2012 code lists four Tesla S2050 of the
same size: "3072 MBytes (3220897792 bytes)", 327,680 bytes less than 3,072 MiB."""

CONVENTIONS: dict[Keeping, Callable[[Towers, Assumptions], Iterator[Part]]] = {
    "cuda_convnet": cuda_convnet.parts,
    "pytorch": pytorch.parts,
}


def memory(trace: Trace, assumed: Assumptions, gpus: int | None = None) -> Memory:
    """Memory of a traced network on as many GPUs as it has towers, or on ``gpus``.

    A network that fails is counted up to its failure.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> code = trace(VARIANTS["alexnet_2012_code_145"])
    >>> memory(code, PRESETS["cuda_convnet"]).of(0, "weights").fixed  # 4 bytes of 32,531,112
    130124448

    Raises:
        Problem: more GPUs than ``split.MAX_TOWERS``.
    """
    towers = split(trace, gpus=gpus or trace.network.towers)
    assert towers is not None
    order = {name: place for place, name in enumerate(("", "input", *trace.by_name))}
    parts = _parts(trace, towers, assumed)
    return gathered(towers.count, sorted(parts, key=lambda part: order[part.layer]))


def _parts(trace: Trace, towers: Towers, assumed: Assumptions) -> Iterator[Part]:
    size = assumed.number_bytes
    images = size * assumed.input_copies * prod(trace.input_shape)
    for tower in range(towers.count):
        yield Part("", tower, "overhead", fixed=assumed.overhead)
        yield Part("input", tower, "input", per_image=images)
        for share in shares(towers, tower):
            space = size * workspace(share, assumed.workspace, assumed.training)
            yield Part(share.stage.name, tower, "workspace", fixed=space)
    yield from CONVENTIONS[assumed.keeping](towers, assumed)
