"""Where the model runs, in which numbers, and what happens when that place is full.

The best device is CUDA, else Apple's MPS, else the CPU.  On CUDA a model may also run in half
precision with the channels last in memory, the layout that tensor cores read (NVIDIA, "Deep
Learning Performance: Convolutional Layers User's Guide", section 3); what that costs in exactness
is measured on a picture before it is used (``alexnet_viz.model.replay``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import torch
from torch import nn

from alexnet_viz.model.build import private_copy
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem

Made = TypeVar("Made")


@dataclass(frozen=True)
class Placement:
    """A device, the type of the numbers on it, and how maps lie in its memory."""

    device: torch.device
    dtype: torch.dtype = torch.float32
    memory_format: torch.memory_format = torch.contiguous_format


CPU = Placement(torch.device("cpu"))


class Placed(NamedTuple, Generic[Made]):
    """What was made, where it is, and what to say about that, if anything."""

    made: Made
    placement: Placement
    notice: Problem | None


def choose() -> torch.device:
    """CUDA where there is one, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def halves(device: torch.device) -> tuple[Placement, ...]:
    """The placements in half precision that are faster on a device than float32; () if none is.

    float16 has ten bits of fraction and ends at 65,504, bfloat16 has seven and float32's range:
    which is better depends on the model.

    >>> halves(torch.device("cpu"))
    ()
    """
    if device.type != "cuda":
        return ()
    major, _minor = torch.cuda.get_device_capability(device)
    # tensor cores read float16 since compute capability 7, bfloat16 since 8
    types = (torch.float16,) * (major >= 7) + (torch.bfloat16,) * (major >= 8)
    return tuple(Placement(device, dtype, torch.channels_last) for dtype in types)


def place(model: nn.Sequential, placement: Placement) -> nn.Sequential:
    """A copy of the model at its place.  The given one stays what and where it is.

    Numbers that need not move or change are shared with it.
    """
    copy: Any = private_copy(model)  # torch's types know no memory_format
    placed: nn.Sequential = copy.to(
        placement.device, placement.dtype, memory_format=placement.memory_format
    )
    return placed


def fitting(make: Callable[[Placement], Made], placement: Placement) -> Placed[Made]:
    """What ``make`` gives at a place, or on the CPU with a notice if the memory there is full.

    ``make`` is called twice then, so it must not keep what it failed to finish.

    Raises:
        Exception: whatever ``make`` raises other than for memory, and anything it raises on the
            CPU: there is no place left to go to.
    """
    try:
        return Placed(make(placement), placement, None)
    except RuntimeError as error:
        if placement.device.type == "cpu" or not _out_of_memory(error):
            raise
    # outside the except: the exception held the frames, and they the tensors, that fill the device
    torch.cuda.empty_cache()
    notice = Problem("device_memory", device=describe(placement.device))
    return Placed(make(CPU), CPU, notice)


def _out_of_memory(error: RuntimeError) -> bool:
    """Whether a device is full; MPS says so in words only."""
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)


def describe(device: torch.device, language: Language = "en") -> str:
    """The name of a device as it is shown: "CPU, threads: 2", "CUDA: …".

    >>> describe(torch.device("cpu")).startswith("CPU")
    True
    """
    match device.type:
        case "cuda":
            return f"CUDA: {torch.cuda.get_device_name(device)}"
        case "mps":
            return "MPS: Apple GPU"
        case "cpu":
            threads = torch.get_num_threads()
            return t("device.cpu", language, threads=threads)
        case other:
            return other


def described(placement: Placement, language: Language = "en") -> str:
    """A placement as it is shown: the device, and what is not as usual about the numbers."""
    name = describe(placement.device, language)
    if placement.dtype == torch.float32:
        return name
    return t("device.in_half", language, device=name, dtype=dtype_name(placement.dtype))


def dtype_name(dtype: torch.dtype) -> str:
    """A type of numbers by its own name.

    >>> dtype_name(torch.bfloat16)
    'bfloat16'
    """
    return str(dtype).removeprefix("torch.")
