"""One layer in full: formulas, window, costs, receptive field, the same layer of other variants."""

import streamlit as st

from alexnet_viz.analysis.formulas import (
    lrn_formula,
    macs_formula,
    output_size_formula,
    params_formula,
)
from alexnet_viz.network.layers import LRN, shape_text
from alexnet_viz.render.diagrams.receptive_field import receptive_field
from alexnet_viz.render.diagrams.ruler import ruler
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.window_words import window_words
from alexnet_viz.ui.layer.explanation import (
    cell_pickers,
    costs,
    field_words,
    input_photo,
    neighbours,
    same_role,
)

require_shell()
result = network_picker.network_row()
summary.failure(result)
if result.rows:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = network_picker.layer_picker(result, width=330)
        neighbours(result, name)
    row = result[name]
    st.subheader(
        f"{name} · {t('kind.' + row.kind)} · "
        f"{shape_text(row.input_shape)} → {shape_text(row.output_shape)}",
        anchor=False,
    )

    if row.slides:
        st.latex(output_size_formula(row.slides[0]))
        window_words(row.slides[0])
        plate(ruler(row.slides[0], language()), key="ruler", file=f"{name}_ruler", pickable=False)
        st.caption(t("layer.ruler_caption"))
    if isinstance(row.layer, LRN):
        st.latex(lrn_formula(row.layer, row.input_shape[0]))
        reach = "towers" if row.layer.groups > 1 else row.layer.region
        st.caption(t(f"layer.lrn.{reach}", groups=row.layer.groups))

    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(t("layer.costs"), anchor=False)
        for words, formula in (("params", params_formula(row)), ("macs", macs_formula(row))):
            if formula:
                st.markdown(f"**{t(f'cost.{words}')}**")
                st.latex(formula)
        costs(row)
    with right:
        st.subheader(t("layer.field"), anchor=False)
        if row.receptive_field and len(row.output_shape) == 3:
            cell = cell_pickers(row)
            drawn = receptive_field(result, row, cell, language(), photo=input_photo(result))
            plate(drawn, key="field", file=f"{name}_receptive_field", pickable=False, smallest=260)
            field_words(result, row, cell)
        else:
            st.markdown(t("layer.field_whole" if row.receptive_field else "layer.field_unknown"))

    st.subheader(t("layer.elsewhere"), anchor=False)
    same_role(row, result)
