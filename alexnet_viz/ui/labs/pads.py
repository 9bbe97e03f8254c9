"""A control that is drawn with the pointer or the keyboard (``components.pad``)."""

from collections.abc import Callable
from typing import Any

from alexnet_viz.teaching.control import Control
from alexnet_viz.teaching.labs.lab import Lab
from alexnet_viz.ui.components.pad import Drawn, pad


def draw(
    lab: Lab, control: Control, value: Any, *, key: str, label: str, put: Callable[[Any], None]
) -> None:
    """Draw the pad; the end of a stroke calls ``put`` with the new value."""
    assert isinstance(control, Drawn)
    pad(control, value, key=key, label=label, on_change=put)
