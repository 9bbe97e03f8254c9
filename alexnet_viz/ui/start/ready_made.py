"""The faces of the flow diagram for the samples, computed beforehand, so that the first page needs
neither torch nor a forward pass before it is painted.

``training/start_faces.py`` writes the file; a test computes the faces again and compares.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from alexnet_viz.render.diagrams.flow import Face

FILE = "ready_made.json"


def ready_made(subject: str, digest: str) -> dict[str, Face] | None:
    """The faces for a subject's key and a picture's digest, or None if they must be computed."""
    faces = _stored().get(subject, {}).get(digest)
    return None if faces is None else {name: Face(*face) for name, face in faces.items()}


@cache
def _stored() -> dict[str, dict[str, dict[str, list[Any]]]]:
    """Subject key, picture digest, layer: [PNG as a data URI, layer shown, channel]."""
    stored: dict[str, dict[str, dict[str, list[Any]]]] = json.loads(
        (files(__package__) / FILE).read_text("utf-8")
    )
    return stored
