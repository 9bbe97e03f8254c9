"""Claims about AlexNet from papers and articles, compared with computed numbers."""

import streamlit as st

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.claims import ledger_view

require_shell()
chosen = ledger_view.filters()
left, right = st.columns([3, 2], gap="large")
with left:
    ledger_view.ledger(chosen)
with right:
    ledger_view.detail(chosen)
ledger_view.summary()
