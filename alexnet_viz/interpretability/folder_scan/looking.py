"""Passes a few pictures through a network, for what a scan keeps of them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from torch import Tensor, nn

from alexnet_viz.interpretability.folder_scan.picture_files import read
from alexnet_viz.interpretability.folder_scan.top_crops import Seen
from alexnet_viz.interpretability.predictions import logit_layer
from alexnet_viz.isolation.pool import Children
from alexnet_viz.model.device import Home, Placement, place
from alexnet_viz.model.precision import Measured, best, laid_out, measured
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.pictures.images import Pixels, joined, parts
from alexnet_viz.pictures.preprocessing import Preprocessing, cropped, normalised
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights import Weights
from alexnet_viz.weights.loader import load

Answers = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Of each picture: (n, channels) largest values, (n, channels) their cells, (n,) classes or -1."""
Looked = list[Seen | Problem]
"""By picture, what was seen, or why it cannot be read."""


class Looker:
    """Looks at pictures with a set of weights; may be used by several threads."""

    def __init__(self, weights: Weights, layer: str, passes: int = 1) -> None:
        """``passes`` is how many batches there will be: see ``model.precision.best``.

        Raises:
            Problem: the network has no such layer.
        """
        self.result = trace(weights.network)
        if layer not in self.result.by_name:
            names = ", ".join(self.result.by_name)
            raise Problem("attr_no_layer", layer=shown(layer), names=names)
        self.row: Row = self.result[layer]
        self.taken: Measured | None = None
        """On a GPU, the placement that was taken, its time and its error."""
        self._weights, self._passes = weights, passes
        self._home, self._lock = Home(self._forget), Lock()
        self._models: dict[str, nn.Sequential] = {}
        self._logits = logits_name(self.result)

    @property
    def notice(self) -> Problem | None:
        """Why the CPU answers instead of the GPU."""
        return self._home.notice

    def pixels(self, data: bytes, children: Children) -> Pixels:
        """What the network reads of a picture's file: uint8 (size, size, 3).

        Raises:
            Problem: the file cannot be decoded within the limits of an upload.
        """
        channels, size, _ = self.result.input_shape
        return cropped(joined(*children.isolated(parts, data)), size, channels)

    def look(self, pictures: Sequence[Pixels]) -> list[Seen]:
        """What the network makes of pictures."""
        run = self._home.run
        return seen_by(
            lambda images: run(lambda where: self._passed(images, where)).made,
            pictures,
            self.result.input_shape[0],
            self._weights.preprocessing,
        )

    def _passed(self, images: np.ndarray, placement: Placement) -> Answers:
        return passed(self._model(images, placement), self.row.name, self._logits, images)

    def _model(self, images: np.ndarray, placement: Placement) -> nn.Sequential:
        where = str(placement.device)
        with self._lock:
            if where not in self._models:
                model = load(self._weights, device=placement.device)
                if placement.device.type != "cpu":
                    self.taken = best(measured(model, images), self._passes)
                    half = self.taken.placement.dtype != torch.float32
                    shape = self.result.input_shape
                    model = place(model, self.taken.placement) if half else laid_out(model, shape)
                self._models[where] = model
            return self._models[where]

    def _forget(self) -> None:
        with self._lock:
            self._models.clear()


def logits_name(result: Trace) -> str:
    """The layer with the logits; "" if the network predicts no classes."""
    try:
        return logit_layer(result)
    except Problem:
        return ""


def passed(model: nn.Sequential, layer: str, logits: str, images: np.ndarray) -> Answers:
    """Pass images (n, C, H, W) through a model; of each the largest values and its class."""
    like = next(model.parameters())
    batch = torch.tensor(images, dtype=like.dtype, device=like.device)
    maps, answers = batch, torch.full((len(batch),), -1)
    with torch.inference_mode():
        for name, module in model.named_children():
            batch = module(batch)
            if name == layer:
                maps = batch.reshape(*batch.shape[:2], -1)
            if name == logits:
                answers = batch.reshape(len(batch), -1).argmax(dim=1)
        values, cells = maps.float().max(dim=2)
    return _array(values), _array(cells), _array(answers)


def seen_by(
    run: Callable[[np.ndarray], Answers],
    pictures: Sequence[Pixels],
    channels: int,
    how: Preprocessing,
) -> list[Seen]:
    """What a network with these input channels and this preprocessing makes of pictures."""
    if not pictures:
        return []
    found = run(np.stack([normalised(each, channels, how) for each in pictures]))
    return [
        Seen(pixels, values, cells, int(answer))
        for pixels, values, cells, answer in zip(pictures, *found, strict=True)
    ]


def _array(tensor: Tensor) -> np.ndarray:
    found: np.ndarray = tensor.cpu().numpy()
    return found


def look_at(looker: Looker, children: Children, folder: Path, names: Sequence[str]) -> Looked:
    """Read, decode and look at a few files of a folder."""
    found: list[Pixels | Problem] = []
    for name in names:
        try:
            found.append(looker.pixels(read(folder, name), children))
        except Problem as problem:
            found.append(problem)
    seen = iter(looker.look([each for each in found if not isinstance(each, Problem)]))
    return [each if isinstance(each, Problem) else next(seen) for each in found]
