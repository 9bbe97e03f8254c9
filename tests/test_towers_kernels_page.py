"""The Kernels section says of the loaded weights what their numbers say, and no more."""

import csv
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from alexnet_viz.analysis.towers.permutation_test import compared, dealt
from alexnet_viz.interpretability.kernels import MEASURES
from alexnet_viz.model.build import build
from alexnet_viz.render.charts.filters import tiles
from alexnet_viz.render.charts.kernels_by_tower import ZOOM
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.subject import SEED
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS, WEIGHTS
from alexnet_viz.weights.loader import load
from tests.spoken import open_page, words

HALVES = (48, 48)
Files = dict[str, Callable[[], bytes]]


def opened(**query: object) -> Any:
    app = open_page("towers", section="kernels", **query)
    assert not app.exception
    return app


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """What stands behind the page's download buttons, by key."""
    offered: Files = {}
    monkeypatch.setattr(
        st, "download_button", lambda label, *, data, key, **more: offered.update({key: data})
    )
    return offered


class Charts(dict[str, Any]):
    """The figures of the page, by key; what is in ``clicked`` was clicked in all of them."""

    clicked: tuple[dict[str, Any], ...] = ()

    def show(self, figure: Any, *, key: str, **more: Any) -> Any:
        self[key] = figure
        return SimpleNamespace(selection=SimpleNamespace(points=self.clicked))


@pytest.fixture
def charts(monkeypatch: pytest.MonkeyPatch) -> Charts:
    shown = Charts()
    monkeypatch.setattr(st, "plotly_chart", shown.show)
    return shown


@cache
def learned() -> Any:
    return load(DRAWINGS).get_submodule("conv1").weight.numpy()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weights_that_ship_specialise_but_not_by_colour(language: Language) -> None:
    app = opened(lang=language)
    said = words(app)
    first, last = (t(f"towers_kernels.{name}", language) for name in ("orientation", "uniformity"))
    both = t("towers_kernels.and", language, first=first, last=last)
    assert (
        t("towers_kernels.specialise", language, measures=both, limit=0.01, splits=20_000) in said
    )
    colour = t("towers_kernels.colour", language)
    assert t("towers_kernels.not_in", language, measures=colour) in said
    assert t("towers_kernels.not_by_colour", language) in said
    assert t("towers_kernels.untrained", language) not in said
    assert "48 | 48" in said
    table = app.table[0].value
    for name, line in zip(MEASURES, table.to_numpy().tolist(), strict=True):
        found = compared(MEASURES[name](learned()), HALVES)
        means = [f"{mean:.3f}" for mean in found.means]
        assert line[:4] == [t(f"towers_kernels.{name}", language), *means, f"{found.spread:.3f}"]
        assert f"{found.as_far:,}" in line[4] or line[4] == t(
            "towers_kernels.none_as_far", language, splits=20_000
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_random_weights_are_said_to_be_untrained_and_no_different(language: Language) -> None:
    said = words(opened(lang=language, weights="random"))
    weights = build(VARIANTS["alexnet_2012_paper"], seed=SEED).get_submodule("conv1").weight
    kernels = weights.detach().numpy()
    least = min(compared(of(kernels), HALVES).chance for of in MEASURES.values())
    assert least > 0.01  # else this seed's luck has to be told
    assert t("towers_kernels.untrained", language) in said
    assert t("towers_kernels.alike", language, least=least, splits=20_000) in said
    assert t("towers_kernels.not_by_colour", language) not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_network_without_towers_is_ranked_without_the_split(language: Language) -> None:
    app = opened(lang=language, variant="torchvision_alexnet", weights="random")
    title = VARIANTS["torchvision_alexnet"].about.title.of(language)
    assert app.info[0].value.replace("\\", "") == t(
        "towers_kernels.not_applicable", language, network=title, layer="conv1", count=64
    )
    assert not app.table
    assert "widget.kernel_shuffled" not in [toggle.key for toggle in app.toggle]
    assert len(app.get("plotly_chart")) == 2
    app.button(key="kernels.alexnet_2012_227").click().run()
    assert not app.exception
    assert app.table
    assert "48 | 48" in words(app)


def test_a_first_layer_that_sees_no_colours_is_explained() -> None:
    app = opened(variant="d2l_alexnet", weights="random")
    assert "no kernels that read red, green and blue" in app.info[0].value
    assert "conv1 (1×224×224)" in app.info[0].value.replace("\\", "")
    assert not app.get("plotly_chart")
    assert [button for button in app.button if button.key == "kernels.alexnet_2012_paper"]


def test_a_network_that_fails_at_once_says_only_that() -> None:
    app = opened(input=5)
    assert app.warning
    assert not app.get("plotly_chart")


def test_the_shuffle_is_a_control_that_says_so_and_is_in_the_link() -> None:
    app = opened(kernel_rank="uniformity")
    app.toggle(key="widget.kernel_shuffled").set_value(True).run()
    app.number_input(key="widget.kernel_seed").set_value(3).run()
    assert not app.exception
    assert {"kernel_shuffled": "1", "kernel_seed": "3"}.items() <= link(app).items()
    said = words(app)
    assert t("towers_kernels.shuffled", count=96, seed=3) in said
    order = np.concatenate(dealt(HALVES, 3))
    chances = [compared(of(learned())[order], HALVES).chance for of in MEASURES.values()]
    assert t("towers_kernels.alike", least=min(chances), splits=20_000) in said
    assert t("towers_kernels.not_by_colour") not in said


def link(app: Any) -> dict[str, str]:
    return {k: v if isinstance(v, str) else v[0] for k, v in app.query_params.items()}


def test_luck_is_called_luck() -> None:
    """Some shuffle brings about what real towers are said to do: then the page says so."""
    values = {name: of(learned()) for name, of in MEASURES.items()}
    lucky = next(
        seed
        for seed in range(1000)
        if any(
            compared(each[np.concatenate(dealt(HALVES, seed))], HALVES).significant
            for each in values.values()
        )
    )
    said = words(opened(kernel_shuffled=1, kernel_seed=lucky))
    assert "The sets differ in" in said
    assert t("towers_kernels.by_luck", count=3, often=0.03) in said
    assert "specialise:" not in said


def test_a_division_by_colour_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paper's own case: the second tower in colour, the first in grey."""
    model = load(DRAWINGS)
    weights = model.get_submodule("conv1").weight
    grey = weights[:48].mean(dim=1, keepdim=True).expand(48, 3, 11, 11)
    weights.data = weights.data.clone()
    weights.data[:48] = grey
    monkeypatch.setattr(live_model, "model", lambda subject: model)
    said = words(opened())
    assert t("towers_kernels.by_colour") in said


@pytest.mark.parametrize("rank", [*MEASURES])
def test_each_tower_s_kernels_are_drawn_from_the_highest_down(rank: str, charts: Charts) -> None:
    opened(kernel_rank=rank)
    drawn = [list(trace.customdata) for trace in charts["kernels.sheets"].data]
    values = MEASURES[rank](learned())
    assert [sorted(tower) for tower in drawn] == [list(range(48)), list(range(48, 96))]
    for tower in drawn:
        assert (np.diff(values[tower]) <= 0).all()


def test_by_number_they_stand_in_the_network_s_order(charts: Charts) -> None:
    opened(kernel_rank="number")
    drawn = [trace.customdata for trace in charts["kernels.sheets"].data]
    assert np.concatenate(drawn).tolist() == list(range(96))


def test_the_pointer_is_told_number_tower_and_measures(charts: Charts) -> None:
    opened(kernel_rank="colour")
    trace = charts["kernels.sheets"].data[1]
    first, told = trace.customdata[0], trace.text[0]
    assert f"kernel {first}</b> · GPU 1<br>place 1 of 48" in told
    for name, of in MEASURES.items():
        assert f"{of(learned())[first]:.3f}" in told, name


def test_a_click_on_a_kernel_opens_its_channel(charts: Charts) -> None:
    charts.clicked = ({"customdata": [17]},)
    app = opened(weights="random")
    assert app.title[0].value == t("page.channel.title")
    assert app.selectbox(key="widget.layer").value == "conv1"
    assert app.number_input(key="widget.channel").value == 17
    assert app.selectbox(key="widget.weights").value == "random"


def test_blue_first_weights_are_drawn_red_first(
    monkeypatch: pytest.MonkeyPatch, charts: Charts
) -> None:
    blue_first = replace(DRAWINGS, preprocessing=replace(DRAWINGS.preprocessing, bgr=True))
    monkeypatch.setitem(WEIGHTS, DRAWINGS.id, blue_first)
    opened(kernel_rank="number")
    drawn = charts["kernels.sheets"].layout.images[0].source
    png = b64decode(drawn.partition(",")[2])
    corner = np.asarray(Image.open(BytesIO(png)))[: 11 * ZOOM : ZOOM, : 11 * ZOOM : ZOOM, :3]
    assert (corner == tiles(learned()[:1, ::-1])[0]).all()
    assert not (corner == tiles(learned()[:1])[0]).all()


def test_the_table_to_take_away_has_every_kernel_once(files: Files) -> None:
    opened(kernel_rank="orientation")
    header, *lines = csv.reader(StringIO(files["kernels.csv"]().decode("utf-8-sig")))
    assert header == ["kernel", "GPU", "place", *(t(f"towers_kernels.{n}") for n in MEASURES)]
    assert sorted(int(line[0]) for line in lines) == list(range(96))
    for number, tower, _, *values in lines:
        assert int(tower) == int(number) // 48
        expected = [of(learned())[int(number)] for of in MEASURES.values()]
        assert [float(value) for value in values] == pytest.approx(expected, abs=1e-4)


def test_a_shuffled_table_tells_both_towers(files: Files) -> None:
    opened(kernel_shuffled=1, kernel_seed=2)
    header, *lines = csv.reader(StringIO(files["kernels.csv"]().decode("utf-8-sig")))
    assert header[1:3] == ["GPU", "dealt to GPU"]
    assert sorted(int(line[0]) for line in lines if line[2] == "0") == dealt(HALVES, 2)[0].tolist()
    assert all(int(line[1]) == int(line[0]) // 48 for line in lines)


def test_the_sheets_can_be_taken_away(files: Files) -> None:
    opened(kernel_rank="number")
    picture = np.asarray(Image.open(BytesIO(files["kernels.1.png"]())))
    assert (picture[: 11 * ZOOM : ZOOM, : 11 * ZOOM : ZOOM, :3] == tiles(learned())[0]).all()
