"""The history section of the Towers page."""


def history_section() -> None:
    """Draw it."""
