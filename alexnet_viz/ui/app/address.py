"""Complete the browser's address without a new entry in its history.

Streamlit can only push entries.  The component draws nothing.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

TURN = "_turn"

_JS = """
// Streamlit runs this again when the theme changes; only a new turn is an order.
let done = -1

export default function ({ data }) {
  if (data.turn === done) return
  done = data.turn
  const query = data.query ? `?${data.query}` : ""
  if (location.search !== query) history.replaceState(history.state, "", location.pathname + query)
}
"""

_MOUNT = st.components.v2.component("alexnet_viz_address", js=_JS)


def replace(query: Mapping[str, str]) -> None:
    """Make the address say this query."""
    turn = st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    _MOUNT(key="address", data={"query": urlencode(query, safe=",~"), "turn": turn}, height=1)
