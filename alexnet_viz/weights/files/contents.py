"""What an importer returns: tensors by the file's own names, and hints at the network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from torch import Tensor

from alexnet_viz.text.problem import Problem, shown

POOLS = frozenset({"max_pool", "avg_pool"})
"""Kinds that a caffemodel does not distinguish."""

SILENT = frozenset({"dropout", "flatten", "squeeze", "softmax", "adaptive_avg_pool", "zero_pad"})
"""Kinds that exporters drop, add or move; they do not identify a network."""

MAX_TENSORS = 2_000
"""Most tensors of a file; AlexNet has 16, and no network here has more than a hundred."""
MAX_KEY = 1_000
"""Most letters of a tensor's name."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The tensors of a file, in the order of its layers."""

    tensors: Mapping[str, Tensor]
    kinds: tuple[str, ...] = ()
    """Kinds of all layers in order, if the format stores them.  AlexNet and CaffeNet have equal
    shapes of weights; they differ in the order of LRN and pool."""
    side: int | None = None
    """Side of the square input that the file declares, in pixels."""
    network: str = ""
    """Id of the variant that the file names; files trained by this project name it."""


def telling(kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds that identify a network: without those in ``SILENT``, all pools as "pool".

    >>> telling(["conv", "relu", "max_pool", "flatten", "linear", "dropout"])
    ('conv', 'relu', 'pool', 'linear')
    """
    return tuple("pool" if kind in POOLS else kind for kind in kinds if kind not in SILENT)


def refuse_claims(key: str, tensor: Tensor) -> None:
    """Refuse a tensor whose shape has more numbers than its storage.

    With strides of 0 a file of a few bytes can declare any shape, and a copy would fill the memory.

    Raises:
        Problem: it has.
    """
    held = tensor.untyped_storage().nbytes() // tensor.element_size()
    claimed = prod(tensor.shape)
    if claimed > held:
        raise Problem("weights_claim", name=shown(key), claimed=claimed, held=held)


def refuse_names(names: Iterable[str], format: str) -> None:
    """Refuse more tensors, or longer names, than any network has: later work grows with both.

    Raises:
        Problem: there are more than ``MAX_TENSORS``, or one has more than ``MAX_KEY`` letters.
    """
    for count, name in enumerate(names, 1):
        if count > MAX_TENSORS:
            raise Problem("weights_parts", format=format, limit=MAX_TENSORS)
        if len(name) > MAX_KEY:
            raise Problem("weights_key", name=shown(name), letters=len(name), limit=MAX_KEY)
