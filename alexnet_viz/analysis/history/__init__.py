"""The gain of each idea of 2012: in the logged runs, and in the re-test of 2017.

Each parameter file of the released code ends with a log.  A ``Run`` is such a log; the cost of a
change is the difference of two runs and is computed.  The cost that the paper states is compared
with it.

Mishkin, Sergievskiy and Matas trained CaffeNets at 128 pixels, fc6 and fc7 of 2048 units, with one
change at a time ("Systematic evaluation of convolution neural network advances on the ImageNet",
CVIU 2017; numbers as in ducha-aiki/caffenet-benchmark).  A ``Retest`` is a pair of those.

Every number is from a single training run.
"""

from alexnet_viz.analysis.history.ideas import (
    IDEAS,
    NOISE,
    RETEST_FILES,
    RETEST_SOURCE,
    Idea,
    Retest,
    gain,
)
from alexnet_viz.analysis.history.runs import FILES, RUNS, SOURCE, Cost, Run, agrees, cost

__all__ = [
    "FILES",
    "IDEAS",
    "NOISE",
    "RETEST_FILES",
    "RETEST_SOURCE",
    "RUNS",
    "SOURCE",
    "Cost",
    "Idea",
    "Retest",
    "Run",
    "agrees",
    "cost",
    "gain",
]
