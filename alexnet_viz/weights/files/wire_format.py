"""Count the fields of a protocol buffer before it is parsed.

A parser makes an object of every field: a file of empty messages, two bytes each, takes eighty
times its size in memory.  A file of weights has few, long fields.  So the fields are counted first,
by the message's descriptor and without building objects.

Wire format: https://protobuf.dev/programming-guides/encoding/.
"""

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from alexnet_viz.text.problem import Problem

MAX_FIELDS = 100_000
"""Most fields of a file; AlexNet in ONNX has some hundred."""

MAX_INTEGERS = 1_000_000
"""Most bytes of a packed list of integers, each of which may grow from one byte to eight."""

PACKED_LIKE_MEMORY = frozenset(
    {
        FieldDescriptor.TYPE_FLOAT,
        FieldDescriptor.TYPE_DOUBLE,
        FieldDescriptor.TYPE_STRING,
        FieldDescriptor.TYPE_BYTES,
    }
)
"""Types whose packed values take as much memory as in the file."""


def refuse_swelling(data: bytes, message: Descriptor, format: str) -> None:
    """Refuse bytes that would parse into too many fields.

    Raises:
        Problem: too many fields, or the bytes are not such a message.
    """
    try:
        _walk(memoryview(data), message, format)
    except (IndexError, ValueError) as error:
        if isinstance(error, Problem):
            raise
        raise Problem("weights_damaged", format=format) from error


def _walk(data: memoryview, message: Descriptor, format: str) -> None:
    waiting = [(data, message)]
    count = 0
    while waiting:
        view, message = waiting.pop()
        place = 0
        while place < len(view):
            count += 1
            if count > MAX_FIELDS:
                raise Problem("weights_parts", format=format, limit=MAX_FIELDS)
            tag, place = _varint(view, place)
            field = message.fields_by_number.get(tag >> 3)
            match tag & 7:
                case 0:  # varint
                    _, place = _varint(view, place)
                case 1:  # 64 bits
                    place += 8
                case 5:  # 32 bits
                    place += 4
                case 2:  # a length, then as many bytes
                    length, place = _varint(view, place)
                    inside = view[place : place + length]
                    place += length
                    if field is None:
                        continue
                    if field.message_type is not None:
                        waiting.append((inside, field.message_type))
                    elif field.type not in PACKED_LIKE_MEMORY and length > MAX_INTEGERS:
                        raise Problem("weights_parts", format=format, limit=MAX_INTEGERS)
                case _:
                    raise ValueError("groups are in no format of weights")


def _varint(view: memoryview, place: int) -> tuple[int, int]:
    """The integer at an offset, seven bits a byte, and the offset after it."""
    value = 0
    for shift in range(0, 70, 7):
        byte = view[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
    raise ValueError("a number of more than 64 bits")
