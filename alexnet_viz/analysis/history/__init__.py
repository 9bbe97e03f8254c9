"""What each idea of 2012 was worth: the logged runs, and the re-test of 2017 that disagrees.

The released code ends each of its parameter files with a log.  A ``Run`` is such a log; what a
change cost is the difference of two of them and is computed, never typed.  Beside it stands what
the paper states.

Mishkin, Sergievskiy and Matas trained CaffeNets at 128 pixels, fc6 and fc7 of 2048 units, with one
thing changed at a time ("Systematic evaluation of convolution neural network advances on the
ImageNet", CVIU 2017; numbers as in ducha-aiki/caffenet-benchmark).  A ``Retest`` is a pair of
those.

Every number is a single training run.
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
