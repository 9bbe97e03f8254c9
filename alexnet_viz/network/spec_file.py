"""Write and read a network as a JSON file, in the format of docs/spec-format.md.

A file is untrusted: its size is checked before it is parsed, and ``alexnet_viz.network.from_plain``
builds nothing but layers from it.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from alexnet_viz.network.spec import Network
from alexnet_viz.text.local_file import readable
from alexnet_viz.text.problem import Problem, shown

MAX_BYTES = 1_000_000
"""Size of the largest spec file that is read; the longest variant takes a few thousand bytes."""


def dumps(network: Network) -> str:
    """The text of a network's spec file, with one line a layer."""
    parts = []
    for key, value in network.to_dict().items():
        text = json.dumps(value, ensure_ascii=False)
        if key == "layers":
            lines = (json.dumps(layer, ensure_ascii=False) for layer in value)
            text = "[\n    " + ",\n    ".join(lines) + "\n  ]"
        parts.append(f'  "{key}": {text}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def loads(text: str | bytes) -> Network:
    """The network that the text of a spec file describes.

    Raises:
        Problem: too long, not UTF-8, or not JSON.
        Problems: not a network.
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
    return Network.from_dict(data)


def load(path: str | Path) -> Network:
    """The network that a spec file describes.

    Raises:
        Problem: no such file, a directory, or unreadable; or as ``loads``.
    """
    with readable(path) as file:
        content = file.read(MAX_BYTES + 1)
    return loads(content)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object as a dict; raises for a key given twice, of which Python keeps the last."""
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            raise Problem("file_key_twice", field=shown(key))
    return dict(pairs)
