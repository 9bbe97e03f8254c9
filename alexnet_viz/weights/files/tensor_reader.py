"""The importers by suffix, and the tensors of a file under its own names.

The suffix of a file's name selects the importer, which validates the bytes.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from torch import Tensor

from alexnet_viz.text.local_file import MAX_PATH, readable, refuse_pointer
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights import MAX_BYTES
from alexnet_viz.weights.files import caffemodel, onnx_constants, safetensors_file, torch_file
from alexnet_viz.weights.files.contents import Contents

Importer = Callable[[bytes], Contents]

IMPORTERS: Mapping[str, Importer] = {
    ".pt": torch_file.read,
    ".pth": torch_file.read,
    ".pth.tar": torch_file.read,
    ".safetensors": safetensors_file.read,
    ".onnx": onnx_constants.read,
    ".caffemodel": caffemodel.read,
}
"""By the suffix of the file's name."""


def read(data: bytes | Path, name: str) -> dict[str, Tensor]:
    """The tensors of a file, by the file's own names, in the order of its layers.

    Raises:
        Problem: unreadable, too large, of an unknown format, damaged, or with more than weights.
    """
    return dict(contents(data, name).tensors)


def contents(data: bytes | Path, name: str) -> Contents:
    """The tensors of a file, and its hints at the network.

    Raises:
        Problem: as ``read``.
    """
    importer = IMPORTERS[suffix(name)]
    content = _bytes(data) if isinstance(data, Path) else data
    if not content:
        raise Problem("weights_empty")
    refuse_pointer(content)
    if len(content) > MAX_BYTES:
        raise Problem("weights_too_large", limit=MAX_BYTES // 10**6)
    return importer(content)


def suffix(name: str) -> str:
    """The suffix of a file's name that selects its importer.

    >>> suffix("Alexnet_Places365.pth.tar")
    '.pth.tar'

    Raises:
        Problem: there is no importer for it.
    """
    for ending in sorted(IMPORTERS, key=len, reverse=True):
        if name.lower().endswith(ending):
            return ending
    raise Problem("weights_kind", name=shown(name, MAX_PATH), known=" ".join(IMPORTERS))


def _bytes(path: Path) -> bytes:
    """The bytes of a file, at most one more than ``MAX_BYTES``."""
    with readable(path) as file:
        return file.read(MAX_BYTES + 1)
