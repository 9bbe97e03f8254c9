"""Which inputs a network takes, against tracing it at them."""

import pytest

from alexnet_viz.inputs import dense_layers, inputs_fitting
from alexnet_viz.trace import fits
from alexnet_viz.variants import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_inputs_that_fit_are_those_that_run(variant: str) -> None:
    sizes = inputs_fitting(VARIANTS[variant])
    for size in range(1, 300, 7):
        assert fits(VARIANTS[variant], size) == (size in sizes), size
    for edge in (sizes.start, sizes.stop - 1):
        assert fits(VARIANTS[variant], edge)
    for beyond in (sizes.start - 1, sizes.stop):
        assert not 1 <= beyond <= 10_000 or not fits(VARIANTS[variant], beyond)


def test_dense_layers_say_what_is_fixed() -> None:
    assert [
        (each.name, each.in_features) for each in dense_layers(VARIANTS["alexnet_2012_paper"])
    ] == [
        ("fc6", 9216),
        ("fc7", 4096),
        ("fc8", 4096),
    ]
