"""What every importer makes of a file: tensors by the file's own names, and what else it tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from torch import Tensor

from alexnet_viz.text.problem import Problem, shown

POOLS = frozenset({"max_pool", "avg_pool"})
"""Caffe's files say only that there is a pool."""

SILENT = frozenset({"dropout", "flatten", "squeeze", "softmax", "adaptive_avg_pool", "zero_pad"})
"""Layers that exporters drop, add or move without changing what the weights mean."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The numbers of a file, in the order of its layers."""

    tensors: Mapping[str, Tensor]
    kinds: tuple[str, ...] = ()
    """Kinds of all layers in order, where the format keeps them: whether LRN stands before the
    pool tells AlexNet from CaffeNet, which no weight does."""
    side: int | None = None
    """Side of the square input the file declares, in pixels."""
    network: str = ""
    """Id of the variant the file says it is of; files this project trains say it."""


def telling(kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds that tell one network from another, pools as one kind.

    >>> telling(["conv", "relu", "max_pool", "flatten", "linear", "dropout"])
    ('conv', 'relu', 'pool', 'linear')
    """
    return tuple("pool" if kind in POOLS else kind for kind in kinds if kind not in SILENT)


def refuse_claims(key: str, tensor: Tensor) -> None:
    """See that a tensor holds as many numbers as it claims.

    With strides of 0 a file of a few bytes claims any shape, and the first copy fills the memory.

    Raises:
        Problem: it claims more.
    """
    held = tensor.untyped_storage().nbytes() // tensor.element_size()
    claimed = prod(tensor.shape)
    if claimed > held:
        raise Problem("weights_claim", name=shown(key), claimed=claimed, held=held)
