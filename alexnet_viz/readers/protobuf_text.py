"""Protocol buffers as text: what a ``.prototxt`` is written in.

Google's own reader needs the description of every field there may be, and each fork of Caffe added
its own; it also knows no limit of depth.  This one knows no fields: it makes nested tables of
names and words, says the line where it stops, and needs the standard library only.

The language: https://protobuf.dev/reference/protobuf/textformat-spec/ (without extensions, and
without strings in several parts: no network has such).
"""

import re
from collections.abc import Iterator

from alexnet_viz.text.problem import Problem, shown

Message = dict[str, list["str | Message"]]
"""What was given under every name, in order: words, and messages."""

MAX_DEPTH = 20
"""Caffe's deepest field is five messages down."""

MAX_FIELDS = 100_000
"""Words and marks; a file of AlexNet has a thousand, one of 150 layers ten thousand."""

TOKEN = re.compile(
    r"""(?P<skip>[\s,;]+|\#[^\n]*)
      | (?P<quoted>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<word>[-+]?[\w.][\w.+-]*)
      | (?P<mark>[{}<>\[\]:])""",
    re.VERBOSE,
)


def parse(text: str) -> Message:
    """The fields of a text, nested as they are.

    Raises:
        Problem: not this language, too deep, or of too many fields.
    """
    root: Message = {}
    opened = [root]
    name: str | None = None
    listing = False
    for count, (line, kind, token) in enumerate(_tokens(text)):
        if count > MAX_FIELDS:
            raise Problem("open_many", limit=MAX_FIELDS)
        match kind, token:
            case "mark", "{" | "<" if name is not None and not listing:
                message: Message = {}
                opened[-1].setdefault(name, []).append(message)
                opened.append(message)
                name = None
                if len(opened) > MAX_DEPTH:
                    raise Problem("open_deep", line=line, limit=MAX_DEPTH)
            case "mark", "}" | ">" if name is None and len(opened) > 1:
                opened.pop()
            case "mark", ":" if name is not None and not listing:
                pass
            case "mark", "[" if name is not None and not listing:
                listing = True
            case "mark", "]" if listing:
                listing, name = False, None
            case "quoted" | "word", _ if name is not None:
                opened[-1].setdefault(name, []).append(token)
                name = name if listing else None
            case "word", _:
                name = token
            case _:
                raise Problem("open_syntax", line=line, token=shown(token))
    if name is not None or len(opened) > 1:
        raise Problem("open_unfinished")
    return root


def _tokens(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, kind and text of every token; quotes are taken off."""
    place, line = 0, 1
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise Problem("open_syntax", line=line, token=shown(text[place : place + 20]))
        kind, token = str(found.lastgroup), found[0]
        if kind != "skip":
            yield line, kind, token[1:-1] if kind == "quoted" else token
        line += token.count("\n")
        place = found.end()
