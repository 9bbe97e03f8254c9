"""A file somebody opens: which network its weights are of, and the weights, ready to run.

Shapes alone do not tell AlexNet from CaffeNet: LRN and pooling have no weights.  So of all
variants that fit, those come first that agree with whatever else the file tells: a name, the order
of its layers, its input, its number of classes, the habits of its format.  The others stay
``candidates``: whoever opened the file may know better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from alexnet_viz.network.spec import Network
from alexnet_viz.pictures.preprocessing import PAPER, Preprocessing
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.files.contents import Contents, telling
from alexnet_viz.weights.files.misfit import WeightsMisfit
from alexnet_viz.weights.files.parameter_plan import FACTORS, Plan, plans, taken
from alexnet_viz.weights.files.tensor_names import OF_TORCHVISION, of_torchvision
from alexnet_viz.weights.files.tensor_reader import contents, suffix
from alexnet_viz.weights.published import CAFFE, TORCHVISION

HABITS = {
    ".caffemodel": ("caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet", "places365_alexnet"),
    ".onnx": ("onnx_zoo_bvlcalexnet", OF_TORCHVISION),
}
"""Variants that files of a format most likely are, where shapes leave a choice."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The weights of a file and the network they are of."""

    network: Network
    """The likeliest variant, at an input it runs at, with as many classes as the file."""
    tensors: dict[str, Tensor]
    """By this project's names, as ``weights.loading.filled`` takes them."""
    format: str
    """The end of the file's name."""
    candidates: tuple[Network, ...]
    """Every variant these weights fit, the likeliest first."""
    preprocessing: Preprocessing
    """How the makers of such files prepare a picture: a guess, as no file says it."""
    notes: tuple[str, ...] = ()
    """What to know about how the file was read, as keys of ``alexnet_viz.text``."""


def opened(data: bytes | Path, name: str) -> Imported:
    """The weights in a file, and the network they are of.

    Raises:
        WeightsMisfit: they fit no variant; it names everything that keeps them from the nearest.
        Problem: the file cannot be read, or is not of weights.
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


def _likely(content: Contents, ending: str) -> Sequence[str]:
    """Ids of the variants that files with such names and endings usually are."""
    if of_torchvision(content.tensors):
        return (OF_TORCHVISION,)
    return HABITS.get(ending, ())


def _unlikeliness(plan: Plan, content: Contents, likely: Sequence[str]) -> tuple[int, ...]:
    """The smaller, the likelier the file is of this variant; what comes first weighs most."""
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
    """Whether the file tells the order of its layers, and it is not this network's."""
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
