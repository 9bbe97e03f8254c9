"""Callbacks that lead to another view by setting several choices."""

from collections.abc import Callable

from alexnet_viz.ui.app import state


def go_to(layer: str, channel: int) -> Callable[[], None]:
    """A callback that chooses another channel and its largest cell."""

    def go() -> None:
        values = {"layer": layer, "channel": channel, "cell_row": None, "cell_column": None}
        for choice, value in values.items():
            state.put(choice, value)

    return go
