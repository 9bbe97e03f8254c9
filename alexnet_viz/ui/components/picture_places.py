"""Names of the nine places of a picture, for sentences."""

from alexnet_viz.ui.app.words import t

NAMES = (
    ("upper_left", "top", "upper_right"),
    ("left", "middle", "right"),
    ("lower_left", "bottom", "lower_right"),
)


def place_name(down: float, across: float) -> str:
    """The name of the ninth of the picture with a point, given as shares of height and width."""
    row, column = (min(2, int(3 * share)) for share in (down, across))
    return t(f"place.{NAMES[row][column]}")
