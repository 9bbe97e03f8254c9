"""``compare A B …``: networks next to each other, and the values that differ."""

import argparse

from alexnet_viz.commands.arguments import Parser, Word, add_format, add_reading, traced
from alexnet_viz.commands.output import printed
from alexnet_viz.render.tables.networks import compare_grid, compare_record
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants.lookup import variant


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("variants", nargs="+", metavar="VARIANT", help=word("variant"))
    add_reading(parser, word)
    add_format(parser, word)


def run(arguments: argparse.Namespace) -> int:
    """Print the comparison and return the exit code.

    Raises:
        Problem: fewer than two variants, or one that does not exist.
    """
    if len(arguments.variants) < 2:
        raise Problem("too_few_variants")
    traces = [traced(arguments, variant(each)) for each in arguments.variants]
    return printed(
        arguments.format,
        compare_grid(traces, arguments.language),
        compare_record(traces, arguments.language),
    )
