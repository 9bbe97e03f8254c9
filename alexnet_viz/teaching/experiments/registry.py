"""All experiments, in the order of the paper's sections."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from alexnet_viz.analysis.history import IDEAS, RETEST_FILES, RETEST_SOURCE, RUNS, SOURCE, cost
from alexnet_viz.network.layers import Sigmoid, Tanh
from alexnet_viz.network.spec import Network, Source
from alexnet_viz.teaching.experiments import small_network as small
from alexnet_viz.teaching.experiments.experiment import Arm, Experiment, Figure, Training
from alexnet_viz.text import Text
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.lookup import nearest_word

assert small.PAPER.about is not None
PAPER = small.PAPER.about.source
USUAL = Training()
"""The training of every arm that says nothing else."""
FEW = replace(USUAL, data_size=500)
"""So few pictures that each is seen many times and the network overfits them."""
SLOW = replace(USUAL, learning_rate=0.003, weight_decay=0.0)
"""Without regularisation, as in Figure 1; ``activation_rate`` has the usual rate."""


def section(number: str) -> Source:
    """A section of the paper."""
    return replace(PAPER, where=Text(f"section {number}", f"第 {number} 节"))


FIGURE_1 = replace(PAPER, where=Text("Figure 1", "图 1"))


def stated(source: Source, **values: float) -> Figure:
    """What the paper states there."""
    return Figure("paper", 2012, source, values)


def run_2012(name: str) -> Figure:
    """What a logged run of 2012 cost, in percentage points of top-1 and of top-5."""
    found = cost(RUNS[name])
    assert found is not None
    source = Source(title=SOURCE, where=RUNS[name].file, url=RUNS[name].url)
    return Figure("run", 2012, source, {"top1": found.top1, "top5": found.top5})


def retested(file: str, **values: float) -> Figure:
    """Top-1 accuracies of 2017, from 0 to 1."""
    source = Source(title=RETEST_SOURCE, where=file, url=f"{RETEST_FILES}/blob/master/{file}")
    return Figure("retest", 2017, source, values)


def retested_idea(idea: str) -> Figure:
    """The top-1 accuracies of 2017 with an idea of 2012 and without it."""
    found = next(each.retest for each in IDEAS if each.id == idea)
    assert found is not None
    return retested(found.file, with_it=found.with_it, without=found.without)


def networks(**arms: Network) -> tuple[Arm, ...]:
    """Arms whose networks differ."""
    return tuple(Arm(id, network, USUAL) for id, network in arms.items())


def activations(training: Training) -> tuple[Arm, ...]:
    """The network of four layers with each activation."""
    return (
        Arm("relu", small.FOUR, training),
        Arm("tanh", small.with_units(small.FOUR, Tanh), training),
        Arm("sigmoid", small.with_units(small.FOUR, Sigmoid), training),
    )


def trainings(base: Training, name: str, **arms: Any) -> tuple[Arm, ...]:
    """Arms that differ in a field of their training."""
    return tuple(Arm(id, small.SMALL, replace(base, **{name: value})) for id, value in arms.items())


CODE = VARIANTS["alexnet_2012_code_145"].about.source  # type: ignore[union-attr]
CAFFE_ORDER = Source(
    title="BVLC Caffe, issue 4202",
    where=Text("comments of 2016-05-25", "2016-05-25 的评论"),
    url="https://github.com/BVLC/caffe/issues/4202",
)
CAFFE_README = Source(
    title="BVLC Caffe, bvlc_alexnet",
    where="models/bvlc_alexnet/readme.md",
    url="https://github.com/BVLC/caffe/blob/master/models/bvlc_alexnet/readme.md",
)
EVERYWHERE = ("conv2", "conv3", "conv4", "conv5", "fc6", "fc7")
"""The layers of a tower that reads nothing of the other before fc8."""

EXPERIMENTS: Mapping[str, Experiment] = {
    each.id: each
    for each in (
        Experiment(
            id="activation",
            source=section("3.1"),
            figures=(
                stated(FIGURE_1, times=6, error=0.25),
                retested("Activations.md", relu=0.471, tanh=0.401),
            ),
            arms=activations(SLOW),
            measure="train_error",
        ),
        Experiment(
            id="activation_rate",
            source=FIGURE_1,
            figures=(stated(FIGURE_1, times=6, error=0.25),),
            arms=activations(replace(SLOW, learning_rate=0.01)),
            measure="train_error",
        ),
        Experiment(
            id="no_nonlinearity",
            source=section("3.1"),
            figures=(retested("Activations.md", relu=0.471, none=0.389, neither=0.035),),
            arms=networks(relu=small.SMALL, none=small.without("small_linear", *small.RELUS)),
            measure="train_error",
        ),
        Experiment(
            id="towers",
            source=section("3.2"),
            figures=(
                stated(section("3.2"), top1=1.7, top5=1.2),
                run_2012("150"),
                retested_idea("talk"),
            ),
            arms=networks(
                two=small.SMALL,
                one=small.changed_in("small_one_tower", ("conv2", "conv4", "conv5"), groups=1),
                apart=small.changed_in("small_towers_apart", EVERYWHERE, groups=2),
            ),
        ),
        Experiment(
            id="lrn",
            source=section("3.3"),
            figures=(run_2012("148"), retested_idea("lrn")),
            arms=networks(with_it=small.SMALL, without=small.without("small_no_lrn", *small.NORMS)),
        ),
        Experiment(
            id="lrn_order",
            source=section("3.3"),
            figures=(Figure("code", 2012, CODE), Figure("caffe", 2016, CAFFE_ORDER)),
            arms=networks(
                after_relu=small.SMALL,
                before_relu=small.moved("small_lrn_first", norm1="conv1", norm2="conv2"),
                after_pool=small.moved("small_lrn_last", norm1="pool1", norm2="pool2"),
            ),
        ),
        Experiment(
            id="batch_norm",
            source=section("3.3"),
            figures=(retested("batchnorm.md", without=0.471, before=0.474, after=0.499),),
            arms=networks(lrn=small.SMALL, batch_norm=small.batch_normalised()),
        ),
        Experiment(
            id="overlapping_pooling",
            source=section("3.4"),
            figures=(run_2012("147"), retested_idea("overlap")),
            arms=networks(
                overlapping=small.SMALL,
                apart=small.changed_in("small_pools_apart", small.POOLS, kernel_size=2),
            ),
            also="gap",
        ),
        Experiment(
            id="augmentation",
            source=section("4.1"),
            figures=(stated(section("4.1")),),
            arms=trainings(FEW, "augmentation", none="none", crops_flips="crops_flips"),
            also="gap",
        ),
        Experiment(
            id="dropout",
            source=section("4.2"),
            figures=(stated(section("4.2")), retested("Regularization.md", half=0.470, less=0.497)),
            arms=(Arm("without", small.SMALL, FEW), Arm("with_it", small.with_dropout(), FEW)),
            also="gap",
        ),
        Experiment(
            id="learning_rate",
            source=section("5"),
            figures=(stated(section("5"), rate=0.01),),
            arms=trainings(USUAL, "learning_rate", usual=0.01, higher=0.1, lower=0.001),
        ),
        Experiment(
            id="momentum",
            source=section("5"),
            figures=(stated(section("5"), momentum=0.9),),
            arms=trainings(USUAL, "momentum", usual=0.9, none=0.0),
            measure="train_error",
        ),
        Experiment(
            id="weight_decay",
            source=section("5"),
            figures=(stated(section("5")), retested("Regularization.md", usual=0.470, less=0.450)),
            arms=trainings(USUAL, "weight_decay", usual=5e-4, none=0.0, much=2e-2),
            measure="train_error",
        ),
        Experiment(
            id="bias",
            source=section("5"),
            figures=(stated(section("5")), Figure("caffe", 2014, CAFFE_README)),
            arms=trainings(USUAL, "bias", one=1.0, tenth=0.1, zero=0.0),
            measure="train_error",
        ),
        Experiment(
            id="data_size",
            source=section("1"),
            figures=(retested("Dataset_size.md", all=0.471, third=0.393, sixth=0.305),),
            arms=trainings(USUAL, "data_size", all=8_000, quarter=2_000, few=500),
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
