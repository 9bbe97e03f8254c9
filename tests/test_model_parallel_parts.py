"""What a run is made of: shares, transfers, places, weights; and that what is wrong is noticed."""

import pickle
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from alexnet_viz.analysis.towers.placements import Last
from alexnet_viz.model_parallel import result as results
from alexnet_viz.model_parallel import stage_plan
from alexnet_viz.model_parallel.exchange import LocalExchange, Shapes, Tensors
from alexnet_viz.model_parallel.footprint import check_footprint, footprint
from alexnet_viz.model_parallel.request import Place, Request
from alexnet_viz.model_parallel.result import Sent, crossing_bytes
from alexnet_viz.model_parallel.run import difference
from alexnet_viz.model_parallel.run_data import batch, fitted, full_model
from alexnet_viz.model_parallel.shard import blocks
from alexnet_viz.model_parallel.stage_plan import Route
from alexnet_viz.model_parallel.tower_network import TowerNetwork
from alexnet_viz.network.layers import LRN, BatchNorm, Conv, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import WEIGHTS
from tests.parallel import PAPER, in_process, request, small

CPU = torch.device("cpu")


class Scales(LocalExchange):
    """An exchange that weighs every tensor itself."""

    def __init__(self, gpus: int) -> None:
        super().__init__([CPU] * gpus)
        self.values: Counter[tuple[str, str]] = Counter()

    def transfer_counted(
        self, place: Place, outgoing: Tensors, expected: Shapes
    ) -> dict[Route, Tensor]:
        for route, tensor in outgoing.items():
            assert tuple(tensor.shape) == expected[route]
        self.values[place.phase, place.layer] += sum(each.numel() for each in outgoing.values())
        return super().transfer_counted(place, outgoing, expected)


@pytest.mark.parametrize("last", ["first", "halves"])
@pytest.mark.parametrize("gpus", [2, 3])
def test_only_what_the_plan_says_is_sent(gpus: int, last: Last) -> None:
    asked = request(gpus=gpus, last=last, train=False, batch=3)
    scales = Scales(gpus)
    network = TowerNetwork(asked, scales, full_model(asked).state_dict(), lambda: None)
    network.step(batch(asked)[0], None)
    sent = {layer: n for (phase, layer), n in scales.values.items() if phase == "forward" and n}
    assert sent == {s.name: 3 * s.crossing for s in asked.stages() if s.crossing}
    assert scales.values["collect", "fc8"] == (0 if last == "first" else 3 * (5 - -(-5 // gpus)))


def test_a_channel_too_many_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tower of conv3 is sent one channel twice."""
    counted = LocalExchange.transfer_counted

    def more(self: Any, place: Place, outgoing: Tensors, expected: Shapes) -> dict[Route, Tensor]:
        if place == Place("forward", "conv3"):
            outgoing = {p: torch.cat([each, each[:, :1]], 1) for p, each in outgoing.items()}
            return {p: each[:, :-1] for p, each in counted(self, place, outgoing, expected).items()}
        return counted(self, place, outgoing, expected)

    monkeypatch.setattr(LocalExchange, "transfer_counted", more)
    found = in_process(request())
    assert found.equal
    assert not found.as_planned
    wrong = set(found.sent) - set(found.predicted)
    assert {(each.phase, each.layer) for each in wrong} == {("forward", "conv3")}


def test_a_channel_too_few_is_a_gap() -> None:
    held = torch.zeros(1, 4, 2, 2)
    assert (
        stage_plan.gather_channels({range(4): held, range(4, 6): held[:, :2]}, range(2, 6)).shape[1]
        == 4
    )
    with pytest.raises(AssertionError, match="channels 4 to 5 are missing"):
        stage_plan.gather_channels({range(4): held}, range(6))
    with pytest.raises(AssertionError, match="channels 4 to 5 are missing"):
        stage_plan.gather_channels({range(4): held, range(6, 8): held[:, :2]}, range(8))


def test_a_tower_holds_its_share_and_no_more() -> None:
    asked = request(last="first")
    network = TowerNetwork(asked, LocalExchange([CPU] * 2), full_model(asked).state_dict(), int)
    held = [sum(share.tensor.numel() for share in network.shares(tower)) for tower in (0, 1)]
    assert tuple(held) == asked.towers().params
    assert not [share.name for share in network.shares(1) if share.name.startswith("fc8")]
    # copies: a view would keep the whole network's numbers alive
    assert all(s.tensor.untyped_storage().nbytes() == s.tensor.nbytes for s in network.shares(0))


def test_the_paper_at_its_own_size() -> None:
    found = in_process(Request(network=PAPER, gpus=2, last="halves", batch=1, rounds=1))
    assert found.equal, found.largest
    assert found.params == (30_482_612, 30_482_612)
    assert found.as_planned
    assert crossing_bytes(found.sent) == 4 * 60_672
    assert Sent("forward", "conv3", 0, 1, 4 * 128 * 13 * 13) in found.sent
    assert {event.kind for event in found.events} == {"compute", "exchange"}
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_wrong_weight_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels of conv4 on GPU 1, a little brighter than they should be."""
    made = TowerNetwork.__init__

    def spoiled(self: Any, *arguments: Any) -> None:
        made(self, *arguments)
        (share,) = [s for s in self.shares(1) if s.name == "conv4.weight"]
        share.tensor.detach().add_(0.001)

    monkeypatch.setattr(TowerNetwork, "__init__", spoiled)
    found = in_process(request())
    assert not found.equal
    assert found.output.relative > results.TOLERANCE


def test_random_weights_let_every_layer_count() -> None:
    """Whatever single kernel or bias is changed, the logits change more than rounding does."""
    network = small().edited(id="n", after={"conv1": (BatchNorm(name="bn1"),)})
    asked = request(train=False, batch=1, network=network)
    images, _ = batch(asked)
    model = full_model(asked)
    with torch.no_grad():
        logits = nn.Sequential(*list(model)[:-1])(images)
        for name, tensor in model.named_parameters():
            layer, before = model.get_submodule(name.rpartition(".")[0]), tensor.clone()
            changed = [n for n in range(len(before)) if _moves(model, tensor, n, images, logits)]
            # a channel may be silent by chance, a layer not
            assert len(changed) > len(before) / 3, (name, layer)
            tensor.copy_(before)
            assert before.unique(dim=0).shape == before.shape, f"two channels of {name} are alike"


def _moves(model: nn.Sequential, tensor: Tensor, row: int, images: Tensor, logits: Tensor) -> bool:
    kept = tensor[row].clone()
    tensor[row] += 0.1
    moved = difference("logits", nn.Sequential(*list(model)[:-1])(images), logits)
    tensor[row] = kept
    return moved.relative > 1e-4


def test_dropout_silences_the_same_units_in_any_split() -> None:
    losses = {in_process(request(gpus=gpus, seed=3)).losses for gpus in (1, 2, 4)}
    towers = [each[0] for each in losses if each]
    assert towers == pytest.approx([towers[0]] * len(towers), rel=1e-6)
    other = in_process(request(seed=4)).losses
    assert other
    assert other[0] != pytest.approx(towers[0], rel=1e-3)


def test_blocks_are_whole_groups_and_what_is_left() -> None:
    layers = (
        Conv(name="conv1", out_channels=12, kernel_size=1),
        Conv(name="conv2", out_channels=24, kernel_size=1, groups=4),
        LRN(name="norm2", size=5, groups=2),
    )
    rows = trace(Network(id="n", input_shape=(3, 4, 4), layers=layers))
    found = [(b.outputs, b.inputs, b.groups) for b in blocks(rows["conv2"], range(3, 22))]
    assert found == [
        (range(3, 6), range(3), 1),
        (range(6, 18), range(3, 9), 2),
        (range(18, 22), range(9, 12), 1),
    ]
    found = [(b.outputs, b.inputs, b.groups) for b in blocks(rows["norm2"], range(8, 24))]
    assert found == [(range(8, 12), range(6, 12), 1), (range(12, 24), range(12, 24), 1)]
    assert blocks(rows["conv2"], range(0)) == ()


def test_where_a_process_can_be() -> None:
    asked = request(rounds=2)
    places = asked.places()
    assert places[:3] == (Place("start"), Place("weights"), Place("forward", "conv1"))
    assert places.count(Place("backward", "conv1")) == 3
    assert places[-1] == Place("check")
    assert asked.place(0) == asked.place(1) == Place("start")
    assert asked.place(10**6) == Place("check")
    assert pickle.loads(pickle.dumps(asked)) == asked


def test_every_place_is_come_to() -> None:
    asked, calls = request(), []
    from alexnet_viz.model_parallel.run import run

    run(asked, LocalExchange([CPU] * 2), lambda: calls.append(1))
    assert len(calls) == len(asked.places()) - 1  # the start is told by who starts it


def refused(network: Network, code: str, words: str, **changes: Any) -> None:
    with pytest.raises(Problem, match=words) as raised:
        Request(network=network, gpus=2, **changes).stages()
    assert raised.value.code == code


def test_what_no_run_can_do() -> None:
    prob = Softmax(name="middle")
    refused(
        small().edited(id="n", after={"relu7": (prob,)}),
        "run_softmax",
        "middle is a softmax in the middle of the network",
    )
    only = Network(id="only", input_shape=(3,), layers=(prob,))
    with pytest.raises(Problem, match="only has no convolution and no dense layer"):
        replace(request(network=only, last="halves"), gpus=2).stages()
    early = replace(small(), layers=(BatchNorm(name="bn0"), *small().layers))
    refused(early, "run_learns_early", "bn0 learns before the first convolution", train=True)
    assert in_process(Request(network=early, gpus=2, batch=1, rounds=1)).equal


def test_weights_that_ship_and_weights_that_do_not_fit() -> None:
    asked = Request(network=VARIANTS["alexnet_2012_227"], gpus=2, weights="drawings")
    assert fitted(asked).logits == (len(WEIGHTS["drawings"].classes),)
    with pytest.raises(Problem, match="weights drawings do not fit small: conv1 has another shape"):
        fitted(request(weights="drawings"))
    with pytest.raises(Problem, match=r"No weights 'nowhere\.pt': neither a file nor one of"):
        in_process(request(weights="nowhere.pt"))


def test_a_missing_number_is_infinitely_far() -> None:
    nan = torch.tensor([float("nan")])
    assert difference("x", nan, torch.ones(1)).relative == float("inf")
    assert difference("x", torch.ones(1), nan).relative == float("inf")
    assert difference("x", torch.zeros(2), torch.zeros(2)).relative == 0


def test_memory_is_refused_in_words() -> None:
    asked = Request(network=PAPER, gpus=2, batch=32, train=True)
    assert 2e9 < footprint(asked, 2) < 4e9
    assert footprint(asked, 1) < footprint(asked, 2) < footprint(replace(asked, batch=64), 2)
    with pytest.raises(Problem, match=r"batch 32, processes: 2, would take about 2\.8 GB .* 1 GB"):
        check_footprint(asked, 2, 10**9)
    check_footprint(asked, 2, 4 * 10**9)
