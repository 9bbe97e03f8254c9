"""Draws questions about registered networks: tower, find, which, published."""

from random import Random

from alexnet_viz.teaching.questions.fingerprints import FINGERPRINTS, SUSPECTS, NamedNetwork
from alexnet_viz.teaching.questions.network_chains import (
    PlantedError,
    TowersRead,
    chain,
    step,
    towers,
    windows,
)
from alexnet_viz.teaching.questions.published_errors import MISTAKES, PublishedError
from alexnet_viz.teaching.slips.registry import SLIPS
from alexnet_viz.variants import VARIANTS

TWO_TOWERS = {
    1: ("alexnet_2012_paper",),
    2: ("alexnet_2012_paper", "caffe_bvlc_alexnet"),
    3: ("alexnet_2012_code_150", "torch7_alexnet_2tower", "article_001_conv3_2groups"),
}
"""By tier: the paper's, then also its pools and LRN, then networks whose towers talk elsewhere."""

CHAINS = {
    1: ("alexnet_2012_227", "torchvision_alexnet"),
    2: ("alexnet_2012_paper", "alexnet_2012_227", "torchvision_alexnet", "caffe_bvlc_alexnet"),
    3: ("zfnet_paper", "d2l_alexnet", "caffe_bvlc_alexnet", "mxnet_symbol_alexnet"),
}

PLANTED = (
    *("no_plus_one", "rounded_up", "rounded_down", "padding_once", "padding_forgotten"),
    *("size_over_stride", "kernel_not_subtracted"),
)
"""The slips that a text has in it."""


def tower(chance: Random, tier: int) -> TowersRead | None:
    """Whose maps a tower of a layer reads."""
    network = chance.choice(TWO_TOWERS[tier])
    found = towers(network)
    assert found
    stages = [
        stage.name
        for stage in found.stages
        if (stage.row.layer.weighted or (tier > 1 and stage.row.layer.family == "pooling"))
        and stage.reads != "some"
    ]
    return TowersRead(network, chance.choice(stages))


def find(chance: Random, tier: int) -> PlantedError | None:
    """A chain of output sizes in which one is wrong by a slip."""
    network = chance.choice(CHAINS[tier])
    size = VARIANTS[network].input_size
    if tier > 1 and chance.random() < 0.5:
        size += chance.randint(-30, 60)
    traced = chain(network, size)
    layers = windows(traced)[: {1: 4, 2: 6, 3: 8}[tier]]
    at = chance.randrange(len(layers))
    arriving = size if at == 0 else traced[layers[at - 1]].output_shape[1]
    asked = step(traced, layers[at], arriving)
    wrong = [
        result
        for slip in SLIPS
        if slip.id in PLANTED and isinstance(result := slip.result(asked), int)
        if result != asked.answer
    ]
    return PlantedError(network, size, layers, at + 1, chance.choice(wrong)) if wrong else None


def which(chance: Random, tier: int) -> NamedNetwork | None:
    """A network by two fingerprints; from the second tier on it takes both."""
    first, second = chance.sample(sorted(FINGERPRINTS), 2)
    among = tuple(chance.sample(SUSPECTS, len(SUSPECTS)))
    asked = NamedNetwork(chance.choice(SUSPECTS), first, second, among)
    return asked if asked.only else None


def published(chance: Random, tier: int) -> PublishedError:
    """A published sentence about AlexNet that is wrong."""
    return PublishedError(chance.choice(sorted(MISTAKES)))
