"""``sweep VARIANT``: what becomes of a network as its input grows, on the command line."""

import argparse

from alexnet_viz.analysis.inputs.sweep import sweep
from alexnet_viz.commands.arguments import whole_number
from alexnet_viz.commands.output import printed
from alexnet_viz.network.geometry import MAX_INPUT_SIZE
from alexnet_viz.network.spec import Network
from alexnet_viz.render.diagrams.sweep import sweep_diagram
from alexnet_viz.render.tables.sweep import sweep_grid, sweep_record
from alexnet_viz.text import Language


def run(arguments: argparse.Namespace, network: Network, language: Language) -> int:
    """Print the stretches of one network and return the exit code.

    Raises:
        Problem: a number out of range, or a network without an image.
    """
    smallest = whole_number(arguments.smallest, "--from", MAX_INPUT_SIZE)
    largest = whole_number(arguments.largest, "--to", MAX_INPUT_SIZE)
    stretches = sweep(network, smallest, largest)
    if arguments.format == "svg":
        print(sweep_diagram({network.id: stretches}, language))
        return 0
    grid = sweep_grid(network, stretches, language)
    return printed(arguments.format, grid, sweep_record(network, stretches))
