"""Read a ``.safetensors`` file: a JSON header, then the numbers; it holds no code.

The format sorts tensors by name, so the order of the layers is reconstructed: numbers in names are
compared as numbers, and groups with convolutions come first (``features`` before ``classifier``).
"""

import json
import re
from collections.abc import Mapping

import safetensors.torch
from torch import Tensor

from alexnet_viz.text.problem import Problem
from alexnet_viz.weights.files.contents import Contents, refuse_names

FORMAT = "safetensors"
MAX_HEADER = 1_000_000
"""Most bytes of the header; AlexNet's takes two thousand."""


def read(data: bytes) -> Contents:
    """The tensors of a safetensors file.

    Raises:
        Problem: damaged, without tensors, or with too long a header.
    """
    end = 8 + int.from_bytes(data[:8], "little")
    if end > MAX_HEADER:
        raise Problem("weights_damaged", format=FORMAT)
    try:
        header = json.loads(data[8:end])
        refuse_names(header, FORMAT)
        tensors = safetensors.torch.load(data)
        metadata = header.get("__metadata__") or {}
    except Problem:
        raise
    except Exception as error:  # SafetensorError, and KeyError for a dtype that torch lacks
        raise Problem("weights_damaged", format=FORMAT) from error
    if not tensors:
        raise Problem("weights_no_tensors", format=FORMAT)
    return Contents(tensors=in_layer_order(tensors), network=metadata.get("network", ""))


def in_layer_order(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors in the likely order of their layers.

    >>> import torch
    >>> names = {"classifier.1.weight": 2, "features.10.weight": 4, "features.3.weight": 4}
    >>> list(in_layer_order({name: torch.empty([1] * axes) for name, axes in names.items()}))
    ['features.3.weight', 'features.10.weight', 'classifier.1.weight']
    """
    convolutional = {_group(name) for name, tensor in tensors.items() if tensor.ndim == 4}

    def place(name: str) -> tuple[bool, list[tuple[int, str]]]:
        parts = re.findall(r"(\d{1,9})|(\D+)", name)
        return (
            bool(convolutional) and _group(name) not in convolutional,
            [(int(number or 0), word) for number, word in parts],
        )

    return {name: tensors[name] for name in sorted(tensors, key=place)}


def _group(name: str) -> str:
    """The part of a name before its first digit: features. of features.10.weight, conv of conv1."""
    return re.split(r"\d", name, maxsplit=1)[0]
