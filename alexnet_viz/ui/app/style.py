"""Style sheets that take effect together with what stands beside them."""

import streamlit as st


def style(css: str) -> None:
    """Add a style sheet at this place of the page.

    Streamlit puts HTML that is nothing but a style sheet elsewhere on the page, where it takes
    effect one step later than what it styles, and the page moves; so an empty element goes before.
    The frame takes it out of the flow, so that it makes no gap.
    """
    st.html(f'<span class="style"></span><style>{css}</style>')
