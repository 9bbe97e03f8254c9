"""The pictures of a run: errors by step, gradients by layer, kernels of conv1, confusions."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from alexnet_viz.render.charts.confusion import confusion_matrix
from alexnet_viz.render.charts.filters import Pixels, tile_sheet
from alexnet_viz.render.charts.learning_curves import (
    ArmErrors,
    CurveWords,
    gradient_sizes,
    learning_curves,
)
from alexnet_viz.teaching.experiments.experiment import Experiment
from alexnet_viz.teaching.experiments.result import Curve, Kernels, Numbers, Request, Result
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.lazy_expander import lazy_expander
from alexnet_viz.ui.experiments.data_strip import class_names

COLUMNS, ZOOM = 8, 7
"""Kernels in a row, and pixels per weight."""


def empty(experiment: Experiment, asked: Request, words: str) -> None:
    """Draw the axes of a run without a curve, and ``words`` in the middle."""
    arms = [ArmErrors(experiment.predicted(arm.id, language()), [], []) for arm in experiment.arms]
    _curves((), arms, asked.steps, len(class_names(asked.data)), words)


def curves(experiment: Experiment, result: Result) -> None:
    """Draw the errors of all arms by step."""
    arms = [
        ArmErrors(
            experiment.predicted(arm, language()),
            _numbers(result, arm, lambda curve: curve.train_error),
            _numbers(result, arm, lambda curve: curve.validation_error),
        )
        for arm in result.arms
    ]
    _curves(result.moments, arms, result.request.steps, len(result.classes), "")


def inside(experiment: Experiment, result: Result) -> None:
    """Draw the gradients' sizes and the kernels at a moment; at the newest until one is chosen."""
    steps = [kept.step for kept in next(iter(result.kernels.values()), ())]
    steps = [step for step in steps if step in result.moments]
    if not steps:
        return
    st.header(t("experiments.inside"), anchor=False)
    chosen = steps[-1]
    if result.complete:
        key = "experiments.moment"
        if st.session_state.get(key) not in steps:
            st.session_state[key] = chosen
        chosen = st.select_slider(t("experiments.moment"), steps, key=key)
    left, right = st.columns([55, 45], gap="medium")
    with left:
        _gradients(experiment, result, result.moments.index(chosen))
    with right:
        for arm in result.arms:
            kept = next((each for each in result.kernels[arm] if each.step == chosen), None)
            if kept:
                name = experiment.predicted(arm, language())
                words = t("experiments.kernels", arm=name, step=chosen)
                st.image(_sheet(kept), caption=words, alt=words, output_format="PNG")


def confusion(experiment: Experiment, result: Result) -> None:
    """Draw the confusion matrix of one arm."""
    words = t("experiments.confusion", pictures=result.pictures["final_validation"])
    opened = lazy_expander(words, key="experiments.confusion", icon=":material/grid_on:")
    if not opened.open:
        return
    with opened:
        names = {arm: experiment.predicted(arm, language()) for arm in result.arms}
        arm = st.segmented_control(
            t("experiments.arm"), list(names), format_func=names.__getitem__, required=True,
            default=result.arms[0], key=f"experiments.arm.{experiment.id}",
        )  # fmt: skip
        figure = confusion_matrix(
            [list(row) for row in result.confusion[arm]],
            class_names(result.request.data),
            true=t("weights.card.true"),
            answered=t("weights.card.answered"),
        )
        chart(figure, "experiments.confused", words)


def _curves(
    moments: Sequence[int], arms: list[ArmErrors], steps: int, classes: int, words: str
) -> None:
    said = {
        name: t(f"experiments.{name}")
        for name in ("step", "error", "train", "validation", "guessing")
    }
    figure = learning_curves(
        moments, arms, steps=steps, guessing=1 - 1 / classes, words=CurveWords(**said, empty=words)
    )
    names = ", ".join(arm.name for arm in arms)
    chart(figure, "experiments.curves", t("experiments.curves_alt", arms=names))


def _numbers(result: Result, arm: str, numbers: Callable[[Curve], Numbers]) -> list[Numbers]:
    """Numbers of an arm, one row a seed, as far as all arms are measured."""
    return [numbers(curve)[: len(result.moments)] for curve in result.of(arm)]


def _gradients(experiment: Experiment, result: Result, moment: int) -> None:
    layers = list(dict.fromkeys(name for curve in result.curves for name in curve.gradients))
    arms = [
        (
            experiment.predicted(arm, language()),
            [
                [
                    curve.gradients[name][moment] if name in curve.gradients else None
                    for name in layers
                ]
                for curve in result.of(arm)
            ],
        )
        for arm in result.arms
    ]
    figure = gradient_sizes(layers, arms, size=t("experiments.gradient"))
    chart(figure, "experiments.gradients", t("experiments.gradients_alt"))


def _sheet(kept: Kernels) -> Pixels:
    pixels = np.frombuffer(kept.pixels, dtype=np.uint8).reshape(kept.shape)
    return tile_sheet(pixels, towers=1, columns=COLUMNS, zoom=ZOOM)
