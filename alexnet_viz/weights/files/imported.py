"""Open a file of weights: the variant that they belong to, and the weights under our names.

Shapes alone do not distinguish AlexNet from CaffeNet: LRN and pooling have no weights.  Of all
variants that fit, those come first that agree with what else the file has: a name, the order of its
layers, its input size, its number of classes, the usual variants of its format.  The others are
``candidates``, from which the user may choose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from torch import Tensor

from alexnet_viz.isolation import isolated
from alexnet_viz.network.spec import Network
from alexnet_viz.pictures.preprocessing import PAPER, Preprocessing
from alexnet_viz.text.local_file import no_room, readable, temporary_folder
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import MAX_BYTES
from alexnet_viz.weights.files.contents import Contents, telling
from alexnet_viz.weights.files.misfit import WeightsMisfit
from alexnet_viz.weights.files.parameter_plan import FACTORS, Plan, fit, plans, taken
from alexnet_viz.weights.files.tensor_names import OF_TORCHVISION, of_torchvision
from alexnet_viz.weights.files.tensor_reader import contents, read, suffix
from alexnet_viz.weights.published import CAFFE, TORCHVISION

HABITS = {
    ".caffemodel": ("caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet", "places365_alexnet"),
    ".onnx": ("onnx_zoo_bvlcalexnet", OF_TORCHVISION),
}
"""The usual variants by format, preferred where several fit."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The weights of a file and the network they are of."""

    network: Network
    """The likeliest variant, at an input at which it runs, with the file's number of classes."""
    tensors: dict[str, Tensor]
    """float32, by this project's names (``conv1.weight``), as ``weights.loader.filled`` takes
    them."""
    format: str
    """The suffix of the file's name."""
    candidates: tuple[Network, ...]
    """Every variant that these weights fit, the likeliest first."""
    preprocessing: Preprocessing
    """The preparation of pictures that is usual for such files; no file states it."""
    notes: tuple[str, ...] = ()
    """Remarks on how the file was read, as keys of ``alexnet_viz.text``."""


def opened(data: bytes | Path, name: str) -> Imported:
    """The weights in a file, and the network that they belong to.

    Raises:
        WeightsMisfit: they fit no variant; lists every mismatch with the nearest one.
        Problem: the file cannot be read or holds no weights.
    """
    content = contents(data, name)
    ending = suffix(name)
    likely = _likely(content, ending)
    ranked = sorted(plans(content.tensors), key=lambda plan: _unlikeliness(plan, content, likely))
    fitting = [plan for plan in ranked if not plan.mismatches]
    best = ranked[0]
    if not fitting:
        raise WeightsMisfit(best.network, best.mismatches, (best.network, best.mismatches))
    return Imported(
        network=best.network,
        tensors=taken(content.tensors, best),
        format=ending,
        candidates=tuple(plan.network for plan in fitting),
        preprocessing=_preparation(best.network, ending),
        notes=tuple(_notes(best, content, ending)),
    )


_OPEN: WeakValueDictionary[tuple[str, str], Imported] = WeakValueDictionary()
"""Opened files by digest and suffix, for as long as somebody has them open."""
_TURNS: WeakValueDictionary[tuple[str, str], Any] = WeakValueDictionary()
"""A lock for every file that is being read."""
_LOCK = Lock()


def opened_once(data: bytes, name: str) -> tuple[str, Imported]:
    """The SHA-256 of a file, in hex, and as ``opened_apart``; who has the same file open shares it.

    Raises:
        Problem: as ``opened_apart``.
    """
    digest = sha256(data).hexdigest()
    key = digest, suffix(name)
    with _LOCK:
        turn = _TURNS.setdefault(key, Lock())
    with turn:
        imported = _OPEN.get(key)
        if imported is None:
            imported = _OPEN[key] = opened_apart(data, name)
    return digest, imported


def opened_apart(data: bytes, name: str) -> Imported:
    """As ``opened``, with the file read in a child process; the tensors are mapped from a file.

    Raises:
        Problem: as ``opened``, or the child reached a limit.
    """
    with temporary_folder(size=len(data)) as folder:
        path = str(folder / "tensors.safetensors")
        imported = isolated(written, data, name, path)
        return replace(imported, tensors=_mapped(path))


def fitted_apart(path: Path, name: str, network: Network) -> dict[str, Tensor]:
    """As ``fit(read(path, name), network)``, with the file read in a child process.

    Raises:
        Problem: as these, or the child reached a limit.
    """
    with readable(path) as file:
        data = file.read(MAX_BYTES + 1)
    with temporary_folder(size=len(data)) as folder:
        where = str(folder / "tensors.safetensors")
        isolated(fit_written, data, name, network, where)
        return _mapped(where)


def written(data: bytes, name: str, path: str) -> Imported:
    """As ``opened``, with the tensors written to a safetensors file instead.

    Raises:
        Problem: as ``opened``.
    """
    imported = opened(data, name)
    _save(imported.tensors, path)
    return replace(imported, tensors={})


def fit_written(data: bytes, name: str, network: Network, path: str) -> None:
    """As ``fit(read(data, name), network)``, with the tensors written to a safetensors file.

    Raises:
        Problem: as these.
    """
    _save(fit(read(data, name), network), path)


def _save(tensors: Mapping[str, Tensor], path: str) -> None:
    """Write a safetensors file, which ``_mapped`` reads.

    Dense weights are written by input, (in, out): ``model.selective`` reads them so, and then needs
    no copy of what is mapped from the file.

    Raises:
        Problem: the temporary folder is full.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    try:
        turned = {key: _turned(tensor).contiguous() for key, tensor in tensors.items()}
        save_file(turned, path)
    except (OSError, SafetensorError) as error:
        raise no_room(Path(path).parents[1]) from error


def _mapped(path: str) -> dict[str, Tensor]:
    """The tensors that ``_save`` wrote, mapped from the file."""
    from safetensors.torch import load_file

    return {key: _turned(tensor) for key, tensor in load_file(path).items()}


def _turned(tensor: Tensor) -> Tensor:
    """A matrix with its axes exchanged; any other tensor as it is."""
    return tensor.T if tensor.ndim == 2 else tensor


def _likely(content: Contents, ending: str) -> Sequence[str]:
    """Ids of the usual variants of files with such names of tensors and such a suffix."""
    if of_torchvision(content.tensors):
        return (OF_TORCHVISION,)
    return HABITS.get(ending, ())


def _unlikeliness(plan: Plan, content: Contents, likely: Sequence[str]) -> tuple[int, ...]:
    """Sort key, smallest for the likeliest variant; earlier entries weigh more."""
    variant = VARIANTS[plan.network.id]
    return (
        len(plan.mismatches),
        content.network not in ("", variant.id),
        _other_order(plan.network, content),
        plan.network.layers != variant.layers,  # another number of classes
        content.side not in (None, plan.network.input_size),
        likely.index(variant.id) if variant.id in likely else len(likely),
        plan.network.input_shape != variant.input_shape,
        list(VARIANTS).index(variant.id),
    )


def _other_order(network: Network, content: Contents) -> bool:
    """Whether the file stores the order of its layers and it differs from the network's."""
    ours = telling(layer.kind for layer in network.layers)
    return bool(content.kinds) and telling(content.kinds) != ours


def _preparation(network: Network, ending: str) -> Preprocessing:
    if network.id == OF_TORCHVISION:
        return TORCHVISION
    of_caffe = {each for ids in HABITS.values() for each in ids}
    return CAFFE if ending == ".caffemodel" or network.id in of_caffe else PAPER


def _notes(plan: Plan, content: Contents, ending: str) -> list[str]:
    keys = [key for keys in plan.sources.values() for key in keys]
    variant = VARIANTS[plan.network.id]
    said = {
        "importers.note_order": plan.by_order and ending != ".onnx",
        "importers.note_layers": _other_order(plan.network, content),
        "importers.note_factors": any(key.endswith(FACTORS) for key in keys),
        "importers.note_narrow": any(content.tensors[key].element_size() < 4 for key in keys),
        "importers.note_bgr": _preparation(plan.network, ending).bgr,
        "importers.note_input": plan.network.input_shape != variant.input_shape,
    }
    return [key for key, holds in said.items() if holds]
