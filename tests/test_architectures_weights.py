"""Files of weights as networks: what shapes tell, what they cannot, and that nothing is run."""

import os
import pickle
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from alexnet_viz.network.layers import Conv, Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.readers import read
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.variants import VARIANTS
from tests.weight_files import numbers, safetensors_bytes, torch_bytes


def claims(network: Network) -> dict[str, Tensor]:
    """The state dict of a network at full size."""
    return {name: torch.zeros(shape.shape) for name, shape in numbers(network).items()}


def assumed(network: Network) -> str:
    assert network.about is not None
    return " ".join(each.en for each in network.about.assumptions)


def test_the_shapes_of_a_variant_are_that_variant() -> None:
    tensors = {f"features.{place}.{role}": shape for place, role, shape in TORCHVISION}
    tensors |= {f"classifier.{place}.{role}": shape for place, role, shape in DENSE}
    saved = torch_bytes(
        {name: torch.zeros(shape, dtype=torch.half) for name, shape in tensors.items()}
    )
    network = read(saved, "alexnet-owt.pth")
    assert network.layers == VARIANTS["torchvision_alexnet"].layers
    assert network.id == "alexnet_owt"
    assert "they are those of torchvision_alexnet at 3×224×224" in assumed(network)
    assert "more networks just as well: " in assumed(network)
    assert network.about is not None
    assert network.about.parent == "torchvision_alexnet"
    assert network.about.stated["conv1"] == (
        "present", "out_channels", "kernel_size", "groups", "bias",
    )  # fmt: skip
    assert set(network.about.stated) == {
        *(f"conv{n}" for n in range(1, 6)), "fc6", "fc7", "fc8",
    }  # fmt: skip


TORCHVISION = [
    (place, role, shape if role == "weight" else shape[:1])
    for place, shape in (
        (0, (64, 3, 11, 11)),
        (3, (192, 64, 5, 5)),
        (6, (384, 192, 3, 3)),
        (8, (256, 384, 3, 3)),
        (10, (256, 256, 3, 3)),
    )
    for role in ("weight", "bias")
]
DENSE = [
    (place, role, shape if role == "weight" else shape[:1])
    for place, shape in ((1, (4096, 9216)), (4, (4096, 4096)), (6, (1000, 4096)))
    for role in ("weight", "bias")
]
"""torchvision/models/alexnet.py, by the places in its two nn.Sequential."""


def test_other_widths_are_put_into_the_nearest_variant() -> None:
    """Groups are the ratio of what arrives to what a kernel reads."""
    small = {"out_channels": 32}
    wanted = VARIANTS["caffe_bvlc_alexnet"].edited(
        id="own", conv1=small, conv2={"out_channels": 64, "groups": 4}, conv3={"groups": 2},
        fc6={"in_features": 9216, "out_features": 100}, fc7={"in_features": 100},
    )  # fmt: skip
    network = read(safetensors_bytes(claims(wanted)), "own.safetensors")
    conv2, fc6 = network["conv2"], network["fc6"]
    assert isinstance(conv2, Conv)
    assert isinstance(fc6, Linear)
    assert (conv2.out_channels, conv2.groups) == (64, 4)
    assert (fc6.in_features, fc6.out_features) == (9216, 100)
    assert trace(network).params == trace(wanted).params
    assert "The file's own shapes are in " in assumed(network)
    assert "conv1, conv2, " in assumed(network)


def test_the_input_is_where_the_first_dense_layer_gets_its_numbers() -> None:
    """6400 = 256×5×5 is what torchvision's layers leave of some 200 pixels, not of 224."""
    wanted = VARIANTS["caffe_bvlc_alexnet"].edited(
        id="own", fc6={"out_features": 50}, fc7={"in_features": 50, "out_features": 40},
        fc8={"in_features": 40, "out_features": 10},
    )  # fmt: skip
    tensors = claims(wanted) | {"fc6.weight": torch.zeros(50, 6400)}
    network = read(torch_bytes(tensors), "own.pt")
    assert trace(network).failure is None
    assert trace(network)["fc6"].input_shape == (6400,)


def test_layers_no_variant_has_are_refused_by_name() -> None:
    tensors = {f"block.{n}.weight": torch.zeros(8, 8, 3, 3) for n in range(13)}
    with pytest.raises(Problems) as raised:
        read(torch_bytes(tensors), "vgg.pt")
    (said,) = raised.value.sentences()
    assert said.startswith("no variant has 13 convolutions and 0 dense layers in this order ('")
    assert "'0', '1', '2'" in said


def test_a_layer_without_kernels_is_refused() -> None:
    none = VARIANTS["caffe_bvlc_alexnet"].edited(
        id="own", conv1={"out_channels": 16}, fc6={"out_features": 8}, fc7={"in_features": 8}
    )
    tensors = claims(none) | {"conv5.weight": torch.zeros(0, 192, 3, 3)}
    with pytest.raises(Problems, match=r"'conv5'.*out_channels=0 is out of range"):
        read(torch_bytes(tensors), "own.pt")


class Bomb:
    """A pickle that would leave a file behind if anybody ran it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_a_pickle_that_is_a_programme_is_not_run(tmp_path: Path) -> None:
    trace_left = tmp_path / "was_run"
    zipped = BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("x/data.pkl", pickle.dumps(Bomb(trace_left), protocol=2))
        archive.writestr("x/version", "3")
    for data in (pickle.dumps(Bomb(trace_left), protocol=2), zipped.getvalue()):
        with pytest.raises(Problem):
            read(data, "model.pt")
    whole = BytesIO()
    torch.save(nn.Linear(2, 2), whole)
    with pytest.raises(Problem, match="nothing of it was run"):
        read(whole.getvalue(), "model.pt")
    assert not trace_left.exists()


def test_a_zip_that_swells_is_refused() -> None:
    """Its directory says 700 MB where the file has two thousand bytes; nothing is unpacked."""
    zipped = BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/data/0", b"\0" * 1_234_567)
        archive.writestr("x/data.pkl", b"\x80\x02}.")
    claimed = struct.pack("<L", 1_234_567), struct.pack("<L", 700_000_000)
    with pytest.raises(Problem, match="unpacks to more than"):
        read(zipped.getvalue().replace(*claimed), "bomb.pt")
