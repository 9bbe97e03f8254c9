"""The Feature maps page under Streamlit's harness: pictures in, what the browser is sent out."""

import json
import struct
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from alexnet_viz.model.activations import capture
from alexnet_viz.model.build import build
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.variants import VARIANTS

RANDOM = {"weights": "random"}
"""What the network computes is not the matter here, and random weights need no file."""


def brought(app: AppTest, *files: tuple[str, bytes]) -> None:
    """Put these files, and no others, into the uploader."""
    triples = [(name, content, "application/octet-stream") for name, content in files]
    app.file_uploader(key="upload").set_value(triples).run()
    assert not app.exception


def plain(colour: str) -> bytes:
    """A file that holds one colour."""
    buffer = BytesIO()
    Image.new("RGB", (300, 200), colour).save(buffer, format="PNG")
    return buffer.getvalue()


def parcels(app: AppTest) -> list[dict[str, Any]]:
    """What every component of maps on the page is sent: its header, with its parts beside."""
    found = []
    for element in app.get("bidi_component"):
        data = element.proto.bytes
        if not data:
            continue
        (length,) = struct.unpack_from("<I", data)
        parcel = json.loads(data[4 : 4 + length])
        at = 4 + length
        for name, size in parcel["parts"].items():
            parcel[name] = data[at : at + size]
            at += size
        assert at == len(data)
        found.append(parcel | {"bytes": len(data)})
    return found


def the_sheet(app: AppTest) -> dict[str, Any]:
    (found,) = [parcel for parcel in parcels(app) if "png" in parcel]
    return found


def order(app: AppTest) -> list[int]:
    return np.frombuffer(the_sheet(app)["order"], "<u4").tolist()


@cache
def random_run(sample: str, variant: str = "alexnet_2012_paper") -> dict[str, np.ndarray]:
    """What the network of the page makes of a sample, without the page."""
    network = VARIANTS[variant]
    picture = preprocess(SAMPLES[sample].load(), network.input_size)
    return capture(build(network, seed=0), picture)
