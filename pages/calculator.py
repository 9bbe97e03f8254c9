"""The 224/227 case in words, one window, its inverse, the whole case, and a chain of layers."""

import streamlit as st

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.calculator.calculations import chain, one_window, repairs, verdict
from alexnet_viz.ui.components.downloads import download_menu

require_shell()
verdict()
menu, drawings = one_window()
st.header(t("calculator.case"), anchor=False)
cases = repairs()
st.header(t("calculator.chain"), anchor=False)
steps = chain()
with menu:
    download_menu(*drawings, cases, *steps, key="calculator")
