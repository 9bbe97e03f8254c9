"""Passes a few pictures through a network, for what a scan keeps of them."""

from collections.abc import Sequence
from functools import partial
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
from alexnet_viz.network.trace import Row, trace
from alexnet_viz.pictures.images import Pixels, joined, parts
from alexnet_viz.pictures.preprocessing import cropped, normalised
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights import Weights
from alexnet_viz.weights.loader import load

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
        try:
            self._logits = logit_layer(self.result)
        except Problem:  # its last layer is a map
            self._logits = ""

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
        if not pictures:
            return []
        how, channels = self._weights.preprocessing, self.result.input_shape[0]
        images = np.stack([normalised(each, channels, how) for each in pictures])
        values, cells, answers = self._home.run(partial(self._passed, images)).made
        return [
            Seen(*each) for each in zip(pictures, values, cells, map(int, answers), strict=True)
        ]

    def _passed(
        self, images: np.ndarray, placement: Placement
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        model = self._model(images, placement)
        like = next(model.parameters())
        batch = torch.tensor(images, dtype=like.dtype, device=like.device)
        maps = batch
        answers = torch.full((len(batch),), -1)
        with torch.inference_mode():
            for name, layer in model.named_children():
                batch = layer(batch)
                if name == self.row.name:
                    maps = batch.reshape(*batch.shape[:2], -1)
                if name == self._logits:
                    answers = batch.reshape(len(batch), -1).argmax(dim=1)
            values, cells = maps.float().max(dim=2)
        return _array(values), _array(cells), _array(answers)

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
