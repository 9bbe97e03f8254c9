"""One set of weights in many networks and for many visitors takes the memory of one."""

import gc
import weakref

import pytest
import torch
from safetensors.torch import load, save
from torch import nn

from alexnet_viz.model.build import build
from alexnet_viz.model.selective import SelectiveLinear, selective
from alexnet_viz.network.spec import Network
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.subject import OPENED
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.files.imported import _OPEN, opened_apart, opened_once
from alexnet_viz.weights.loader import filled
from alexnet_viz.weights.shared import MOST_MODELS, SharedWeights, drawn, drawn_alike
from tests.spoken import open_page
from tests.test_weights_page import FILE
from tests.weight_files import numbers, small

TEXTBOOK, PAPER = small("alexnet_2012_227"), small("alexnet_2012_paper")
"""Another input and another rounding, the same shapes."""


def places(model: nn.Module) -> list[int]:
    """Where the model's numbers lie in memory."""
    return [each.data_ptr() for each in model.parameters()]


def test_networks_with_the_same_weights_share_their_storage() -> None:
    shared = SharedWeights(numbers(TEXTBOOK), "cpu", learned=True)
    one, other = shared.model("227", TEXTBOOK), shared.model("224", PAPER)
    assert one is not other
    assert places(one) == places(other)
    assert shared.model("227", TEXTBOOK) is one
    image = torch.rand(1, 3, 227, 227)
    expected = selective(filled(TEXTBOOK, numbers(TEXTBOOK)))(image)
    assert torch.equal(one(image), expected)


def test_large_dense_layers_need_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alexnet_viz.model.selective.LEAST", 100)
    shared = SharedWeights(numbers(TEXTBOOK), "cpu", learned=True)
    one, other = shared.model("227", TEXTBOOK), shared.model("224", PAPER)
    assert isinstance(one.fc6, SelectiveLinear)
    assert places(one) == places(other)
    assert {each.untyped_storage().data_ptr() for each in one.parameters()} == {
        each.untyped_storage().data_ptr() for each in shared._tensors.values()
    }


@pytest.mark.parametrize("normalised", [False, True])
def test_random_weights_are_those_that_the_network_is_built_with(normalised: bool) -> None:
    network = batch_normalised() if normalised else small("torchvision_alexnet")
    model, built = drawn(network, 7, "cpu").model("a", network), build(network, seed=7)
    for (name, mine), theirs in zip(model.named_parameters(), built.parameters(), strict=True):
        assert torch.equal(mine, theirs), name
        assert mine.stride() == theirs.stride(), name


def batch_normalised() -> Network:
    """A network with batch normalisation."""
    return next(
        each for each in VARIANTS.values() if any(row.kind == "batch_norm" for row in each.layers)
    )


def test_networks_whose_random_weights_are_alike_have_one_key() -> None:
    assert drawn_alike(TEXTBOOK) == drawn_alike(PAPER)
    assert drawn_alike(TEXTBOOK) != drawn_alike(VARIANTS["alexnet_2012_227"])
    for ours, theirs in zip(
        build(TEXTBOOK, seed=3).parameters(), build(PAPER, seed=3).parameters(), strict=True
    ):
        assert torch.equal(ours, theirs)


def test_models_of_one_set_are_bounded() -> None:
    shared = SharedWeights(numbers(TEXTBOOK), "cpu", learned=False)
    for number in range(MOST_MODELS + 3):
        shared.model(str(number), TEXTBOOK)
    assert len(shared._models) == MOST_MODELS


def test_a_file_that_is_open_already_is_not_read_again() -> None:
    digest, first = opened_once(FILE, "mine.safetensors")
    again, second = opened_once(bytes(FILE), "theirs.safetensors")
    assert digest == again == DRAWINGS.sha256
    assert first is second
    tensors = weakref.ref(first.tensors["fc6.weight"])
    del first, second
    gc.collect()
    assert tensors() is None
    assert not _OPEN


def test_what_is_opened_lies_as_the_models_read_it() -> None:
    """The dense weights are mapped by input: no model makes a copy of them."""
    imported = opened_apart(FILE, "mine.safetensors")
    weight = imported.tensors["fc6.weight"]
    assert weight.T.is_contiguous()
    shared = SharedWeights(imported.tensors, "cpu", learned=True)
    model = shared.model("a", imported.network)
    assert model.fc6.weight.data_ptr() == weight.data_ptr()


def test_two_sessions_with_one_file_keep_one_copy_and_give_it_back() -> None:
    live_model._weights.clear()
    other = save({name: -tensor for name, tensor in load(FILE).items()})
    visitors = [open_page("weights") for _ in range(3)]
    for visitor, data in zip(visitors, (other, other, FILE), strict=True):
        visitor.file_uploader(key="weights.file").upload("mine.safetensors", data).run()
        assert not visitor.exception
    first, second, third = (each.session_state[OPENED][1] for each in visitors)
    assert first is second
    assert first is not third
    for visitor in visitors:
        visitor.switch_page("pages/feature_maps.py").run()
        assert not visitor.exception
    assert len(live_model._weights) == 2
    tensors = weakref.ref(first.tensors["conv1.weight"])
    del first, second, third
    left = visitors.pop(0)
    del left, visitor
    _closed()
    assert tensors() is not None  # the other visitor has it open
    assert len(live_model._weights) == 2
    del visitors[0]
    _closed()
    assert (tensors(), len(live_model._weights)) == (None, 1)


def _closed() -> None:
    gc.unfreeze()  # the sessions that were there at the warm-up
    gc.collect()
    live_model._weights.sweep()
    gc.collect()
