"""A control of a lab as a widget of Streamlit, or as a pad on which the student draws."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from alexnet_viz.teaching.control import Control, Number, Pick, Switch, Words
from alexnet_viz.teaching.labs.lab import Lab, Values
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.labs import lab_state, pads
from alexnet_viz.ui.labs.lab_state import Bench
from alexnet_viz.ui.labs.lab_words import control_label, option_label

MOST_STEPS = 600
"""Most positions of a slider; a number with more of them is typed."""
MOST_IN_A_ROW = 5
"""Most options side by side; more are a menu."""


def draw_controls(at: Bench, values: dict[str, Any], names: tuple[str, ...] | None = None) -> None:
    """Draw the controls of a lab, or those with these names, and the way back to the start."""
    shown = [each for each in at.lab.controls if names is None or each.name in names]
    for control in shown:
        draw(at.lab, control, values[control.name], at.place, _putter(at, control), values)
    moved = [each for each in shown if values[each.name] != at.preset.get(each.name, each.default)]
    if shown:
        st.button(
            t("labs.reset"),
            key=f"{at.place}.reset",
            icon=":material/undo:",
            disabled=not moved,
            on_click=lab_state.reset,
            args=(at,),
        )


def _putter(at: Bench, control: Control) -> Callable[[Any], None]:
    return lambda value: lab_state.put(at, control, value)


def draw(
    lab: Lab,
    control: Control,
    value: Any,
    place: str,
    put: Callable[[Any], None],
    values: Values,
) -> None:
    """Draw one control, which shows ``value``; a change calls ``put`` with the new one."""
    label, key = control_label(lab, control), f"{place}.{control.name}"

    def copy() -> None:
        put(st.session_state[key])

    bound: dict[str, Any] = {"key": key, "on_change": copy}
    match control:
        case Number(low=low, high=high, step=step):
            st.session_state[key] = value
            sides: dict[str, Any] = {"min_value": low, "max_value": high, "step": step}
            if (high - low) / step <= MOST_STEPS:
                st.slider(label, **sides, **bound)
            else:
                st.number_input(label, **sides, **bound)
        case Pick(options=options):
            st.session_state[key] = value
            names = {option: option_label(lab, control, option) for option in options}
            shown: dict[str, Any] = {"options": options, "format_func": names.__getitem__}
            if len(options) <= MOST_IN_A_ROW:
                st.segmented_control(label, required=True, wrap=True, **shown, **bound)
            else:
                st.selectbox(label, **shown, **bound)
        case Switch():
            st.session_state[key] = value
            st.toggle(label, **bound)
        case Words(most=most):
            st.session_state[key] = value
            st.text_area(label, max_chars=most, height=220, **bound)
        case _:
            pads.draw(lab, control, value, key=key, label=label, put=put, values=values)
