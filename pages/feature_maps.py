"""The feature maps of the live network for a picture: every channel of every layer."""

import streamlit as st

from alexnet_viz.analysis.first_layer import first_kernels
from alexnet_viz.network.layers import shape_text
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import live_model, network_picker, picture_source
from alexnet_viz.ui.components.subject import choose_subject
from alexnet_viz.ui.feature_maps import map_details, map_sheet
from alexnet_viz.ui.feature_maps.faithfulness import proof

require_shell()
subject = choose_subject()
result = subject.result
if live_model.affordable(subject):
    shape = result.input_shape
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        layer = network_picker.layer_picker(result, width=220, note=False)
        picture = picture_source.picture()
        map_sheet.order_box(colours=bool(first_kernels(result, layer)))
        map_details.scale_box()
    seen, others = cropped(picture, shape[1], shape[0]), picture_source.beside(picture)
    left, right = st.columns([7, 3], gap="medium")
    with left:
        along = [each for _, each in others] if state.get("scale") == "images" else []
        sheet, spent, device = map_sheet.sheet_of(subject, [picture, *along], layer)
        one = map_sheet.channel_of(subject, picture, sheet)
        map_sheet.show_sheet(sheet, one.channel)
        network_picker.say_missing(result)
        map_sheet.answer(subject, sheet)
        map_sheet.caution(subject)
        map_sheet.legend(sheet)
        proof(subject, picture)
        map_details.statistics(sheet)
        picture_source.beside_box()
    with right:
        map_details.one_channel(result[layer], sheet, one, seen)
    if others:
        beside = [(picture_source.title(picture), picture), *others]
        map_details.side_by_side(subject, layer, one.channel, beside)
    map_details.distribution(sheet, one)
    said = t("maps.ran", device=device, milliseconds=spent, shape=shape_text(shape))
    st.caption(said)
