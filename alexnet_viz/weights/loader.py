"""Load weights into a torch model.

``filled`` builds the model of a network from tensors under this project's names (``conv1.weight``).
The file that ships stores fc6 and fc7 as two factors each, ``fc6.down`` (rank, in) and ``fc6.up``
(out, rank); ``expanded`` multiplies them.  Fetched files are read by ``weights.files``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from alexnet_viz.model.build import build
from alexnet_viz.network.spec import Network
from alexnet_viz.text.problem import Problem
from alexnet_viz.weights import Weights, files
from alexnet_viz.weights.download import cached
from alexnet_viz.weights.integrity import checksum, known, record, set_aside, verify

Tensors = Mapping[str, Tensor]


def load(weights: Weights, *, device: str | torch.device = "cpu") -> nn.Sequential:
    """The model of these weights, in evaluation mode and float32.

    Raises:
        Problem: as ``tensors``.
    """
    return filled(weights.network, tensors(weights), device=device)


def tensors(weights: Weights) -> dict[str, Tensor]:
    """The tensors of a set of weights, float32, by this project's names (``conv1.weight``).

    A file without a checksum may be anybody's: it is read in a child process.

    Raises:
        Problem: the file was not fetched yet, is missing, or is damaged; then it was moved aside.
    """
    with _file(weights) as path:
        verify(path, weights)
        if not weights.url:
            return expanded(load_file(path))
        if known(path, weights):
            with _refused_aside(path, weights):
                return files.fit(files.read(path, weights.file), weights.network)
        return _read_apart(path, weights)


def fits(path: Path, weights: Weights) -> None:
    """Check a file that was just fetched whose maker states no checksum, and record its SHA-256.

    It is read in a child process, and must have every tensor of its network in its shape.

    Raises:
        Problem: it has not; then it was moved aside.
    """
    if not checksum(weights)[0]:
        _read_apart(path, weights)


def _read_apart(path: Path, weights: Weights) -> dict[str, Tensor]:
    with _refused_aside(path, weights):
        read = files.fitted_apart(path, weights.file, weights.network)
        needed = build(weights.network, device="meta").state_dict()
        others = tuple(  # ``fit`` lets a visitor's file have other classes
            files.Mismatch(name, tuple(tensor.shape), tuple(needed[name].shape))
            for name, tensor in read.items()
            if tensor.shape != needed[name].shape
        )
        if others:
            raise files.WeightsMisfit(weights.network, others, (weights.network, others))
    record(path, weights)
    return read


@contextmanager
def _refused_aside(path: Path, weights: Weights) -> Iterator[None]:
    """Move a file aside that cannot be read as these weights."""
    try:
        yield
    except Problem as problem:
        if not problem.code.startswith("weights_"):
            raise
        raise set_aside(path, weights, problem.message()) from problem


def check(weights: Weights) -> None:
    """Find out whether ``tensors`` can read a set of weights, reading no more than is needed.

    Raises:
        Problem: as ``tensors``.
    """
    with _file(weights) as path:
        verify(path, weights)
        unknown = bool(weights.url) and not known(path, weights)
    if unknown:
        tensors(weights)


@contextmanager
def _file(weights: Weights) -> Iterator[Path]:
    if not weights.url:
        with resources.as_file(resources.files(__package__) / weights.file) as shipped:
            yield shipped
        return
    fetched = cached(weights)
    if fetched is None:
        raise Problem("weights_not_fetched", id=weights.id)
    yield fetched


def filled(
    network: Network, tensors: Tensors, *, device: str | torch.device = "cpu"
) -> nn.Sequential:
    """A network as a torch model with these tensors, named ``conv1.weight`` and so on, in float32.

    Raises:
        RuntimeError: a tensor is missing, left over, or of another shape; ``files.fit`` raises a
            ``Problem`` for that.
    """
    model = build(network, device="meta")
    model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, assign=True)
    return model.requires_grad_(False).to(device)


def expanded(tensors: Tensors) -> dict[str, Tensor]:
    """The tensors in float32, each pair of factors multiplied: weight = up @ down.

    >>> pair = {"fc6.down": torch.ones(2, 5), "fc6.up": torch.ones(3, 2)}
    >>> expanded(pair)["fc6.weight"].shape
    torch.Size([3, 5])
    """
    dense = {}
    for name, tensor in tensors.items():
        layer, _, role = name.rpartition(".")
        if role == "up":
            dense[f"{layer}.weight"] = tensor.float() @ tensors[f"{layer}.down"].float()
        elif role != "down":
            dense[name] = tensor.float()
    return dense
