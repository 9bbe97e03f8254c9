"""``diff A B …``: how networks or files differ and what follows in numbers.

Exit code 0: the same, 1: they differ, 2: one cannot be read.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress

from alexnet_viz.analysis.compare.comparison import compared
from alexnet_viz.commands.arguments import Parser, Word, add_reading, traced
from alexnet_viz.commands.output import printed, refusals, saved
from alexnet_viz.network.trace import Trace
from alexnet_viz.readers.named_network import named_networks
from alexnet_viz.render.tables.diff import assumption_lines, diff_record, diff_text
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("networks", nargs="+", metavar="NETWORK", help=word("diff_network"))
    add_reading(parser, word)
    parser.add_argument("--at", dest="input", metavar="N", help=word("diff_at"))
    parser.add_argument("--ignore", metavar="WORD,WORD", default="", help=word("diff_ignore"))
    parser.add_argument("--html", metavar="FILE", help=word("diff_html"))
    parser.add_argument("--json", action="store_true", help=word("json"))


def run(arguments: argparse.Namespace) -> int:
    """Print the differences and return the exit code.

    Raises:
        Problem: fewer than two networks, one that cannot be read, an unknown word to ignore.
    """
    if len(arguments.networks) < 2:
        raise Problem("too_few_networks")
    language = arguments.language
    with refusals(arguments.json, language):
        networks = named_networks(arguments.networks)
    ignored = filter(None, map(str.strip, arguments.ignore.split(",")))
    found = compared([traced(arguments, network) for network in networks], list(ignored))
    if arguments.html is not None:
        from alexnet_viz.render.export.diff_report import diff_report

        saved(arguments.html, diff_report(found, language))
    if not arguments.json:
        say_assumptions(found.traces, language)
    with suppress(BrokenPipeError):  # the exit code is the answer even if nobody reads the rest
        if arguments.json:
            printed("json", None, diff_record(found, language))
        else:
            print(diff_text(found, language), end="")
    return 0 if found.same else 1


def say_assumptions(traces: Sequence[Trace], language: Language) -> None:
    """Print on standard error what files leave open and was filled in, a line each."""
    for each in traces:
        if each.network.id not in VARIANTS and sys.stderr is not None:
            for words in assumption_lines(each, language):
                said = t("diff.assumed", language, network=each.network.id, words=words)
                print(said, file=sys.stderr)
