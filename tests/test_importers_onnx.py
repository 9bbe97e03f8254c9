"""What an ONNX file may look like: constants here and there, scaled, transposed, normalised."""

import onnx
import torch
from onnx import TensorProto, helper
from torch import Tensor

from alexnet_viz.weights import files
from alexnet_viz.weights.files.tensor_reader import contents
from tests.weight_files import numbers, onnx_model, small

ALEXNET = small("caffe_bvlc_alexnet")


def weights_of(model: onnx.ModelProto) -> dict[str, Tensor]:
    return files.read(model.SerializeToString(), "x.onnx")


def test_constants_may_come_from_nodes_and_under_other_names() -> None:
    tensors = numbers(ALEXNET)
    model = onnx_model(ALEXNET, tensors)
    first, second = model.graph.initializer[0], model.graph.initializer[2]
    constant = helper.make_node("Constant", [], ["made"], value=first)
    identity = helper.make_node("Identity", [second.name], ["same"])
    model.graph.node[0].input[1] = "made"
    convs = [node for node in model.graph.node if node.op_type == "Conv"]
    convs[1].input[1] = "same"
    nodes = [constant, identity, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    del model.graph.initializer[0]
    read = weights_of(model)
    assert torch.equal(read["conv1.weight"], tensors["conv1.weight"])
    assert torch.equal(read["conv2.weight"], tensors["conv2.weight"])


def test_gemm_scales_as_its_alpha_and_beta_say() -> None:
    tensors = numbers(ALEXNET)
    model = onnx_model(ALEXNET, tensors)
    gemm = next(node for node in model.graph.node if node.op_type == "Gemm")
    gemm.attribute.extend([helper.make_attribute("alpha", 2.0), helper.make_attribute("beta", 0.5)])
    read = weights_of(model)
    assert torch.equal(read["fc6.weight"], tensors["fc6.weight"] * 2)
    assert torch.equal(read["fc6.bias"], tensors["fc6.bias"] / 2)


def test_onnx_batch_norm_brings_its_statistics() -> None:
    model = onnx_model(ALEXNET, numbers(ALEXNET))
    names = ("scale", "B", "mean", "var")
    for number, name in enumerate(names):
        values = [float(number)] * 8
        model.graph.initializer.append(helper.make_tensor(name, TensorProto.FLOAT, [8], values))
    norm = helper.make_node("BatchNormalization", ["Conv_0", *names], ["normed"])
    model.graph.node.insert(1, norm)
    read = weights_of(model)
    roles = ("weight", "bias", "running_mean", "running_var")
    assert [float(read[f"norm1.{role}"][0]) for role in roles] == [0, 1, 2, 3]
    assert contents(model.SerializeToString(), "x.onnx").kinds[1] == "batch_norm"
