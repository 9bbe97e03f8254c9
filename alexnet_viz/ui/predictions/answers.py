"""The network's predictions for the picture, before and after an ablation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from alexnet_viz.interpretability.ablation import Ablation
from alexnet_viz.interpretability.predictions import (
    Answer,
    answer,
    logit_layer,
    percent,
    shown_classes,
)
from alexnet_viz.interpretability.predictions.answer_table import answers_record, answers_table
from alexnet_viz.network.trace import Trace
from alexnet_viz.pictures.images import Picture
from alexnet_viz.render.charts.predictions import answer_bars
from alexnet_viz.serving.scores import LogitsWithout, OutputOf
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, offered, t
from alexnet_viz.ui.components import live_model, picture_source
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.downloads import Files, grid_file
from alexnet_viz.ui.components.known_pictures import known_to
from alexnet_viz.ui.components.subject import Subject

SHOWN = 5
PERCENT_TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Answers:
    """Predictions of the intact network and, if something is ablated, of the changed one."""

    before: Answer
    after: Answer | None
    off: tuple[Ablation, ...]
    temperature: float
    names: tuple[str, ...]
    """Titles of the classes."""
    truth: int | None
    """The class of the picture, if it is known."""
    things: str = ""
    """What pictures of known classes show, in keys of phrases."""

    @property
    def shown(self) -> list[int]:
        """The classes of the bars."""
        after = self.after.shares if self.after else None
        return shown_classes(self.before.shares, after, SHOWN)


def answering(result: Trace) -> bool:
    """Whether the network predicts classes; if not, the reason is shown."""
    try:
        logit_layer(result)
    except Problem as problem:
        st.info(escaped(problem.explained(language())), icon=":material/help:")
        return False
    return True


def value_choices() -> None:
    """Draw the choice of probabilities or logits, and of the temperature of the softmax."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="row.values"):
        st.segmented_control(
            t("predict.values"), required=True, **offered("predict.values_", "ab_values")
        )
        st.select_slider(
            t("predict.temperature"),
            state.options("ab_temperature"),
            help=t("predict.temperature_help"),
            width=280,
            **state.bound("ab_temperature"),
        )


def answers(subject: Subject, picture: Picture, off: Sequence[Ablation]) -> Answers | None:
    """Both predictions; None, with a warning, if they are not finite."""
    layer = logit_layer(subject.result)
    temperature = float(state.use("ab_temperature"))
    said = [live_model.shown(subject, [picture], OutputOf(layer)).value[0]]
    if off:
        ask = LogitsWithout(layer, tuple(map(str, off)))
        said.append(live_model.shown(subject, [picture], ask).value)
    if not all(np.isfinite(each).all() for each in said):
        st.warning(t("predict.infinite", layer=layer), icon=":material/error:")
        return None
    both = [answer(each, temperature) for each in said]
    return Answers(
        before=both[0],
        after=both[1] if off else None,
        off=tuple(off),
        temperature=temperature,
        names=tuple(map(subject.class_name, range(len(said[0])))),
        truth=_truth(subject),
        things=getattr(known_to(subject.weights), "things", ""),
    )


def _truth(subject: Subject) -> int | None:
    """The class of a drawing or a photograph of clothes, if the weights were trained on such."""
    known = known_to(subject.weights)
    if known is None or picture_source.source() != known.source:
        return None
    return known.kinds.index(state.get(known.source))


def bars(both: Answers) -> None:
    """The bar chart before and after."""
    logits = state.get("ab_values") == "logits"
    panels, texts = [], []
    for each in (both.before, both.after):
        if each:
            values = each.logits if logits else 100 * each.shares
            panels.append([float(values[n]) for n in both.shown])
            texts.append(
                [f"{each.logits[n]:.4g}" if logits else percent(each.shares[n]) for n in both.shown]
            )
    words = {key: t(f"predict.{key}") for key in ("intact", "without")}
    words["axis"] = t("predict.logit" if logits else "predict.percent")
    names = [both.names[n] + (" ✓" if n == both.truth else "") for n in both.shown]
    after = panels[1] if both.after else None
    figure = answer_bars(names, panels[0], after, texts, words, None if logits else PERCENT_TICKS)
    chart(figure, "answers", t("predict.alt"))


def numbers(subject: Subject, both: Answers) -> Files:
    """Show the numbers of the bars as a table; returns those of all classes as files."""
    every = range(len(both.names))
    sides = (both.names, both.before, both.after)
    with st.expander(t("predict.numbers"), key="predict.numbers"):
        grid = answers_table(*sides, both.shown, language()).grid
        cells = [[_cell(cell) for cell in row] for row in grid.rows]
        st.table(pd.DataFrame(cells, columns=list(grid.header)).set_index(grid.header[0]))
        st.caption(t("predict.numbers_caption", count=len(every)))
    return grid_file(
        answers_table(*sides, every, language()).grid,
        answers_record(
            *sides,
            network=subject.result.network.id,
            input_shape=list(subject.result.input_shape),
            weights=subject.weights.id if subject.weights else "random",
            temperature=both.temperature,
            taken_away=[str(each) for each in both.off],
            truth=both.truth,
        ),
        f"{subject.result.network.id}_predictions",
        t("predict.file", count=len(every)),
    )


def _cell(cell: object) -> str:
    return f"{cell:.5g}" if isinstance(cell, float) else str(cell)
