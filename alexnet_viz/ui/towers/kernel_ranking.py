"""The kernels of the first layer by tower, ranked by a measure, or dealt to towers at random."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.analysis.towers.permutation_test import dealt
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import offered, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.subject import Subject

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Ranking:
    """The kernels of the first layer by tower, in drawing order."""

    layer: str
    kernels: Floats
    """float32 (kernels, 3, height, width), red first."""
    measures: dict[str, NDArray[np.float64]]
    home: Indices
    """The tower of each kernel, (kernels,)."""
    towers: tuple[Indices, ...]
    seed: int | None
    """Seed of the shuffle that deals the kernels to towers; None if they are in their own."""


def title(it: Ranking) -> str:
    """The first layer, the number of its kernels, and their split."""
    sizes = [len(numbers) for numbers in it.towers]
    several = len(sizes) > 1
    split = " | ".join(map(str, sizes)) if several else t("towers_kernels.one")
    return t("towers_kernels.heading", layer=it.layer, count=sum(sizes), split=split)


def rank_row(sizes: tuple[int, ...]) -> None:
    """Draw the choice of a rank, and of dealing the kernels to the towers at random."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("towers_kernels.rank"),
            required=True,
            **offered("towers_kernels.rank_", "kernel_rank"),
        )
        if len(sizes) > 1:
            st.toggle(
                t("towers_kernels.shuffle"),
                help=t("towers_kernels.shuffle_help"),
                **state.bound("kernel_shuffled"),
            )
            if state.get("kernel_shuffled"):
                st.number_input(t("towers_kernels.seed"), width=130, **state.number("kernel_seed"))


def chosen_ranking(subject: Subject, layer: str, sizes: tuple[int, ...]) -> Ranking:
    """The kernels in the order of the chosen rank."""
    from alexnet_viz.interpretability.kernels import MEASURES, kernels

    count = sum(sizes)
    shuffled = len(sizes) > 1 and state.use("kernel_shuffled")
    seed = int(state.use("kernel_seed")) if shuffled else None
    weights = kernels(live_model.model(subject).get_submodule(layer))
    measures = {name: of(weights) for name, of in MEASURES.items()}
    own = tuple(np.split(np.arange(count), np.cumsum(sizes)[:-1]))
    by = measures.get(state.use("kernel_rank"))
    return Ranking(
        layer=layer,
        kernels=weights[:, ::-1]
        if subject.weights and subject.weights.preprocessing.bgr
        else weights,
        measures=measures,
        home=np.repeat(np.arange(len(sizes)), sizes),
        towers=tuple(
            numbers if by is None else numbers[np.argsort(-by[numbers], kind="stable")]
            for numbers in (own if seed is None else dealt(sizes, seed))
        ),
        seed=seed,
    )


def pointed(it: Ranking) -> list[str]:
    """The hover text of every kernel, by number."""
    told = [""] * len(it.kernels)
    key = "hover" if it.seed is None else "hover_dealt"
    for tower, numbers in enumerate(it.towers):
        for place, number in enumerate(numbers, 1):
            values = {name: values[number] for name, values in it.measures.items()}
            lines = (
                t(f"towers_kernels.{key if len(it.towers) > 1 else 'hover_one'}", number=number,
                  tower=tower, home=it.home[number], place=place, count=len(numbers)),
                t("towers_kernels.hover_measures", **values),
            )  # fmt: skip
            told[number] = "<br>".join(lines)
    return told
