"""The Predictions page says what torch computes; what cannot be, it says in words."""

import re
from typing import Any

import numpy as np
import pytest
import streamlit as st
import torch

from alexnet_viz.interpretability.ablation import channels
from alexnet_viz.interpretability.predictions import percent
from alexnet_viz.model.build import build
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.pictures.samples.fresh import drawing
from alexnet_viz.pictures.synthetic import CLASSES as KINDS
from alexnet_viz.text import t
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.components import background_work, foreign_picture
from alexnet_viz.ui.predictions.answer_words import times
from alexnet_viz.ui.predictions.channel_effects import PLACE
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS, WEIGHTS
from alexnet_viz.weights.loader import load, tensors
from tests.spoken import open_page, words

RING = {"source": "drawing", "drawing": "ring", "drawing_seed": 3}
CLASSES = [name.en for name in DRAWINGS.classes]


@pytest.fixture(autouse=True)
def _cold_caches(no_jobs: None) -> None:
    st.cache_data.clear()


def shares(model: torch.nn.Sequential, temperature: float = 1) -> Any:
    """The probabilities of the ring, by torch alone: its softmax in float64."""
    image = preprocess(drawing("ring", 3), 227)
    with torch.inference_mode():
        logits = model[:-1](torch.from_numpy(image)[None])[0].double()
        return (logits / temperature).softmax(dim=0).numpy()


def at_227(**query: object) -> Any:
    return open_page("predictions", variant="alexnet_2012_227", **RING, **query)


def test_it_says_the_answer_of_the_network_and_whether_it_is_right() -> None:
    said = shares(load(DRAWINGS))
    first, second = np.argsort(-said)[:2]
    app = at_227()
    assert not app.exception
    spoken = words(app)
    assert f"It says **{CLASSES[first]}**: {percent(said[first])}" in spoken
    assert f"then {CLASSES[second]} ({percent(said[second])})" in spoken
    right = t("predict.right_drawings", truth="ring") if CLASSES[first] == "ring" else "**wrong**"
    assert right in spoken
    assert "Without" not in spoken
    lead = np.log(said[first]) - np.log(said[second])
    assert f"whose logit is {lead:.3g} lower: **{times(lead)}** times less likely" in spoken


@pytest.mark.parametrize("gap", [0.0, 0.7, 3.0, 6.0, 12.0, 13.9, 50.0])
def test_how_many_times_as_likely(gap: float) -> None:
    said = times(gap).translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
    power = "" if times(gap).isascii() else said.removeprefix("10")
    value = 10.0 ** int(power) if power else float(said.replace(",", ""))
    assert np.log10(value) == pytest.approx(gap / np.log(10), abs=0.51 if power else 0.005)


def test_what_a_loss_changes_is_said_in_the_numbers_of_a_network_built_without() -> None:
    plain = DRAWINGS.network.edited(id="plain", without=("norm1", "norm2"))
    model = build(plain)
    model.load_state_dict(tensors(DRAWINGS))
    intact, bare = shares(load(DRAWINGS)), shares(model)
    old, new = int(intact.argmax()), int(bare.argmax())
    spoken = words(at_227(ab_off="lrn"))
    went = percent(np.abs(intact - bare).sum() / 2)
    if old == new:
        assert f"Without LRN the answer stays **{CLASSES[old]}**" in spoken
    else:
        assert f"from **{CLASSES[old]}** ({percent(intact[old])})" in spoken
        assert f"to **{CLASSES[new]}** ({percent(bare[new])})" in spoken
    assert f"{went} of the probability went to other classes" in spoken


def test_the_same_in_chinese() -> None:
    app = at_227(ab_off="lrn,channel.conv1.5", lang="zh")
    assert not app.exception
    assert "去掉“LRN、conv1 的通道 5”之后" in words(app)
    assert "圆环" in words(app)


def test_a_part_is_taken_away_and_put_back() -> None:
    app = at_227(ab_kind="channel", ab_layer="conv2")
    app.number_input(key="widget.ab_channel").set_value(17).run()
    app.button(key="ablation.add").click().run()
    assert not app.exception
    assert "Without channel 17 of conv2" in words(app)
    assert app.query_params["ab_off"] == "channel.conv2.17"
    assert app.button(key="ablation.add").disabled
    app.multiselect(key="widget.ab_off").set_value([]).run()
    assert "Without" not in words(app)
    assert "ab_off" not in app.query_params


def test_every_loss_is_computed_anew() -> None:
    app = at_227(ab_off="lrn", ab_kind="bias")
    one = app.table[0].value
    app.button(key="ablation.add").click().run()
    both = app.table[0].value
    st.cache_data.clear()
    assert both.equals(at_227(ab_off="lrn,bias").table[0].value)
    assert not both.equals(one)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("tower", "GPU 0's tower"),
        ("lrn", "LRN"),
        ("bias", "any bias"),
        ("channel", "channel 0 of conv1"),
        ("average", "positions in conv1 (maps averaged)"),
        ("shuffle", "positions in conv1 (shuffled)"),
    ],
)
def test_every_kind_can_be_taken_away(kind: str, name: str) -> None:
    app = at_227()
    app.selectbox(key="widget.ab_kind").set_value(kind).run()
    assert t(f"ablation.does_{kind}") in words(app)
    app.button(key="ablation.add").click().run()
    assert not app.exception
    assert f"Without {name} the answer" in words(app)


def test_logits_and_temperature_are_in_the_link_and_explained() -> None:
    app = at_227(ab_values="logits", ab_temperature="10")
    assert not app.exception
    warm = shares(load(DRAWINGS), 10)
    assert f": {percent(warm.max())}, then" in words(app)
    assert "every logit z is divided by 10 before the softmax" in words(app)
    assert app.segmented_control(key="widget.ab_values").value == "logits"
    assert app.query_params["ab_temperature"] == "10"


def test_random_weights_say_that_their_classes_mean_nothing() -> None:
    app = open_page("predictions", source="sample", weights="random", ab_off="lrn")
    assert not app.exception
    assert "The class numbers mean nothing here" in words(app)
    assert re.search(r"It says \*\*class \d+\*\*", words(app))


def test_a_photo_is_none_of_the_drawn_classes() -> None:
    app = open_page("predictions", source="sample", sample="cat")
    assert not app.exception
    said = [each.value for each in app.markdown]
    caution = next(n for n, each in enumerate(said) if f"know {len(CLASSES)} kinds of" in each)
    verdict = next(n for n, each in enumerate(said) if "Asked for one of the names" in each)
    assert caution < verdict
    assert "**right**" not in words(app)
    assert "It says" not in words(app)
    assert ", ".join(CLASSES[:-1]) in words(app)


def test_the_nearest_drawings_are_those_of_torch_and_one_can_be_taken() -> None:
    model = load(DRAWINGS)
    until = [name for name, _ in model.named_children()].index("relu7") + 1

    def seen(picture: Any) -> torch.Tensor:
        image = torch.from_numpy(preprocess(picture, 227))
        with torch.inference_mode():
            return model[:until](image[None])[0].double()

    photo = seen(SAMPLES["cat"].load())
    alike = [float(torch.cosine_similarity(photo, seen(drawing(kind, 0)), dim=0)) for kind in KINDS]
    order = sorted(range(len(KINDS)), key=lambda number: -alike[number])
    app = open_page("predictions", variant="alexnet_2012_227", source="sample", sample="cat")
    buttons = [button for button in app.button if str(button.key).startswith("nearest.")]
    assert [button.key for button in buttons] == [f"nearest.{KINDS[n]}" for n in order[:5]]
    assert buttons[0].label.endswith(f" {alike[order[0]]:.2f}")
    assert f"**{CLASSES[order[0]]}** (cosine {alike[order[0]]:.2f})" in words(app)
    buttons[1].click().run()
    assert not app.exception
    assert app.query_params["drawing"] == KINDS[order[1]]
    assert f"The drawing is {CLASSES[order[1]]}" in words(app)
    assert not [button for button in app.button if str(button.key).startswith("nearest.")]


def test_a_photo_leads_to_weights_that_know_photographs(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = {"source": "sample", "sample": "coffee"}
    links = [each.proto for each in open_page("predictions", **photo).get("page_link")]
    assert ("weights", t("predict.imagenet")) in [(link.page, link.label) for link in links]
    here = {id: WEIGHTS[id] for id in ("drawings", "torchvision_imagenet")}
    monkeypatch.setattr(foreign_picture, "available", lambda: here)
    app = open_page("predictions", **photo)
    app.button(key="imagenet").click().run()
    assert not app.exception
    assert app.session_state["choice.weights"] == "torchvision_imagenet"
    assert app.session_state["choice.variant"] == "torchvision_alexnet"


def test_the_kernels_that_answer_to_a_photo_lead_to_their_maps() -> None:
    app = open_page("predictions", source="sample", sample="cat")
    assert "kernels of conv1 answer somewhere in this picture" in words(app)
    links = [each.proto for each in app.get("page_link") if "channel=" in each.proto.query_string]
    assert len(links) == 5
    assert all("layer=relu1" in link.query_string for link in links)
    drawn = open_page("predictions")
    assert "answer somewhere in this picture" not in words(drawn)


def test_a_network_without_a_softmax_says_whose_it_is() -> None:
    app = open_page("predictions", source="sample", variant="torchvision_alexnet", weights="random")
    assert not app.exception
    assert "ends there, and in training the loss function has the softmax" in words(app)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"variant": "tf_models_alexnet_benchmark"}, "answer_no_classes"),
        ({"variant": "alexnet_2012_paper", "input": 259}, "answer_stopped"),
    ],
)
def test_no_answer_is_a_sentence(query: dict[str, object], code: str) -> None:
    app = open_page("predictions", source="sample", weights="random", **query)
    assert not app.exception
    assert Problem(code, network=query["variant"], layer="fc6").remedy() in words(app)


def test_a_part_that_the_network_has_is_preselected() -> None:
    bare = open_page("predictions", variant="torchvision_alexnet", weights="random")
    assert bare.selectbox(key="widget.ab_kind").value == "channel"
    assert "ablation.add" in {button.key for button in bare.button}
    assert at_227().selectbox(key="widget.ab_kind").value == "lrn"


@pytest.mark.parametrize("kind", ["tower", "lrn"])
def test_what_a_network_lacks_cannot_be_chosen_and_says_so(kind: str) -> None:
    app = open_page(
        "predictions", variant="torchvision_alexnet", weights="random", ab_kind=kind,
        ab_off="tower.0,bias",
    )  # fmt: skip
    assert not app.exception
    problem = Problem(f"ablation_no_{kind}", network="torchvision_alexnet")
    assert problem.explained() in words(app)
    assert "ablation.add" not in {button.key for button in app.button}
    assert "Not taken away, because this network has no such thing: GPU 0's tower." in words(app)
    assert "Without any bias the answer" in words(app)


def test_a_link_that_takes_nonsense_away_is_answered_in_words() -> None:
    asked = {"weights": "random", "ab_off": "channel.conv1.5,everything"}
    assert "not a value that ab_off can take" in words(open_page("start", **asked))
    app = open_page("predictions", source="sample", **asked)
    assert not app.exception
    assert "Without" not in words(app)


def test_every_channel_is_tried_and_the_first_can_be_taken_away() -> None:
    app = at_227(ab_rank="pool5")
    assert not app.exception
    app.button(key="effects.ask").click().run()
    found = re.search(r"\*\*Channel (\d+)\*\* matters most", words(app))
    assert found
    table = app.dataframe[-1].value
    assert sorted(table.iloc[:, 0]) == list(range(256))
    assert table.iloc[0, 0] == int(found[1])
    app.button(key="effects.take").click().run()
    assert app.query_params["ab_off"] == f"channel.pool5.{found[1]}"
    assert f"Without channel {found[1]} of pool5" in words(app)


def test_a_link_starts_no_trial_until_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    effects = channels.channel_effects

    def noted(model: Any, result: Any, layer: str, *more: Any) -> Any:
        begun.append(layer)
        return effects(model, result, layer, *more)

    monkeypatch.setattr(channels, "channel_effects", noted)
    app = at_227(ab_rank="fc7")
    app.run()
    assert begun == []
    app.selectbox(key="widget.ab_rank").set_value("pool5").run()
    assert begun == ["pool5"]
    assert "matters most" in words(app)
    assert not [button for button in app.button if button.key == "effects.ask"]


def test_a_trial_that_was_stopped_shows_what_it_found_and_goes_on() -> None:
    app = at_227(ab_rank="pool5")
    app.button(key="effects.ask").click().run()
    ((key, whole),) = background_work.queue()._results.items()
    part = type(whole)(whole.drops.copy(), whole.answers.copy())
    part.drops[100:], part.answers[100:] = np.nan, -1
    background_work.queue().keep(key, None)
    app.session_state[f"{background_work.FOUND}.{PLACE}"] = (key, part)
    app.session_state[f"{background_work.ASKED}.{PLACE}"] = (key, False)
    app.run()
    assert not app.exception
    assert "Stopped after 100 of 256 channels." in words(app)
    assert len(app.dataframe[-1].value) == 100
    app.button(key="effects.ask").click().run()
    assert "Stopped" not in words(app)
    assert len(app.dataframe[-1].value) == 256


def test_every_answer_is_in_the_numbers() -> None:
    app = at_227(ab_off="lrn")
    table = app.table[0].value
    assert {"ring"} <= set(table["class"])
    assert list(table.columns)[1:] == [
        "logit, intact", "logit, after", "logit, change",
        "probability, %, intact", "probability, %, after", "probability, %, change",
    ]  # fmt: skip


def test_it_runs_where_the_variants_have_no_towers_or_another_shape() -> None:
    for variant in ("zfnet_paper", "article_001_fc_as_conv", "d2l_alexnet"):
        assert variant in VARIANTS
        app = open_page(
            "predictions", source="sample", variant=variant, weights="random", ab_off="bias"
        )
        assert not app.exception, variant
        assert "Without any bias" in words(app), variant
