"""A dense layer in groups against torch's own: block-diagonal, like a convolution's groups."""

import pytest
import torch
from torch import nn

from alexnet_viz.network.layers import Linear
from tests.test_modules import model_of


@pytest.mark.parametrize(("groups", "bias"), [(2, True), (3, False)])
def test_a_dense_layer_in_groups_is_block_diagonal(groups: int, bias: bool) -> None:
    layer = Linear(name="fc6", out_features=4 * groups, groups=groups, bias=bias)
    model = model_of(layer, 5 * groups)
    rows = torch.randn(7, 5 * groups)
    weight = model.fc6.weight
    assert weight.shape == (4 * groups, 5)
    whole = torch.block_diag(*weight.chunk(groups))
    torch.testing.assert_close(model(rows), nn.functional.linear(rows, whole, model.fc6.bias))
    as_convolution = nn.functional.conv1d(
        rows[..., None], weight[..., None], model.fc6.bias, groups=groups
    )
    torch.testing.assert_close(model(rows), as_convolution[..., 0])


def test_one_group_of_a_dense_layer_does_not_see_the_other() -> None:
    model = model_of(Linear(name="fc6", out_features=6, groups=2), 8)
    row = torch.randn(1, 8, requires_grad=True)
    for group, outputs in enumerate((slice(0, 3), slice(3, 6))):
        (gradient,) = torch.autograd.grad(model(row)[0, outputs].sum(), row)
        seen = gradient[0].nonzero().flatten().tolist()
        assert seen == list(range(4 * group, 4 * group + 4))


def test_a_dense_layer_in_groups_says_so() -> None:
    model = model_of(Linear(name="fc6", out_features=6, groups=2), 8)
    assert repr(model.fc6) == ("GroupedLinear(in_features=8, out_features=6, bias=True, groups=2)")
    assert type(model_of(Linear(name="fc6", out_features=6), 8).fc6) is nn.Linear
