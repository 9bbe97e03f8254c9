"""A check that the maps shown are the network's: they are computed again in another way."""

import pandas as pd
import streamlit as st

from alexnet_viz.pictures.images import Picture
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.lazy_expander import lazy_expander
from alexnet_viz.ui.components.subject import Subject


def proof(subject: Subject, picture: Picture) -> None:
    """An expander that replays the network when it is opened: the verdict, then layer by layer."""
    opened = lazy_expander(t("maps.proof"), key="proof", icon=":material/fact_check:")
    with opened:
        if not opened.open:
            return
        from alexnet_viz.model.replay import badge
        from alexnet_viz.serving.shown import Replay

        with st.spinner(t("maps.proving")):
            found = live_model.shown(subject, [picture], Replay()).value
        said = st.error if found.wrong else st.success
        said(badge(found, language()), icon=":material/verified:" if not found.wrong else None)
        st.caption(t("maps.proof_caption", device=found.device, dtype=found.dtype))
        spent = dict(found.milliseconds)
        st.dataframe(
            pd.DataFrame(
                {
                    t("maps.layer"): list(spent),
                    t("maps.milliseconds"): list(spent.values()),
                    t("maps.difference"): [f"{each:.1e}" for each in found.differences.values()],
                    t("maps.difference_alone"): [f"{each:.1e}" for each in found.alone.values()],
                }
            ),
            hide_index=True,
            key="proof.table",
            column_config={
                t("maps.milliseconds"): st.column_config.ProgressColumn(
                    format="%.2f", min_value=0, max_value=max(spent.values(), default=1)
                )
            },
        )
