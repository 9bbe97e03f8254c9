"""The Attribution page: every choice answers, long work waits and stops, and numbers agree."""

from io import BytesIO

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

from alexnet_viz.interpretability.attribution import METHODS, Unit
from alexnet_viz.interpretability.attribution.methods import RUNS, attribute
from alexnet_viz.interpretability.attribution.sanity import sanity_check
from alexnet_viz.model.build import build
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.render.charts.attribution import layer
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.attribution import map_view, map_words
from alexnet_viz.ui.components import background_work
from alexnet_viz.variants import VARIANTS
from tests.parcels import parcels
from tests.spoken import open_page, press, words

# ends in maps, so it has no classes, and is small enough to be built in a moment
SMALL = {"variant": "tf_models_alexnet_benchmark", "weights": "random", "sample": "shapes"}
UNIT = {"layer": "conv2", "channel": 7, "attr_at": "mean"}


@pytest.fixture(autouse=True)
def _nothing_remembered(no_jobs: None) -> None:
    st.cache_data.clear()


def opened(**query: object) -> AppTest:
    app = open_page("attribution", **{"source": "sample"} | query)
    assert not app.exception
    return app


def rhos(app: AppTest) -> list[float]:
    return [float(metric.value) for metric in app.metric]


def test_the_menus_offer_every_method_and_nothing_else() -> None:
    assert set(CHOICES["attr_method"].options) == set(METHODS) == set(RUNS)
    for method in METHODS:
        assert CHOICES["attr_method"].parse(method) == method
    assert CHOICES["attr_class"].parse("top") == "top"
    assert CHOICES["attr_class"].parse("12") == 12
    for wrong in ("best", "-1", "1000000"):
        with pytest.raises(ValueError, match=wrong[-1]):
            CHOICES["attr_class"].parse(wrong)
    for depth in CHOICES["attr_random"].options:
        assert CHOICES["attr_random"].parse(depth) == depth


# quick methods answer at once --------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", [name for name in METHODS if not METHODS[name].long])
def test_a_quick_method_answers_in_both_languages(method: str, language: Language) -> None:
    app = opened(attr_method=method, lang=language)
    assert t(f"attribution.how_{method}", language) in words(app)
    assert len(rhos(app)) == 2
    (wipe,) = [parcel for parcel in parcels(app) if "panes" in parcel]
    titles = [pane["title"] for pane in wipe["panes"]]
    assert titles == [t("attribution.learned", language), t("attribution.random_all", language)]
    legend = "legend_unsigned" if method == "saliency" else "legend"
    assert t(f"attribution.{legend}", language, share=0.005)[:12] in words(app)


def test_what_is_sent_is_what_the_engine_finds() -> None:
    query = {**SMALL, **UNIT, "attr_method": "guided_backpropagation", "attr_random": "last"}
    app = opened(**query)
    network = VARIANTS[SMALL["variant"]]
    image = preprocess(SAMPLES["shapes"].load(), 224)
    unit, model = Unit("conv2", 7), build(network)
    learned = attribute(model, image, unit, "guided_backpropagation")
    checks = [
        sanity_check(model, image, unit, "guided_backpropagation", learned, since=since, seed=1)
        for since in (None, "conv2")
    ]
    assert rhos(app) == [round(check.correlation, 2) for check in checks]
    (wipe,) = [parcel for parcel in parcels(app) if "panes" in parcel]
    for number, values in enumerate((learned.values, checks[1].random.values)):
        expected = layer(values, signed=True)
        assert wipe["panes"][number]["limits"] == pytest.approx(expected.limits, rel=1e-3)
        steps = np.frombuffer(wipe[f"steps{number}"], np.uint8).reshape(wipe["size"])
        assert np.abs(steps.astype(int) - expected.steps).max() <= 1
        assert wipe[f"colours{number}"] == expected.colours.tobytes()
    assert f"conv2, channel 7, mean of its map = {learned.output:.4g}" in words(app)
    assert t("attribution.check_random") in words(app)


def test_a_class_is_the_answer_until_another_is_chosen() -> None:
    app = opened(source="drawing", drawing="star", attr_method="saliency")
    menu = app.selectbox(key="widget.attr_class")
    first, *rest = menu.options
    assert len(rest) == 16
    values = [float(option.rpartition("· ")[2]) for option in rest]
    assert values == sorted(values, reverse=True)
    assert first.endswith(rest[0].partition(" · ")[0])
    assert f"{rest[0].partition(' · ')[0]} (fc8) = " in words(app)
    name, _, logit = rest[3].partition(" · ")
    number = [t(f"drawn.{each}") for each in CLASSES].index(name)
    menu.set_value(number).run()
    assert not app.exception
    assert app.query_params["attr_class"] == str(number)
    said = words(app).partition(f"{name} (fc8) = ")[2].partition("**")[0]
    assert float(said) == pytest.approx(float(logit), rel=0.01)


def test_the_strongest_cell_is_where_the_map_is_largest() -> None:
    app = opened(**SMALL | UNIT | {"attr_at": "strongest", "attr_method": "saliency"})
    model = build(VARIANTS[SMALL["variant"]])
    until = [name for name, _ in model.named_children()].index("conv2") + 1
    maps = model[:until](torch.from_numpy(preprocess(SAMPLES["shapes"].load(), 224))[None]).numpy()
    row, column = np.unravel_index(maps[0, 7].argmax(), maps.shape[2:])
    assert f"conv2, channel 7, row {row}, column {column} = {maps[0, 7].max():.4g}" in words(app)


def test_a_cell_can_be_chosen_and_is_in_the_link() -> None:
    app = opened(**SMALL | UNIT | {"attr_at": "cell", "cell_row": 3, "attr_method": "saliency"})
    app.number_input(key="widget.cell_column").set_value(5).run()
    assert not app.exception
    assert "row 3, column 5 = " in words(app)
    assert app.query_params["cell_column"] == "5"
    app = opened(**SMALL | UNIT | {"attr_at": "cell", "cell_row": 999, "attr_method": "saliency"})
    assert "channel 7, row" in words(app)


def test_grad_cam_begins_after_the_last_convolution_and_can_look_elsewhere() -> None:
    app = opened()
    menu = app.selectbox(key="widget.attr_maps")
    assert menu.value == "relu5"
    assert "The map has 13 × 13 values" in words(app)
    menu.set_value("conv2").run()
    assert not app.exception
    assert "The map has 27 × 27 values" in words(app)


def test_grad_cam_of_a_first_layer_is_explained() -> None:
    app = opened(**SMALL, layer="conv1")
    assert "Grad-CAM weighs the maps of a layer before conv1, and there is none" in words(app)
    assert not app.metric


def test_a_silent_unit_says_so() -> None:
    app = opened(
        **SMALL | {"attr_method": "saliency", "layer": "relu1", "channel": 0, "attr_at": "cell"},
        cell_row=0, cell_column=0,
    )  # fmt: skip
    silent = t("attribution.silent") in words(app)
    value = words(app).partition("row 0, column 0 = ")[2].partition("**")[0]
    assert silent == (float(value) == 0)


def test_a_network_that_stops_can_be_asked_for_the_units_it_has() -> None:
    app = opened(variant="article_002_text", attr_method="saliency", layer="conv2")
    assert "conv2, channel 0" in words(app)
    assert len(rhos(app)) == 2


@pytest.mark.parametrize(
    ("rho", "verdict"), [(0.95, "same"), (0.6, "alike"), (0.2, "differs"), (-0.9, "differs")]
)
def test_the_verdict_follows_the_correlation(rho: float, verdict: str) -> None:
    assert map_words.judged(rho) == verdict


# long methods wait, show how far they are, and can be stopped -----------------------------------


@pytest.mark.parametrize("method", [name for name in METHODS if METHODS[name].long])
def test_a_long_method_waits_until_it_is_asked_for(method: str) -> None:
    query = {**SMALL, **UNIT, "layer": "conv1", "attr_method": method}
    app = opened(**query)
    assert not app.metric
    assert t("attribution.compute") in [button.label for button in app.button]
    press(app, "attribute.ask")
    assert len(rhos(app)) == 1
    (wipe,) = [parcel for parcel in parcels(app) if "panes" in parcel]
    assert len(wipe["panes"]) == 2
    note = {"occlusion": "The square is 28 pixels wide", "integrated_gradients": "all pixels add"}
    assert note[method] in words(app)
    # the other check runs too, since this question was asked
    app.segmented_control(key="widget.attr_random").set_value("last").run()
    assert not app.exception
    assert len(rhos(app)) == 2


def test_what_another_visitor_computed_is_there_at_once() -> None:
    query = {**SMALL, **UNIT, "layer": "conv1", "attr_method": "occlusion", "attr_window": 60}
    press(opened(**query), "attribute.ask")
    again = opened(**query)
    assert len(rhos(again)) == 1
    other = opened(**query | {"attr_window": 61})
    assert not other.metric


def test_only_the_check_is_left_to_ask_for() -> None:
    """After a stop between the two: the map stays, the check is offered."""
    query = {**SMALL, **UNIT, "layer": "conv1", "attr_method": "occlusion", "attr_window": 60}
    press(opened(**query), "attribute.ask")
    queue = background_work.queue()
    (check,) = [key for key in queue._results if key.endswith("/all")]
    queue.keep(check, None)
    app = opened(**query)
    (wipe,) = [parcel for parcel in parcels(app) if "panes" in parcel]
    assert len(wipe["panes"]) == 1
    assert t("attribution.compute_check") in [button.label for button in app.button]
    assert len(rhos(press(app, "attribute.ask"))) == 1


def test_numbers_can_be_taken_away() -> None:
    values = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    assert np.array_equal(np.load(BytesIO(map_view._npy(values))), values)
    text = BytesIO(map_view._csv(values))
    np.testing.assert_allclose(np.loadtxt(text, delimiter=","), values, rtol=1e-6)
