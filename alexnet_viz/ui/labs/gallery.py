"""All labs as cards: a picture as the lab begins, its question, and what of it is solved."""

from base64 import b64encode
from functools import cache
from pathlib import Path

import streamlit as st

from alexnet_viz.teaching.labs.lab import Lab
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.ui.app import learned
from alexnet_viz.ui.app.words import t

IN_A_ROW = 4
COVERS = Path(__file__).with_name("covers")
"""The pictures of the cards (training/lab_covers.py)."""


def gallery() -> None:
    """Draw the cards."""
    tasks = [(lab.id, task) for lab in LABS.values() for task in lab.tasks]
    solved = sum(learned.progress().solved(*each) for each in tasks)
    st.markdown(t("labs.lead", labs=len(LABS), tasks=len(tasks), solved=solved))
    labs = list(LABS.values())
    for first in range(0, len(labs), IN_A_ROW):
        for column, lab in zip(st.columns(IN_A_ROW), labs[first : first + IN_A_ROW], strict=False):
            with column.container(border=True, height="stretch", key=f"card.{lab.id}"):
                _card(lab)


def _card(lab: Lab) -> None:
    done = sum(learned.progress().solved(lab.id, task) for task in lab.tasks)
    st.page_link(
        "pages/labs.py",
        label=f"**{t(f'lab.{lab.id}.title')}**",
        icon=":material/check_circle:" if done == len(lab.tasks) else ":material/science:",
        query_params={"lab": lab.id},
    )
    cover = COVERS / f"{lab.id}.png"
    if cover.is_file():
        st.html(_picture(cover))
    st.markdown(t(f"lab.{lab.id}.question"))


@cache
def _picture(path: Path) -> str:
    """A picture without words of its own: the card's question says what it shows."""
    data = b64encode(path.read_bytes()).decode()
    return f'<img class="cover" alt="" src="data:image/png;base64,{data}">'
