"""A module that computes the value of one unit, from the layers of a network up to that unit.

Its layers are a private copy, so captum may hook them.  It also reports progress and checks for a
stop: every method calls ``Part.forward`` for each batch.
"""

from typing import cast

import torch
from torch import Tensor, nn

from alexnet_viz.interpretability.attribution import Unit
from alexnet_viz.jobs import Progress, Stop, Stopped
from alexnet_viz.model.build import private_copy
from alexnet_viz.network.layers import shape_text
from alexnet_viz.text.problem import Problem, shown

Shape = tuple[int, ...]


def up_to(model: nn.Sequential, layer: str) -> nn.Sequential:
    """The layers of a model up to and including this one, not copied.

    Raises:
        Problem: the model has no such layer.
    """
    names = [name for name, _ in model.named_children()]
    if layer not in names:
        raise Problem("attr_no_layer", layer=shown(layer), names=", ".join(names))
    return cast(nn.Sequential, model[: names.index(layer) + 1])


class Part(nn.Module):
    """The value of a unit for each image: (images, C, H, W) → (images,), float32.

    Raises:
        Problem: the model has no such layer.
    """

    def __init__(
        self,
        model: nn.Sequential,
        unit: Unit,
        progress: Progress | None = None,
        stop: Stop | None = None,
    ) -> None:
        super().__init__()
        # gradients are too small for half precision; float() replaces only the copy's tensors
        self.layers = private_copy(up_to(model, unit.layer)).eval().float()
        self.unit = unit
        self.total = 1
        """The number of images that the method will run, as far as known."""
        self._seen = 0
        self._progress = progress
        self._stop = stop

    def forward(self, images: Tensor) -> Tensor:
        """The unit's value for each image: (images, C, H, W) → (images,), float32.

        Raises:
            Stopped: ``stop`` returned true.
        """
        if self._stop and self._stop():
            raise Stopped
        if self._progress:
            self._progress(min(1.0, self._seen / self.total))
        self._seen += len(images)
        return self._picked(self.layers(images))

    def _picked(self, outputs: Tensor) -> Tensor:
        """The unit's value in the outputs of its layer: (images, channels, …) → (images,)."""
        unit = self.unit
        channel = outputs[:, unit.channel]
        if outputs.ndim == 2:
            return channel
        if unit.row is None:
            return channel.mean(dim=(1, 2))
        return channel[:, unit.row, unit.column]

    def look(self, images: Tensor) -> tuple[float, dict[str, Shape]]:
        """The unit's value for one image (1, C, H, W), and the output shape of every layer.

        Shapes are without the image axis.

        Raises:
            Problem: the layer has no such channel or no such cell.
        """
        shapes = {}
        with torch.no_grad():
            for name, layer in self.layers.named_children():
                images = layer(images)
                shapes[name] = tuple(images.shape[1:])
            self._check(shapes[self.unit.layer])
            return float(self._picked(images)[0]), shapes

    def _check(self, shape: Shape) -> None:
        unit = self.unit
        if not 0 <= unit.channel < shape[0]:
            raise Problem(
                "attr_no_channel", layer=unit.layer, channel=unit.channel, last=shape[0] - 1
            )
        cell = (unit.row, unit.column)
        if cell == (None, None):
            return
        inside = len(cell) == len(shape) - 1 and all(
            at is not None and 0 <= at < size for at, size in zip(cell, shape[1:], strict=True)
        )
        if not inside:
            raise Problem(
                "attr_no_cell",
                layer=unit.layer,
                row=unit.row,
                column=unit.column,
                shape=shape_text(shape),
            )
