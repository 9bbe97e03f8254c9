"""``open FILE``: a network from another program's file, layer by layer.

It is printed like ``trace``; what the file leaves open and was filled in goes to standard error, a
line each, so that a table that is written to a file holds nothing else.
"""

import argparse
import sys

from alexnet_viz.commands.arguments import Parser, Word
from alexnet_viz.commands.trace import add_layers, print_layers
from alexnet_viz.readers import load
from alexnet_viz.text import t


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("file", metavar="FILE", help=word("open_file"))
    add_layers(parser, word)


def run(arguments: argparse.Namespace) -> int:
    """Print the layers of the network in a file and return the exit code.

    Raises:
        Problem: there is no such file, or it is no network; every offending layer is named.
    """
    network = load(arguments.file)
    if network.about and sys.stderr is not None:
        for assumption in network.about.assumptions:
            words = assumption.of(arguments.language)
            print(t("open.note", arguments.language, words=words), file=sys.stderr)
    return print_layers(arguments, network)
