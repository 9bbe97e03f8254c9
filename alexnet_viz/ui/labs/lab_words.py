"""The words of a lab: its own, and those that all labs share."""

from typing import Any

from alexnet_viz.teaching.control import Control
from alexnet_viz.teaching.labs.lab import Lab, Say, Spoken
from alexnet_viz.text import has
from alexnet_viz.ui.app import presenting
from alexnet_viz.ui.app.words import language, t

NEAR, PROJECTED = 14, 22
"""Units of a drawing's text: 20 px on a projector, where a drawing of 640 units is 585 px wide."""


def say(lab: Lab) -> Say:
    """The function with which a lab says its phrases in this run's language."""
    return Spoken(lab.id, language(), PROJECTED if presenting.on() else NEAR)


def control_label(lab: Lab, control: Control) -> str:
    """The label of a control: the lab's own, else the one that all labs share."""
    own = f"lab.{lab.id}.control.{control.name}"
    return t(own if has(own) else f"lab.control.{control.name}")


def option_label(lab: Lab, control: Control, option: Any) -> str:
    """The name of an option: the lab's own, else the one that all labs share, else itself.

    Controls whose names differ in a number only, as ``rule`` and ``rule2``, share their options.
    """
    name = control.name.rstrip("0123456789")
    for key in (f"lab.{lab.id}.option.{name}.{option}", f"lab.option.{option}"):
        if has(key):
            return t(key)
    return str(option)


def file_name(lab: Lab) -> str:
    """How the lab's files begin."""
    return f"lab_{lab.id}_{language()}"
