"""The readers by format, and how the format and the size limit of a file are found.

The suffix of the name decides.  ``.cfg`` belongs to two formats and other suffixes to none; then
the first bytes decide.  Readers of binary files import torch or onnx, so they are imported when
such a file is opened.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from alexnet_viz.isolation import isolated
from alexnet_viz.network import spec_file
from alexnet_viz.network.spec import Network
from alexnet_viz.readers import caffe_prototxt, convnet_cfg, darknet_cfg
from alexnet_viz.readers.caffe_state import State
from alexnet_viz.readers.network_builder import about
from alexnet_viz.text.local_file import MAX_PATH, readable, refuse_pointer
from alexnet_viz.text.problem import Problem, shown

MAX_TEXT = spec_file.MAX_BYTES
"""Most bytes of a text file; AlexNet's take five thousand."""

MAX_WEIGHTS = 600_000_000
"""Most bytes of a file that may hold weights: as ``alexnet_viz.weights.MAX_BYTES``, whose module
imports numpy."""

BEGINNING = 65_536
"""Bytes at the beginning of a file in which ``SIGNS`` are searched."""


@dataclass(frozen=True)
class Reader:
    """A format: suffixes of names, largest size in bytes, and the function that reads it."""

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
"""Patterns near the beginning of a text file by format, the most specific first."""

LEARNING = re.compile(rb"^[ \t]*(eps[WB]|mom[WB]|wc|gamma)[ \t]*=", re.MULTILINE)
"""Settings of cuda-convnet's other file, which holds how a network learns."""


def read(data: bytes, name: str, state: State | None = None) -> Network:
    """The network that the bytes of a file describe; ``state`` selects layers of a Caffe net.

    Raises:
        Problems: it is no network that can be held here; ``found`` has every reason.
        Problem: empty, too large, of an unknown format, or damaged, or of a format without states.
    """
    if not data:
        raise Problem("weights_empty")
    refuse_pointer(data)
    format = format_of(data, name)
    reader = READERS[format]
    if len(data) > reader.limit:
        raise Problem("open_too_large", size=len(data), limit=reader.limit)
    if state is None:
        return reader.read(data, name)
    if format != "prototxt":
        raise Problem("open_state_of_caffe")
    return _text(partial(caffe_prototxt.read, state=state))(data, name)


def read_apart(data: bytes, name: str) -> Network:
    """As ``read``, in a child process with limits on memory and time.

    Raises:
        Problem: as ``read``, or the child reached a limit.
    """
    return isolated(read, data, name)


def load(path: str | Path, state: State | None = None) -> Network:
    """The network that a local file describes; at most its format's limit is read.

    ``state`` selects layers of a Caffe net.

    Raises:
        Problem: no such file, a directory, or unreadable; or as ``read``.
    """
    with readable(path) as file:
        begins = file.read(BEGINNING)
        most = READERS[format_of(begins, str(path))].limit if begins else 0
        data = begins + file.read(max(0, most + 1 - len(begins)))
    binary = begins and format_of(begins, str(path)) in ("onnx", "weights")
    if binary and state is None:
        return read_apart(data, str(path))
    return read(data, str(path), state)


def format_of(data: bytes, name: str) -> str:
    """The format of a file, by the suffix of its name or else by its first bytes.

    >>> format_of(b"[net]", "alexnet.cfg"), format_of(b"", "weights.PTH")
    ('darknet', 'weights')

    Raises:
        Problem: neither identifies it.
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
        raise Problem("open_learning" if LEARNING.search(begins) else "open_cfg")
    known = " ".join(dict.fromkeys(each for reader in READERS.values() for each in reader.suffixes))
    raise Problem("open_unknown", name=shown(name, MAX_PATH), known=known)
