"""The output size of one window and of a chain of layers, its inverse, and the 224/227 case."""

import streamlit as st

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.calculator.calculations import chain, one_window, repairs

require_shell()
st.subheader(t("calculator.case"), anchor=False)
repairs()
st.subheader(t("calculator.one"), anchor=False)
one_window()
st.subheader(t("calculator.chain"), anchor=False)
chain()
