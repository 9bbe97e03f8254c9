"""Parse protocol buffers in text form, the syntax of a ``.prototxt``.

Google's parser needs the schema of all fields, to which each fork of Caffe added its own, and does
not limit the depth.  This one needs no schema: it returns nested dicts of strings, reports the line
of an error, and needs the standard library only.

Syntax: https://protobuf.dev/reference/protobuf/textformat-spec/ (without extensions and without
strings in several parts, which no network uses).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from alexnet_viz.text.problem import Problem, shown

Message = dict[str, list["str | Message"]]
"""By field, its values in order: words and messages."""

MAX_DEPTH = 20
"""Most nested messages; Caffe's deepest field is in five."""

MAX_FIELDS = 100_000
"""Most tokens; AlexNet's file has a thousand, one of 150 layers ten thousand."""

TOKEN = re.compile(
    r"""(?P<skip>[\s,;]+|\#[^\n]*)
      | (?P<quoted>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<word>[-+]?[\w.][\w.+-]*)
      | (?P<mark>[{}<>\[\]:])""",
    re.VERBOSE,
)


def parse(text: str) -> Message:
    """The fields of a text as nested dicts.

    Raises:
        Problem: a syntax error, too deep, or too many tokens.
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
    """(line, kind, text) of every token; strings without their quotes."""
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


def messages_of(message: Mapping[str, Sequence["str | Message"]], name: str) -> list[Message]:
    """The messages among the values of a field."""
    return [each for each in message.get(name, ()) if isinstance(each, dict)]


def words_of(message: Mapping[str, Sequence["str | Message"]], name: str) -> list[str]:
    """The words among the values of a field."""
    return [each for each in message.get(name, ()) if isinstance(each, str)]
