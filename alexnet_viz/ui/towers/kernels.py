"""The Kernels section of the Towers page: who looks at what, and whether that is chance."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.figures.specialisation import dot_rows, kernel_sheets, sheets_png
from alexnet_viz.layers import shape_text
from alexnet_viz.specialisation import SIGNIFICANT, Comparison, compared, dealt
from alexnet_viz.tables import Grid
from alexnet_viz.towers import split
from alexnet_viz.ui import choose, live, sheets, show, state
from alexnet_viz.ui.contributions import go_to
from alexnet_viz.ui.subject import Subject, choose_subject
from alexnet_viz.ui.words import escaped, labels, t
from alexnet_viz.variants import VARIANTS

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

PAPER = (
    "https://proceedings.neurips.cc/paper_files/paper/2012/file/"
    "c399862d3b9d6b76c8436e924a68c45b-Paper.pdf"
)
DISTILL = "https://doi.org/10.23915/distill.00024.008"
RANKS = ("number", "colour", "orientation", "uniformity")
OFFERED = 4
"""So many networks with towers get a button where there are none."""


@dataclass(frozen=True)
class Ranking:
    """A first layer's kernels, tower by tower, in the order in which they are drawn."""

    layer: str
    kernels: Floats
    """(kernels, 3, height, width), red first."""
    measures: dict[str, NDArray[np.float64]]
    home: Indices
    """The tower that each kernel is on."""
    towers: tuple[Indices, ...]
    seed: int | None
    """Of the shuffle that says which tower they are shown in; None where that is their own."""


def kernels_section() -> None:
    """Draw it."""
    subject = choose_subject()
    st.markdown(t("towers_kernels.claim", paper=PAPER))
    st.markdown(t("towers_kernels.since", paper=PAPER, distill=DISTILL))
    if not live.affordable(subject):
        return
    first = subject.result.rows[0]
    network = escaped(choose.variant_title(subject.result.network.id))
    if not sheets.first_kernels(subject.result, first.name):
        st.info(t("towers_kernels.no_colours", network=network, layer=_described(first)))
        _offer()
        return
    sizes = _sizes(subject)
    if len(sizes) == 1:
        words = {"network": network, "layer": first.name, "count": sizes[0]}
        st.info(t("towers_kernels.not_applicable", **words))
        _offer()
    ranking = _ranking(subject, first.name, sizes)
    _sheets(ranking)
    if len(sizes) > 1:
        dealt_out = np.concatenate([np.sort(numbers) for numbers in ranking.towers])
        found = {
            name: compared(values[dealt_out], sizes) for name, values in ranking.measures.items()
        }
        st.markdown(_verdict(subject, ranking, found))
    elif subject.weights is None:
        st.markdown(t("towers_kernels.untrained"))
    _dots(ranking)
    if len(sizes) > 1:
        _test(ranking, found)
    _numbers(ranking)


def _described(first: Any) -> str:
    """A layer's name and what it reads."""
    return f"{first.name} ({shape_text(first.input_shape)})"


def _sizes(subject: Subject) -> tuple[int, ...]:
    """How many of the first layer's kernels each tower has."""
    towers = split(subject.result)
    return towers.stages[0].channels if towers else (subject.result.rows[0].output_shape[0],)


def _ranking(subject: Subject, layer: str, sizes: tuple[int, ...]) -> Ranking:
    """Draw the choice of an order; return the kernels in it."""
    from alexnet_viz.kernels import MEASURES, kernels

    count, several = sum(sizes), len(sizes) > 1
    st.subheader(
        t(
            "towers_kernels.heading",
            layer=layer,
            count=count,
            split=" | ".join(map(str, sizes)) if several else t("towers_kernels.one"),
        ),
        anchor=False,
    )
    seed = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("towers_kernels.rank"),
            RANKS,
            format_func=labels("towers_kernels.rank_", RANKS),
            required=True,
            **state.bound("kernel_rank"),
        )
        if several:
            st.toggle(
                t("towers_kernels.shuffle"),
                help=t("towers_kernels.shuffle_help"),
                **state.bound("kernel_shuffled"),
            )
            if state.get("kernel_shuffled"):
                st.number_input(
                    t("towers_kernels.seed"),
                    min_value=0,
                    max_value=10**8,
                    step=1,
                    width=130,
                    **state.bound("kernel_seed"),
                )
                seed = int(state.get("kernel_seed"))
    weights = kernels(live.model(subject).get_submodule(layer))
    measures = {name: of(weights) for name, of in MEASURES.items()}
    own = tuple(np.split(np.arange(count), np.cumsum(sizes)[:-1]))
    by = measures.get(state.get("kernel_rank"))
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


def _sheets(it: Ranking) -> None:
    """The kernels as pictures; a click puts one under the channel lens."""
    key = "sheet" if it.seed is None else "sheet_dealt"
    titles = [
        t(f"towers_kernels.{key if len(it.towers) > 1 else 'sheet_one'}",
          tower=tower, count=len(numbers))
        for tower, numbers in enumerate(it.towers)
    ]  # fmt: skip
    picked = st.plotly_chart(
        kernel_sheets(it.kernels, it.towers, titles, _hover(it)),
        key="kernels.sheets",
        on_select="rerun",
        selection_mode="points",
        alt=t("towers_kernels.alt", layer=it.layer),
        config={"displayModeBar": False},
    )
    for point in picked.selection.points[:1]:
        go_to(it.layer, int(np.ravel(point["customdata"])[0]))()
        st.switch_page("pages/channel.py")
    several = len(it.towers) > 1
    st.caption(t("towers_kernels.caption" if several else "towers_kernels.caption_one"))
    st.download_button(
        t("towers_kernels.png"),
        data=partial(sheets_png, it.kernels, it.towers),
        file_name=f"{it.layer}_kernels.png",
        mime="image/png",
        on_click="ignore",
        key="kernels.png",
    )


def _hover(it: Ranking) -> list[str]:
    """What the pointer is told of every kernel, by number."""
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


def _verdict(subject: Subject, it: Ranking, found: dict[str, Comparison]) -> str:
    """Whether the towers differ, in what, and what that says of the paper's claim."""
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
    return " ".join(parts)


def _listed(measures: list[str]) -> str:
    """The names of some measures, in a sentence."""
    return t("towers_kernels.and").join(t(f"towers_kernels.{name}") for name in measures)


def _dots(it: Ranking) -> None:
    """How each tower's kernels are distributed in every measure."""
    names = [t("towers_kernels.tower", tower=tower) for tower in range(len(it.towers))]
    st.plotly_chart(
        dot_rows(
            {t(f"towers_kernels.{name}"): values for name, values in it.measures.items()},
            it.towers,
            names if len(names) > 1 else [""],
            _hover(it),
            t("towers_kernels.mean", value="{value}"),
        ),
        key="kernels.dots",
        alt=t("towers_kernels.dots_alt", layer=it.layer),
        config={"displayModeBar": False},
    )
    st.caption(t("towers_kernels.dots", cells=it.kernels[0, 0].size))


def _test(it: Ranking, found: dict[str, Comparison]) -> None:
    """The towers' means, how far apart they are, and how many random splits are as far."""
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


def _numbers(it: Ranking) -> None:
    """The measures of every kernel, to take away."""
    dealt_to = () if it.seed is None else (t("towers_kernels.dealt_to"),)
    names = [t(f"towers_kernels.{name}") for name in it.measures]
    rows, record = [], []
    for tower, numbers in enumerate(it.towers):
        for place, number in enumerate(map(int, numbers), 1):
            values = [round(float(each[number]), 6) for each in it.measures.values()]
            home = int(it.home[number])
            rows.append((number, home, *(tower for _ in dealt_to), place, *values))
            shown = {"kernel": number, "tower": home, "shown_in": tower, "place": place}
            record.append(shown | dict(zip(it.measures, values, strict=True)))
    grid = Grid(
        title="",
        header=(t("towers_kernels.number"), t("towers_kernels.home"), *dealt_to,
                t("towers_kernels.place"), *names),
        rows=tuple(rows),
        words=frozenset(),
    )  # fmt: skip
    show.grid_downloads(grid, record, f"{it.layer}_kernels", key="kernels")


def _offer() -> None:
    """The way to networks that are split."""
    st.markdown(t("towers.try"))
    with st.container(horizontal=True):
        for variant in [v for v, network in VARIANTS.items() if network.towers > 1][:OFFERED]:
            st.button(
                choose.variant_title(variant),
                key=f"kernels.{variant}",
                on_click=state.put,
                args=("variant", variant),
            )
