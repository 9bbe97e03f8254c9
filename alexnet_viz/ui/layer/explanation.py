"""Parts of the Layer page: its picture, formulas, costs, field, the layer in other variants."""

from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO

import streamlit as st
from PIL import Image

from alexnet_viz.analysis.columns import COLUMNS, Column, word_column
from alexnet_viz.analysis.compare.canonical import differing
from alexnet_viz.analysis.formulas import (
    lrn_formula,
    macs_formula,
    output_size_formula,
    params_formula,
)
from alexnet_viz.network.layers import LRN
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.render.diagrams.blocks import architecture, is_thin
from alexnet_viz.render.diagrams.receptive_field import receptive_field
from alexnet_viz.render.diagrams.ruler import ruler
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.tables.table import Table
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.downloads import Files, drawing_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import describe, grid_table
from alexnet_viz.ui.components.window_words import window_words
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

LARGEST_PHOTO = 256
ELSEWHERE = ("input_shape", "output_shape", "quotient", "params", "macs")
"""The columns of layers that are shown of other variants."""
HEIGHT = 420
"""Height of the table of other variants in pixels; it scrolls under its header."""


def choose(result: Trace) -> str:
    """Draw the choice of a layer, and the ways to the ones before and after; returns its name."""
    names = [row.name for row in result.rows]
    with st.container(horizontal=True, vertical_alignment="center"):
        name = network_picker.layer_picker(result, width=300, bare=True)
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
    return name


def picture(result: Trace, row: Row) -> Files:
    """Draw the layer's windows on its input; of one without windows, its place in the network."""
    if row.slides:
        svg, file, caption = ruler(row.slides[0], language()), "ruler", t("layer.ruler_caption")
        plate(svg, key="ruler", pickable=False)
    else:
        svg = architecture(result, language(), detail=is_thin(row.layer))
        file, caption = "place", t("layer.place_caption", layer=row.name)
        plate(svg, key="place", selected=row.name)
    st.caption(caption)
    return drawing_file(svg, f"{row.name}_{file}", caption.split(".")[0].split("。")[0])


def formulas(row: Row) -> None:
    """Show the layer's formulas with its own numbers, and what its windows read."""
    if row.slides:
        st.markdown(f"**{t('layer.side')}**")
        st.latex(output_size_formula(row.slides[0]))
        window_words(row.slides[0])
    if isinstance(row.layer, LRN):
        st.latex(lrn_formula(row.layer, row.input_shape[0]))
        reach = "towers" if row.layer.groups > 1 else row.layer.region
        st.caption(t(f"layer.lrn.{reach}", groups=row.layer.groups))
    for words, formula in (("params", params_formula(row)), ("macs", macs_formula(row))):
        if formula:
            st.markdown(f"**{t(f'cost.{words}')}**")
            st.latex(formula)


def field(result: Trace, row: Row) -> Files:
    """Draw the part of the picture that one cell depends on, under its size in words."""
    st.subheader(t("layer.field"), anchor=False)
    cell = chosen_cell(row)
    svg = receptive_field(result, row, cell, language(), photo=input_photo(result))
    plate(svg, key="field", pickable=False, smallest=260)
    field_words(result, row, cell)
    cell_pickers(row, cell)
    return drawing_file(svg, f"{row.name}_receptive_field", t("layer.field"))


def costs(row: Row) -> None:
    """Show the size of the activations and the operations that are not MACs."""
    counts = {
        COLUMNS["elements"].title(language()): row.elements,
        COLUMNS["activation_bytes"].title(language()): row.activation_bytes,
        **{
            t("layer.bias_additions")
            if row.macs and name == "additions"
            else COLUMNS[name].header(language()): n
            for name, n in row.operations.items()
        },
    }
    header = (t("layer.quantity"), t("layer.count"))
    grid = Grid(t("layer.costs"), header, tuple(counts.items()), frozenset((0,)))
    plate(key="costs", table=grid_table(grid, list(counts)), pickable=False)


def chosen_cell(row: Row) -> tuple[int, int]:
    """The output cell (row, column) that was chosen, at first the middle one."""
    down, across = (
        min(size // 2 if state.use(choice) is None else state.get(choice), size - 1)
        for choice, size in zip(("row", "column"), row.output_shape[1:], strict=True)
    )
    return down, across


def cell_pickers(row: Row, cell: tuple[int, int]) -> None:
    """Draw the choice of an output cell."""
    choices = zip(st.columns(2), ("row", "column"), row.output_shape[1:], cell, strict=True)
    for place, choice, size, value in choices:
        if size > 1:
            with place:
                st.slider(t(f"layer.{choice}"), 0, size - 1, **state.bound(choice, value=value))


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
    size = result.input_shape[1]
    traces = {id: variant_trace(VARIANTS[id], size) for id in VARIANTS if id != result.network.id}
    there = {id: other[row.name] for id, other in traces.items() if row.name in other.by_name}
    if not there:
        st.markdown(t("layer.nowhere", layer=row.name))
        return
    table = Table(
        list(there),
        (
            word_column("", "choose.variant", network_picker.variant_title),
            word_column("", "compare.does", lambda id: describe(there[id])),
            word_column("", "layer.differs", lambda id: _differs(row, there[id])),
            *(_copied(key, there) for key in ELSEWHERE),
        ),
        language(),
        title=t("layer.elsewhere"),
    )
    shown = grid_table(table.grid, list(there), filled=True)
    plate(table=shown | {"height": HEIGHT, "wrap": True}, key="elsewhere", pickable=False)
    st.caption(t("layer.elsewhere_caption", count=len(there), size=size))


def _differs(row: Row, there: Row) -> str:
    """What differs from the layer that the page is about, in words."""
    found = sorted(differing((row, there)))
    return ", ".join(map(summary.field_title, found)) or t("layer.equal")


def _copied(key: str, there: Mapping[str, Row]) -> Column[str]:
    """A column of layers, read in the layer of each variant."""
    column = COLUMNS[key]
    return Column("", column.words, lambda id: column.value(there[id]), column.text)
