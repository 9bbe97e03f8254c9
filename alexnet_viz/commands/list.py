"""``list``: all variants with their totals."""

import argparse

from alexnet_viz.commands.arguments import Parser, Word, add_format
from alexnet_viz.commands.output import printed
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.networks import networks_table
from alexnet_viz.variants import VARIANTS


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    add_format(parser, word)


def run(arguments: argparse.Namespace) -> int:
    """Print the variants and return the exit code."""
    traces = [trace(network) for network in VARIANTS.values()]
    table = networks_table(traces, arguments.language)
    return printed(arguments.format, table.grid, table.records)
