"""What excites a unit: a picture grows when it is asked for, and a stop keeps what there is."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.interpretability import activation_maximisation as ascents
from alexnet_viz.interpretability.activation_maximisation import STEPS, Frame
from alexnet_viz.text import t
from alexnet_viz.ui.attribution import activation_maximisation
from alexnet_viz.ui.components import background_work
from tests.spoken import open_page, press, words

SMALL = {"variant": "tf_models_alexnet_benchmark", "weights": "random", "attr_method": "saliency"}


pytestmark = pytest.mark.usefixtures("no_jobs")


def opened(**query: object) -> AppTest:
    app = open_page("attribution", **query)
    assert not app.exception
    return app


def test_a_picture_grows_when_it_is_asked_for() -> None:
    app = opened(**SMALL, layer="relu1", channel=3)
    said = words(app)
    assert t("excite.before", layer="relu1", excited="conv1") in said
    assert t("excite.patch_padded", layer="conv1", size=11, side=12) in said
    press(app, "excite.ask")
    first, last = grew(app)
    assert last > first
    assert f"Step {STEPS}, 12 × 12 pixels" in captions(app)
    another_visitor = opened(**SMALL, layer="relu1", channel=3)
    assert grew(another_visitor) == (first, last)
    press(app, "excite.another")
    assert app.query_params["attr_seed"] == "1"
    press(app, "excite.ask")
    assert grew(app)[1] == pytest.approx(last, rel=0.1)
    assert grew(app)[0] != first


def grew(app: AppTest) -> tuple[float, float]:
    (line,) = [each.value for each in app.markdown if each.value.startswith("conv1 rose from")]
    first, last = line.removeprefix("conv1 rose from ").removesuffix(". On the way:").split(" to ")
    return float(first), float(last.strip("*"))


def captions(app: AppTest) -> str:
    return "\n".join(caption for image in app.image for caption in image.captions)


def test_a_stopped_ascent_keeps_what_it_came_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the picture grows the page has its newest frame and a Stop; then what there was."""
    reached, go = Event(), Event()
    ascend = ascents.maximise

    def halting(*given: Any, **more: Any) -> Iterator[Frame]:
        for frame in ascend(*given, **more):
            yield frame
            if frame.step == 7:
                reached.set()
                assert go.wait(60)

    monkeypatch.setattr(background_work, "AT_ONCE_SECONDS", 0)
    monkeypatch.setattr(ascents, "maximise", halting)
    app = press(opened(**SMALL, layer="conv1"), "excite.ask")
    assert reached.wait(60)
    app.run()
    assert "Step 7, 12 × 12 pixels" in captions(app)
    assert t("excite.grow") not in [button.label for button in app.button]
    press(app, "excite.stop")
    go.set()
    app.run()
    assert t("excite.stopped", step=7, steps=STEPS) in words(app)
    assert t("excite.grow") in [button.label for button in app.button]
    assert "Step 7, 12 × 12 pixels" in captions(app)


def test_a_small_picture_is_enlarged_pixel_by_pixel() -> None:
    pixels = np.arange(2 * 2 * 3, dtype=np.uint8).reshape(2, 2, 3)
    large = activation_maximisation.enlarged(pixels, 10)
    assert large.shape == (10, 10, 3)
    assert np.array_equal(large[::5, ::5], pixels)
    assert len(activation_maximisation.enlarged(np.zeros((227, 227, 3), np.uint8), 300)) == 227
