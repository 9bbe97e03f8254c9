"""The permutation test of the towers' kernels: the result in a sentence, and its numbers."""

from functools import reduce

import numpy as np
import streamlit as st

from alexnet_viz.analysis.towers.permutation_test import SIGNIFICANT, Comparison, compared
from alexnet_viz.ui.app.words import running, t
from alexnet_viz.ui.components.subject import Subject
from alexnet_viz.ui.towers.kernel_ranking import Ranking

Found = dict[str, Comparison]


def tested(it: Ranking) -> Found:
    """The comparison of the towers in every measure.

    The kernels of a tower are sorted by number, so that the random splits, and with them the
    result, do not depend on the ranking.
    """
    by_tower = np.concatenate([np.sort(numbers) for numbers in it.towers])
    sizes = [len(numbers) for numbers in it.towers]
    return {name: compared(values[by_tower], sizes) for name, values in it.measures.items()}


def verdict(subject: Subject, it: Ranking, found: Found) -> str:
    """Sentences: in which measures the towers differ, and what that means for the paper's claim."""
    own = subject.weights is not None and it.seed is None
    differ = [name for name, each in found.items() if each.significant]
    splits = next(iter(found.values())).splits
    parts = []
    if subject.weights is None:
        parts.append(t("towers_kernels.untrained"))
    if it.seed is not None:
        parts.append(t("towers_kernels.shuffled", count=len(it.kernels), seed=it.seed))
    if differ:
        key = "specialise" if own else "differ"
        words = {"measures": _listed(differ), "limit": SIGNIFICANT, "splits": splits}
        parts.append(t(f"towers_kernels.{key}", **words))
        if alike := [name for name in found if name not in differ]:
            parts.append(t("towers_kernels.not_in", measures=_listed(alike)))
        if not own:
            often = SIGNIFICANT * len(found)
            parts.append(t("towers_kernels.by_luck", count=len(found), often=often))
    else:
        least = min(each.chance for each in found.values())
        parts.append(t("towers_kernels.alike", least=least, splits=splits))
    if own:
        key = "by_colour" if found["colour"].significant else "not_by_colour"
        parts.append(t(f"towers_kernels.{key}"))
    return running(*parts)


def _listed(measures: list[str]) -> str:
    """The names of measures joined in a sentence."""
    names = [t(f"towers_kernels.{name}") for name in measures]
    return reduce(lambda first, last: t("towers_kernels.and", first=first, last=last), names)


def show_test(it: Ranking, found: Found) -> None:
    """A table: the towers' means, their difference, and how many random splits differ as much."""
    columns = {t("towers_kernels.measured"): [t(f"towers_kernels.{name}") for name in found]}
    for tower in range(len(it.towers)):
        columns[t("towers_kernels.tower", tower=tower)] = [
            f"{each.means[tower]:.3f}" for each in found.values()
        ]
    columns[t("towers_kernels.difference")] = [f"{each.spread:.3f}" for each in found.values()]
    columns[t("towers_kernels.chance")] = [
        t("towers_kernels.as_far", count=each.as_far, splits=each.splits, share=each.chance)
        if each.as_far
        else t("towers_kernels.none_as_far", splits=each.splits)
        for each in found.values()
    ]
    st.table(columns)
    splits = next(iter(found.values())).splits
    st.caption(t("towers_kernels.test", count=len(it.kernels), splits=splits))
