"""The figures of 2012 and 2017 beside those that this run found."""

import streamlit as st

from alexnet_viz.teaching.experiments.experiment import Experiment
from alexnet_viz.teaching.experiments.result import Result
from alexnet_viz.teaching.experiments.verdict import verdict
from alexnet_viz.ui.app.words import escaped, language, listed, t


def figures_table(experiment: Experiment, result: Result | None) -> None:
    """Draw the published figures with their sources, and what a complete result says."""
    rows = []
    for figure in experiment.figures:
        link = f"[{escaped(figure.source.place(language()))}]({figure.source.url})"
        rows.append(f"| {experiment.figure(figure, language())} | {link} |")
    if result:
        measure = t(f"lab_run.measure.{experiment.measure}")
        means = verdict(experiment, result).means
        found = [
            t("experiments.of_arm", arm=experiment.predicted(arm, language()), value=means[arm])
            for arm in result.arms
        ]
        here = t("experiments.found_here", measure=measure, found=listed(found))
        rows.append(f"| {here} | {t('experiments.here')} |")
    head = f"| {t('experiments.found')} | {t('experiments.where')} |\n| --- | --- |"
    with st.container(key="experiments.figures"):
        st.markdown("\n".join([head, *rows]))
