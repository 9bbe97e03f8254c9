"""A picture inside the live network: every channel of every layer."""

import streamlit as st

from alexnet_viz.layers import shape_text
from alexnet_viz.preprocessing import cropped
from alexnet_viz.ui import choose, live, maps, pictures, require_shell, sheets, state
from alexnet_viz.ui.faithful import proof
from alexnet_viz.ui.subject import choose_subject
from alexnet_viz.ui.words import t

require_shell()
subject = choose_subject()
result = subject.result
if live.affordable(subject):
    shape = result.input_shape
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = choose.layer_picker(result, width=330)
        maps.scale_box()
        sheets.order_box(colours=bool(sheets.first_kernels(result, layer)))
    left, right = st.columns([3, 7], gap="medium")
    with left:
        picture = pictures.picture()
        seen = cropped(picture, shape[1], shape[0])
        below = st.container()
    with right:
        above = st.container()
        others = pictures.beside(picture)
    with above:
        kept, spent, device = live.activations(subject, picture)
        runs = [kept]
        if state.get("scale") == "images":
            runs += [live.activations(subject, other)[0] for _, other in others]
        limits = maps.scale(runs, layer)
        sheet = sheets.described(subject, layer, kept[layer])
        key = f"{subject.key}/{picture.digest}"
        channel = sheets.show_sheet(key, layer, kept[layer], sheet, limits)
        st.caption(t("maps.ran", device=device, milliseconds=spent, shape=shape_text(shape)))
        proof(subject, picture, kept)
    with below:  # after the sheet, which is what the visitor waits for
        st.image(seen, caption=t("maps.sees"), width="stretch", output_format="PNG")
    maps.channel_head(layer, kept[layer], channel)
    left, right = st.columns([6, 5] if kept[layer].ndim == 3 else [3, 8], gap="medium")
    with left:
        maps.one_channel(result[layer], kept[layer], channel, limits, seen)
    with right:
        maps.distribution(layer, kept[layer], channel, limits)
    if others:
        maps.side_by_side(subject, layer, channel, [(pictures.title(picture), picture), *others])
    maps.statistics(sheet)
