"""What this project writes for other programs it reads again, layer by layer with the same numbers.

The writers share nothing with the readers; what neither can say is named here.
"""

from collections.abc import Callable

import pytest

from alexnet_viz.architectures import Refused, read
from alexnet_viz.onnx_file import onnx_file
from alexnet_viz.problem import Problem
from alexnet_viz.trace import Trace, trace
from alexnet_viz.variants import VARIANTS
from alexnet_viz.writers.prototxt import prototxt


def numbers(result: Trace) -> list[tuple[object, ...]]:
    return [(row.name, row.output_shape, row.params, row.macs) for row in result.rows]


def written(write: Callable[[Trace], bytes]) -> dict[str, bytes]:
    """Every variant that a writer takes, as it writes it."""
    files = {}
    for id, variant in VARIANTS.items():
        try:
            files[id] = write(trace(variant))
        except Problem:
            continue
    return files


def misread(files: dict[str, bytes], suffix: str) -> dict[str, set[str]]:
    """The variants that do not come back the same, and the layers that differ or are refused."""
    found = {}
    for id, data in files.items():
        try:
            ours = numbers(trace(read(data, f"{id}.{suffix}")))
        except Refused as refused:
            found[id] = {str(each.values.get("layer")) for each in refused.found}
            continue
        wanted = numbers(trace(VARIANTS[id]))
        if ours != wanted:
            found[id] = {str(row[0]) for row in set(ours) ^ set(wanted)}
    return found


def test_prototxt_is_read_again() -> None:
    files = written(lambda result: prototxt(result).encode())
    assert len(files) > 30
    # Caffe's Flatten of maps of one cell is TensorFlow's Squeeze: the same under another name
    squeezed = ("tf_slim_alexnet_v2", "matconvnet_init_alexnet")
    assert misread(files, "prototxt") == {id: {"flatten", "squeeze"} for id in squeezed}


def test_onnx_is_read_again() -> None:
    files = written(onnx_file)
    assert len(files) > 50
    found = misread(files, "onnx")
    spatial = {id for id, network in VARIANTS.items() if "region='map'" in str(network.layers)}
    assert found.keys() == spatial | {
        "torchvision_alexnet",  # its adaptive pool over 6x6 is a pool of one cell
        "tch_rs_alexnet",  # its adaptive pool over 2x2 is a product of matrices
        "article_002_text_fc1_stated",  # its fc6 reads the image: no convolution is before it
    }
    assert found["torchvision_alexnet"] == {"avgpool", "pool5b"}
    assert found["tch_rs_alexnet"] == {"avgpool.0"}


@pytest.mark.parametrize("variant", ["alexnet_2012_paper", "alexnet_2012_227", "chainer_alex"])
def test_the_paper_s_norms_and_dropouts_survive_onnx(variant: str) -> None:
    """LRN inside towers, with an undivided alpha; dropout that is put right in tests."""
    ours = read(onnx_file(trace(VARIANTS[variant])), "net.onnx")
    for layer in VARIANTS[variant].layers:
        if layer.kind == "lrn":
            theirs = ours[layer.name]
            for field in ("size", "beta", "k", "groups", "effective_alpha"):
                assert getattr(theirs, field) == pytest.approx(getattr(layer, field)), field
        if layer.kind == "dropout":
            assert ours[layer.name] == layer
