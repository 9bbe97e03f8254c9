"""A device whose memory is full, at load or in the middle of what it is used for: the CPU answers.

Nothing here has a GPU.  What is moved to "cuda" stays on the CPU in memory of its own, and calls to
a convolution with such weights fail as they would on a card that is full.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
import streamlit as st
import torch
from torch import Tensor, nn

from alexnet_viz.interpretability.activation_maximisation import maximise
from alexnet_viz.interpretability.attribution import Unit
from alexnet_viz.interpretability.attribution.methods import attribute
from alexnet_viz.model import device
from alexnet_viz.model.activations import capture
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.text import t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.subject import Subject
from tests.lively import RESULT
from tests.spoken import open_page, words

SUBJECT = Subject(RESULT, None)
CHOICES = {"variant": "tf_models_alexnet_benchmark", "weights": "random", "source": "sample"}
KEPT: tuple[Any, ...] = (live_model._weights, live_model._activations, live_model._shown)
FULL = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 144.00 MiB.")


class Card:
    """A card that is full when it says so."""

    def __init__(self) -> None:
        self.full_at: Callable[[], bool] = lambda: False
        """Whether the next convolution on it fails."""
        self.full_for_weights = False
        self.passes = 0
        self.held: dict[int, Tensor] = {}
        """By the address of its memory, what was moved to it: no address is used twice."""


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    card, moved, convolve = Card(), Tensor.to, nn.Conv2d._conv_forward

    def to(self: Tensor, *to: Any, **how: Any) -> Tensor:
        where = how.get("device", to[0] if to else None)
        if not isinstance(where, torch.device) or where.type != "cuda":
            return moved(self, *to, **how)
        if card.full_for_weights:
            raise FULL
        there = self.clone()
        card.held[there.untyped_storage().data_ptr()] = there
        return there

    def forward(self: nn.Conv2d, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if weight.untyped_storage().data_ptr() in card.held:
            card.passes += 1
            if card.full_at():
                raise FULL
        return convolve(self, x, weight, bias)

    monkeypatch.setattr(Tensor, "to", to)
    monkeypatch.setattr(nn.Conv2d, "_conv_forward", forward)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Card")
    live_model.home.cache_clear()
    for kept in (*KEPT, st.cache_data):
        kept.clear()
    yield card
    live_model.home.cache_clear()
    for kept in KEPT:
        kept.clear()


def image() -> live_model.Floats:
    return live_model.prepared(SUBJECT, SAMPLES["cat"].load())


def _pass(model: nn.Sequential) -> Any:
    return capture(model, image())["conv3"]


def _attribution(model: nn.Sequential) -> Any:
    return attribute(model, image(), Unit("conv2", 7, 3, 3), "integrated_gradients").values


def _maximisation(model: nn.Sequential) -> Any:
    return [each.picture for each in islice(maximise(model, SUBJECT.result, "conv2", 3), 4)]


USES = [_pass, _attribution, _maximisation]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("when", ["load", "use"])
def test_the_cpu_gives_the_same_where_the_card_is_full(card: Card, use: Any, when: str) -> None:
    wanted = use(live_model.model(SUBJECT))
    card.full_for_weights = when == "load"
    card.full_at = lambda: card.passes >= 3
    placed = live_model.runner(SUBJECT)(use)
    assert (card.passes >= 3) == (when == "use")
    assert np.array_equal(placed.made, wanted)
    assert placed.placement == device.CPU
    assert placed.notice is live_model.home().notice is not None
    assert placed.notice.code == "device_memory"


@pytest.mark.parametrize("use", USES)
def test_a_card_with_room_is_used(card: Card, use: Any) -> None:
    placed = live_model.runner(SUBJECT)(use)
    assert card.passes > 0
    assert placed.notice is live_model.home().notice is None
    assert placed.placement.device.type == "cuda"


def test_a_full_card_is_left_alone_for_a_while(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 100.0
    monkeypatch.setattr(device, "monotonic", lambda: clock)
    card.full_at = lambda: True
    live_model.runner(SUBJECT)(_pass)
    card.full_at = lambda: False
    before = card.passes
    live_model.runner(SUBJECT)(_pass)
    assert card.passes == before
    clock += device.REST_SECONDS + 1
    assert live_model.runner(SUBJECT)(_pass).notice is None
    assert card.passes > before


def test_what_the_process_keeps_on_a_full_card_is_let_go(card: Card) -> None:
    live_model.runner(SUBJECT)(_pass)
    assert [key.split("/")[0] for key in live_model._weights._entries] == ["cuda"]
    card.full_at = lambda: True
    live_model.runner(SUBJECT)(_pass)
    assert [key.split("/")[0] for key in live_model._weights._entries] == ["cpu"]


def test_the_page_says_once_that_the_cpu_answers(card: Card) -> None:
    card.full_for_weights = True
    app = open_page("feature_maps", **CHOICES)
    assert not app.exception
    told = [each.value for each in app.toast]
    assert len(told) == 1
    assert told[0].replace("\\", "").startswith("CUDA: Card has too little free memory")
    assert device.describe(device.CPU.device) in words(app)
    assert not app.run().toast


def test_the_page_attributes_on_the_cpu_where_the_card_is_full(card: Card) -> None:
    card.full_at = torch.is_grad_enabled
    app = open_page(
        *("attribution",),
        **CHOICES,
        layer="conv2",
        channel=7,
        attr_at="mean",
        attr_method="saliency",
    )
    assert not app.exception
    assert not app.error
    assert card.passes > 0
    assert t("maps.sees") not in [image.alt for image in app.get("imgs")]
