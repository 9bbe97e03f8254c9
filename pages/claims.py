"""What sources say about AlexNet, statement by statement, beside the number it comes to."""

import streamlit as st

from alexnet_viz.ui import claims, require_shell

require_shell()
chosen = claims.filters()
left, right = st.columns([3, 2], gap="large")
with left:
    claims.ledger(chosen)
with right:
    claims.detail()
claims.summary()
