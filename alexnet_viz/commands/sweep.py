"""``sweep VARIANT``: what becomes of a network as its input grows."""

import argparse

from alexnet_viz.analysis.inputs.sweep import LARGEST, SMALLEST, sweep
from alexnet_viz.commands.arguments import (
    Parser,
    Word,
    add_format,
    add_network,
    asked_network,
    whole_number,
)
from alexnet_viz.commands.output import printed
from alexnet_viz.network.geometry import MAX_INPUT_SIZE
from alexnet_viz.render.diagrams.sweep import sweep_diagram
from alexnet_viz.render.tables.sweep import sweep_record, sweep_table
from alexnet_viz.render.tables.trace_table import EXPORTS


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    add_network(parser, word)
    for name, side, default in (("from", "smallest", SMALLEST), ("to", "largest", LARGEST)):
        parser.add_argument(
            f"--{name}", dest=side, metavar="N", default=str(default), help=word(f"sweep_{name}")
        )
    add_format(parser, word, (*EXPORTS, "svg"))


def run(arguments: argparse.Namespace) -> int:
    """Print the stretches of one network and return the exit code.

    Raises:
        Problem: a number out of range, or a network without an image.
    """
    network, language = asked_network(arguments), arguments.language
    smallest = whole_number(arguments.smallest, "--from", MAX_INPUT_SIZE)
    largest = whole_number(arguments.largest, "--to", MAX_INPUT_SIZE)
    stretches = sweep(network, smallest, largest)
    if arguments.format == "svg":
        print(sweep_diagram({network.id: stretches}, language))
        return 0
    grid = sweep_table(network, stretches, language).grid
    return printed(arguments.format, grid, sweep_record(network, stretches))
