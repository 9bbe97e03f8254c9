"""Models that share one set of tensors, whatever their roundings and inputs are.

Two readings of AlexNet differ in no learned number: on the same weights their models need the
memory of one.  A ``SharedWeights`` holds the tensors in the layout that the models read and makes a
model for each network; its models are read-only, as all are.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

import torch
from torch import Tensor, nn

from alexnet_viz.model.build import build
from alexnet_viz.model.precision import laid_out
from alexnet_viz.model.selective import by_input, selective
from alexnet_viz.network.spec import Network
from alexnet_viz.weights.loader import filled

MOST_MODELS = 64
"""Most models of one set: each takes 0.1 MB beside its tensors."""


class SharedWeights:
    """The tensors of a set of weights on a device, and the models that read them."""

    def __init__(
        self, tensors: Mapping[str, Tensor], device: str | torch.device, *, learned: bool
    ) -> None:
        """``learned`` weights run in dense layers that read by input (``model.selective``)."""
        on_device = {name: tensor.to(device) for name, tensor in tensors.items()}
        self._tensors = by_input(on_device) if learned else on_device
        self._device, self._learned = device, learned
        self._models: OrderedDict[str, nn.Sequential] = OrderedDict()
        self._lock = Lock()

    def model(self, key: str, network: Network) -> nn.Sequential:
        """The model of a network with these weights; ``key`` names the network and its input."""
        with self._lock:
            if key not in self._models:
                model = filled(network, self._tensors, device=self._device)
                model = selective(model) if self._learned else model
                self._models[key] = laid_out(model, network.input_shape)
                while len(self._models) > MOST_MODELS:
                    self._models.popitem(last=False)
            self._models.move_to_end(key)
            return self._models[key]

    @property
    def bytes(self) -> int:
        """The bytes of all tensors."""
        return sum(tensor.untyped_storage().nbytes() for tensor in self._tensors.values())


def drawn(network: Network, seed: int, device: str | torch.device) -> SharedWeights:
    """The random weights of a network, as ``model.build.build`` draws them."""
    return SharedWeights(build(network, seed=seed).state_dict(), device, learned=False)


def drawn_alike(network: Network) -> str:
    """A key that networks have in common whose random weights are the same for the same seed."""
    model = build(network, device="meta")
    return repr([(name, *each.shape, *each.stride()) for name, each in model.state_dict().items()])
