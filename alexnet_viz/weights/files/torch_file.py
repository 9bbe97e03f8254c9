"""Read a checkpoint of ``torch.save`` (``.pt``, ``.pth``, ``.pth.tar``): a pickle and raw numbers.

A pickle is a program.  ``torch.load(weights_only=True)`` runs only the few functions that torch
allows, but some of them can fill the memory (``bytearray(10**11)``).  So the opcodes of the pickle
are checked first (``pickletools.genops``, which runs nothing), and everything that a file of
tensors does not need is refused.
"""

import pickletools
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import torch
from torch import Tensor

from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights import MAX_BYTES
from alexnet_viz.weights.files.contents import Contents, refuse_claims

FORMAT = "PyTorch"

ALLOWED = re.compile(
    r"collections OrderedDict"
    r"|torch\._utils _rebuild_(tensor|tensor_v2|parameter)"
    r"|torch\.nn\.parameter Parameter"
    r"|torch (Size|device)"
    r"|torch(\.cuda)? (Float|Half|Double|BFloat16|Int|Long|Short|Char|Byte|Bool)Storage"
)
"""Globals that a pickle may use, as "module name"."""

PROTOCOL = 2
"""The pickle protocol that ``torch.save`` writes by default and ``weights_only`` reads."""

MAX_OPCODES = 1_000_000
MAX_RECORDS = 10_000
ZIP, RECORD = b"PK\3\4", b"PK\1\2"
LEGACY_PICKLES = 5
"""Before torch 1.6 a file is five pickles (magic number, protocol, system, object, names of
storages), then the numbers."""

STATE = ("state_dict", "model_state_dict", "model", "net", "weights", "params")
"""Keys under which training scripts store the state dict."""


def read(data: bytes) -> Contents:
    """The tensors of a checkpoint, in the file's dtypes; the state dict may be inside another dict.

    Raises:
        Problem: damaged, with more than tensors, or without a state dict.
    """
    try:
        for pickle in _pickles(data):
            _refuse_programme(pickle)
        saved = torch.load(BytesIO(data), map_location="cpu", weights_only=True)
        tensors = _tensors(saved)
    except Problem:
        raise
    except Exception as error:
        # damaged bytes raise many types in zipfile, pickletools and torch
        raise Problem("weights_damaged", format=FORMAT) from error
    for key, tensor in tensors.items():
        if tensor.layout is not torch.strided or tensor.is_quantized:
            raise Problem("weights_damaged", format=FORMAT)
        refuse_claims(key, tensor)
    return Contents(tensors={key: tensor.detach() for key, tensor in tensors.items()})


def _pickles(data: bytes) -> Iterator[BytesIO]:
    """Every pickle of the file that torch would load."""
    if not data.startswith(ZIP):
        stream = BytesIO(data)
        for _ in range(LEGACY_PICKLES):
            yield stream
        return
    # entries of the directory become objects, so they are counted before it is opened
    if data.count(RECORD) > MAX_RECORDS:
        raise Problem("weights_parts", format=FORMAT, limit=MAX_RECORDS)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if sum(record.file_size for record in archive.infolist()) > MAX_BYTES:
            raise Problem("weights_swollen", format=FORMAT, limit=MAX_BYTES // 10**6)
        if any(name.endswith("/constants.pkl") for name in names):
            raise Problem("weights_torchscript")
        for name in names:
            if name.endswith("data.pkl"):
                yield BytesIO(archive.read(name))


def _refuse_programme(pickle: BytesIO) -> None:
    """Check the opcodes of one pickle.

    Raises:
        Problem: a global that is not allowed, another protocol, or too many opcodes.
    """
    for count, (opcode, argument, _) in enumerate(pickletools.genops(pickle)):
        if count > MAX_OPCODES:
            raise Problem("weights_parts", format=FORMAT, limit=MAX_OPCODES)
        if opcode.name == "PROTO" and argument != PROTOCOL:
            raise Problem("weights_protocol", protocol=argument, needed=PROTOCOL)
        named = opcode.name in ("GLOBAL", "INST", "STACK_GLOBAL")
        if named and not ALLOWED.fullmatch(str(argument)):
            raise Problem("weights_programme", name=shown(str(argument).replace(" ", ".")))


def _printable(key: str) -> str:
    """The key as a message can repeat it: a pickle may hold letters that UTF-8 has not."""
    return key.encode("utf-8", "backslashreplace").decode()


def _tensors(saved: Any) -> Mapping[str, Tensor]:
    """The tensors of a saved dict, or of the state dict inside it."""
    if not isinstance(saved, dict):
        raise Problem("weights_no_tensors", format=FORMAT)
    inner = (saved.get(name) for name in STATE)
    for found in (saved, *(each for each in inner if isinstance(each, dict))):
        tensors = {
            _printable(key): value
            for key, value in found.items()
            if isinstance(key, str) and isinstance(value, Tensor)
        }
        if tensors:
            return tensors
    raise Problem("weights_no_tensors", format=FORMAT)
