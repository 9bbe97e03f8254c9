"""Networks whose dense layers are products of two factors, while they train and in their files.

Used by ``train`` and ``fashion``.  ``weights.loader.expanded`` multiplies the factors.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

from alexnet_viz.model.build import build
from alexnet_viz.network.spec import Network


class LowRank(nn.Sequential):
    """A dense layer as a product of two layers of rank ``rank``."""

    def __init__(self, dense: nn.Linear, rank: int) -> None:
        down = nn.Linear(dense.in_features, rank, bias=False)
        super().__init__(down, nn.Linear(rank, dense.out_features))
        nn.init.normal_(down.weight, std=dense.in_features**-0.5)


def untrained(network: Network, rank: int, deviations: Mapping[str, float]) -> nn.Sequential:
    """The initial network: He et al. 2015, section 2.2, except for the layers in ``deviations``.

    fc6 and fc7 have rank ``rank``.
    """
    model = build(network, device="meta").to_empty(device="cpu")
    for name, layer in model.named_children():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            fan_in = layer.weight[0].numel()
            nn.init.normal_(layer.weight, std=deviations.get(name, (2 / fan_in) ** 0.5))
            nn.init.zeros_(layer.bias)
    for name in ("fc6", "fc7"):
        thin = LowRank(getattr(model, name), rank)
        nn.init.normal_(thin[1].weight, std=(2 / rank) ** 0.5)
        nn.init.zeros_(thin[1].bias)
        setattr(model, name, thin)
    return model.requires_grad_(True)


def save(model: nn.Sequential, path: Path, metadata: Mapping[str, Any]) -> None:
    """Write the weights in half precision; values that are not text are written as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    halves = {_stored(k): v.half().contiguous().cpu() for k, v in model.state_dict().items()}
    words = {k: v if isinstance(v, str) else json.dumps(v) for k, v in metadata.items()}
    save_file(halves, path, words)


def restore(model: nn.Sequential, path: Path) -> dict[str, Any]:
    """Read weights that ``save`` wrote into a model; returns the metadata, of JSON its values."""
    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(_stored(name)).float() for name in model.state_dict()}
        model.load_state_dict(tensors)
        return {k: json.loads(v) for k, v in file.metadata().items() if k != "network"}


def _stored(name: str) -> str:
    """The name of a tensor in the file: fc6.0.weight is fc6.down, fc6.1.weight is fc6.up."""
    return name.replace(".0.weight", ".down").replace(".1.weight", ".up").replace(".1.", ".")
