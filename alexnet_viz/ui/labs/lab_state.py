"""The setting of a lab or of a lesson's figure: in the link, and in the widgets that edit it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from alexnet_viz.teaching import setting
from alexnet_viz.teaching.control import Control
from alexnet_viz.teaching.labs.lab import Lab
from alexnet_viz.ui.app import state

OWNER = "_set_of"
"""Session key of what the choice ``set`` is the setting of."""
UNLINKED = "_unlinked"
"""Session key of values that no link carries, by place and control."""


class Bench(NamedTuple):
    """A lab at one place: on its own page, or as the figure of a lesson's step."""

    lab: Lab
    place: str
    """Part of the keys of its widgets; another place has another setting."""
    preset: Mapping[str, Any]
    """Where its controls begin, if not at their defaults."""


def bench(lab: Lab, place: str, preset: Mapping[str, Any] | None = None) -> Bench:
    """The lab at this place; a setting that was another place's is dropped."""
    if st.session_state.get(OWNER) not in (None, place) and "set" not in st.query_params:
        state.put("set", ())
    st.session_state[OWNER] = place
    state.use("set")
    return Bench(lab, place, dict(preset or {}))


def values(at: Bench) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The value of every control, and the parts of the link that none of them understands."""
    found, refused = setting.values(at.lab.controls, state.get("set"), at.preset)
    kept = st.session_state.get(UNLINKED, {})
    for control in at.lab.controls:
        if (at.place, control.name) in kept:
            found[control.name] = kept[at.place, control.name]
    return found, refused


def moved(at: Bench, found: Mapping[str, Any], names: tuple[str, ...] | None = None) -> bool:
    """Whether a control, or one of these, is not where it began."""
    return any(
        found[each.name] != at.preset.get(each.name, each.default)
        for each in at.lab.controls
        if names is None or each.name in names
    )


def put(at: Bench, control: Control, value: Any) -> None:
    """Set a control, as the callback of its widget does."""
    kept = st.session_state.setdefault(UNLINKED, {})
    kept.pop((at.place, control.name), None)
    if not control.write(value):
        kept[at.place, control.name] = value
    state.put(
        "set",
        setting.changed(at.lab.controls, state.get("set"), control.name, value, at.preset),
    )


def put_all(at: Bench, found: Mapping[str, int]) -> None:
    """Set the controls of these names; what a control cannot be is left out."""
    for control in at.lab.controls:
        if control.name in found:
            try:
                put(at, control, control.parse(str(found[control.name])))
            except ValueError:
                continue  # not from this drawing


def reset(at: Bench) -> None:
    """Set every control to where it began."""
    kept = st.session_state.get(UNLINKED, {})
    for key in [key for key in kept if key[0] == at.place]:
        del kept[key]
    state.put("set", ())
