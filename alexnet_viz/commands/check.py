"""``check FILE --expect expect.toml``: whether a network is what it is expected to be.

Exit code 0: all expectations hold, 1: one does not, 2: a file cannot be read.
"""

import argparse
from contextlib import suppress

from alexnet_viz.analysis.expectations import MAX_BYTES, mismatches, read, written
from alexnet_viz.commands.arguments import Parser, Word, add_reading, traced
from alexnet_viz.commands.diff import say_assumptions
from alexnet_viz.commands.output import printed, refusals, saved
from alexnet_viz.network.trace import Trace
from alexnet_viz.readers.named_network import named_networks
from alexnet_viz.text import t
from alexnet_viz.text.local_file import readable
from alexnet_viz.text.problem import Problem


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("file", metavar="FILE", help=word("diff_network"))
    parser.add_argument("--expect", metavar="FILE", help=word("check_expect"))
    parser.add_argument("--write", metavar="FILE", help=word("check_write"))
    add_reading(parser, word)
    parser.add_argument("--at", dest="input", metavar="N", help=word("diff_at"))
    parser.add_argument("--json", action="store_true", help=word("json"))


def run(arguments: argparse.Namespace) -> int:
    """Print every mismatch, or write the expectations of a file, and return the exit code.

    Raises:
        Problem: the network or the expectations cannot be read; neither is named, or both.
    """
    if (arguments.expect is None) == (arguments.write is None):
        raise Problem("expect_or_write")
    with refusals(arguments.json, arguments.language):
        (network,) = named_networks([arguments.file])
    found = traced(arguments, network)
    if not arguments.json:
        say_assumptions([found], arguments.language)
    if arguments.expect is not None:
        return _checked(arguments, found)
    content = written(found)
    saved(arguments.write, content)
    count = read(content.encode()).count
    print(t("expectations.wrote", arguments.language, path=arguments.write, count=count))
    return 0


def _checked(arguments: argparse.Namespace, found: Trace) -> int:
    language = arguments.language
    with readable(arguments.expect) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Problem("expect_too_large", limit=MAX_BYTES)
    expected = read(data)
    wrong = mismatches(found, expected)
    count = expected.count
    with suppress(BrokenPipeError):  # the exit code is the answer even if nobody reads the rest
        if arguments.json:
            record = {"file": arguments.file, "holds": not wrong, "expected": count}
            lines = [each.record(language) for each in wrong]
            printed("json", None, {**record, "mismatches": lines})
        else:
            said = {"file": found.network.id, "count": count, "wrong": len(wrong)}
            for each in wrong:
                print(each.sentence(language))
            print(t(f"expectations.{'broken' if wrong else 'holds'}", language, **said))
    return int(bool(wrong))
