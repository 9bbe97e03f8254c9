"""A network as a JSON file.  The format is described in docs/spec-format.md.

The file is untrusted: its size is checked before it is read; ``alexnet_viz.network.from_plain``
then builds layers and nothing else, and collects every problem.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from alexnet_viz.network.from_plain import SpecProblem
from alexnet_viz.network.spec import Network
from alexnet_viz.text.local_file import readable
from alexnet_viz.text.problem import Problem, shown

__all__ = ["MAX_BYTES", "SpecProblem", "dumps", "from_dict", "load", "loads", "to_dict"]

MAX_BYTES = 1_000_000
"""Largest spec file, in bytes; the longest network of the package takes a few thousand."""


def to_dict(network: Network) -> dict[str, Any]:
    """The network as plain data, ready for ``json.dumps``."""
    return network.to_dict()


def from_dict(data: object) -> Network:
    """The network that plain data describes.

    Raises:
        SpecProblem: with every problem there is.
    """
    return Network.from_dict(data)


def dumps(network: Network) -> str:
    """The network as the text of a spec file, one line for each layer."""
    parts = []
    for key, value in to_dict(network).items():
        text = json.dumps(value, ensure_ascii=False)
        if key == "layers":
            lines = (json.dumps(layer, ensure_ascii=False) for layer in value)
            text = "[\n    " + ",\n    ".join(lines) + "\n  ]"
        parts.append(f'  "{key}": {text}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def loads(text: str | bytes) -> Network:
    """The network of a spec file's text.

    Raises:
        Problem: too long, not UTF-8, not JSON, or (``SpecProblem``) not a network.
    """
    if len(text) > MAX_BYTES:
        raise Problem("file_too_long", largest=MAX_BYTES)
    try:
        string = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise Problem("file_not_text", byte=error.start) from None
    try:
        data = json.loads(string, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise Problem("file_not_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise Problem("file_too_deep") from None
    except Problem:
        raise
    except ValueError:  # an integer of more digits than Python converts
        raise Problem("file_digits") from None
    return from_dict(data)


def load(path: str | Path) -> Network:
    """The network of a spec file.

    Raises:
        Problem: the file cannot be read, or ``loads`` refuses its text.
    """
    with readable(path) as file:
        content = file.read(MAX_BYTES + 1)
    return loads(content)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object without repeated keys, of which Python would keep the last."""
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            raise Problem("file_key_twice", field=shown(key))
    return dict(pairs)
