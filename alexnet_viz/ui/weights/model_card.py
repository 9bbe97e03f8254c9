"""The model cards of the weights that ship with the app: their training and their accuracy."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np
import streamlit as st

from alexnet_viz.analysis.towers.permutation_test import SIGNIFICANT
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.fashion import NAMES
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.pictures.samples.clothes import photograph
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.scene import draw
from alexnet_viz.render.charts.confusion import confusion_matrix
from alexnet_viz.render.charts.filters import filter_sheet
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, listed, t
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.weights import Weights
from alexnet_viz.weights import model_card as cards
from alexnet_viz.weights.catalogue import DRAWINGS, FASHION
from alexnet_viz.weights.published import TORCHVISION_IMAGENET

EXAMPLES_SEED = 7
PER_ROW = 8
SIDE = 112
"""Side of the photographs of clothes, in pixels."""
REPRODUCE = """python -m training.train --out drawings.safetensors
python -m training.measure drawings.safetensors"""
REPRODUCE_FASHION = """apt-get install dataset-fashion-mnist
python -m training.fashion --out fashion.safetensors
python -m training.measure_fashion fashion.safetensors"""


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
    _gallery(
        [draw(kind, np.random.default_rng([EXAMPLES_SEED, n])) for n, kind in enumerate(CLASSES)],
        [name.of(language()) for name in DRAWINGS.classes],
    )
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
    _in_full(DRAWINGS, REPRODUCE, t("weights.card.true"))


def fashion_card() -> None:
    """Show the card of the weights that were trained on Fashion-MNIST."""
    measured = cards.card(FASHION.id)
    options, steps, shipped = measured["options"], measured["steps"], measured["shipped"]
    tested = int(np.sum(measured["confusion"]))
    images = options["images"] * sum(steps.values())
    st.header(t("weights.fashion.title"), anchor=False)
    kernels = measured["kernels"]
    waves = {"long_waves": kernels["long_waves"], "noise": kernels["long_waves_of_noise"]}
    with st.container(horizontal=True):
        for words, value, why in (
            (t("weights.fashion.right", count=tested), f"{measured['accuracy']:.1%}", None),
            (t("weights.fashion.seen"), f"{images:,}", None),
            (t("weights.card.steps", images=options["images"]), f"{sum(steps.values()):,}", None),
            (
                t("weights.card.kernels"),
                f"{kernels['structured']} / 96",
                t("weights.card.kernels_help", **waves),
            ),
            (t("weights.card.size"), f"{measured['bytes'] / 1e6:.1f} MB", None),
        ):
            st.metric(words, value, help=why, width="content")
    st.markdown(t("weights.fashion.data", classes=len(FASHION.classes)))
    _gallery(
        [cropped(photograph(kind, 0), SIDE, 1) for kind in NAMES],
        [name.of(language()) for name in FASHION.classes],
    )
    st.markdown(
        t(
            "weights.fashion.training",
            seed=options["seed"],
            sizes=listed(
                [t("weights.fashion.size", count=n, size=size) for size, n in steps.items()]
            ),
            minutes=measured["seconds"] / 60,
            rank=measured["rank"],
        )
    )
    st.markdown(
        t(
            "weights.fashion.limits",
            count=shipped["images"],
            **{way: shipped[way] for way in ("whole", "mirrored", "bare", "white")},
        )
    )
    _in_full(FASHION, REPRODUCE_FASHION, t("weights.fashion.true"))


def _in_full(weights: Weights, reproduce: str, true: str) -> None:
    """Show the confusion matrix, and how to make the file again or download it.

    ``true`` is the name of the matrix's rows.
    """
    measured = cards.card(weights.id)
    with st.expander(t("weights.card.confusion"), key=_key("confusion.open", weights)):
        figure = confusion_matrix(
            measured["confusion"],
            [name.of(language()) for name in weights.classes],
            true=true,
            answered=t("weights.card.answered"),
        )
        chart(figure, _key("confusion", weights), t("weights.card.confusion"))
    with st.expander(t("weights.card.reproduce"), key=_key("reproduce.open", weights)):
        st.code(reproduce, language="bash")
        st.markdown(t("weights.card.checksum", sha256=measured["sha256"]))
        shipped = files("alexnet_viz.weights") / weights.file
        st.download_button(
            t("weights.card.download"),
            data=shipped.read_bytes,
            disabled=not shipped.is_file(),
            file_name=weights.file,
            mime="application/octet-stream",
            on_click="ignore",
            key=_key("weights.download", weights),
        )


def _key(key: str, weights: Weights) -> str:
    """A widget's key, of the first set without its id."""
    return key if weights is DRAWINGS else f"{key}.{weights.id}"


def _gallery(pictures: Sequence[Pixels], names: Sequence[str]) -> None:
    """Show pictures in rows, each with its name."""
    for start in range(0, len(pictures), PER_ROW):
        columns = st.columns(PER_ROW, gap="small")
        for column, picture, name in zip(columns, pictures[start:], names[start:], strict=False):
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
