"""Weights written by torch, safetensors, ONNX and by hand come back as the same network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnx
import onnx.reference
import pytest
import torch
from torch import Tensor

from alexnet_viz.network.spec import Network
from alexnet_viz.pictures.preprocessing import PAPER
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import download, files, loader, published
from alexnet_viz.weights.files import imported as opening
from alexnet_viz.weights.files import parameter_plan
from alexnet_viz.weights.files.tensor_reader import contents
from alexnet_viz.weights.files.torch_file import STATE
from tests.weight_files import (
    blob,
    caffemodel,
    field,
    numbers,
    onnx_model,
    safetensors_bytes,
    small,
    torch_bytes,
)

ALEXNET, CAFFENET = small("caffe_bvlc_alexnet"), small("caffe_bvlc_reference_caffenet")
TORCHVISION = small("torchvision_alexnet")
SMALL = {network.id: network for network in (CAFFENET, ALEXNET, TORCHVISION)}


@pytest.fixture(autouse=True)
def _small_variants(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A registry of small networks: two that only their layers' order tells apart, and a third."""
    monkeypatch.setattr(parameter_plan, "VARIANTS", SMALL)
    monkeypatch.setattr(opening, "VARIANTS", SMALL)
    parameter_plan._readings.cache_clear()
    yield
    parameter_plan._readings.cache_clear()


def torchvision_names(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    places = {
        **dict(zip(("conv1", "conv2", "conv3", "conv4", "conv5"), (0, 3, 6, 8, 10), strict=True)),
        **dict(zip(("fc6", "fc7", "fc8"), (1, 4, 6), strict=True)),
    }
    named = {}
    for name, tensor in tensors.items():
        layer, role = name.split(".")
        group = "features" if layer.startswith("conv") else "classifier"
        named[f"{group}.{places[layer]}.{role}"] = tensor
    return named


WRITERS: dict[str, tuple[Callable[[Network, dict[str, Tensor]], bytes], str]] = {
    "torch": (lambda _, tensors: torch_bytes(tensors), ".pth"),
    "torch_old": (lambda _, tensors: torch_bytes(tensors, zipped=False), ".pt"),
    "checkpoint": (
        lambda _, tensors: torch_bytes({"epoch": 3, "arch": "alexnet", "state_dict": tensors}),
        ".pth.tar",
    ),
    "parallel": (
        lambda _, tensors: torch_bytes({f"module.{name}": t for name, t in tensors.items()}),
        ".pth",
    ),
    "torchvision": (lambda _, tensors: torch_bytes(torchvision_names(tensors)), ".pth"),
    "safetensors": (lambda _, tensors: safetensors_bytes(tensors), ".safetensors"),
    "safetensors_torchvision": (
        lambda _, tensors: safetensors_bytes(torchvision_names(tensors)),
        ".safetensors",
    ),
    "onnx": (lambda net, t: onnx_model(net, t).SerializeToString(), ".onnx"),
    "onnx_8": (lambda net, t: onnx_model(net, t, opset=8).SerializeToString(), ".onnx"),
    "onnx_13": (lambda net, t: onnx_model(net, t, opset=13).SerializeToString(), ".onnx"),
    "onnx_plain": (
        lambda net, t: onnx_model(net, t, dense="gemm_plain").SerializeToString(),
        ".onnx",
    ),
    "onnx_matmul": (lambda net, t: onnx_model(net, t, dense="matmul").SerializeToString(), ".onnx"),
    "onnx_floats": (lambda net, t: onnx_model(net, t, raw=False).SerializeToString(), ".onnx"),
    "caffe": (lambda net, t: caffemodel(net, t), ".caffemodel"),
    "caffe_2014": (lambda net, t: caffemodel(net, t, old=True), ".caffemodel"),
    "caffe_double": (lambda net, t: caffemodel(net, t, double=True), ".caffemodel"),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_was_written_comes_back_as_the_same_network(writer: str) -> None:
    write, suffix = WRITERS[writer]
    network = TORCHVISION if "torchvision" in writer else ALEXNET
    tensors = numbers(network)
    imported = files.opened(write(network, tensors), f"some weights{suffix}")
    assert imported.format == suffix
    assert imported.tensors.keys() == tensors.keys()
    assert all(torch.equal(imported.tensors[name], tensors[name]) for name in tensors)
    if suffix == ".onnx" or "caffe" in writer or "torchvision" in writer:
        assert imported.network.id == network.id
    image = torch.rand(2, 3, network.input_size, network.input_size)
    direct = loader.filled(network, tensors)(image)
    assert torch.equal(loader.filled(network, imported.tensors)(image), direct)
    assert direct.std() > 1e-3  # it says something about the picture


def test_onnx_means_what_its_own_reference_implementation_says() -> None:
    """Without LRN: the reference of onnx 1.23 counts images where it should count channels."""
    model = onnx_model(TORCHVISION, numbers(TORCHVISION))
    onnx.checker.check_model(model)
    imported = files.opened(model.SerializeToString(), "model.onnx")
    assert imported.network.id == TORCHVISION.id
    image = np.random.default_rng(0).normal(size=(1, 3, 224, 224)).astype(np.float32)
    (expected,) = onnx.reference.ReferenceEvaluator(model).run(None, {"data_0": image})
    ours = loader.filled(imported.network, imported.tensors)(torch.from_numpy(image)).numpy()
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5)


def test_the_descriptors_write_what_is_encoded_by_hand() -> None:
    """The schema in caffe_file and the bytes in weight_files are two readings of caffe.proto."""
    from alexnet_viz.weights.files.caffemodel import net_parameter

    net = net_parameter()(name=b"small")
    layer = net.layer.add(name=b"fc6", type=b"InnerProduct")
    weight = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]])
    layer.blobs.add(data=[weight.numpy().tobytes()]).shape.dim.extend([2, 3])
    old = net.layers.add(name=b"fc7", type=14)
    old.blobs.add(num=1, channels=1, height=2, width=3, data=[weight.numpy().tobytes()])
    by_hand = (
        field(1, b"small")
        + field(2, field(4, b"fc7") + field(5, 14) + field(6, blob(weight, old=True)))
        + field(100, field(1, b"fc6") + field(2, b"InnerProduct") + field(7, blob(weight)))
    )
    # the order of fields is free: what must agree is what each says to the other's reader
    assert net_parameter().FromString(by_hand) == net
    read = files.read(net.SerializeToString(), "x.caffemodel")
    assert torch.equal(read["fc6.weight"], weight)
    assert torch.equal(read["fc7.weight"], weight.reshape(1, 1, 2, 3))


@pytest.mark.parametrize("network", [ALEXNET, CAFFENET], ids=["AlexNet", "CaffeNet"])
@pytest.mark.parametrize("writer", ["caffe", "onnx"])
def test_the_order_of_layers_tells_alexnet_from_caffenet(writer: str, network: Network) -> None:
    write, suffix = WRITERS[writer]
    imported = files.opened(write(network, numbers(network)), f"x{suffix}")
    assert imported.network.id == network.id
    assert {each.id for each in imported.candidates} == {ALEXNET.id, CAFFENET.id}
    assert "importers.note_layers" not in imported.notes
    assert "importers.note_bgr" in imported.notes
    assert imported.preprocessing == published.CAFFE


def test_an_order_that_no_network_has_is_said() -> None:
    odd = ALEXNET.edited(id=ALEXNET.id, without=("relu3",))
    imported = files.opened(caffemodel(odd, numbers(odd)), "x.caffemodel")
    assert "importers.note_layers" in imported.notes


def test_caffe_reads_blue_first_and_its_weights_stay_as_they_are() -> None:
    tensors = numbers(ALEXNET)
    imported = files.opened(caffemodel(ALEXNET, tensors), "x.caffemodel")
    assert imported.preprocessing.bgr
    assert torch.equal(imported.tensors["conv1.weight"], tensors["conv1.weight"])


def test_of_a_bare_file_the_first_variant_is_taken_and_the_others_are_named() -> None:
    imported = files.opened(torch_bytes(numbers(ALEXNET)), "x.pt")
    assert [each.id for each in imported.candidates] == [CAFFENET.id, ALEXNET.id]
    assert imported.notes == ("importers.note_bgr",)


def test_a_file_that_says_its_network_is_believed() -> None:
    """As the weights that ship do."""
    data = safetensors_bytes(numbers(ALEXNET), network=ALEXNET.id)
    assert files.opened(data, "x.safetensors").network.id == ALEXNET.id


def test_another_number_of_classes_edits_the_network() -> None:
    tensors = numbers(TORCHVISION.edited(id="x", fc8={"out_features": 7}))
    imported = files.opened(torch_bytes(torchvision_names(tensors)), "x.pth")
    assert imported.network.id == TORCHVISION.id
    assert imported.network["fc8"].out_features == 7
    assert imported.preprocessing == published.TORCHVISION
    assert loader.filled(imported.network, imported.tensors)(torch.rand(1, 3, 224, 224)).shape == (
        (1, 7)
    )


def test_names_inside_data_parallel_are_torchvisions() -> None:
    """As Places365 saved them: features.module.0.weight, classifier.1.weight."""
    named = {
        name.replace("features.", "features.module."): tensor
        for name, tensor in torchvision_names(numbers(TORCHVISION)).items()
    }
    imported = files.opened(torch_bytes({"state_dict": named}), "x.pth.tar")
    assert imported.network.id == TORCHVISION.id
    assert imported.notes == ()


def test_safetensors_of_unknown_names_are_put_in_order() -> None:
    """The format sorts by name: classifier before features, 10 before 2."""
    layers = list(dict.fromkeys(name.partition(".")[0] for name in numbers(ALEXNET)))
    places = [f"features.{n}" for n in (0, 2, 5, 7, 10)] + [f"classifier.{n}" for n in (0, 2, 11)]
    table = dict(zip(layers, places, strict=True))
    tensors = numbers(ALEXNET)
    named = {
        f"{table[name.partition('.')[0]]}.{name.partition('.')[2]}": tensor
        for name, tensor in tensors.items()
    }
    imported = files.opened(safetensors_bytes(named), "x.safetensors")
    assert "importers.note_order" in imported.notes
    assert all(torch.equal(imported.tensors[name], tensors[name]) for name in tensors)


@pytest.mark.parametrize("name", STATE)
def test_a_training_script_may_wrap_the_weights(name: str) -> None:
    tensors = numbers(ALEXNET)
    saved = {"epoch": 90, "lr": 0.01, name: tensors, "optimizer": {"state": {}, "steps": [1, 2]}}
    assert files.read(torch_bytes(saved), "x.pth").keys() == tensors.keys()


def test_half_precision_is_widened_and_factors_are_multiplied() -> None:
    tensors = {name: tensor.half() for name, tensor in numbers(ALEXNET).items()}
    generator = torch.Generator().manual_seed(1)
    down = torch.randn(3, 576, generator=generator).half()
    up = torch.randn(20, 3, generator=generator).half()
    thin = {**tensors, "fc6.down": down, "fc6.up": up}
    del thin["fc6.weight"]
    imported = files.opened(safetensors_bytes(thin), "x.safetensors")
    assert {"importers.note_narrow", "importers.note_factors"} <= set(imported.notes)
    assert all(tensor.dtype == torch.float32 for tensor in imported.tensors.values())
    assert torch.equal(imported.tensors["conv1.weight"], tensors["conv1.weight"].float())
    assert torch.equal(imported.tensors["fc6.weight"], up.float() @ down.float())


def test_fetched_weights_become_a_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CACHE", str(tmp_path))
    tensors = numbers(TORCHVISION)
    (tmp_path / "small.pth").write_bytes(torch_bytes(torchvision_names(tensors)))
    weights = published.Weights(
        id="small",
        title=published.TORCHVISION_IMAGENET.title,
        trained_on=published.TORCHVISION_IMAGENET.trained_on,
        network=TORCHVISION,
        file="small.pth",
        sha256="",
        bytes=0,
        url="http://127.0.0.1/small.pth",
    )
    assert weights.preprocessing == PAPER
    image = torch.rand(1, 3, 224, 224)
    expected = loader.filled(TORCHVISION, tensors)(image)
    torch.testing.assert_close(loader.load(weights)(image), expected)
    (tmp_path / "small.pth").unlink()
    assert download.cached(weights) is None
    with pytest.raises(Problem, match=r"weights fetch small"):
        loader.load(weights)


def test_the_input_of_an_onnx_file_decides_between_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    at_224 = ALEXNET.edited(id="at_224", input_size=224)
    monkeypatch.setitem(SMALL, "at_224", at_224)
    model = onnx_model(at_224, numbers(at_224))
    assert contents(model.SerializeToString(), "x.onnx").side == 224
    assert files.opened(model.SerializeToString(), "x.onnx").network.id == "at_224"


# --- the variants of the product -----------------------------------------------------------------


def test_habits_name_variants_that_exist() -> None:
    assert {id for ids in opening.HABITS.values() for id in ids} <= VARIANTS.keys()
