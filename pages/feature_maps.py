"""A picture inside the live network: every channel of every layer."""

import streamlit as st

from alexnet_viz.images import cropped
from alexnet_viz.layers import shape_text
from alexnet_viz.ui import choose, live, maps, require_shell, show
from alexnet_viz.ui.words import t

require_shell()
result = choose.network_row()
show.failure(result)
if result.rows and live.affordable(result):
    shape = result.input_shape
    left, right = st.columns([1, 3], gap="large")
    with left:
        picture = live.picture()
        seen = cropped(picture, shape[1], shape[0])
        st.image(seen, caption=t("maps.sees"), width="stretch", output_format="PNG")
    with right:
        st.info(t("maps.weights", seed=live.SEED), icon=":material/casino:")
        layer = choose.layer_picker(result)
        with st.container(horizontal=True):
            maps.scale_choices()
        kept, spent, device = live.activations(result, picture)
        st.caption(t("maps.ran", device=device, milliseconds=spent, shape=shape_text(shape)))
        scale = maps.limits(kept, layer)
        channel = maps.sheet(layer, kept[layer], scale)
    maps.one_channel(layer, kept[layer], channel, scale, seen)
    maps.statistics(kept[layer])
