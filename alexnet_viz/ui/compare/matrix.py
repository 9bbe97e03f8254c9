"""The Matrix view: one row per variant; differences from one of them are highlighted."""

from collections import Counter
from typing import Any

import streamlit as st

from alexnet_viz.analysis.compare.difference_words import layers_text
from alexnet_viz.analysis.compare.matrix import NUMBERS, line
from alexnet_viz.render.tables.matrix import (
    differing,
    field_title,
    matrix_table,
    value_text,
)
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, labels, language, t
from alexnet_viz.ui.components import network_picker
from alexnet_viz.ui.components.downloads import download_menu, grid_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import plate_table
from alexnet_viz.ui.components.variant_filters import filters
from alexnet_viz.variants import VARIANTS

FIELD_GROUPS = {
    "origin": ("year", "framework", "input"),
    "conv": ("conv1", "widths", "groups", "round_conv"),
    "stages": ("stage1", "stage2", "pools", "round_pool"),
    "lrn": ("lrn_n", "lrn_k", "lrn_alpha", "lrn_beta"),
    "dense": ("dropout", "dense"),
    "cost": ("params", "macs"),
    "inputs": ("keeps", "at_224", "at_227"),
}

TOLD = 4
"""Most fields that the sentence names."""
HEIGHT = 460
"""Height of the table in pixels; it scrolls under its header."""


def matrix_view() -> None:
    """Draw it."""
    shown = filters()
    titles = {variant: network_picker.variant_title(variant) for variant in VARIANTS}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("matrix.reference"),
            list(titles),
            format_func=titles.__getitem__,
            width=290,
            **state.bound("reference"),
        )
        st.pills(
            t("matrix.fields"),
            list(FIELD_GROUPS),
            selection_mode="multi",
            format_func=labels("matrix.group_", FIELD_GROUPS),
            **state.bound("fields", value=list(state.use("fields"))),
        )
    if not shown:
        return
    groups = [group for group in FIELD_GROUPS if group in state.get("fields")] or ["origin"]
    reference = state.get("reference")
    order = [reference, *(id for id in shown if id != reference)]
    plate(
        table=_table(order, reference, groups),
        key="matrix",
        selected=reference,
        choice="reference",
        hint=t("matrix.hint"),
    )
    st.markdown(_say(order, [key for group in groups for key in FIELD_GROUPS[group]]))
    st.caption(t("matrix.caption", reference=escaped(titles[reference])))
    st.caption("  \n".join(t(f"matrix.means_{group}") for group in groups))
    table = matrix_table(order, language())
    download_menu(grid_file(table.grid, table.records, "alexnet_matrix"), key="matrix")


def _say(ids: list[str], keys: list[str]) -> str:
    """A sentence: in which of the fields shown most networks differ from the first one."""
    reference, *others = ids
    lit = [differing(id, reference) & set(keys) for id in others]
    counted = Counter(key for found in lit for key in found).most_common(TOLD)
    named = [t("matrix.in_field", field=field_title(key, language()), n=n) for key, n in counted]
    return t(
        "matrix.says" if named else "matrix.all_same",
        n=len(others),
        reference=escaped(network_picker.variant_title(reference)),
        fields=layers_text(named, language()),
        same=sum(not found for found in lit),
    )


def _table(ids: list[str], reference: str, groups: list[str]) -> dict[str, Any]:
    """The table for the plate; the reference is the first row and has no highlights."""
    keys = [key for group in groups for key in FIELD_GROUPS[group]]
    heads = [(field_title(key, language()), "", key in NUMBERS) for key in keys]
    return plate_table(
        t("matrix.title"),
        [(t("compare.network"), "", False), *heads],
        [_line(id, reference, keys) for id in ids],
        groups=[
            ("", 1),
            *((t(f"matrix.group_{group}"), len(FIELD_GROUPS[group])) for group in groups),
        ],
        height=HEIGHT,
    )


def _line(id: str, reference: str, keys: list[str]) -> dict[str, Any]:
    values = line(id)
    lit = differing(id, reference)
    title = network_picker.variant_title(id)
    return {
        "name": id,
        "cells": [title, *(value_text(key, values[key], language()) for key in keys)],
        "keys": [title, *(values[key] for key in keys)],
        "lit": [False, *(key in lit for key in keys)],
    }
