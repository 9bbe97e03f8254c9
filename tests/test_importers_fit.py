"""Which network weights fit, and every reason why they do not."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from alexnet_viz.model.build import build
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import files, loader
from alexnet_viz.weights.files import WeightsMisfit, nearest, parameter_plan
from alexnet_viz.weights.files.misfit import MAX_LISTED
from alexnet_viz.weights.files.tensor_names import TORCHVISION
from tests.weight_files import numbers, small

RUNNING = [id for id, network in VARIANTS.items() if not trace(network).failure]


def shapes(id: str) -> dict[str, Tensor]:
    """A variant's state dict as torch has it, without numbers."""
    return build(VARIANTS[id], device="meta").state_dict()


@pytest.mark.parametrize("id", RUNNING)
def test_every_variant_fits_its_own_state_dict(id: str) -> None:
    state = shapes(id)
    fitted = files.fit(state, VARIANTS[id])
    counters = {name for name in state if name.endswith("num_batches_tracked")}
    assert {name: tensor.shape for name, tensor in fitted.items()} == {
        name: state[name].shape for name in state.keys() - counters
    }


@pytest.mark.parametrize("id", ["caffe_bvlc_alexnet", "tf_slim_alexnet_v2", "rotnet_alexnet_bn"])
def test_the_nearest_of_all_variants_fit(id: str) -> None:
    found = nearest(shapes(id))
    assert len(found) == len({network.id for network, _ in found}) >= len(RUNNING)
    counts = [len(mismatches) for _, mismatches in found]
    assert counts == sorted(counts)
    assert id in {network.id for network, mismatches in found if not mismatches}


def test_torchvision_names_bring_torchvision_first() -> None:
    """Its shapes are those of five other networks as well."""
    places = {layer: place for place, layer in TORCHVISION.items()}
    named = {
        f"{places[name.partition('.')[0]]}.{name.partition('.')[2]}": tensor
        for name, tensor in shapes("torchvision_alexnet").items()
    }
    assert set(named) == {f"{place}.{role}" for place in TORCHVISION for role in ("weight", "bias")}
    assert nearest(named)[0][0].id == "torchvision_alexnet"
    assert len([each for each in nearest(named) if not each[1]]) == 6
    assert files.fit(named, VARIANTS["torchvision_alexnet"]).keys() == set(
        shapes("torchvision_alexnet")
    )


def misfit(tensors: dict[str, Tensor], id: str) -> WeightsMisfit:
    with pytest.raises(WeightsMisfit) as refused:
        files.fit(tensors, VARIANTS[id])
    return refused.value


def test_6400_against_9216_is_explained_by_the_input() -> None:
    problem = misfit(shapes("alexnet_2012_224_floor"), "alexnet_2012_227")
    assert [each.key for each in problem.misshapen] == ["fc6.weight"]
    assert problem.misshapen[0].found == (4096, 6400)
    assert problem.misshapen[0].needed == (4096, 9216)
    assert not problem.missing
    assert not problem.unexpected
    said = problem.explained()
    assert "fc6.weight is 4096×6400, not 4096×9216" in said
    assert "fc6 reads 6,400 = 256×5×5 values" in said
    assert "at 3×227×227 makes 9,216 = 256×6×6" in said
    assert "would make 6,400 at inputs of 195 to 226 px" in said
    assert said.endswith("They fit alexnet_2012_227 at 3×224×224.")
    assert "6,400 = 256×5×5" in problem.explained("zh")
    assert "适合 alexnet_2012_227" in problem.explained("zh")


def test_a_number_no_input_gives_is_called_so() -> None:
    state = shapes("alexnet_2012_227") | {"fc6.weight": torch.empty(4096, 5000, device="meta")}
    said = misfit(state, "alexnet_2012_227").message()
    assert "reads 5,000 values" in said
    assert "At no square input of 1 to 10,000 px does fc6 read 5,000 values" in said


def test_a_network_without_convolutions_is_explained_by_its_input() -> None:
    state = shapes("article_002_text_fc1_stated")
    first = next(iter(state))
    state[first] = torch.empty(len(state[first]), 3 * 100 * 100, device="meta")
    said = misfit(state, "article_002_text_fc1_stated").message()
    assert "reads 30,000 = 3×100×100 values" in said
    assert "makes 154,587 = 3×227×227" in said


def test_every_missing_unexpected_and_misshapen_key_is_there() -> None:
    state = shapes("alexnet_2012_227")
    del state["conv2.bias"], state["fc7.weight"], state["fc7.bias"]
    extra = [f"aux{number}.weight" for number in range(20)]
    state |= {name: torch.empty(3, 3, device="meta") for name in extra}
    state["conv1.weight"] = torch.empty(96, 3, 7, 7, device="meta")
    problem = misfit(state, "alexnet_2012_227")
    assert {each.key for each in problem.missing} == {"conv2.bias", "fc7.weight", "fc7.bias"}
    assert [each.key for each in problem.unexpected] == extra
    assert {each.key for each in problem.misshapen} == {"conv1.weight"}
    said = problem.message()
    assert "conv1.weight is 96×3×7×7, not 96×3×11×11" in said
    assert "Missing: conv2.bias; fc7.weight; fc7.bias." in said
    assert f"and {20 - MAX_LISTED} more." in said
    assert len(said) < 600


def test_long_names_do_not_fill_the_message() -> None:
    state = shapes("alexnet_2012_227")
    state |= {f"{'x' * 5000}{n}.weight": torch.empty(2, device="meta") for n in range(50)}
    assert len(misfit(state, "alexnet_2012_227").explained()) < 900


def test_a_file_of_another_network_is_told_what_is_nearest() -> None:
    state = {f"layer{n}.conv.weight": torch.empty(8, 8, 3, 3, device="meta") for n in range(20)}
    problem = misfit(state, "zfnet_paper")
    assert len(problem.unexpected) == 20
    assert len(problem.missing) == 16
    assert problem.remedy().startswith("Nearest: ")
    assert misfit({}, "zfnet_paper").missing


# --- layers under unknown names ------------------------------------------------------------------

SMALL = small("caffe_bvlc_alexnet")
NUMBERS = numbers(SMALL)
LAYERS = list(dict.fromkeys(name.partition(".")[0] for name in NUMBERS))


def renamed(names: list[str]) -> dict[str, Tensor]:
    table = dict(zip(LAYERS, names, strict=True))
    return {
        f"{table[layer]}.{role}": tensor
        for (layer, _, role), tensor in (
            (name.partition("."), tensor) for name, tensor in NUMBERS.items()
        )
    }


@pytest.mark.parametrize(
    "names",
    [
        ["0", "3", "6", "8", "10", "14", "17", "20"],
        ["net.0", "net.3", "net.6", "net.8", "net.10", "net.14", "net.17", "net.20"],
        ["conv1", "conv2", "conv3", "conv4", "conv5", "fc1", "fc2", "fc3"],
        ["c.module.a", "c.module.b", "c.module.c", "c.module.d", "e", "f", "g", "h"],
        ["model.alexnet." + layer for layer in LAYERS],
        list(TORCHVISION),
        ["backbone." + place for place in TORCHVISION],
        [place.replace(".", ".module.") for place in TORCHVISION],
    ],
    ids=str,
)
def test_layers_are_found_under_other_names(names: list[str]) -> None:
    fitted = files.fit(renamed(names), SMALL)
    assert fitted.keys() == NUMBERS.keys()
    assert all(torch.equal(fitted[name], NUMBERS[name]) for name in NUMBERS)


def test_known_names_win_over_the_order() -> None:
    backwards = dict(reversed(NUMBERS.items()))
    fitted = files.fit(backwards, SMALL)
    assert all(torch.equal(fitted[name], NUMBERS[name]) for name in NUMBERS)


def test_norms_are_counted_apart_from_convolutions() -> None:
    """Some files name all convolutions first and all norms after them."""
    network = VARIANTS["deepcluster_alexnet_bn"]
    state = shapes("deepcluster_alexnet_bn")
    later = {name.replace("norm", "bn"): tensor for name, tensor in state.items() if "norm" in name}
    first = {
        name.replace("conv", "c").replace("fc", "d"): tensor
        for name, tensor in state.items()
        if "norm" not in name
    }
    fitted = files.fit(first | later, network)
    assert fitted["norm2.running_var"].shape == (256,)
    assert fitted["conv5.weight"].shape == state["conv5.weight"].shape


# --- shapes --------------------------------------------------------------------------------------


def test_a_dense_layer_written_as_convolution_computes_the_same() -> None:
    """Both ways: Linear(9216 in) and a 6×6 kernel over 256 maps hold the same numbers."""
    dense = small("caffe_bvlc_alexnet")
    conv = small("article_001").edited(id="dense")
    as_conv = VARIANTS["article_001_fc_as_conv"].edited(
        id="conv",
        **{layer: {"out_channels": size} for layer, size in (("conv1", 8), ("conv2", 16))},
        **{layer: {"out_channels": size} for layer, size in (("conv3", 24), ("conv4", 24))},
        **{layer: {"out_channels": size} for layer, size in (("conv5", 16), ("fc6", 20))},
        **{layer: {"out_channels": size} for layer, size in (("fc7", 18), ("fc8", 10))},
    )
    image = torch.rand(1, 3, 227, 227)
    expected = loader.filled(conv, numbers(dense))(image)
    fitted = files.fit(numbers(dense), as_conv)
    assert fitted["fc6.weight"].shape == (20, 16, 6, 6)
    ours = loader.filled(as_conv, fitted)(image).flatten(1)
    torch.testing.assert_close(ours, expected)
    back = files.fit(fitted, dense)
    assert torch.equal(back["fc6.weight"], numbers(dense)["fc6.weight"])


def test_transposed_weights_are_refused_not_reshaped() -> None:
    state = NUMBERS | {"fc6.weight": NUMBERS["fc6.weight"].t()}
    with pytest.raises(WeightsMisfit, match=r"fc6\.weight is 576×20, not 20×576"):
        files.fit(state, SMALL)


def test_as_many_numbers_in_other_axes_are_refused() -> None:
    """TensorFlow's (height, width, in, out): the same numbers in another order."""
    state = NUMBERS | {"fc6.weight": NUMBERS["fc6.weight"].reshape(6, 6, 16, 20)}
    with pytest.raises(WeightsMisfit, match=r"fc6\.weight is 6×6×16×20, not 20×576"):
        files.fit(state, SMALL)


def test_factors_that_do_not_meet_are_refused() -> None:
    state = {**NUMBERS, "fc6.down": torch.rand(3, 576), "fc6.up": torch.rand(20, 4)}
    del state["fc6.weight"]
    with pytest.raises(WeightsMisfit) as refused:
        files.fit(state, SMALL)
    assert {each.key for each in refused.value.missing} == {"fc6.weight"}
    assert {each.key for each in refused.value.unexpected} == {"fc6.down", "fc6.up"}


def test_huge_factors_are_not_multiplied_to_find_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their product would have 10^12 numbers."""
    state = {**NUMBERS, "fc6.down": torch.rand(1, 10**6), "fc6.up": torch.rand(10**6, 1)}
    del state["fc6.weight"]
    with pytest.raises(WeightsMisfit, match="1000000×1000000, not 20×576"):
        files.fit(state, SMALL)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    weight = NUMBERS["conv3.weight"].clone()
    weight[3, 2, 1, 0] = value
    with pytest.raises(Problem, match=r"'conv3\.weight' holds infinities"):
        files.fit(NUMBERS | {"conv3.weight": weight}, SMALL)


def test_integers_are_no_weights() -> None:
    weight = NUMBERS["conv3.weight"].to(torch.int32)
    with pytest.raises(Problem, match=r"'conv3\.weight' does not hold floating-point"):
        files.fit(NUMBERS | {"conv3.weight": weight}, SMALL)


def test_a_network_that_fails_takes_no_weights() -> None:
    with pytest.raises(Problem, match="kernel_size=3 does not fit"):
        files.fit(NUMBERS, VARIANTS["article_002_text"])


@pytest.fixture(autouse=True)
def _real_variants() -> Iterator[None]:
    parameter_plan._readings.cache_clear()
    yield
    parameter_plan._readings.cache_clear()
