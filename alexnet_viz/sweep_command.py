"""``sweep VARIANT``: what becomes of a network as its input grows, on the command line."""

import argparse

from alexnet_viz.arguments import whole_number
from alexnet_viz.drawings.sweep import sweep_diagram
from alexnet_viz.geometry import MAX_INPUT_SIZE
from alexnet_viz.printing import printed
from alexnet_viz.spec import Network
from alexnet_viz.sweep import sweep
from alexnet_viz.sweep_report import sweep_grid, sweep_record
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
