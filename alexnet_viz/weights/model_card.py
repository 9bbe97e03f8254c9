"""The model card of the weights that ship, as measured by ``training/measure.py``."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def card() -> dict[str, Any]:
    """The content of drawings.json: checksum, training, accuracy, confusion, kernels, towers."""
    measured: dict[str, Any] = json.loads((files(__package__) / "drawings.json").read_text("utf-8"))
    return measured
