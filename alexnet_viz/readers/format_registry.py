"""From a file's bytes to a network: which reader reads it, and how much of it is read at all.

The end of the name decides; ``.cfg`` is two formats and any other name none, so there the first
bytes do.  Readers of binary files, which need torch or onnx, are imported when one is opened.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from alexnet_viz.network import spec_file
from alexnet_viz.network.spec import Network
from alexnet_viz.readers import caffe_prototxt, convnet_cfg, darknet_cfg
from alexnet_viz.readers.network_builder import about
from alexnet_viz.text.local_file import MAX_PATH, readable
from alexnet_viz.text.problem import Problem, shown

MAX_TEXT = spec_file.MAX_BYTES
"""Bytes of a text: one of AlexNet has five thousand."""

MAX_WEIGHTS = 600_000_000
"""Bytes of a file that holds weights too: as ``alexnet_viz.weights.MAX_BYTES``."""

BEGINNING = 65_536
"""Bytes in which a text shows what it is."""


@dataclass(frozen=True)
class Reader:
    """A format: how its names end, how much is read, and what reads it."""

    suffixes: tuple[str, ...]
    limit: int
    read: Callable[[bytes, str], Network]


def _text(read: Callable[[str, str], Network]) -> Callable[[bytes, str], Network]:
    def decoded(data: bytes, name: str) -> Network:
        try:
            return read(data.decode("utf-8-sig"), name)
        except UnicodeDecodeError as error:
            raise Problem("file_not_text", byte=error.start) from None

    return decoded


def _spec(data: bytes, name: str) -> Network:
    made = spec_file.loads(data)
    return replace(made, about=made.about or about(name, "JSON", ()))


def _onnx(data: bytes, name: str) -> Network:
    from alexnet_viz.readers import onnx_graph

    return onnx_graph.read(data, name)


def _state_dict(data: bytes, name: str) -> Network:
    from alexnet_viz.readers import state_dict

    return state_dict.read(data, name)


READERS: Mapping[str, Reader] = {
    "prototxt": Reader((".prototxt", ".pbtxt"), MAX_TEXT, _text(caffe_prototxt.read)),
    "onnx": Reader((".onnx",), MAX_WEIGHTS, _onnx),
    "darknet": Reader((".cfg",), MAX_TEXT, _text(darknet_cfg.read)),
    "cuda_convnet": Reader((".cfg",), MAX_TEXT, _text(convnet_cfg.read)),
    "weights": Reader(
        (".pt", ".pth", ".pth.tar", ".safetensors", ".caffemodel"), MAX_WEIGHTS, _state_dict
    ),
    "json": Reader((".json",), MAX_TEXT, _spec),
}
"""Readers by format."""

FORMATS = tuple(READERS)

SIGNS: Mapping[str, re.Pattern[bytes]] = {
    "darknet": re.compile(rb"^[ \t]*\[(net|network)\]", re.MULTILINE),
    "cuda_convnet": re.compile(rb"^[ \t]*type[ \t]*=", re.MULTILINE),
    "prototxt": re.compile(rb"\blayers?\s*[:{]"),
    "json": re.compile(rb"\A\s*\{\s*\""),
}
"""What a text of a format holds near its beginning, the surest first."""


def read(data: bytes, name: str) -> Network:
    """The network that a file describes.

    Raises:
        Problems: it cannot be a network here; every reason is in ``found``.
        Problem: empty, too large, of no known format, or not readable as such.
    """
    if not data:
        raise Problem("weights_empty")
    reader = READERS[format_of(data, name)]
    if len(data) > reader.limit:
        raise Problem("open_too_large", size=len(data), limit=reader.limit)
    return reader.read(data, name)


def load(path: str | Path) -> Network:
    """The network that a file on this machine describes; no more of it is read than is allowed.

    Raises:
        Problem: no such file, a directory, unreadable, or what ``read`` refuses.
    """
    with readable(path) as file:
        begins = file.read(BEGINNING)
        most = READERS[format_of(begins, str(path))].limit if begins else 0
        data = begins + file.read(max(0, most + 1 - len(begins)))
    return read(data, str(path))


def format_of(data: bytes, name: str) -> str:
    """The format of a file, by the end of its name or else by how it begins.

    >>> format_of(b"[net]", "alexnet.cfg"), format_of(b"", "weights.PTH")
    ('darknet', 'weights')

    Raises:
        Problem: neither tells.
    """
    ending = name.lower()
    by_name = [key for key, each in READERS.items() if ending.endswith(each.suffixes)]
    if len(by_name) == 1:
        return by_name[0]
    begins = data[:BEGINNING].removeprefix(BOM_UTF8)  # Windows puts it before any text
    for key, sign in SIGNS.items():
        if (not by_name or key in by_name) and sign.search(begins):
            return key
    if by_name:
        raise Problem("open_cfg")
    known = " ".join(dict.fromkeys(each for reader in READERS.values() for each in reader.suffixes))
    raise Problem("open_unknown", name=shown(name, MAX_PATH), known=known)
