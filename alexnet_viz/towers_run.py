"""``python -m alexnet_viz.towers_run``: an entry point that torchrun can start as a module.

The command itself is ``alexnet_viz.commands.towers_run``.
"""

import sys

from alexnet_viz.__main__ import run
from alexnet_viz.commands.towers_run import main

if __name__ == "__main__":
    sys.exit(run(main))
