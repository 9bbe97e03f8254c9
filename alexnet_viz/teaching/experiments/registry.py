"""All experiments, in the order of the paper's sections."""

from collections.abc import Mapping
from dataclasses import replace

from alexnet_viz.analysis.history import IDEAS, RETEST_SOURCE, RUNS, SOURCE, cost
from alexnet_viz.network.layers import Sigmoid, Tanh
from alexnet_viz.network.spec import Source
from alexnet_viz.teaching.experiments import small_network as small
from alexnet_viz.teaching.experiments.experiment import Arm, Experiment, Figure, Training
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.variants.lookup import nearest_word

assert small.PAPER.about is not None
USUAL = Training()
"""The training of every arm that says nothing else."""


def paper(where: str) -> Source:
    """A place in the paper."""
    return replace(small.PAPER.about.source, where=where)  # type: ignore[union-attr]


def run_2012(name: str, key: str = "run") -> Figure:
    """What a logged run of 2012 cost, in percentage points of top-1 and of top-5."""
    found = cost(RUNS[name])
    assert found is not None
    source = Source(title=SOURCE, where=RUNS[name].file, url=RUNS[name].url)
    return Figure(key, 2012, source, {"top1": found.top1, "top5": found.top5})


def retest(idea: str) -> Figure:
    """The top-1 accuracies of 2017, with an idea of 2012 and without it."""
    found = next(each.retest for each in IDEAS if each.id == idea)
    assert found is not None
    source = Source(title=RETEST_SOURCE, where=found.file, url=found.url)
    return Figure("retest", 2017, source, {"with_it": found.with_it, "without": found.without})


EXPERIMENTS: Mapping[str, Experiment] = {
    each.id: each
    for each in (
        Experiment(
            id="activation",
            source=paper("Figure 1"),
            figures=(Figure("paper", 2012, paper("Figure 1"), {"times": 6, "error": 0.25}),),
            arms=(
                Arm("relu", small.SMALL, USUAL),
                Arm("tanh", small.with_units(Tanh), USUAL),
                Arm("sigmoid", small.with_units(Sigmoid), USUAL),
            ),
            measure="train_error",
        ),
        Experiment(
            id="learning_rate",
            source=paper("section 5"),
            figures=(Figure("paper", 2012, paper("section 5"), {"rate": 0.01}),),
            arms=(
                Arm("usual", small.SMALL, USUAL),
                Arm("higher", small.SMALL, replace(USUAL, learning_rate=0.1)),
                Arm("lower", small.SMALL, replace(USUAL, learning_rate=0.001)),
            ),
        ),
    )
}
"""By id, which is part of people's links."""


def experiment(given: str) -> Experiment:
    """The experiment with this id.

    Raises:
        Problem: there is none; it names the nearest id.
    """
    if given in EXPERIMENTS:
        return EXPERIMENTS[given]
    near = nearest_word(given, EXPERIMENTS) or next(iter(EXPERIMENTS))
    raise Problem("unknown_experiment", given=shown(given), nearest=near)
