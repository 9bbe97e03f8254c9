"""Protocol buffers, looked over before they are parsed.

A parser makes an object of every field: a file of empty messages, two bytes each, takes eighty
times its size in memory.  A file of weights has few fields and long ones, so all of them are
counted first, along the message's own description, without building anything.

The wire format: https://protobuf.dev/programming-guides/encoding/.
"""

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from alexnet_viz.text.problem import Problem

MAX_FIELDS = 100_000
"""An AlexNet in ONNX has some hundred."""

MAX_INTEGERS = 1_000_000
"""Bytes of one packed list of integers, of which each may grow from one byte to eight."""

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
PACKED_LIKE_MEMORY = frozenset(
    {
        FieldDescriptor.TYPE_FLOAT,
        FieldDescriptor.TYPE_DOUBLE,
        FieldDescriptor.TYPE_STRING,
        FieldDescriptor.TYPE_BYTES,
    }
)


def refuse_swelling(data: bytes, message: Descriptor, format: str) -> None:
    """See that bytes parse as this message into few fields.

    Raises:
        Problem: too many fields, or the bytes are no message.
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
                case 0:
                    _, place = _varint(view, place)
                case 1:
                    place += 8
                case 5:
                    place += 4
                case 2:
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
    """The number at a place, seven bits a byte, and the place behind it."""
    value = 0
    for shift in range(0, 70, 7):
        byte = view[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
    raise ValueError("a number of more than 64 bits")
