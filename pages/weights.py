"""The weights of the live pages: those available, a visitor's own file, the model card."""

import streamlit as st

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.weights import model_card, shelf

require_shell()
model_card.first_look()
shelf.known()
shelf.own_file()
model_card.card()
model_card.fashion_card()
st.caption(t("weights.about"))
