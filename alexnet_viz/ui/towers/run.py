"""The run section of the Towers page."""


def run_section() -> None:
    """Draw it."""
