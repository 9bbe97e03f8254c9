"""The card of the weights that ship: what ``training/measure.py`` measured, beside the file."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def card() -> dict[str, Any]:
    """Checksum, size, training, accuracy, confusion, kernels and towers, as measured."""
    measured: dict[str, Any] = json.loads((files(__package__) / "drawings.json").read_text("utf-8"))
    return measured
