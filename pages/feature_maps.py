"""A picture inside the live network: every channel of every layer."""

import streamlit as st

from alexnet_viz.layers import shape_text
from alexnet_viz.preprocessing import cropped
from alexnet_viz.ui import choose, live, maps, require_shell
from alexnet_viz.ui.subject import choose_subject
from alexnet_viz.ui.words import t

require_shell()
subject = choose_subject()
result = subject.result
if live.affordable(subject):
    shape = result.input_shape
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = choose.layer_picker(result, width=330)
        maps.scale_choices()
    left, right = st.columns([3, 7], gap="medium")
    with left:
        picture = live.picture()
        seen = cropped(picture, shape[1], shape[0])
        st.image(seen, caption=t("maps.sees"), width="stretch", output_format="PNG")
    with right:
        kept, spent, device = live.activations(subject, picture)
        scale = maps.limits(kept, layer)
        channel = maps.sheet(layer, kept[layer], scale)
        st.caption(t("maps.ran", device=device, milliseconds=spent, shape=shape_text(shape)))
    maps.one_channel(layer, kept[layer], channel, scale, seen)
    maps.statistics(kept[layer])
