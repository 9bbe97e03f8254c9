"""The Weights page and what the live pages say of the weights that run."""

import time
from importlib.resources import files
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import torch
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.ui.components import background_work
from alexnet_viz.ui.components.subject import OPENED
from alexnet_viz.weights import download
from alexnet_viz.weights.catalogue import DRAWINGS, WEIGHTS
from alexnet_viz.weights.model_card import card
from tests.file_server import CONTENT, own_cache, serving
from tests.file_server import weights as described
from tests.spoken import open_page, words

FILE = (files("alexnet_viz.weights") / DRAWINGS.file).read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_weights_are_listed_with_what_they_were_trained_on(language: Language) -> None:
    app = open_page("weights", lang=language)
    for weights in WEIGHTS.values():
        assert weights.trained_on.of(language) in words(app)
    for id, weights in WEIGHTS.items():
        assert bool(weights.url) == any(button.key == f"fetch.{id}" for button in app.button)


def test_the_page_begins_with_what_the_weights_know_and_the_file_for_photographs() -> None:
    app = open_page("weights")
    first, second = (each.value for each in app.markdown[:2])
    assert f"know {len(DRAWINGS.classes)} kinds of drawings" in first
    assert f"**{card()['accuracy']:.1%}**" in first
    imagenet = WEIGHTS["torchvision_imagenet"]
    assert f"[{imagenet.file}]({imagenet.url})" in second
    assert f"({imagenet.bytes / 1e6:.0f} MB)" in second


def test_the_card_quotes_the_measurements() -> None:
    app = open_page("weights")
    values = {metric.label: metric.value for metric in app.metric}
    assert values[t("weights.card.right")] == f"{card()['accuracy']:.1%}"
    assert f"{card()['images']:,}" in values.values()
    assert card()["sha256"] in words(app)


def test_a_fetch_without_a_network_says_so_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CACHE", str(tmp_path))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # the discard port: nobody listens
    app = open_page("weights")
    app.button(key="fetch.torchvision_imagenet").click().run()
    app = over(app)
    assert not app.exception
    assert len(app.error) == 1
    assert t("weights.stays") in words(app)
    assert not app.button(key="fetch.torchvision_imagenet").disabled


def over(app: AppTest) -> AppTest:
    """The page when its download has ended."""
    for _ in range(600):
        if not [each for each in app.button if (each.key or "").endswith(".stop")]:
            return app
        time.sleep(0.1)
        app.run()
    raise AssertionError("the download does not end")


def test_a_download_is_a_job_that_reports_can_be_stopped_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache = own_cache(tmp_path, monkeypatch)
    held = Event()
    read = download._read

    def slow(answer: Any) -> bytes:
        chunk = read(answer)
        held.wait(60)
        return chunk

    monkeypatch.setattr(download, "_read", slow)
    with serving(CONTENT) as served:
        mine = described(served.url)
        monkeypatch.setitem(WEIGHTS, mine.id, mine)
        place = f"fetch.{mine.id}"
        app = open_page("weights")
        app.button(key=place).click().run()
        assert app.button(key=place).disabled
        job = background_work.queue(background_work.FETCHES).find(place, "another visitor")
        assert job is not None
        other = open_page("weights")  # who sees it too
        assert [each.key for each in other.button if (each.key or "").endswith(".stop")]
        job.waiters = dict.fromkeys(list(job.waiters)[:1], job.waiters[next(iter(job.waiters))])
        app.button(key=f"{place}.stop").click().run()
        assert not app.error
        held.set()
        assert job.over.wait(60)
        assert (job.result, job.problem) == (None, None)
        assert job.found == (0, len(CONTENT)) or job.found[0] > 0
        assert not (cache / mine.file).exists()
        app.button(key=place).click().run()
        app = over(app)
    assert not app.exception
    assert (cache / mine.file).read_bytes() == CONTENT
    assert place not in {each.key for each in app.button}
    assert background_work.queue(background_work.FETCHES).result(place) is None


def test_a_file_of_one_s_own_runs_on_the_live_pages() -> None:
    app = open_page("weights")
    app.file_uploader(key="weights.file").upload("mine.safetensors", FILE).run()
    assert not app.exception
    opened, imported = app.session_state[OPENED]
    assert opened.network.id == "alexnet_2012_227"
    assert len(opened.classes) == 0
    assert imported.tensors["fc6.weight"].shape == (4096, 9216)
    app.switch_page("pages/feature_maps.py").run()
    assert not app.exception
    assert "mine.safetensors" in words(app)
    assert t("weights.own.trained_on") in words(app)


def test_a_file_that_fits_nothing_is_explained_key_by_key() -> None:
    app = open_page("weights")
    crooked = save({"conv1.weight": torch.zeros(7, 3, 11, 11), "odd.thing": torch.zeros(2)})
    app.file_uploader(key="weights.file").upload("crooked.safetensors", crooked).run()
    assert not app.exception
    said = app.error[0].value.replace("\\", "")
    assert "conv1.weight" in said
    assert "odd.thing" in said
    assert OPENED not in app.session_state


def test_a_bad_file_keeps_the_one_that_was_opened() -> None:
    app = open_page("weights")
    app.file_uploader(key="weights.file").upload("mine.safetensors", FILE).run()
    app.file_uploader(key="weights.file").upload("broken.pt", b"not a zip").run()
    assert not app.exception
    assert app.error
    assert app.session_state[OPENED][0].file == "mine.safetensors"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_click_shows_learned_maps_and_says_so(language: Language) -> None:
    app = open_page("feature_maps", lang=language)
    assert DRAWINGS.title.of(language) in words(app)
    assert DRAWINGS.trained_on.of(language) in words(app)


def test_random_weights_say_that_nothing_was_learned() -> None:
    app = open_page("feature_maps", weights="random")
    assert t("subject.says_random", seed=0) in words(app)


def test_weights_that_do_not_fit_name_the_layer_and_offer_their_network() -> None:
    app = open_page("feature_maps", variant="alexnet_2012_227", input=224)
    assert "fc6" in app.info[0].value
    assert t("subject.says_random", seed=0) in words(app)
    app.button(key="subject.follow").click().run()
    assert not app.exception
    assert not [note for note in app.info if "fc6" in note.value]
    assert DRAWINGS.title.en in words(app)


def test_weights_choose_their_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choosing weights that do not fit the network on screen is choosing theirs."""
    app = open_page("feature_maps", variant="torchvision_alexnet", weights="random")
    app.selectbox(key="widget.weights").set_value("drawings").run()
    assert not app.exception
    assert (
        app.query_params["variant"] == ["alexnet_2012_227"]
        or app.query_params["variant"] == "alexnet_2012_227"
    )
    assert DRAWINGS.title.en in words(app)


def test_the_file_that_ships_is_a_file_like_any_other() -> None:
    """Fetched, opened or shipped, the numbers are the same."""
    from alexnet_viz.weights.files.imported import opened
    from alexnet_viz.weights.loader import tensors

    ours, theirs = tensors(DRAWINGS), opened(FILE, DRAWINGS.file).tensors
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        torch.testing.assert_close(tensor, theirs[name].float())
