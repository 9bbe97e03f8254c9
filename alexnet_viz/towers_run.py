"""``python -m alexnet_viz.towers_run``: the command ``run-towers``, as a module for torchrun."""

import sys

from alexnet_viz.__main__ import run
from alexnet_viz.commands.cli import main

if __name__ == "__main__":
    sys.exit(run(lambda: main(["run-towers", *sys.argv[1:]])))
