"""Dense layers that read only the weights of inputs that are not zero: the same numbers."""

import pytest
import torch
from torch import Tensor, nn

from alexnet_viz.interpretability.attribution.sanity import randomised
from alexnet_viz.model import selective as module
from alexnet_viz.model.activations import walk
from alexnet_viz.model.build import build
from alexnet_viz.model.selective import MOST, SelectiveLinear, selective
from alexnet_viz.variants import VARIANTS

IN, OUT = 600, 90


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> nn.Sequential:
    """A model whose two dense layers are large enough to be made selective."""
    monkeypatch.setattr(module, "LEAST", IN * OUT)
    torch.manual_seed(1)
    layers = nn.Linear(IN, OUT), nn.ReLU(), nn.Linear(OUT, IN, bias=False), nn.Linear(IN, 4)
    return nn.Sequential(*layers).eval().requires_grad_(False)


def sparse(share: float, images: int = 1) -> Tensor:
    """(images, IN), of which about ``share`` is not zero."""
    values = torch.randn(images, IN, generator=torch.Generator().manual_seed(2))
    return values * (torch.arange(IN) < share * IN)


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("share", [0.0, 0.05, MOST, 0.8, 1.0])
def test_the_same_numbers_for_any_input(
    small: nn.Sequential, share: float, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four threads do not divide 90 outputs."""
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    fast = selective(small)
    assert [type(layer) for layer in fast] == [SelectiveLinear, nn.ReLU, SelectiveLinear, nn.Linear]
    for images in (1, 3):
        wanted, found = walk(small, sparse(share, images)), walk(fast, sparse(share, images))
        for name, values in wanted.items():
            torch.testing.assert_close(found[name], values)


def test_few_inputs_are_added_up_and_many_multiplied(
    small: nn.Sequential, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = selective(small)[0]
    added: list[int] = []
    weighted_sum = module._weighted_sum

    def counted(rows: Tensor, used: Tensor, factors: Tensor) -> Tensor:
        added.append(len(used))
        return weighted_sum(rows, used, factors)

    monkeypatch.setattr(module, "_weighted_sum", counted)
    for share in (0.1, MOST, MOST + 0.1):
        layer(sparse(share))
    layer(sparse(0.1, images=2))
    assert added == [60, 300]


def test_what_is_not_a_number_comes_through(small: nn.Sequential) -> None:
    given = sparse(0.1)
    given[0, 3] = torch.nan
    assert bool(selective(small)[0](given).isnan().all())


def test_a_layer_with_an_infinite_weight_stays_as_it_is(small: nn.Sequential) -> None:
    small[0].weight[5, 7] = torch.inf
    fast = selective(small)
    assert type(fast[0]) is nn.Linear
    assert bool(fast[0](sparse(0.0)).isnan()[0, 5])  # zero times infinity


def test_gradients_are_those_of_the_plain_layer(small: nn.Sequential) -> None:
    found = []
    for model in (small, selective(small)):
        given = sparse(0.2).requires_grad_()
        model(given).square().sum().backward()
        found.append(given.grad)
    torch.testing.assert_close(found[1], found[0])


def test_the_model_itself_is_untouched_and_its_other_tensors_are_shared(
    small: nn.Sequential,
) -> None:
    before = {name: tensor.clone() for name, tensor in small.state_dict().items()}
    fast = selective(small)
    assert small.state_dict().keys() == fast.state_dict().keys()
    for name, tensor in small.state_dict().items():
        assert torch.equal(tensor, before[name])
        assert torch.equal(tensor, fast.state_dict()[name])
    assert fast[3].weight.data_ptr() == small[3].weight.data_ptr()
    assert not any(each.requires_grad for each in fast.parameters())


def test_random_weights_are_drawn_alike_whatever_the_storage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The check with random weights gives the same maps."""
    monkeypatch.setattr(module, "LEAST", 1)
    network = VARIANTS["alexnet_2012_227"].edited(id="small", fc6={"out_features": 8})
    model = build(network.edited(id="small", fc7={"out_features": 8}))
    plain, fast = randomised(model, seed=3), randomised(selective(model), seed=3)
    for (name, one), other in zip(plain.named_parameters(), fast.parameters(), strict=True):
        assert torch.equal(one, other), name
