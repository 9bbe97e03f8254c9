"""The memory section of the Towers page."""


def memory_section() -> None:
    """Draw it."""
