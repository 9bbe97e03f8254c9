"""A small network in two towers, and requests to run it."""

from functools import cache
from typing import Any

import torch

from alexnet_viz.model_parallel.exchange import LocalExchange
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.model_parallel.run import run
from alexnet_viz.network.spec import Network
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]
CHANNELS = {"conv1": 8, "conv2": 12, "conv3": 12, "conv4": 8, "conv5": 8}
FEATURES = {"fc6": 16, "fc7": 12, "fc8": 5}


def small() -> Network:
    """The paper's layers over few channels and 67 pixels."""
    return PAPER.edited(
        id="small",
        input_size=67,
        **{name: {"out_channels": count} for name, count in CHANNELS.items()},
        **{name: {"in_features": None, "out_features": n} for name, n in FEATURES.items()},
    )


def request(**changes: Any) -> Request:
    """A training step of two images in two towers."""
    usual = {"network": small(), "gpus": 2, "last": "halves", "batch": 2, "train": True}
    return Request(**usual | {"rounds": 1} | changes)


def in_process(asked: Request) -> Result:
    """What it gives with one CPU for all towers."""
    threads = torch.get_num_threads()
    try:
        found = run(asked, LocalExchange([torch.device("cpu")] * asked.gpus))
    finally:
        torch.set_num_threads(threads)  # as the other tests had them
    assert found is not None
    return found


@cache
def trained() -> Result:
    """A training step of the small network, one CPU for two GPUs."""
    return in_process(request())
