"""What was exported, opened again, is the same network: row by row, and on the same numbers.

Written by ``alexnet_viz.render.export`` and read by ``alexnet_viz.readers``, which share nothing.
(JSON, which keeps every word, is in test_formats.py.)
"""

import pytest
import torch

from alexnet_viz.model.build import build
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.readers import read
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.narrow import WHOLE, covering, forms, lively, narrow, picture

OTHERWISE = {"squeeze": "flatten", "adaptive_avg_pool": "avg_pool"}
"""Kinds that come back as another one that does the same."""


def written(network: Network, format: str) -> bytes | None:
    try:
        content = FORMATS[format].write(trace(network), "en")
    except Problem:
        return None
    return content.encode("utf-8") if isinstance(content, str) else content


def opened(network: Network, format: str) -> Network | None:
    """The network after it was written and read; None where the format cannot say it."""
    content = written(network, format)
    return None if content is None else read(content, f"exported.{format}")


def rows(result: Trace) -> list[tuple[object, ...]]:
    """What every layer does to the shape and costs."""
    return [
        (OTHERWISE.get(row.kind, row.kind), row.input_shape, row.output_shape, row.params, row.macs)
        for row in result.rows
    ]


READABLE = {
    format: [id for id in WHOLE if written(VARIANTS[id], format)] for format in ("prototxt", "onnx")
}
CASES = [(format, id) for format, ids in READABLE.items() for id in ids]


def kinds(format: str, id: str) -> set[str]:
    """The layers of a variant as it comes back, widths and names apart."""
    again = opened(VARIANTS[id], format)
    assert again is not None
    return forms("\n".join(map(str, again.layers)))


COVER = [
    (format, id)
    for format, ids in READABLE.items()
    for id in covering({id: kinds(format, id) for id in ids})
]
"""Variants that have between them every kind of layer that comes back."""


def test_most_variants_make_the_journey() -> None:
    assert len(READABLE["onnx"]) > 0.85 * len(WHOLE)
    assert len(READABLE["prototxt"]) > 0.5 * len(WHOLE)


@pytest.mark.parametrize(("format", "id"), CASES)
def test_the_rows_come_back(format: str, id: str) -> None:
    again = opened(VARIANTS[id], format)
    assert again is not None
    assert rows(trace(again)) == rows(trace(VARIANTS[id]))
    assert again.input_shape == VARIANTS[id].input_shape
    if format == "prototxt":  # names are part of a Caffe net; ONNX nodes get their roles
        learned = [row.name for row in trace(VARIANTS[id]).rows if row.params]
        assert [row.name for row in trace(again).rows if row.params] == learned


@pytest.mark.parametrize(("format", "id"), COVER)
def test_the_numbers_come_back(format: str, id: str) -> None:
    network = narrow(id)
    again = opened(network, format)
    assert again is not None
    one, other = lively(network), build(again)
    tensors = dict(zip(other.state_dict(), one.state_dict().values(), strict=True))
    other.load_state_dict(tensors)
    batch = picture(network)
    torch.testing.assert_close(other(batch), one(batch), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("id", ["caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet"])
def test_caffes_own_networks_come_back_layer_for_layer(id: str) -> None:
    again = opened(VARIANTS[id], "prototxt")
    assert again is not None
    assert again.layers == VARIANTS[id].layers
