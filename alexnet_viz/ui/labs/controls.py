"""A control of a lab as a widget of Streamlit, or as a pad on which the student draws."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alexnet_viz.render.diagrams.svg import text_width
from alexnet_viz.teaching.control import Control, Number, Order, Pick, Several, Switch, Words
from alexnet_viz.teaching.labs.lab import Lab, Values
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.pad import Drawn
from alexnet_viz.ui.labs import lab_state, pads
from alexnet_viz.ui.labs.lab_state import Bench
from alexnet_viz.ui.labs.lab_words import control_label, option_label

MOST_STEPS = 600
"""Most positions of a slider; a number with more of them is typed."""
MOST_IN_A_ROW = 5
"""Most options side by side; more are a menu."""
WIDE = 14
"""Most ems of an option that may stand side by side with others; wider ones are a list."""
MOST_BELOW = 4
"""Most numbers, options and switches one below the other; of more, two share a row, if neither is a
switch, whose label stands beside it.  Those that are not drawn now count too, so that no control
changes its form when another comes or goes."""
ONE_LINE = 120
"""Most letters of a text that is typed on one line."""
LONG = 2000
"""Letters from which a text is code or a page."""
LOW, TALL = 220, 320
"""Pixels of the field of a text."""


def draw_controls(
    at: Bench,
    values: dict[str, Any],
    names: tuple[str, ...] | None = None,
    *,
    pads_at: DeltaGenerator | None = None,
) -> None:
    """Draw the controls of a lab, or those with these names, and the way back to the start.

    Drawn controls, which are tall, stand at ``pads_at``, or without it among the others.
    """
    offered = [each for each in at.lab.controls if names is None or each.name in names]
    idle = at.lab.idle(values) if at.lab.idle else ()
    shown = [each for each in offered if each.name not in idle]
    short = [each for each in offered if isinstance(each, Number | Pick | Switch)]
    paired = [each for each in short if not isinstance(each, Switch)]
    if len(short) <= MOST_BELOW:
        paired = []
    for row in _rows(shown, paired):
        places: Sequence[DeltaGenerator]
        if len(row) > 1:
            places = st.columns(2)
        else:
            tall = isinstance(row[0], Drawn) and not isinstance(row[0], Order)
            places = [pads_at if pads_at and tall else st.container()]
        for control, place in zip(row, places, strict=False):
            with place:
                put, narrow = _putter(at, control), control in paired
                draw(at.lab, control, values[control.name], at.place, put, values, narrow=narrow)
    if shown:
        st.button(
            t("labs.reset"),
            key=f"{at.place}.reset",
            icon=":material/undo:",
            disabled=not lab_state.moved(at, values, names),
            on_click=lab_state.reset,
            args=(at,),
        )


def _rows(shown: list[Control], paired: Sequence[Control]) -> list[list[Control]]:
    """The controls in rows: two neighbours that are both ``paired`` share one."""
    rows: list[list[Control]] = []
    for control in shown:
        if rows and len(rows[-1]) == 1 and rows[-1][0] in paired and control in paired:
            rows[-1].append(control)
        else:
            rows.append([control])
    return rows


def _putter(at: Bench, control: Control) -> Callable[[Any], None]:
    return lambda value: lab_state.put(at, control, value)


def draw(
    lab: Lab,
    control: Control,
    value: Any,
    place: str,
    put: Callable[[Any], None],
    values: Values,
    *,
    narrow: bool = False,
    answer: bool = False,
) -> None:
    """Draw one control, which shows ``value``; a change calls ``put`` with the new one.

    ``narrow`` has room for a menu only where options would stand side by side.  The ``answer`` of a
    task is None until it is entered: no option is preselected, and a number is typed, since a
    slider always has a value.
    """
    label, key = control_label(lab, control), f"{place}.{control.name}"

    def copy() -> None:
        put(st.session_state[key])

    bound: dict[str, Any] = {"key": key, "on_change": copy}
    match control:
        case Number(low=low, high=high, step=step):
            kind = type(step)  # Streamlit refuses a whole number beside a fraction
            st.session_state[key] = None if value is None else kind(value)
            sides: dict[str, Any] = {"min_value": kind(low), "max_value": kind(high), "step": step}
            if kind is float:
                sides["format"] = f"%.{len(f'{step:g}'.partition('.')[2])}f"
            if answer:
                st.number_input(label, value=None, placeholder=t("labs.type"), **sides, **bound)
            elif (high - low) / step <= MOST_STEPS:
                st.slider(label, **sides, **bound)
            else:
                st.number_input(label, **sides, **bound)
        case Pick(options=options):
            st.session_state[key] = value
            names = {option: option_label(lab, control, option) for option in options}
            shown: dict[str, Any] = {"options": options, "format_func": names.__getitem__}
            menu: dict[str, Any] = {"index": None} if answer else {}
            if max(text_width(each, 1) for each in names.values()) > WIDE and not narrow:
                st.radio(label, **menu, **shown, **bound)
            elif len(options) <= MOST_IN_A_ROW and not narrow:
                st.segmented_control(label, required=True, wrap=True, **shown, **bound)
            else:
                st.selectbox(label, placeholder=t("labs.choose"), **menu, **shown, **bound)
        case Several(options=options):
            st.session_state[key] = list(value)
            names = {option: option_label(lab, control, option) for option in options}
            bound["on_change"] = lambda: put(control.parse(control.write(st.session_state[key])))
            st.pills(label, options, selection_mode="multi", format_func=names.__getitem__, **bound)
        case Switch():
            st.session_state[key] = value
            st.toggle(label, **bound)
        case Words(most=most):
            st.session_state[key] = value
            if most <= ONE_LINE:
                st.text_input(label, max_chars=most, **bound)
            else:
                st.text_area(label, max_chars=most, height=TALL if most > LONG else LOW, **bound)
        case _:
            pads.draw(lab, control, value, key=key, label=label, put=put, values=values)
