"""What a sliding window does, in a line of words."""

import streamlit as st

from alexnet_viz.network.geometry import Slide
from alexnet_viz.ui.app.words import t


def _rounding_words(window: Slide) -> str:
    """SAME and VALID say what they do; the others whether there was anything to round."""
    by_name = window.rounding in ("same", "valid")
    return "exact" if window.exact and not by_name else window.rounding


def window_words(window: Slide) -> None:
    """What the rounding means here: unread cells, padding read, overlap."""
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
