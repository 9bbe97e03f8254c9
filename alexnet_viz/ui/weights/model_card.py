"""The model card of the weights that ship with the app: their training and their accuracy."""

from importlib.resources import files
from typing import Any

import numpy as np
import streamlit as st

from alexnet_viz.analysis.towers.permutation_test import SIGNIFICANT
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.scene import draw
from alexnet_viz.render.charts.confusion import confusion_matrix
from alexnet_viz.render.charts.filters import filter_sheet
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.weights import model_card as cards
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.published import TORCHVISION_IMAGENET

EXAMPLES_SEED = 7
PER_ROW = 8
REPRODUCE = """python training/train.py --out drawings.safetensors
python training/measure.py drawings.safetensors"""


def first_look() -> None:
    """Show the kernels that were learned, and beside them what these weights know and do not."""
    measured, photographs = cards.card(), TORCHVISION_IMAGENET
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(key="kernel_sheet"):
        words = t("weights.card.sheet")
        try:
            sheet = _filters(measured["sha256"])
        except Problem as problem:
            st.error(escaped(problem.explained(language())), icon=":material/heart_broken:")
        else:
            st.image(sheet, caption=words, alt=words, width="stretch", output_format="PNG")
    with right:
        st.markdown(
            t(
                "weights.knows",
                classes=len(CLASSES),
                right=measured["accuracy"],
                tested=int(np.sum(measured["confusion"])),
                structured=measured["kernels"]["structured"],
                kernels=trace(DRAWINGS.network).rows[0].output_shape[0],
            )
        )
        st.markdown(
            t(
                "weights.photographs",
                title=escaped(photographs.title.of(language())),
                classes=len(photographs.classes),
                megabytes=photographs.bytes / 1e6,
                file=photographs.file,
                url=photographs.url,
                own=t("weights.own.title"),
            )
        )


def card() -> None:
    """Show the card."""
    measured = cards.card()
    options, kernels = measured["options"], measured["kernels"]
    tested = int(np.sum(measured["confusion"]))
    st.header(t("weights.card.title"), anchor=False)
    with st.container(horizontal=True):
        st.metric(
            t("weights.card.right"),
            f"{measured['accuracy']:.1%}",
            help=t("weights.card.right_help", count=tested),
            width="content",
        )
        st.metric(t("weights.card.seen"), f"{measured['images']:,}", width="content")
        st.metric(
            t("weights.card.steps", images=options["images"]),
            f"{measured['steps']:,}",
            width="content",
        )
        st.metric(
            t("weights.card.kernels"),
            f"{kernels['structured']} / 96",
            help=t(
                "weights.card.kernels_help",
                long_waves=kernels["long_waves"],
                noise=kernels["long_waves_of_noise"],
            ),
            width="content",
        )
        st.metric(t("weights.card.size"), f"{measured['bytes'] / 1e6:.1f} MB", width="content")
    st.markdown(t("weights.card.data", classes=len(CLASSES)))
    _examples()
    st.markdown(
        t(
            "weights.card.training",
            seed=options["seed"],
            small=options["small_steps"],
            large=options["large_steps"],
            minutes=measured["seconds"] / 60,
        )
    )
    st.markdown(t("weights.card.limits", classes=len(CLASSES)))
    _towers(measured["towers"])
    with st.expander(t("weights.card.confusion"), key="confusion.open"):
        figure = confusion_matrix(
            measured["confusion"],
            [name.of(language()) for name in DRAWINGS.classes],
            true=t("weights.card.true"),
            answered=t("weights.card.answered"),
        )
        chart(figure, "confusion", t("weights.card.confusion"))
    with st.expander(t("weights.card.reproduce"), key="reproduce.open"):
        st.code(REPRODUCE, language="bash")
        st.markdown(t("weights.card.checksum", sha256=measured["sha256"]))
        shipped = files("alexnet_viz.weights") / DRAWINGS.file
        st.download_button(
            t("weights.card.download"),
            data=shipped.read_bytes,
            disabled=not shipped.is_file(),
            file_name=DRAWINGS.file,
            mime="application/octet-stream",
            on_click="ignore",
            key="weights.download",
        )


def _examples() -> None:
    """Show one drawing of every class, with its name."""
    for start in range(0, len(CLASSES), PER_ROW):
        columns = st.columns(PER_ROW, gap="small")
        for number, column in enumerate(columns, start):
            picture = draw(CLASSES[number], np.random.default_rng([EXAMPLES_SEED, number]))
            name = DRAWINGS.classes[number].of(language())
            column.image(picture, caption=name, alt=name, width="stretch")


@st.cache_data(show_spinner=False)
def _filters(digest: str) -> Any:
    """The sheet of conv1's kernels, cached by the digest of the file."""
    from alexnet_viz.interpretability.kernels import kernels
    from alexnet_viz.weights.loader import load

    first = kernels(load(DRAWINGS).get_submodule("conv1"))
    return filter_sheet(first, towers=2, columns=16, zoom=6)


def _towers(measured: dict[str, Any]) -> None:
    """Show whether the towers specialise: the paper's claim, and the measurements."""
    st.markdown(f"**{t('weights.towers.title')}**")
    st.markdown(t("weights.towers.paper"))
    kernels = measured["measures"]
    names = state.options("kernel_rank")[1:]
    columns = {
        t("weights.towers.quantity"): [
            *(t(f"weights.towers.{name}") for name in names),
            t("weights.towers.without"),
            t("weights.towers.grey_without"),
        ]
    }
    for tower in (0, 1):
        columns[t("weights.towers.tower", number=tower)] = [
            *(f"{kernels[name]['means'][tower]:.3f}" for name in names),
            f"{measured['without'][tower]:.1%}",
            f"{measured['grey_without'][tower]:.1%}",
        ]
    columns[t("weights.towers.chance")] = [
        *(_chance(kernels[name]["chance"]) for name in names),
        "",
        "",
    ]
    st.table(columns)
    st.caption(t("weights.towers.caption"))
    specialised = [name for name in names if kernels[name]["chance"] < SIGNIFICANT]
    named = " · ".join(t(f"weights.towers.{name}_short") for name in specialised)
    key = "weights.towers.verdict_yes" if specialised else "weights.towers.verdict_no"
    st.markdown(
        t(
            key,
            measures=named,
            all=measured["all"],
            grey=measured["grey"],
            images=measured["images"],
        )
    )


def _chance(share: float) -> str:
    return f"{share:.2%}" if share >= 0.0001 else "< 0.01%"
