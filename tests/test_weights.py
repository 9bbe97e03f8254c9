"""Weights in general: where they fit, and that a model holds just the numbers of its file."""

import pytest
import torch

from alexnet_viz.model.build import build
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.compatibility import Misfit, adapted, learned_shapes, misfits
from alexnet_viz.weights.loader import expanded, filled


def test_learned_shapes_are_those_of_torch(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            result = trace(VARIANTS[id])
            if result.failure:
                continue  # nothing can be built to compare with; test_variants covers those
            state = build(VARIANTS[id], device="meta").state_dict()
            named = {
                key.removesuffix(".weight"): tuple(value.shape)
                for key, value in state.items()
                if key.endswith(".weight")
            }
            assert learned_shapes(result) == named


@pytest.mark.parametrize(
    ("id", "size", "fits"),
    [
        ("alexnet_2012_227", 227, True),
        ("alexnet_2012_paper", 224, True),  # padded 1 and 2, so 55 as at 227
        ("caffe_bvlc_reference_caffenet", 227, True),  # pools before it normalises: same shapes
        ("alexnet_2012_227", 224, False),  # fc6 reads 6,400
        ("torchvision_alexnet", 224, False),  # 64 kernels in conv1
    ],
)
def test_weights_fit_by_shape(id: str, size: int, fits: bool) -> None:
    result = trace(adapted(VARIANTS[id].at(size), DRAWINGS))
    assert (not misfits(result, DRAWINGS)) == fits


def test_a_misfit_names_the_layer_and_both_shapes() -> None:
    result = trace(adapted(VARIANTS["alexnet_2012_227"].at(224), DRAWINGS))
    assert misfits(result, DRAWINGS) == [Misfit("fc6", (4096, 6400), (4096, 9216))]


def test_a_misfit_names_layers_that_one_side_lacks() -> None:
    shallow = VARIANTS["alexnet_2012_227"].edited(id="shallow", without=("conv4",))
    assert Misfit("conv4", None, (384, 192, 3, 3)) in misfits(trace(shallow), DRAWINGS)


def test_the_output_layer_takes_as_many_classes_as_the_weights_know() -> None:
    network = adapted(VARIANTS["alexnet_2012_paper"], DRAWINGS)
    assert trace(network).by_name["fc8"].output_shape == (len(DRAWINGS.classes),)
    assert network.id == "alexnet_2012_paper"


def test_thin_factors_are_multiplied() -> None:
    down, up = torch.randn(2, 5), torch.randn(3, 2)
    dense = expanded({"fc6.down": down, "fc6.up": up, "fc6.bias": torch.ones(3)})
    assert set(dense) == {"fc6.weight", "fc6.bias"}
    torch.testing.assert_close(dense["fc6.weight"], up @ down)


def test_a_filled_model_computes_what_its_source_does() -> None:
    small = VARIANTS["alexnet_2012_227"].edited(
        id="small", fc6={"out_features": 8}, fc7={"out_features": 8}, fc8={"out_features": 3}
    )
    source = build(small, seed=5)
    image = torch.randn(1, 3, 227, 227)
    with torch.inference_mode():
        torch.testing.assert_close(filled(small, source.state_dict())(image), source(image))


def test_filling_refuses_what_does_not_fit() -> None:
    with pytest.raises(RuntimeError, match="Missing key"):
        filled(VARIANTS["alexnet_2012_227"], {})
