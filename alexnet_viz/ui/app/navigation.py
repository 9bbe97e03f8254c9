"""Ways from one view to another: callbacks that set several choices at once."""

from collections.abc import Callable

from alexnet_viz.ui.app import state


def go_to(layer: str, channel: int) -> Callable[[], None]:
    """To another channel; its strongest cell is shown there."""

    def go() -> None:
        values = {"layer": layer, "channel": channel, "cell_row": None, "cell_column": None}
        for choice, value in values.items():
            state.put(choice, value)

    return go
