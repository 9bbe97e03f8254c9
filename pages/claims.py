"""What sources say about AlexNet, statement by statement, beside the number it comes to."""

import streamlit as st

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.claims import ledger_view

require_shell()
chosen = ledger_view.filters()
left, right = st.columns([3, 2], gap="large")
with left:
    ledger_view.ledger(chosen)
with right:
    ledger_view.detail()
ledger_view.summary()
