"""A sliding window described in words."""

import streamlit as st

from alexnet_viz.network.geometry import Slide
from alexnet_viz.ui.app.words import t


def _rounding_words(window: Slide) -> str:
    """The key of the phrase: ``exact`` if nothing is rounded, except for SAME and VALID."""
    by_name = window.rounding in ("same", "valid")
    return "exact" if window.exact and not by_name else window.rounding


def window_words(window: Slide) -> None:
    """Show the effect of the rounding, the unread cells, the padding read, and the overlap."""
    before, after = window.padding_read
    if window.rounding == "caffe":
        after = min(after, window.padding[1])  # beyond the padding the window is cut off
    st.markdown(
        " · ".join(
            (
                t(f"layer.rounding.{_rounding_words(window)}"),
                t("layer.unread", n=window.unread),
                t("layer.padding_read", before=before, after=after),
                t("layer.overlap" if window.overlap > 0 else "layer.no_overlap", n=window.overlap),
            )
        )
    )
