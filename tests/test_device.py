"""Where the model runs: the choice, the move, and what happens when a device is full.

No GPU is needed: what torch knows of one is substituted.
"""

import weakref

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.model.activations import capture, walk
from alexnet_viz.model.build import build
from alexnet_viz.model.device import (
    CPU,
    Placement,
    choose,
    describe,
    described,
    fitting,
    halves,
    milliseconds,
    place,
)
from alexnet_viz.network.layers import Conv, Flatten, Linear, ReLU, Softmax
from alexnet_viz.network.spec import Network

CUDA, MPS = Placement(torch.device("cuda")), Placement(torch.device("mps"))
SMALL = Network(
    id="small",
    input_shape=(3, 9, 9),
    layers=(
        Conv(name="conv1", out_channels=4, kernel_size=3),
        ReLU(name="relu1"),
        Flatten(name="flatten"),
        Linear(name="fc2", out_features=5),
        Softmax(name="prob"),
    ),
)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "NVIDIA H200")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (9, 0))


def test_a_better_device_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose() == torch.device("cpu")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose() == torch.device("mps")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose() == torch.device("cuda")


def test_the_model_answers_alike_on_the_device_of_its_choice() -> None:
    image, placement = np.full((3, 9, 9), 50, dtype=np.float32), Placement(choose())
    kept = capture(place(build(SMALL), placement), image)
    wanted = capture(build(SMALL), image)
    np.testing.assert_allclose(kept["fc2"], wanted["fc2"], rtol=1e-3, atol=1e-3)


def test_a_device_has_a_name(gpu: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert describe(choose()) == described(CUDA) == "CUDA: NVIDIA H200"
    assert describe(MPS.device) == "MPS: Apple GPU"
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    assert describe(CPU.device) == described(CPU) == "CPU, threads: 2"
    half = Placement(CUDA.device, torch.float16, torch.channels_last)
    assert described(half) == "CUDA: NVIDIA H200, half precision (float16)"
    assert described(half, "zh") == "CUDA: NVIDIA H200，半精度（float16）"


@pytest.mark.parametrize(
    ("capability", "types"),
    [
        ((6, 1), []),  # Pascal: no tensor cores
        ((7, 5), [torch.float16]),  # Turing
        ((8, 0), [torch.float16, torch.bfloat16]),  # Ampere
        ((9, 0), [torch.float16, torch.bfloat16]),  # Hopper
    ],
)
def test_half_precision_needs_the_cores_for_it(
    gpu: None,
    monkeypatch: pytest.MonkeyPatch,
    capability: tuple[int, int],
    types: list[torch.dtype],
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    found = halves(CUDA.device)
    assert [placement.dtype for placement in found] == types
    assert {placement.memory_format for placement in found} <= {torch.channels_last}
    assert halves(CPU.device) == halves(MPS.device) == ()


def test_a_gpu_s_own_clock_measures_what_runs_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is finished before, and the second event is waited for."""
    happened: list[str] = []

    class Event:
        def __init__(self, enable_timing: bool) -> None:
            assert enable_timing

        def record(self) -> None:
            happened.append("record")

        def synchronize(self) -> None:
            happened.append("wait")

        def elapsed_time(self, other: object) -> float:
            assert other is not self
            return 1.5

    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: happened.append("finish"))
    assert milliseconds(lambda: happened.append("run"), CUDA.device) == 1.5
    assert happened == ["finish", "record", "run", "record", "wait"]
    assert milliseconds(lambda: happened.append("here"), CPU.device) > 0
    assert happened[-1] == "here"


def test_float32_on_a_gpu_is_not_rounded_to_tf32(
    gpu: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    assert choose().type == "cuda"
    assert not torch.backends.cudnn.allow_tf32


# moving ------------------------------------------------------------------------------------------


def test_placing_moves_a_copy() -> None:
    model = build(SMALL)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    half = place(model, Placement(CPU.device, torch.bfloat16, torch.channels_last))
    assert {tensor.dtype for tensor in half.state_dict().values()} == {torch.bfloat16}
    assert half.conv1.weight.is_contiguous(memory_format=torch.channels_last)
    assert not any(layer.training for layer in half.modules())
    assert not any(parameter.requires_grad for parameter in half.parameters())
    for name, tensor in model.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, before[name])
    assert model.conv1.weight.is_contiguous()


def test_what_need_not_move_is_shared() -> None:
    model = build(SMALL)
    copy = place(model, CPU)
    assert copy is not model
    assert copy.fc2.weight.data_ptr() == model.fc2.weight.data_ptr()
    meta = place(model, Placement(torch.device("meta")))
    assert meta.fc2.weight.is_meta
    assert not model.fc2.weight.is_meta


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_softmax_does_not_overflow_in_half_precision(dtype: torch.dtype) -> None:
    """exp(12) is beyond float16, exp(89) beyond bfloat16: the largest is subtracted first."""
    numbers = torch.tensor([[512.0, 510.0, -512.0]], dtype=dtype)
    found = build(SMALL).prob(numbers)
    assert found.dtype == dtype
    torch.testing.assert_close(
        found.float(), torch.tensor([[0.881, 0.119, 0.0]]), atol=4e-3, rtol=0
    )


# a full device -----------------------------------------------------------------------------------


class Full(nn.Identity):
    """A layer for which the device has no memory."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        raise self.error


FULL = [
    (CUDA, torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")),
    (CUDA, RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`")),
    (MPS, RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB, max allowed: 9 GB).")),
]


@pytest.mark.parametrize(("placement", "error"), FULL, ids=["cuda", "cublas", "mps"])
def test_a_full_device_gives_way_to_the_cpu(
    gpu: None, placement: Placement, error: Exception
) -> None:
    tried: list[Placement] = []

    def run(where: Placement) -> torch.Tensor:
        tried.append(where)
        model = build(SMALL)
        if where == placement:
            model.add_module("full", Full(error))
        return walk(model, torch.ones(1, 3, 9, 9))["prob"]

    made, where, notice = fitting(run, placement)
    assert tried == [placement, CPU]
    assert where == CPU
    assert torch.equal(made, walk(build(SMALL), torch.ones(1, 3, 9, 9))["prob"])
    assert notice is not None
    assert notice.message().startswith(f"{describe(placement.device)} has too little free memory")
    assert "CPU" in notice.message("zh")
    assert "smaller input" in notice.remedy()
    assert "更小的输入" in notice.remedy("zh")


def test_what_filled_the_device_is_let_go_before_the_cpu_is_asked(gpu: None) -> None:
    """An exception holds its frames, and they hold the tensors."""
    held: list[weakref.ref[torch.Tensor]] = []

    def run(where: Placement) -> bool:
        if where == CPU:
            return held[0]() is None
        tensor = torch.ones(3)
        held.append(weakref.ref(tensor))
        raise torch.cuda.OutOfMemoryError("CUDA out of memory.")

    assert fitting(run, CUDA).made


def test_a_device_with_room_is_used_without_a_word() -> None:
    assert fitting(lambda where: where, CUDA) == (CUDA, CUDA, None)


def failing(error: Exception) -> torch.Tensor:
    raise error


@pytest.mark.parametrize("placement", [CUDA, CPU], ids=["cuda", "cpu"])
def test_other_errors_are_not_taken_for_a_full_device(placement: Placement) -> None:
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        fitting(lambda _: failing(RuntimeError("mat1 and mat2 shapes differ")), placement)
    with pytest.raises(ValueError, match="out of memory"):
        fitting(lambda _: failing(ValueError("out of memory")), placement)


def test_a_full_cpu_has_nowhere_to_go() -> None:
    tried: list[Placement] = []

    def run(where: Placement) -> None:
        tried.append(where)
        raise torch.OutOfMemoryError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        fitting(run, CPU)
    assert tried == [CPU]
