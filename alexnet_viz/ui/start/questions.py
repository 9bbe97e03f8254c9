"""Four questions that bring people here, each with a short answer, its lesson and its page.

Every number in an answer is computed from the 2012 network as its source describes it.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from alexnet_viz.analysis.inputs.case_224 import figures
from alexnet_viz.network.layers import Conv, shape_text
from alexnet_viz.network.trace import Trace
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import summary
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

PAPER = "alexnet_2012_paper"
WORKS_WITH_FLOOR = "alexnet_2012_227"
LESSONS = {
    "size": "input-size",
    "groups": "towers",
    "field": "receptive-field",
    "cost": "parameters",
}
"""The lesson that each question leads into."""


def questions() -> None:
    """Draw the four cards."""
    paper = variant_trace(VARIANTS[PAPER])
    cards: tuple[tuple[str, Mapping[str, Any], str, dict[str, str]], ...] = (
        ("size", _size(), "calculator", {}),
        ("groups", _groups(paper), "towers", {"layer": "conv2"}),
        ("field", _field(paper), "feature_maps", {"layer": "conv3", **_picture()}),
        ("cost", {"params": summary.counted(paper.params)}, "architecture", {"layer": "fc6"}),
    )
    for column, (key, numbers, page, link) in zip(st.columns(4, gap="small"), cards, strict=True):
        with column.container(border=True, height="stretch", key=f"question_{key}"):
            st.page_link(
                "pages/course.py",
                label=f"**{t(f'start.{key}.title', **numbers)}**",
                icon=":material/school:",
                help=t("start.lesson"),
                query_params={"lesson": LESSONS[key]},
            )
            answer = summary.where_the_numbers_are(paper) if key == "cost" else ""
            st.markdown(answer or t(f"start.{key}.answer", **numbers))
            st.page_link(
                f"pages/{page}.py",
                label=t(f"start.{key}.link"),
                icon=":material/arrow_forward:",
                query_params=link,
            )


def _picture() -> dict[str, str]:
    """What a link to the maps must say so that they are of the sample that is shown here."""
    sample = {"source": "sample", "sample": state.get("sample")}
    return sample if state.get("source") == "sample" else {}


def _size() -> dict[str, Any]:
    return {**figures(), "other": VARIANTS[WORKS_WITH_FLOOR].input_size}


def _groups(paper: Trace) -> Mapping[str, Any]:
    row = paper["conv2"]
    assert isinstance(row.layer, Conv)
    assert row.slides
    depth = row.layer.kernel_depth(row.input_shape)
    return {
        "kernel": f"{row.slides[0].kernel_size}×{row.slides[1].kernel_size}×{depth}",
        "layer": row.name,
        "kernels": row.layer.out_channels,
        "towers": row.layer.groups,
        "depth": depth,
        "channels": row.input_shape[0],
    }


def _field(paper: Trace) -> Mapping[str, Any]:
    row = paper["conv3"]
    assert row.receptive_field
    down, across = row.receptive_field
    return {
        "layer": row.name,
        "channels": row.output_shape[0],
        "maps": shape_text(row.output_shape[1:]),
        "field": shape_text((down.size, across.size)),
        "size": shape_text(paper.input_shape[1:]),
    }
