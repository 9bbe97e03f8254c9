"""Pickles: read as lists of opcodes first, and none of them ever run."""

import io
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from alexnet_viz.text.problem import Problem
from alexnet_viz.weights import files
from alexnet_viz.weights.files import torch_file
from tests.weight_files import code, torch_bytes

FEW = {"conv5.weight": torch.rand(16, 12, 3, 3), "conv5.bias": torch.rand(16)}
SOUND = torch_bytes(FEW)


class Bomb:
    """Unpickled, it writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch '{self.path}'",)


@pytest.mark.parametrize("zipped", [True, False])
def test_no_pickle_is_ever_run(tmp_path: Path, zipped: bool) -> None:
    trace = tmp_path / "it ran"
    data = torch_bytes({"state_dict": FEW, "optimizer": Bomb(trace)}, zipped)
    assert code(data, ".pth.tar") == "weights_programme"
    assert code(pickle.dumps(Bomb(trace), protocol=2), ".pt") == "weights_programme"
    assert code(pickle.dumps(Bomb(trace)), ".pt") == "weights_protocol"
    assert not trace.exists()
    torch.load(io.BytesIO(data), weights_only=False)  # the bomb is one
    assert trace.exists()


def test_torch_itself_would_not_run_it_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two locks: torch unpickles weights only."""
    monkeypatch.setattr(torch_file, "_refuse_programme", lambda pickle: None)
    trace = tmp_path / "it ran"
    assert code(torch_bytes({"w": Bomb(trace)}), ".pt") == "weights_damaged"
    assert not trace.exists()


def test_a_whole_model_is_refused_with_the_way_out() -> None:
    data = torch_bytes(torch.nn.Sequential(torch.nn.Linear(2, 2)))
    with pytest.raises(Problem, match=r"asks to run 'torch\.nn\.modules\.container\.Sequential'"):
        files.read(data, "x.pt")
    with pytest.raises(Problem, match=r"torch\.save\(model\.state_dict\(\)"):
        files.read(data, "x.pt")


def with_pickle(change: Callable[[bytes], bytes], **how: int) -> bytes:
    """A zipped file of one tensor of four numbers whose pickle was changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(torch_bytes({"w": torch.ones(4)}))) as old,
        zipfile.ZipFile(out, "w", **how) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name.endswith("data.pkl") else content)
    return out.getvalue()


def calling(name: str, argument: int) -> bytes:
    """A pickle that calls something with a number."""
    return b"\x80\x02c" + name.encode() + b"\nJ" + struct.pack("<i", argument) + b"\x85R."


@pytest.mark.parametrize(
    "name", ["__builtin__\nbytearray", "torch\nTensor", "torch.storage\nUntypedStorage"]
)
def test_functions_that_fill_the_memory_are_not_called(name: str) -> None:
    """torch allows them even with weights_only, with any size."""
    data = with_pickle(lambda _: calling(name, 100_000_000))
    torch.load(io.BytesIO(data), weights_only=True)  # it does
    assert code(data, ".pt") == "weights_programme"


@pytest.mark.parametrize("name", ["torch\nSizes", "torch._utils\n_rebuild_tensor_v3"])
def test_a_name_is_allowed_in_full_or_not_at_all(name: str) -> None:
    assert code(with_pickle(lambda _: calling(name, 1)), ".pt") == "weights_programme"


SHAPE_AND_STRIDE = b"K\x00K\x04\x85q\x08K\x01"


def test_a_tensor_may_not_claim_more_than_the_file_holds() -> None:
    """With strides of 0 four numbers are a billion, until somebody copies them."""
    claimed = b"K\x00J" + struct.pack("<i", 10**9) + b"\x85q\x08K\x00"
    data = with_pickle(lambda pickle: pickle.replace(SHAPE_AND_STRIDE, claimed))
    assert torch.load(io.BytesIO(data), weights_only=True)["w"].numel() == 10**9
    with pytest.raises(Problem, match="claims 1,000,000,000 numbers, but the file holds 4"):
        files.read(data, "x.pt")


def test_archives_that_swell_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_file, "MAX_BYTES", 1_000_000)
    zeros = with_pickle(lambda pickle: pickle + bytes(1_000_000), compression=zipfile.ZIP_DEFLATED)
    assert len(zeros) < 10_000
    assert code(zeros, ".pt") == "weights_swollen"


def test_pickles_and_archives_of_endless_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_file, "MAX_OPCODES", 1000)
    assert code(with_pickle(lambda _: b"\x80\x02" + b"]0" * 600 + b"]."), ".pt") == "weights_parts"
    monkeypatch.setattr(torch_file, "MAX_RECORDS", 3)
    assert code(SOUND, ".pt") == "weights_parts"


def test_torchscript_is_a_programme() -> None:
    out = io.BytesIO(SOUND)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("archive/constants.pkl", b"\x80\x02).")
    assert code(out.getvalue(), ".pt") == "weights_torchscript"


@pytest.mark.parametrize("saved", [{}, [1, 2], {"epoch": 3}, {"state_dict": {"lr": 0.1}}, 7])
def test_files_without_tensors(saved: object) -> None:
    assert code(torch_bytes(saved), ".pt") == "weights_no_tensors"


def test_sparse_and_quantised_tensors_are_refused() -> None:
    assert code(torch_bytes({"w": torch.eye(3).to_sparse()}), ".pt") == "weights_programme"


def word(text: str) -> bytes:
    """A string as Python 2 pickles it."""
    return b"U" + bytes([len(text)]) + text.encode()


def test_a_checkpoint_of_python_2_is_read() -> None:
    """As PyTorch 0.2 wrote Places365's on a GPU: other opcodes, other functions."""
    numbers = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    storage = b"(" + word("storage") + b"ctorch.cuda\nFloatStorage\n" + word("94") + word("cuda:0")
    storage += b"K\x06NtQ"
    tensor = b"ctorch._utils\n_rebuild_tensor\n(" + storage + b"K\x00K\x02K\x03\x86K\x03K\x01\x86tR"
    pairs = b"]](" + word("features.module.0.weight") + tensor + b"ea"
    state = b"ccollections\nOrderedDict\n" + pairs + b"\x85R"
    saved = b"\x80\x02}(" + word("epoch") + b"K\x5a" + word("state_dict") + state + b"u."
    machine = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"int": 4}}
    head = b"".join(pickle.dumps(each, 2) for each in (0x1950A86A20F9469CFC6C, 1001, machine))
    keys = b"\x80\x02](" + word("94") + b"e."
    raw = struct.pack("<q6f", 6, *numbers.flatten().tolist())
    read = files.read(head + saved + keys + raw, "alexnet_places365.pth.tar")
    assert torch.equal(read["features.module.0.weight"], numbers)
