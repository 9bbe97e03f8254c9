"""What a teacher's link asks of every page: projector mode, parts to hide, answers to show."""

import json
from typing import Any

import plotly.graph_objects as go
import pytest

from alexnet_viz.text import t
from alexnet_viz.ui.app.choices import PARTS
from alexnet_viz.ui.app.routes import document
from alexnet_viz.ui.app.shell import ORDER
from alexnet_viz.ui.components import chart
from tests.spoken import open_page, plate, press, words


def bar(app: Any) -> list[str]:
    """The pages that the corner's arrows lead to."""
    return [each.proto.page for each in app.get("page_link")][-2:]


def test_projector_mode_has_no_frame_and_stays_from_page_to_page() -> None:
    app = open_page("layer", present=1, layer="pool1", lang="zh")
    assert not app.exception
    assert not [each for each in app.segmented_control if each.key == "widget.lang"]
    assert t("shell.footer", "zh") not in words(app)
    assert bar(app) == ["architecture", "towers"]
    app.switch_page("pages/towers.py").run()
    assert app.query_params["present"] == "1"
    assert app.query_params["lang"] == "zh"
    assert t("page.towers.title", "zh") in words(app)
    press(app, "present.leave")
    assert "present" not in app.query_params
    assert app.query_params["lang"] == "zh"
    assert t("shell.footer", "zh") in words(app)


def test_a_link_to_the_same_page_without_it_does_not_leave_projector_mode() -> None:
    app = open_page("glossary", present=1, hide="tables")
    app.query_params.clear()
    app.query_params["term"] = "stride"
    app.run()
    completed = plate(app, "document")["query"]
    assert completed == "present=1&hide=tables&term=stride"


@pytest.mark.parametrize("page", [ORDER[0], ORDER[-1]])
def test_the_first_page_has_none_before_it_and_the_last_none_after(page: str) -> None:
    app = open_page(page, present=1)
    neighbour = ORDER[1] if page == ORDER[0] else ORDER[-2]
    assert bar(app)[-1] == neighbour
    assert page not in bar(app)


def test_a_drawing_says_that_it_is_projected_and_leaves_its_table_away() -> None:
    assert plate(open_page("architecture"), "plate.layers")["present"] is False
    app = open_page("architecture", present=1, hide="tables")
    shown = [json.loads(each.proto.json) for each in app.get("bidi_component")]
    drawings = [each for each in shown if each.get("svg")]
    assert [(each["present"], each["table"]) for each in drawings] == [(True, None)]
    assert not [each for each in shown if each.get("table")]


def test_controls_are_hidden_by_a_style_sheet_of_that_run() -> None:
    def sheets(app: Any) -> str:
        return "".join(each.proto.body for each in app.get("html"))

    rule = '[data-testid="stSelectbox"]'
    assert rule not in sheets(open_page("layer"))
    assert rule in sheets(open_page("layer", hide="controls"))
    assert rule not in sheets(open_page("classroom", hide="controls"))


def test_an_unknown_part_is_refused_in_words() -> None:
    app = open_page("layer", hide="answers")
    assert "hide=answers" in words(app)
    assert not app.exception
    assert open_page("layer", hide=",".join(PARTS), reveal=1).query_params["reveal"] == "1"


def test_a_projected_chart_has_large_text_and_thick_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = []
    monkeypatch.setattr(chart.st, "plotly_chart", lambda figure, **_: shown.append(figure))
    figure = go.Figure(go.Scatter(x=[1, 2], y=[1, 2], line={"width": 3}, textfont={"size": 9}))
    chart.chart(figure, "key", "alt")
    assert shown[0] is figure
    monkeypatch.setattr(chart.presenting, "on", lambda: True)
    chart.chart(figure, "key", "alt")
    large = shown[1]
    assert large.data[0].line.width == 6
    assert large.data[0].textfont.size == large.layout.font.size == 20
    assert large.layout.xaxis.tickfont.size == large.layout.legend.font.size == 20
    assert figure.data[0].line.width == 3


def test_the_scheme_is_settled_before_streamlit_starts() -> None:
    html = document("layer", "en")
    assert html.index("prefers-color-scheme") < html.index('<script type="module"')
