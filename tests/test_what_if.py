"""Networks cut otherwise, against the numbers of the paper and of the runs that were logged."""

import pytest

from alexnet_viz.analysis.towers.regroup import crossings, cuttable, norm_reach, regrouped
from alexnet_viz.analysis.towers.split import split
from alexnet_viz.network.layers import LRN, MaxPool
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]
SPLIT = [name for name, network in VARIANTS.items() if network.towers == 2]


def test_asking_for_what_is_there_changes_nothing(subtests: pytest.Subtests) -> None:
    for variant in SPLIT:
        with subtests.test(variant=variant):
            network = VARIANTS[variant]
            assert regrouped(network, 2, crossings(network, 2), norm_reach(network, 2)) == network


def test_what_can_be_cut() -> None:
    assert cuttable(PAPER) == ("conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")


def test_every_layer_crossing_is_four_times_the_traffic() -> None:
    """60,672 values as published, 260,448 if every layer reads both GPUs."""
    everything = regrouped(PAPER, 2, cuttable(PAPER))
    assert split(trace(everything), "halves", gpus=2).crossing == 260_448
    assert split(trace(PAPER), "halves").crossing == 60_672
    assert trace(everything).params == 62_378_344


def test_no_layer_crossing_is_two_networks() -> None:
    apart = trace(regrouped(PAPER, 2, ()))
    towers = split(apart)
    assert towers.crossing == 0
    assert {stage.reads for stage in towers.stages} == {"image", "own"}
    assert towers.stages[-2].channels == (500, 500)  # nobody reads both, so nobody holds it whole
    assert apart.params == trace(PAPER).params - (442_368 + 18_874_368 + 8_388_608 + 2_048_000)


def test_one_gpu_needs_no_groups_and_four_cut_finer() -> None:
    whole = regrouped(PAPER, 1, ())
    assert whole.layers == PAPER.layers  # groups of a network that one GPU holds cut nothing
    assert trace(regrouped(whole, 1, cuttable(whole))).params == 62_378_344
    four = trace(regrouped(PAPER, 4, ("conv3", "fc6", "fc7", "fc8"), "tower"))
    assert four.by_name["conv2"].layer.groups == 4
    assert split(four, "halves").crossing == 3 * (43_264 + 9_216 + 4_096 + 4_096)


def test_lrn_that_does_not_stop_fetches_two_maps_a_side() -> None:
    across = trace(regrouped(PAPER, 2, crossings(PAPER, 2), "across"))
    stages = {stage.name: stage for stage in split(across, "halves").stages}
    assert (stages["norm1"].reads, stages["norm1"].crossing) == ("some", 2 * 2 * 55 * 55)
    assert stages["norm1"].pieces == ((range(0), range(48, 50)), (range(46, 48), range(0)))
    assert stages["norm2"].crossing == 2 * 2 * 27 * 27
    assert norm_reach(across.network, 2) == "across"


def test_a_spatial_lrn_stays_where_it_is() -> None:
    code = VARIANTS["alexnet_2012_code_145"]
    stages = {stage.name: stage for stage in split(trace(code)).stages}
    assert isinstance(code["norm2b"], LRN)
    assert (stages["norm2b"].reads, stages["norm2b"].crossing) == ("own", 0)


def test_channels_that_cannot_be_cut_fail_at_their_layer() -> None:
    failure = trace(regrouped(PAPER, 5, ())).failure
    assert failure.layer == "norm1" or failure.layer == "conv2"
    assert "96" in failure.message()


def test_a_network_that_learns_nothing_is_dealt_out_all_the_same() -> None:
    pools = PAPER.edited(id="pools", without=tuple(
        layer.name for layer in PAPER.layers if not isinstance(layer, MaxPool)))  # fmt: skip
    towers = split(trace(pools), gpus=3)
    assert (towers.crossing, towers.params) == (0, (0, 0, 0))
    assert [stage.channels for stage in towers.stages] == [(1, 1, 1)] * 3
    assert cuttable(pools) == ()


def test_without_lrn_there_is_no_reach() -> None:
    assert norm_reach(VARIANTS["torchvision_alexnet"], 2) is None
