"""A small pass through the weights that ship, for whoever asks whether this process can compute.

It compares the file with its checksum (once in a process, and when it changes on the disk), runs
the learned kernels of the first convolution on one window, and compares with numpy.  That takes a
few milliseconds and holds nothing, where a whole network would hold 244 MB.
"""

from importlib import resources
from time import perf_counter

import numpy as np
import torch
from safetensors import safe_open
from torch.nn import functional

from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.integrity import verify

TOLERANCE = 1e-3
"""Sums of 363 products in float32 differ by their order."""


def first_pass() -> float:
    """Milliseconds of one pass through the first convolution.

    Raises:
        Problem: the file is missing or damaged.
        ArithmeticError: the result is not what numpy computes.
    """
    with resources.as_file(resources.files(__package__) / DRAWINGS.file) as path:
        verify(path, DRAWINGS)
        with safe_open(path, "pt") as file:
            kernels, bias = (
                file.get_tensor(f"conv1.{each}").float() for each in ("weight", "bias")
            )
    window = torch.linspace(-1, 1, kernels[0].numel()).reshape(1, *kernels.shape[1:])
    began = perf_counter()
    with torch.inference_mode():
        found = functional.conv2d(window, kernels, bias).flatten().numpy()
    milliseconds = 1000 * (perf_counter() - began)
    expected = np.tensordot(kernels.numpy(), window[0].numpy(), 3) + bias.numpy()
    if not np.allclose(found, expected, atol=TOLERANCE):
        raise ArithmeticError(f"conv1 differs from numpy by {np.abs(found - expected).max()}")
    return milliseconds
