"""Memory of each GPU in parts: bytes independent of the batch size, and bytes per image."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

MIB = 2**20

Kind = Literal[
    "overhead",
    "weights",
    "momentum",
    "gradients",
    "workspace",
    "input",
    "activations",
    "copies",
    "activation_gradients",
    "intermediates",
]
"""In the order of a bar: first those that do not depend on the batch size.  ``copies`` are maps of
other GPUs, ``intermediates`` what a layer keeps besides maps for the backward pass: LRN
denominators, dropout masks, the switches of max pooling."""

KINDS: tuple[Kind, ...] = get_args(Kind)
Keeping = Literal["cuda_convnet", "pytorch"]
Workspace = Literal["none", "partial_sums", "im2col"]
WORKSPACES: tuple[Workspace, ...] = get_args(Workspace)


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """The assumptions of the calculator."""

    keeping: Keeping
    """The convention for what stays in memory until the backward pass."""
    training: bool = True
    number_bytes: int = 4
    """Bytes of a weight, an activation or a gradient: 4 is float32, 2 is float16."""
    input_copies: int
    """Batches of images on the GPU: 2 where the next is copied while the current one is used."""
    mask_bytes: int
    """Bytes of a dropout mask per unit."""
    workspace: Workspace
    """The buffer of a convolution besides its input and output."""
    overhead: int = 0
    """Bytes of the driver, the context and other programs; known to the user only."""


PRESETS: dict[Keeping, Assumptions] = {
    "cuda_convnet": Assumptions(
        keeping="cuda_convnet", input_copies=2, mask_bytes=4, workspace="partial_sums"
    ),
    "pytorch": Assumptions(keeping="pytorch", input_copies=1, mask_bytes=1, workspace="none"),
}


@dataclass(frozen=True)
class Part:
    """Bytes of one kind for one layer on one GPU."""

    layer: str
    tower: int
    kind: Kind
    fixed: int = 0
    per_image: int = 0

    def bytes(self, batch: int) -> int:
        """Bytes at a batch size of ``batch``."""
        return self.fixed + batch * self.per_image


@dataclass(frozen=True)
class Memory:
    """All parts of a network on its GPUs."""

    gpus: int
    parts: tuple[Part, ...]

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers that need any memory, in network order; "" is the overhead."""
        return tuple(dict.fromkeys(part.layer for part in self.parts))

    def of(self, tower: int, kind: Kind | None = None, layer: str | None = None) -> Part:
        """The sum of the parts on one GPU, or of those of one kind or layer, as one part."""
        chosen = [
            part
            for part in self.parts
            if part.tower == tower and kind in (None, part.kind) and layer in (None, part.layer)
        ]
        return Part(
            layer or "",
            tower,
            kind or "overhead",
            sum(part.fixed for part in chosen),
            sum(part.per_image for part in chosen),
        )

    def bytes(self, tower: int, batch: int) -> int:
        """Bytes on one GPU at a batch size of ``batch``."""
        return self.of(tower).bytes(batch)

    def largest_batch(self, card: int) -> int:
        """The largest batch size at which no GPU needs more than ``card`` bytes; 0 if none fits.

        Bytes are fixed + batch · per image: a division for each GPU, of which the smallest counts.
        """
        totals = [self.of(tower) for tower in range(self.gpus)]
        return max(0, min((card - total.fixed) // max(1, total.per_image) for total in totals))


def gathered(gpus: int, parts: Iterable[Part]) -> Memory:
    """The memory of these parts, without empty ones."""
    return Memory(gpus, tuple(part for part in parts if part.fixed or part.per_image))
