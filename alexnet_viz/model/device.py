"""Where a model runs: the device, dtype and memory format, and the CPU where memory is full.

The best device is CUDA, else Apple's MPS, else the CPU.  ``Home`` is the one way in which live
models run: it asks for the best device, and where its memory is full, at load or during a pass, the
CPU answers instead, for a while.  Which precision and layout are worth their price is measured
(``alexnet_viz.model.precision``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from time import monotonic, perf_counter
from typing import Any, Generic, NamedTuple, TypeVar

import torch
from torch import nn

from alexnet_viz.model.build import private_copy
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem

Made = TypeVar("Made")


@dataclass(frozen=True)
class Placement:
    """A device, a dtype and a memory format."""

    device: torch.device
    dtype: torch.dtype = torch.float32
    memory_format: torch.memory_format = torch.contiguous_format


CPU = Placement(torch.device("cpu"))


class Placed(NamedTuple, Generic[Made]):
    """What was made, its placement, and a notice if that is not the one asked for."""

    made: Made
    placement: Placement
    notice: Problem | None


REST_SECONDS = 60
"""How long a device that was full is left alone."""


def choose() -> torch.device:
    """The best device: CUDA, else Apple's MPS, else the CPU.

    On CUDA float32 then means float32: by default cuDNN rounds the factors of a convolution to ten
    bits of fraction (TF32), a relative error of 5e-4.
    """
    if torch.cuda.is_available():
        torch.backends.cudnn.allow_tf32 = False
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def halves(device: torch.device) -> tuple[Placement, ...]:
    """The half-precision placements that are faster on a device than float32; () if none is.

    float16 has ten bits of fraction and a maximum of 65,504, bfloat16 seven bits and float32's
    range: which is better depends on the model.

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
    """A copy of the model at a placement; the given model stays unchanged.

    Tensors that need no move and no conversion share their storage with it.
    """
    copy: Any = private_copy(model)  # torch's types know no memory_format
    placed: nn.Sequential = copy.to(
        placement.device, placement.dtype, memory_format=placement.memory_format
    )
    return placed


class Home:
    """Where the models of a process run: the best device, or the CPU while that is full."""

    def __init__(self, release: Callable[[], object] = lambda: None) -> None:
        """``release`` lets go of what this process itself keeps on a device that is full."""
        self._release = release
        self._notice: Problem | None = None
        self._rests_until = 0.0

    @property
    def notice(self) -> Problem | None:
        """Why the CPU answers instead of the best device, as long as it does."""
        return self._notice if monotonic() < self._rests_until else None

    @property
    def device(self) -> torch.device:
        """Where the next model runs."""
        return CPU.device if self.notice else choose()

    def run(self, use: Callable[[Placement], Made]) -> Placed[Made]:
        """``use`` on the device; on the CPU if its memory is full, and so for ``REST_SECONDS``.

        Loading belongs into ``use``; it may be called twice, see ``fitting``.
        """
        placed = fitting(use, Placement(self.device), self._release)
        if placed.notice:
            self._notice, self._rests_until = placed.notice, monotonic() + REST_SECONDS
        return placed


def fitting(
    make: Callable[[Placement], Made],
    placement: Placement,
    release: Callable[[], object] = lambda: None,
) -> Placed[Made]:
    """``make(placement)``, or ``make(CPU)`` with a notice if the device's memory is full.

    ``make`` is then called twice, so it must not keep results of the first call; ``release`` is
    called before the second.

    Raises:
        Exception: whatever ``make`` raises except for full memory, and anything it raises on the
            CPU.
    """
    try:
        return Placed(make(placement), placement, None)
    except RuntimeError as error:
        if placement.device.type == "cpu" or not out_of_memory(error):
            raise
    # outside the except: the exception held the frames, and they the tensors, that fill the device
    release()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    torch.cuda.empty_cache()
    notice = Problem("device_memory", device=describe(placement.device))
    return Placed(make(CPU), CPU, notice)


def out_of_memory(error: Exception) -> bool:
    """Whether a device's memory is full; of MPS and CUDA's libraries only the text says so."""
    if isinstance(error, torch.OutOfMemoryError):
        return True
    # cublasCreate and cudnnCreate, which allocate beside torch: ..._STATUS_ALLOC_FAILED
    words = "out of memory", "STATUS_ALLOC_FAILED"
    return isinstance(error, RuntimeError) and any(each in str(error) for each in words)


def milliseconds(run: Callable[[], object], device: torch.device) -> float:
    """The time of a call on a device, everything finished before and after.

    On CUDA events measure it, on the device's own clock: between two kernels that wait for nothing
    the host's clock would add the time of the launches.
    """
    if device.type == "cuda":
        event: Any = torch.cuda.Event  # torch's types know no arguments of it
        began, ended = event(enable_timing=True), event(enable_timing=True)
        torch.cuda.synchronize(device)
        began.record()
        run()
        ended.record()
        ended.synchronize()
        return float(began.elapsed_time(ended))
    finish(device)
    at = perf_counter()
    run()
    finish(device)
    return 1000 * (perf_counter() - at)


def finish(device: torch.device) -> None:
    """Wait until a device has done all that it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def threads_here(count: int) -> None:
    """Let the operations that this thread calls use ``count`` cores; other threads keep theirs.

    torch stores the number twice: for the calling thread, and for those that compute for the first
    time later (torch 2.13, ``aten/src/ATen/ParallelOpenMP.cpp``).  The second is set back, from a
    thread of its own.
    """
    usual = torch.get_num_threads()
    torch.set_num_threads(count)
    back = Thread(target=torch.set_num_threads, args=(usual,))
    back.start()
    back.join()


def describe(device: torch.device, language: Language = "en") -> str:
    """The name of a device for display: "CPU, threads: 2", "CUDA: …".

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
    """The name of a placement for display: the device, and the dtype if not float32."""
    name = describe(placement.device, language)
    if placement.dtype == torch.float32:
        return name
    return t("device.in_half", language, device=name, dtype=dtype_name(placement.dtype))


def dtype_name(dtype: torch.dtype) -> str:
    """The name of a dtype without the prefix "torch.".

    >>> dtype_name(torch.bfloat16)
    'bfloat16'
    """
    return str(dtype).removeprefix("torch.")
