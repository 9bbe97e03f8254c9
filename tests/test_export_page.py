"""The Export panel and the cross-check on the pages: lazy, in both languages, refusing in words."""

from itertools import cycle
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from alexnet_viz.network.trace import trace
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.text import LANGUAGES, t
from alexnet_viz.ui.architecture import crosscheck
from alexnet_viz.ui.components import export_panel
from alexnet_viz.variants import VARIANTS
from tests.spoken import open_page, words


@pytest.fixture(autouse=True)
def _cold_caches() -> None:
    st.cache_data.clear()


def opened(panel: str, **query: object) -> AppTest:
    """The Architecture page with one of its panels unfolded."""
    app = open_page("architecture", **query)
    app.session_state[panel] = True
    return app.run()


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.get("download_button")]


def test_nothing_is_written_or_counted_until_a_panel_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*args: object) -> None:
        raise AssertionError("computed while folded")

    monkeypatch.setattr(export_panel, "_written", called)
    monkeypatch.setattr(crosscheck, "_counted", called)
    app = open_page("architecture")
    assert not app.exception
    assert not app.code
    assert not buttons(app)


@pytest.mark.parametrize(("name", "language"), list(zip(FORMATS, cycle(LANGUAGES), strict=False)))
def test_every_format_is_offered_with_what_it_is(name: str, language: Any) -> None:
    app = opened("export", variant="caffe_bvlc_alexnet", lang=language, export=name)
    assert not app.exception
    caffe = trace(VARIANTS["caffe_bvlc_alexnet"])
    file = FORMATS[name].file(caffe)
    assert buttons(app)[-1] == t("export_panel.save", language, file=file)
    assert t(f"export_panel.about.{name}", language) in words(app)
    content = FORMATS[name].write(caffe, language)
    expected = [content.strip()] if isinstance(content, str) and FORMATS[name].syntax else []
    assert [code.value for code in app.code] == expected


def test_the_format_is_part_of_the_link() -> None:
    app = opened("export")
    app.button_group(key="widget.export").set_value("keras").run()
    assert "import keras" in app.code[0].value
    assert app.query_params["export"] == "keras"


def test_what_cannot_be_written_is_said_layer_by_layer() -> None:
    app = opened("export", export="prototxt")
    assert not app.exception
    assert buttons(app) == ["CSV", "Markdown", "LaTeX", "JSON", "SVG", "PNG"]  # the page's own
    assert "- conv1: its windows cover 0 + 3 cells above and below the map" in words(app)
    assert "- norm2: its neighbours stay inside 2 towers" in words(app)
    assert "use one of these, or another variant" in words(app)


def test_a_network_that_fails_is_refused_as_source_and_given_as_a_table() -> None:
    app = opened("export", variant="article_002_text", lang="zh")
    assert not app.exception
    assert "放不进" in app.warning[-1].value
    app = opened("export", variant="article_002_text", export="csv")
    assert "pool5" in app.code[0].value


def test_the_reading_on_screen_is_what_is_written() -> None:
    app = opened("export", variant="torchvision_alexnet", input=300, export="torch")
    assert "INPUT_SHAPE = (3, 300, 300)" in app.code[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cross_check_explains_the_known_difference(language: Any) -> None:
    app = opened("crosscheck", variant="torchvision_alexnet", lang=language)
    assert not app.exception
    said = words(app)
    for number in ("714,188,480", "+484,992", "+9,192", "**714,682,664**", "**1,428,376,960**"):
        assert number in said
    assert t("crosscheck.convention.factor_two", language) in said
    assert t("crosscheck.equal", language) in said
    assert t("crosscheck.unexplained", language) not in said
    assert "torchinfo 1.8" in said


def test_the_cross_check_of_a_network_that_fails_says_so() -> None:
    app = opened("crosscheck", variant="article_002_text")
    assert not app.exception
    assert t("crosscheck.stopped") in words(app)


def test_what_is_unexplained_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    check = crosscheck.Check("params", "torchinfo", 10, 12, ())
    monkeypatch.setattr(crosscheck, "_counted", lambda spec: (check,))
    said = words(opened("crosscheck"))
    assert t("crosscheck.unexplained") in said
    assert "+2" in said


def test_a_comparison_is_offered_as_a_report() -> None:
    for language in LANGUAGES:
        app = open_page("compare", lang=language)
        assert not app.exception
        assert buttons(app)[-1] == "HTML"
        assert t("export_panel.report", language) in words(app)
    traces = [trace(VARIANTS[id], 224) for id in ("alexnet_2012_paper", "torchvision_alexnet")]
    assert "2 networks compared" in export_panel._report(traces, "en")
