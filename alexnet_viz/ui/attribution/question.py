"""The question of the Attribution page: which unit, which picture, which method."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st

from alexnet_viz.interpretability.attribution import METHODS, Unit, class_layer, usual_window
from alexnet_viz.pictures.images import Picture
from alexnet_viz.serving.scores import OutputOf
from alexnet_viz.serving.shown import ChannelMapOf
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, offered, t
from alexnet_viz.ui.components import live_model, network_picker
from alexnet_viz.ui.components.subject import Subject


@dataclass(frozen=True)
class How:
    """A method and its parameters."""

    method: str
    layer: str | None = None
    window: int | None = None


class Target(NamedTuple):
    """A unit and its name."""

    unit: Unit
    words: str
    channel: str
    """The name of its channel, without a cell."""


@dataclass(frozen=True)
class Question:
    """A unit whose value for a picture is to be explained."""

    subject: Subject
    picture: Picture
    target: Target

    @property
    def key(self) -> str:
        """The key of the question's results in caches."""
        at = self.target.unit
        where = (at.layer, at.channel, at.row, at.column)
        return "/".join(map(str, (self.subject.key, self.picture.digest, *where)))


def target(subject: Subject, picture: Picture) -> Target:
    """Draw the choice of a class or of any unit, with the values that it has for a picture."""
    classes = class_layer(subject.result)
    options = state.options("attr_what") if classes else ("unit",)
    what = state.use("attr_what") if classes else "unit"
    st.segmented_control(
        t("attribution.what"),
        required=True,
        help=t("attribution.what_help"),
        **offered("attribution.what_", "attr_what", options=options, shown={"value": what}),
    )
    if what == "class":
        logits = live_model.shown(subject, [picture], OutputOf(classes)).value[0]
        return _class(subject, classes, logits)
    return _unit(subject, picture)


def _class(subject: Subject, at: str, logits: live_model.Floats) -> Target:
    best = [int(number) for number in np.argsort(-logits)]
    titles: dict[str | int, str] = {"top": t("attribution.top", name=subject.class_name(best[0]))}
    for number in best:
        titles[number] = f"{subject.class_name(number)} · {logits[number]:.3g}"
    chosen = state.get("attr_class") if state.get("attr_class") in titles else "top"
    st.selectbox(
        t("attribution.class"),
        list(titles),
        format_func=titles.__getitem__,
        help=t("attribution.class_help", layer=at),
        **state.bound("attr_class", value=chosen),
    )
    number = best[0] if chosen == "top" else int(chosen)
    words = f"{escaped(subject.class_name(number))} ({at})"
    return Target(Unit(at, number), words, words)


def _unit(subject: Subject, picture: Picture) -> Target:
    name = network_picker.layer_picker(subject.result)
    shape = subject.result[name].output_shape
    channel = live_model.chosen_channel(shape[0]) or 0
    st.number_input(
        t("attribution.channel", last=shape[0] - 1),
        min_value=0,
        max_value=shape[0] - 1,
        step=1,
        **state.bound("channel", value=channel),
    )
    words = t("attribution.unit_name", layer=name, channel=channel)
    if len(shape) == 1:
        return Target(Unit(name, channel), words, words)
    st.selectbox(t("attribution.at"), **offered("attribution.at_", "attr_at"))
    if state.get("attr_at") == "mean":
        return Target(Unit(name, channel), t("attribution.mean_name", unit=words), words)
    ask = ChannelMapOf(name, channel)
    row, column = _cell(live_model.shown(subject, [picture], ask).value.plane)
    cell = t("attribution.cell_name", unit=words, row=row, column=column)
    return Target(Unit(name, channel, row, column), cell, words)


def _cell(plane: live_model.Floats) -> tuple[int, int]:
    row, column = (int(at) for at in np.unravel_index(plane.argmax(), plane.shape))
    if state.get("attr_at") == "strongest":
        return row, column
    found = []
    places = zip(("cell_row", "cell_column"), plane.shape, (row, column), strict=True)
    with st.container(horizontal=True):
        for choice, size, strongest in places:
            at = state.use(choice)
            shown = strongest if at is None or at >= size else at
            st.number_input(
                t(f"attribution.{choice}"),
                min_value=0,
                max_value=size - 1,
                step=1,
                **state.bound(choice, value=shown),
            )
            found.append(shown)
    return found[0], found[1]


def how(subject: Subject, unit: Unit) -> How:
    """Draw the choice of a method; returns it with its parameters, which ``details`` edits."""
    method = state.use("attr_method")
    st.segmented_control(
        t("attribution.method"),
        required=True,
        label_visibility="collapsed",
        **offered("attribution.method_", "attr_method"),
    )
    if METHODS[method].layered:
        return How(method, layer=_maps(subject, unit))
    if method == "occlusion":
        side = min(subject.result.input_shape[1:])
        chosen = state.use("attr_window") or usual_window(side, side)
        return How(method, window=min(chosen, side))
    return How(method)


def details(subject: Subject, unit: Unit, chosen: How) -> None:
    """Draw the choice of Grad-CAM's layer, or of the size of the occluding square."""
    if chosen.layer:
        st.selectbox(
            t("attribution.maps"),
            _maps_before(subject, unit),
            width=230,
            **state.bound("attr_maps", value=chosen.layer),
        )
    elif chosen.window:
        st.number_input(
            t("attribution.window"),
            min_value=1,
            max_value=min(subject.result.input_shape[1:]),
            step=1,
            width=230,
            **state.bound("attr_window", value=chosen.window),
        )


def _maps_before(subject: Subject, unit: Unit) -> list[str]:
    """The layers before the unit's that have maps."""
    rows = subject.result.rows
    before = rows[: next(i for i, row in enumerate(rows) if row.name == unit.layer)]
    return [row.name for row in before if len(row.output_shape) == 3]


def _maps(subject: Subject, unit: Unit) -> str | None:
    """The layer whose maps Grad-CAM uses; by default the activation after the last convolution."""
    names = _maps_before(subject, unit)
    if not names or state.use("attr_maps") in names:
        return state.get("attr_maps") if names else None
    before = [row for row in subject.result.rows if row.name in names]
    last = max((i for i, row in enumerate(before) if row.kind == "conv"), default=0)
    following = before[min(last + 1, len(before) - 1)]
    return following.name if following.layer.family == "activation" else before[last].name
