"""The model cards of the weights that ship, as measured by ``training/``."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def card(weights: str = "drawings") -> dict[str, Any]:
    """The content of <weights>.json: checksum, training, accuracy, confusion, kernels.

    That of the drawings also has the measurements of the two towers.
    """
    file = files(__package__) / f"{weights}.json"
    measured: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return measured
