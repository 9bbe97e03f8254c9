"""Parts of the Layer page: costs, receptive field, the same layer of other variants."""

from base64 import b64encode
from io import BytesIO

import pandas as pd
import streamlit as st
from PIL import Image

from alexnet_viz.analysis.columns import COLUMNS
from alexnet_viz.analysis.compare.canonical import differing
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.table_view import cell_text, describe
from alexnet_viz.variants import VARIANTS

LARGEST_PHOTO = 256


def neighbours(result: Trace, name: str) -> None:
    """Buttons for the previous and the next layer."""
    names = [row.name for row in result.rows]
    place = names.index(name)
    for key, step, icon in (("previous", -1, "arrow_back"), ("next", 1, "arrow_forward")):
        inside = 0 <= place + step < len(names)
        st.button(
            t(f"layer.{key}"),
            key=f"layer.{key}",
            icon=f":material/{icon}:",
            disabled=not inside,
            on_click=state.put,
            args=("layer", names[place + step] if inside else name),
        )


def costs(row: Row) -> None:
    """Show the size of the activations and the operations that are not MACs."""
    counts = {
        COLUMNS["elements"].title(language()): f"{row.elements:,}",
        COLUMNS["activation_bytes"].title(language()): f"{row.activation_bytes:,}",
        **{
            t("layer.bias_additions")
            if row.macs and name == "additions"
            else COLUMNS[name].header(language()): f"{n:,}"
            for name, n in row.operations.items()
        },
    }
    st.table(pd.DataFrame({t("layer.count"): counts.values()}, index=list(counts)))


def cell_pickers(row: Row) -> tuple[int, int]:
    """Draw the choice of an output cell, at first the middle one; returns (row, column)."""
    cell = []
    sizes = dict(zip(("row", "column"), row.output_shape[1:], strict=True))
    for place, (choice, size) in zip(st.columns(2), sizes.items(), strict=True):
        chosen = state.use(choice)
        value = min(size // 2 if chosen is None else chosen, size - 1)
        with place:
            if size > 1:
                st.slider(t(f"layer.{choice}"), 0, size - 1, **state.bound(choice, value=value))
        cell.append(value if size > 1 else 0)
    return cell[0], cell[1]


def input_photo(result: Trace) -> str:
    """The chosen sample cropped to this network's input, at most 256 pixels wide, as a data URI."""
    channels, size = result.input_shape[0], min(result.input_shape[1], LARGEST_PHOTO)
    buffer = BytesIO()
    pixels = cropped(SAMPLES[state.use("sample")].load(), size, channels)
    Image.fromarray(pixels).save(buffer, format="JPEG", quality=85)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}"


def field_words(result: Trace, row: Row, cell: tuple[int, int]) -> None:
    """Show the receptive field of a cell in pixels."""
    assert row.receptive_field is not None
    vertical, horizontal = row.receptive_field
    ys, xs = vertical.pixels(cell[0]), horizontal.pixels(cell[1])
    st.caption(
        t(
            "layer.field_words",
            height=vertical.size,
            width=horizontal.size,
            stride=vertical.effective_stride,
            top=ys.start,
            bottom=ys.stop - 1,
            left=xs.start,
            right=xs.stop - 1,
            image=result.input_shape[1],
        )
    )


def same_role(row: Row, result: Trace) -> None:
    """Show the layer of this name in every other variant, at the same input."""
    lines = []
    for variant, network in VARIANTS.items():
        other = trace(network, result.input_shape[1])
        if row.name not in other.by_name or variant == result.network.id:
            continue
        there = other[row.name]
        found = sorted(differing((row, there)))
        lines.append(
            {
                t("choose.variant"): network_picker.variant_title(variant),
                t("compare.does"): describe(there),
                t("layer.differs"): ", ".join(map(summary.field_title, found)) or t("layer.equal"),
                t("column.input_shape"): shape_text(there.input_shape),
                t("column.output_shape"): shape_text(there.output_shape),
                t("column.quotient"): cell_text("", COLUMNS["quotient"].value(there)) or None,
                t("column.params"): there.params,
                t("column.macs"): there.macs,
            }
        )
    if not lines:
        st.markdown(t("layer.nowhere", layer=row.name))
        return
    number = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        pd.DataFrame(lines).dropna(axis="columns", how="all"),
        hide_index=True,
        placeholder="",
        key="elsewhere",
        column_config={t("column.params"): number, t("column.macs"): number},
    )
    st.caption(t("layer.elsewhere_caption", count=len(lines), size=result.input_shape[1]))
