"""The kernels section of the Towers page."""


def kernels_section() -> None:
    """Draw it."""
