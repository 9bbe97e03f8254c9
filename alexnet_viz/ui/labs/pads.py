"""A control that is drawn with the pointer or the keyboard (``components.pad``)."""

from collections.abc import Callable
from typing import Any

from alexnet_viz.teaching.labs.lab import Backing, Lab, Values
from alexnet_viz.ui.components.pad import Drawn, pad
from alexnet_viz.ui.labs.lab_words import say


def draw(
    lab: Lab,
    control: Drawn,
    value: Any,
    *,
    key: str,
    label: str,
    put: Callable[[Any], None],
    values: Values,
) -> None:
    """Draw the pad; the end of a stroke calls ``put`` with the new value."""
    backing = lab.backing(control.name, values, say(lab)) if lab.backing else Backing()
    pad(
        control,
        value,
        key=key.replace(".", "_"),
        label=label,
        on_change=put,
        labels=backing.labels,
        pictures=backing.pictures,
        bins=backing.bins,
        under=backing.under,
        unit=backing.unit,
        preview=backing.preview,
    )
