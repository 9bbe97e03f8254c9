"""Time of our local response normalisation compared with torch's, for equal outputs.

The paper's two norms, for 1 and 32 images under ``inference_mode``, and for 16 images with the
gradient, as in training.

    python -m benchmarks.norm [rounds]
"""

import sys
from collections.abc import Callable

import torch
from torch import Tensor, nn

from alexnet_viz.model.modules import ChannelResponseNorm
from benchmarks.timing import medians, table

SHAPES = {"norm1": (96, 55, 55), "norm2": (256, 27, 27)}
CONSTANTS = (5, 5e-4, 0.75, 2.0)
"""Size, alpha (torch divides it by the size), beta and k of section 3.3."""
ROUNDS = {1: 60, 32: 12}
"""Rounds by images per pass."""
TRAINED = 16
"""Images per pass with the gradient."""


def main(rounds: str = "") -> None:
    """Print a table for each norm and batch size."""
    norms = {"torch": nn.LocalResponseNorm(*CONSTANTS), "ours": ChannelResponseNorm(*CONSTANTS)}
    for name, shape in SHAPES.items():
        for images, usual in ROUNDS.items():
            input = 50 * torch.randn(images, *shape)
            times = medians({who: _looked(norm, input) for who, norm in norms.items()},
                            int(rounds or usual))  # fmt: skip
            print(f"\n{name}, {images} of {shape}:\n\n{table(times)}")
        input = 50 * torch.randn(TRAINED, *shape, requires_grad=True)
        times = medians({who: _learned(norm, input) for who, norm in norms.items()},
                        int(rounds or ROUNDS[32]))  # fmt: skip
        print(f"\n{name}, {TRAINED} of {shape}, forward and backward:\n\n{table(times)}")


def _looked(norm: nn.Module, input: Tensor) -> Callable[[], object]:
    @torch.inference_mode()
    def run() -> object:
        return norm(input)

    return run


def _learned(norm: nn.Module, input: Tensor) -> Callable[[], object]:
    arriving = torch.ones_like(input)
    return lambda: torch.autograd.grad(norm(input), input, arriving)


if __name__ == "__main__":
    main(*sys.argv[1:])
