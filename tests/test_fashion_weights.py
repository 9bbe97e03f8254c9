"""The weights that learned from Fashion-MNIST: as large, checked and right as their card says."""

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from alexnet_viz.network.trace import trace
from alexnet_viz.pictures import fashion
from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.preprocessing import cropped, preprocess
from alexnet_viz.pictures.samples.clothes import photograph
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import CLOTHES, DRAWINGS, FASHION
from alexnet_viz.weights.compatibility import learned_shapes, misfits
from alexnet_viz.weights.loader import filled, load
from alexnet_viz.weights.model_card import card
from tests.spoken import open_page, press, words
from tests.test_embedded import script

ROOT = Path(__file__).parents[1]
FILE = Path(str(files("alexnet_viz.weights") / FASHION.file))
CARD = card("fashion")
CHOSEN = {"variant": "d2l_alexnet", "weights": "fashion"}
PER_CLASS = 20


@pytest.fixture(scope="module")
def model() -> nn.Sequential:
    return load(FASHION)


def pictures() -> tuple[torch.Tensor, np.ndarray]:
    """The first test pictures of every class as input, enlarged without the app, and labels."""
    pixels, labels = fashion.subset("test")
    first = np.concatenate([np.flatnonzero(labels == n)[:PER_CLASS] for n in range(10)])
    large = [
        np.array(Image.fromarray(pixels[n]).resize((224, 224), Image.Resampling.BICUBIC))
        for n in first
    ]
    values = torch.from_numpy(np.stack(large)).float()[:, None] / 255
    return (values - 0.2860) / 0.3530, labels[first]


@torch.inference_mode()
def share_right(model: nn.Sequential, images: torch.Tensor, labels: np.ndarray) -> float:
    answers = torch.cat([model(part).argmax(dim=1) for part in images.split(50)])
    return float((answers.numpy() == labels).mean())


@pytest.mark.slow
def test_test_photographs_are_recognised_as_often_as_the_card_says(model: nn.Sequential) -> None:
    images, labels = pictures()
    right = share_right(model, images, labels)
    error = (CARD["accuracy"] * (1 - CARD["accuracy"]) / len(labels)) ** 0.5
    assert right == pytest.approx(CARD["accuracy"], abs=3 * error)
    # the measure can fail: on white they are not recognised, and with kernels mixed up neither
    white = share_right(model, (1 - 2 * 0.2860) / 0.3530 - images, labels)
    assert white == pytest.approx(CARD["shipped"]["white"], abs=0.1)
    mixed = dict(model.state_dict())
    order = torch.randperm(96, generator=torch.Generator().manual_seed(0))
    mixed["conv1.weight"] = mixed["conv1.weight"][order]
    assert share_right(filled(FASHION.network, mixed), images, labels) < 0.6


def test_the_file_is_the_one_on_the_card() -> None:
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == FASHION.sha256 == CARD["sha256"]
    assert FILE.stat().st_size == FASHION.bytes == CARD["bytes"]
    assert FASHION.bytes <= 12_000_000


def test_the_card_counts_what_it_says() -> None:
    counts = np.array(CARD["confusion"])
    assert counts.shape == (10, 10)
    assert counts.sum() >= 1000
    assert CARD["accuracy"] == pytest.approx(counts.trace() / counts.sum())
    # the first 200 that ship are a sample of the 10,000
    images = CARD["shipped"]["images"]
    error = (CARD["accuracy"] * (1 - CARD["accuracy"]) / images) ** 0.5
    assert CARD["shipped"]["whole"] == pytest.approx(CARD["accuracy"], abs=3 * error)
    assert CARD["shipped"]["white"] < 0.5
    assert f"{CARD['accuracy']:.1%}" in FASHION.trained_on.en
    assert f"{CARD['accuracy']:.1%}" in FASHION.trained_on.zh


def test_kernels_have_structure(model: nn.Sequential) -> None:
    waves = script("measure").long_waves(model.conv1.weight.numpy())
    assert (waves > 0.5).sum() == CARD["kernels"]["structured"]


def test_the_model_card_is_written_from_the_measurements() -> None:
    written = (ROOT / "docs" / "model-card-fashion.md").read_text("utf-8")
    assert written == script("model_card").fashion_markdown(CARD)
    for name in fashion.CLASSES:
        assert f"| **{name.en}** |" in written


def test_they_fit_the_network_of_the_book_alone() -> None:
    fits = {id for id in VARIANTS if not misfits(trace(VARIANTS[id]), FASHION)}
    assert "d2l_alexnet" in fits
    assert learned_shapes(trace(FASHION.network))["conv1"] == (96, 1, 11, 11)
    assert misfits(trace(VARIANTS["alexnet_2012_227"]), FASHION)
    assert len(FASHION.classes) == trace(FASHION.network).by_name["fc8"].output_shape[0] == 10


def test_a_network_reads_all_of_a_photograph() -> None:
    pixels, labels = fashion.subset("test")
    third = pixels[np.flatnonzero(labels == fashion.NAMES.index("bag"))[3]]
    seen = cropped(photograph("bag", 3), 224, 1)
    large = Image.fromarray(third).resize((224, 224), Image.Resampling.BICUBIC)
    # but for the border, where the app continues the picture by a mirror
    assert np.abs(seen[16:-16, 16:-16, 0].astype(int) - np.array(large)[16:-16, 16:-16]).max() <= 1
    assert photograph("bag", 203).digest == photograph("bag", 3).digest
    assert len({photograph(kind, 0).digest for kind in fashion.NAMES}) == 10


def test_a_colour_photograph_becomes_grey() -> None:
    red = np.zeros((40, 60, 3), np.uint8)
    red[..., 0] = 200
    image = preprocess(Picture(red, 60, 40), 224, 1, CLOTHES)
    assert image.shape == (1, 224, 224)
    grey = round(0.299 * 200) / 255
    assert image == pytest.approx((grey - 0.2860) / 0.3530, abs=1e-5)


@pytest.mark.page
@pytest.mark.parametrize(
    ("page", "language"),
    [
        ("feature_maps", "en"),
        ("channel", "zh"),
        ("predictions", "zh"),
        ("attribution", "en"),
        ("start", "zh"),
    ],
)
def test_every_live_page_runs_them(page: str, language: Language) -> None:
    app = open_page(page, lang=language, **CHOSEN)
    assert not app.exception
    assert not app.error
    said = words(app)
    assert DRAWINGS.title.of(language) not in said
    assert t("predict.random", language) not in said


@pytest.mark.page
def test_predictions_begin_with_clothes_and_judge_the_answer(model: nn.Sequential) -> None:
    app = open_page("predictions", **CHOSEN)
    for number in range(2):
        image = preprocess(photograph("ankle_boot", number), 224, 1, CLOTHES)
        with torch.inference_mode():
            answer = int(model(torch.from_numpy(image[None])).argmax())
        assert f"It says **{FASHION.classes[answer].en}**" in words(app)
        judged = f"The data set says {FASHION.classes[9].en}"
        assert judged in words(app)
        assert ("**right**" in words(app)) == (answer == 9)
        press(app, "clothes.another")
    assert app.query_params["clothes_number"] == "2"
    last = open_page("predictions", clothes_number=199, **CHOSEN)
    press(last, "clothes.another")
    assert "clothes_number" not in last.query_params


@pytest.mark.page
def test_another_picture_is_foreign_to_them_and_clothes_are_foreign_to_drawings() -> None:
    app = open_page("predictions", source="sample", sample="cat", **CHOSEN)
    assert t("predict.only_clothes", count=10) in words(app)
    assert "It says" not in words(app)
    taken = next(button for button in app.button if str(button.key).startswith("nearest."))
    press(app, str(taken.key))
    kind = str(taken.key).removeprefix("nearest.")
    assert app.session_state["choice.clothes"] == kind
    assert "The data set says" in words(app)
    maps = open_page("feature_maps", source="drawing", **CHOSEN)
    assert t("maps.only_clothes", count=10) in words(maps)
    drawn = open_page("predictions", source="clothes")
    assert t("predict.only_drawings", count=16) in words(drawn)


@pytest.mark.page
def test_drawings_stay_what_every_page_begins_with() -> None:
    app = open_page("predictions")
    assert "The drawing is" in words(app)
    assert "The data set says" not in words(app)


@pytest.mark.page
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weights_page_has_their_card(language: Language) -> None:
    app = open_page("weights", lang=language)
    values: dict[str, Any] = {metric.label: metric.value for metric in app.metric}
    label = t("weights.fashion.right", language, count=int(np.sum(CARD["confusion"])))
    assert values[label] == f"{CARD['accuracy']:.1%}"
    assert CARD["sha256"] in words(app)
    assert f"{CARD['shipped']['white']:.1%}" in words(app)
    pressed = app.button(key="use.fashion").click().run()
    assert not pressed.exception
    assert app.session_state["choice.weights"] == "fashion"
    assert app.session_state["choice.variant"] == "d2l_alexnet"
