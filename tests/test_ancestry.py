"""Who descends from whom: one tree from the paper, and what changes along its edges."""

from graphlib import TopologicalSorter

import pytest

from alexnet_viz.analysis.compare.alignment import aligned
from alexnet_viz.network.spec import About, Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS


def about(network: Network) -> About:
    assert network.about is not None
    return network.about


PARENTS = {id: about(network).parent for id, network in VARIANTS.items()}
CHILDREN = [id for id, parent in PARENTS.items() if parent is not None]
COPIES = {"digits_caffe_alexnet"}
"""Networks that are what they descend from, layer by layer."""
FRAMEWORKS = {
    "Caffe", "Chainer", "Darknet", "Deeplearning4j", "Keras", "MATLAB", "MXNet", "MatConvNet",
    "MindSpore", "ONNX", "PyTorch", "TFLearn", "TensorFlow", "Torch7", "cuda-convnet", "tch-rs",
}  # fmt: skip
WITHOUT_CODE = {
    "alexnet_2012_paper", "alexnet_2012_227", "alexnet_2012_224_floor", "alexnet_2012_224_ceil",
    "owt_paper_2014", "zfnet_paper",
}  # fmt: skip
"""Papers and readings of them."""


def test_all_descend_from_the_paper() -> None:
    assert [id for id, parent in PARENTS.items() if parent is None] == ["alexnet_2012_paper"]
    assert set(PARENTS.values()) <= {None, *VARIANTS}
    # raises CycleError and names the cycle
    order = TopologicalSorter({id: [PARENTS[id]] for id in CHILDREN}).static_order()
    assert set(order) == set(VARIANTS)


def test_nobody_is_older_than_what_it_descends_from(subtests: pytest.Subtests) -> None:
    for id in CHILDREN:
        with subtests.test(id=id):
            assert about(VARIANTS[id]).year >= about(VARIANTS[PARENTS[id]]).year


def test_a_comparison_finds_what_changes_along_every_edge(subtests: pytest.Subtests) -> None:
    """Both at the child's input, and at one that no pool divides evenly, where rules of rounding
    part; where no layer changes, the input does, but for copies."""
    for id in CHILDREN:
        with subtests.test(id=id):
            child, parent = VARIANTS[id], VARIANTS[PARENTS[id]]
            pairs = [(parent.at(child.input_size), child)]
            pairs += [
                (parent.refitted().at(size), child.refitted().at(size)) for size in (224, 225)
            ]
            same = child.layers == parent.layers
            found = [
                any(match.differing for match in aligned(list(map(trace, pair)))) for pair in pairs
            ]
            assert any(found) != same
            assert (same and child.input_shape == parent.input_shape) == (id in COPIES)


def test_code_says_what_it_is_written_for(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            framework = about(VARIANTS[id]).framework
            text = id in WITHOUT_CODE or (id.startswith("article_") and not id.endswith("_keras"))
            assert framework == "" if text else framework in FRAMEWORKS
            assert text or framework


def test_every_framework_is_somebodys() -> None:
    assert {about(network).framework for network in VARIANTS.values()} == {"", *FRAMEWORKS}


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("alexnet_2012_code_148", {"norm1", "norm2", "norm2b"}),
        ("alexnet_2012_code_150", {"conv2", "conv3", "fc6", "fc7"}),
        ("owt_paper_2014", {"conv4"}),
        ("places365_alexnet", {"fc8"}),
        ("tch_rs_alexnet", {"conv2"}),
        ("torchvision_alexnet", {"avgpool", "prob"}),
    ],
)
def test_edges_that_are_told(id: str, changed: set[str]) -> None:
    """The layers that changed themselves, and not by what arrives."""
    both = [trace(VARIANTS[PARENTS[id]]), trace(VARIANTS[id])]
    follows = {"input_shape", "output_shape", "quotient", "params", "macs"}
    own = {match.name for match in aligned(both) if match.differing - follows}
    assert own == changed
