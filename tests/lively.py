"""A small AlexNet with towers, norms and dropout, of which no layer is silent."""

import torch
from torch import nn

from alexnet_viz.model.build import build
from alexnet_viz.network.layers import LRN, Conv, Dropout, Flatten, Linear, MaxPool, ReLU, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace

SMALL = Network(
    id="small",
    input_shape=(3, 23, 23),
    layers=(
        Conv(name="conv1", out_channels=8, kernel_size=5, stride=2),
        ReLU(name="relu1"),
        LRN(name="norm1", groups=2, alpha=0.5),
        MaxPool(name="pool1", kernel_size=3, stride=2),
        Conv(name="conv2", out_channels=12, kernel_size=3, padding=1, groups=2),
        ReLU(name="relu2"),
        LRN(name="norm2", groups=2, alpha=0.5),
        Conv(name="conv3", out_channels=6, kernel_size=3),
        ReLU(name="relu3"),
        Flatten(name="flatten"),
        Linear(name="fc4", out_features=10),
        ReLU(name="relu4"),
        Dropout(name="drop4", scale="test"),
        Linear(name="fc5", out_features=5),
        Softmax(name="prob"),
    ),
)
RESULT = trace(SMALL)


def lively(network: Network, seed: int = 0) -> nn.Sequential:
    """A model of which no layer is silent: weights of size 1, biases that matter."""
    model = build(network, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    state = {
        name: torch.randn(tensor.shape, generator=generator) * 3 / tensor[0].numel() ** 0.5
        for name, tensor in model.state_dict().items()
    }
    model.load_state_dict(state, assign=True)
    return model.requires_grad_(False)
