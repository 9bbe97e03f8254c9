"""A lab for every concept: the gallery, or the one lab that the link names."""

import streamlit as st

from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, t
from alexnet_viz.ui.labs.frame import lab_page
from alexnet_viz.ui.labs.gallery import gallery

require_shell()
named = state.use("lab")
lab = LABS.get(named)
if lab:
    lab_page(lab)
else:
    if named:
        st.warning(t("labs.no_such", name=escaped(named)), icon=":material/link_off:")
    gallery()
