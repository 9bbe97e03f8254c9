"""The part of a network that ends in one unit, as a module of its own: images in, one number each.

It is cut from a private copy, so it may be hooked.  It is also where long methods are watched:
every method, whatever captum does inside, comes past ``Part.forward`` with each batch.
"""

from typing import cast

import torch
from torch import Tensor, nn

from alexnet_viz.interpretability.attribution import Progress, Stop, Stopped, Unit
from alexnet_viz.model.build import private_copy
from alexnet_viz.network.layers import shape_text
from alexnet_viz.text.problem import Problem, shown

Shape = tuple[int, ...]


def up_to(model: nn.Sequential, layer: str) -> nn.Sequential:
    """The layers of a model up to and with this one; they are the model's own.

    Raises:
        Problem: no such layer.
    """
    names = [name for name, _ in model.named_children()]
    if layer not in names:
        raise Problem("attr_no_layer", layer=shown(layer), names=", ".join(names))
    return cast(nn.Sequential, model[: names.index(layer) + 1])


class Part(nn.Module):
    """The layers up to a unit's, and the unit's value: (images, C, H, W) -> (images,).

    Raises:
        Problem: no such layer.
    """

    def __init__(
        self,
        model: nn.Sequential,
        unit: Unit,
        progress: Progress | None = None,
        stop: Stop | None = None,
    ) -> None:
        super().__init__()
        # gradients are too small for half precision; float() replaces the copy's numbers
        self.layers = private_copy(up_to(model, unit.layer)).eval().float()
        self.unit = unit
        self.total = 1
        """How many images the method will ask for, as far as is known."""
        self._seen = 0
        self._progress = progress
        self._stop = stop

    def forward(self, images: Tensor) -> Tensor:
        """The unit's value for each image.

        Raises:
            Stopped: the watcher does not want any more.
        """
        if self._stop and self._stop():
            raise Stopped
        if self._progress:
            self._progress(min(1.0, self._seen / self.total))
        self._seen += len(images)
        return self._picked(self.layers(images))

    def _picked(self, outputs: Tensor) -> Tensor:
        unit = self.unit
        channel = outputs[:, unit.channel]
        if outputs.ndim == 2:
            return channel
        if unit.row is None:
            return channel.mean(dim=(1, 2))
        return channel[:, unit.row, unit.column]

    def look(self, images: Tensor) -> tuple[float, dict[str, Shape]]:
        """The unit's value for one image, and what every layer puts out, without the image axis.

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
