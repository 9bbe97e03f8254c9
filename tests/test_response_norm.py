"""Response normalisation over channels gives torch's numbers, in fewer steps.

The oracle is ``torch.nn.LocalResponseNorm``, of each tower by itself.
"""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from alexnet_viz.model.modules import ChannelResponseNorm

ALPHA, LARGE = 0.3, 400.0
"""LARGE² leaves float16, whose largest number is 65,504."""


def numbers(*shape: int, dtype: torch.dtype = torch.float32, scale: float = 3.0) -> Tensor:
    generator = torch.Generator().manual_seed(len(shape) + sum(shape))
    return (scale * torch.randn(*shape, generator=generator)).to(dtype)


def torchs(input: Tensor, size: int, alpha: float, beta: float, k: float, groups: int) -> Tensor:
    norm = nn.LocalResponseNorm(size, alpha, beta, k)
    return torch.cat([norm(tower) for tower in input.chunk(groups, dim=1)], dim=1)


constants = st.fixed_dictionaries(
    {
        "size": st.integers(1, 9),  # odd and even, and wider than a tower
        "alpha": st.sampled_from([1e-4, ALPHA, 5.0]),
        "beta": st.sampled_from([0.75, 0.5, 1.0, 0.31]),
        "k": st.sampled_from([1.0, 2.0, 0.1]),
        "groups": st.sampled_from([1, 2, 3]),
    }
)
shapes = st.tuples(
    st.integers(1, 9),  # in one part, in several, with a rest
    st.sampled_from([6, 12]),
    st.lists(st.integers(1, 6), min_size=1, max_size=3),
)


@given(constants, shapes, st.booleans())
def test_the_numbers_are_torchs(
    given: dict[str, float], shape: tuple[int, int, list[int]], recorded: bool
) -> None:
    """With and without a recorded graph: the ways differ, the numbers must not."""
    input = numbers(shape[0], shape[1], *shape[2]).requires_grad_(recorded)
    ours = ChannelResponseNorm(**given)(input)
    torch.testing.assert_close(ours, torchs(input, **given))
    assert ours.requires_grad is recorded


@given(constants, st.integers(1, 3))
def test_the_gradients_are_torchs(given: dict[str, float], images: int) -> None:
    input = numbers(images, 6, 2, 3, dtype=torch.float64).requires_grad_()
    arriving = numbers(images, 6, 2, 3, dtype=torch.float64, scale=1.0)
    ours, wanted = (
        torch.autograd.grad(output, input, arriving)[0]
        for output in (ChannelResponseNorm(**given)(input), torchs(input, **given))
    )
    torch.testing.assert_close(ours, wanted)


@pytest.mark.parametrize("beta", [0.75, 0.6])
def test_gradients_of_gradients_are_right(beta: float) -> None:
    input = numbers(2, 4, 2, dtype=torch.float64).requires_grad_()
    norm = ChannelResponseNorm(3, ALPHA, beta, 2.0, groups=2)
    assert torch.autograd.gradcheck(norm, input)
    assert torch.autograd.gradgradcheck(norm, input)


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("images", [1, 7])
def test_channels_last_stays_channels_last(images: int, groups: int) -> None:
    input = numbers(images, 8, 5, 4)
    turned = input.to(memory_format=torch.channels_last)
    with torch.inference_mode():
        output = ChannelResponseNorm(5, ALPHA, groups=groups)(turned)
    assert output.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(output, torchs(input, 5, ALPHA, 0.75, 1.0, groups))


def test_an_input_that_is_a_slice_of_something_is_read_as_it_lies() -> None:
    input = numbers(2, 12, 7, 9)[:, ::2, 1:6, ::3]
    torch.testing.assert_close(
        ChannelResponseNorm(3, ALPHA)(input), torchs(input, 3, ALPHA, 0.75, 1.0, 1)
    )


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_squares_do_not_overflow_in_half_precision(dtype: torch.dtype, recorded: bool) -> None:
    input = numbers(6, 8, 3, 3, dtype=dtype, scale=LARGE)
    ours = ChannelResponseNorm(5, 1e-4, 0.75, 2.0)(input.clone().requires_grad_(recorded))
    assert ours.dtype == dtype
    torch.testing.assert_close(ours, torchs(input.float(), 5, 1e-4, 0.75, 2.0, 1).to(dtype))


def test_the_input_is_left_alone() -> None:
    input = numbers(7, 8, 4, 4)
    before = input.clone()
    output = ChannelResponseNorm(5, ALPHA)(input)
    assert torch.equal(input, before)
    assert output.data_ptr() != input.data_ptr()


def test_nothing_in_gives_nothing_out() -> None:
    assert ChannelResponseNorm(5)(torch.empty(0, 8, 3, 3)).shape == (0, 8, 3, 3)
