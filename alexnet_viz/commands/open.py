"""``open FILE``: a network from another program's file, layer by layer.

It is printed like ``trace``; as JSON, a file that is refused is the list of all its problems.
What the file leaves open and was filled in goes to standard error, a
line each, so that a table that is written to a file holds nothing else.
"""

import argparse
import sys
from typing import get_args

from alexnet_viz.commands.arguments import Parser, Word, traced
from alexnet_viz.commands.output import refusals
from alexnet_viz.commands.trace import add_layers, print_layers
from alexnet_viz.readers import load
from alexnet_viz.readers.caffe_state import Phase, State
from alexnet_viz.text import t


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("file", metavar="FILE", help=word("open_file"))
    parser.add_argument("--phase", choices=get_args(Phase), help=word("phase"))
    parser.add_argument("--stage", action="append", metavar="NAME", help=word("stage"))
    add_layers(parser, word)


def run(arguments: argparse.Namespace) -> int:
    """Print the layers of the network in a file and return the exit code.

    Raises:
        Problem: there is no such file, or it is no network; every offending layer is named.
    """
    with refusals(arguments.format == "json", arguments.language):
        network = load(arguments.file, _state(arguments))
    result = traced(arguments, network)
    if sys.stderr is not None:
        for assumption in result.network.assumptions:
            words = assumption.of(arguments.language)
            print(t("open.note", arguments.language, words=words), file=sys.stderr)
    return print_layers(arguments, result)


def _state(arguments: argparse.Namespace) -> State | None:
    """The state that was asked for, if any."""
    if arguments.phase is None and not arguments.stage:
        return None
    return State(arguments.phase or "TEST", frozenset(arguments.stage or ()))
