"""One layer in full: window, reasons, formulas, costs, field, the same layer of other variants."""

import streamlit as st

from alexnet_viz.network.layers import shape_text
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.downloads import download_menu
from alexnet_viz.ui.layer.explanation import choose, costs, field, formulas, picture, same_role
from alexnet_viz.ui.layer.why import reasons

require_shell()
result = network_picker.network_row()
if result.rows:
    row = result[choose(result)]
    shapes = f"{shape_text(row.input_shape)} → {shape_text(row.output_shape)}"
    st.header(f"{row.name} · {t('kind.' + row.kind)} · {shapes}", anchor=False)
    drawings = [picture(result, row)]
    network_picker.say_missing(result)
    does, *why = reasons(result, row)
    st.markdown("\n".join([does, "", *(f"- {each}" for each in why)]))
summary.failure(result)
if result.rows:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(t("layer.costs"), anchor=False)
        formulas(row)
    with right:
        if row.receptive_field and len(row.output_shape) == 3:
            drawings.append(field(result, row))
        else:
            st.subheader(t("layer.field"), anchor=False)
            st.markdown(t("layer.field_whole" if row.receptive_field else "layer.field_unknown"))
            costs(row)
    if len(drawings) > 1:
        with left:
            costs(row)
    download_menu(*drawings, key="layer")

    st.subheader(t("layer.elsewhere"), anchor=False)
    same_role(row, result)
