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
from alexnet_viz.weights.files.contents import Contents, refuse_claims, refuse_names

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
MAX_PICKLE = 16 << 20
"""Most bytes of the pickle of an archive; AlexNet's takes two thousand."""
MAX_NESTING = 64
"""Most tuples, lists and dicts inside one another.  A tuple as the key of a dict is hashed through
all that is in it, and one that names the same tuple twice at every level takes 2**levels steps."""
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
        refuse_names(tensors, FORMAT)
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
        names = [record.filename.casefold() for record in archive.infolist()]
        if sum(record.file_size for record in archive.infolist()) > MAX_BYTES:
            raise Problem("weights_swollen", format=FORMAT, limit=MAX_BYTES // 10**6)
        if any(name.endswith("/constants.pkl") for name in names):
            raise Problem("weights_torchscript")
        # torch reads the archive with its own code; what it finds must be what is checked here
        stored = all(
            record.compress_type == zipfile.ZIP_STORED and not record.flag_bits & 1
            for record in archive.infolist()
        )
        if len(set(names)) < len(names) or not stored:
            raise Problem("weights_stored", format=FORMAT)
        for record in archive.infolist():
            if record.filename.casefold().endswith(".pkl"):
                if record.file_size > MAX_PICKLE:
                    raise Problem("weights_swollen", format=FORMAT, limit=MAX_PICKLE // 10**6)
                yield BytesIO(archive.read(record))


def _refuse_programme(pickle: BytesIO) -> None:
    """Check the opcodes of one pickle.

    Raises:
        Problem: a global that is not allowed, another protocol, too many opcodes or too deep.
    """
    depths = _Depths()
    for count, (opcode, argument, _) in enumerate(pickletools.genops(pickle)):
        if count > MAX_OPCODES:
            raise Problem("weights_parts", format=FORMAT, limit=MAX_OPCODES)
        if opcode.name == "PROTO" and argument != PROTOCOL:
            raise Problem("weights_protocol", protocol=argument, needed=PROTOCOL)
        named = opcode.name in ("GLOBAL", "INST", "STACK_GLOBAL")
        if named and not ALLOWED.fullmatch(str(argument)):
            raise Problem("weights_programme", name=shown(str(argument).replace(" ", ".")))
        if depths.after(opcode, argument) > MAX_NESTING:
            raise Problem("weights_nesting", limit=MAX_NESTING)


class _Depths:
    """The stack of a pickle machine, with the depth of each value in place of the value."""

    def __init__(self) -> None:
        self._stack: list[int] = []
        self._marks: list[int] = []
        self._memo: dict[int, int] = {}

    def after(self, opcode: pickletools.OpcodeInfo, argument: Any) -> int:
        """Run one opcode and return the depth of the value on top of the stack.

        Raises:
            IndexError: the pickle takes more from the stack than is there.
        """
        name = opcode.name
        if name == "MARK":
            self._marks.append(len(self._stack))
            return 0
        if name in ("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"):
            self._memo[len(self._memo) if argument is None else argument] = self._stack[-1]
            return 0
        if name in ("GET", "BINGET", "LONG_BINGET"):
            self._stack.append(self._memo[argument])
            return 0
        if name == "DUP":
            self._stack.append(self._stack[-1])
            return 0
        before = opcode.stack_before
        if pickletools.markobject in before:
            start = self._marks.pop()
            taken = self._stack[start:]
            del self._stack[start:]
            before = before[: before.index(pickletools.markobject)]
        else:
            taken = []
        for _ in before:
            taken.append(self._stack.pop())
        made = len(opcode.stack_after)
        depth = max(taken, default=0) + bool(taken)
        self._stack.extend([depth] * made)
        return depth if made else 0


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
