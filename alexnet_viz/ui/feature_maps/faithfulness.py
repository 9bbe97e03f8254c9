"""A check that the maps shown are the network's: they are computed again in another way."""

from typing import Any

import pandas as pd
import streamlit as st

from alexnet_viz.pictures.images import Picture
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.lazy_expander import lazy_expander
from alexnet_viz.ui.components.subject import Subject
from alexnet_viz.ui.feature_maps.map_details import Run


def proof(subject: Subject, picture: Picture, kept: Run) -> None:
    """An expander that replays the network when it is opened: the verdict, then layer by layer."""
    opened = lazy_expander(t("maps.proof"), key="proof", icon=":material/fact_check:")
    with opened:
        if not opened.open:
            return
        from alexnet_viz.model.replay import badge

        with st.spinner(t("maps.proving")):
            found = _replayed(subject.key, picture.digest, subject, picture, kept)
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


@st.cache_resource(max_entries=32, show_spinner=False)
def _replayed(key: str, digest: str, _subject: Subject, _picture: Picture, _kept: Run) -> Any:
    from alexnet_viz.model.replay import replay

    image = live_model.prepared(_subject, _picture)

    def run(model: Any) -> Any:
        with live_model.gate():
            return replay(_subject.result, model, image, _kept)

    return live_model.runner(_subject)(run).made
