"""One network of an experiment in training: its weights, its pictures, and what is measured of it.

With one seed all arms start from the same weights in every layer of the same name and shape, and
read the same training pictures in the same order.  Every random number comes from a generator of
its own, so that several runs of one process do not disturb each other: the same seed gives the same
curve.
"""

import copy
from dataclasses import replace
from math import isfinite
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.model.build import BIASED, build
from alexnet_viz.network.spec import Network
from alexnet_viz.teaching.experiments.data import Pictures
from alexnet_viz.teaching.experiments.experiment import Arm, Training
from alexnet_viz.teaching.experiments.result import (
    Curve,
    Final,
)
from alexnet_viz.teaching.experiments.small_network import PIXEL_SCALE

MEASURED = 400
"""Pictures of each part behind a point of a curve."""
FINAL_TRAIN, FINAL_VALIDATION = 1_000, 2_000
"""Pictures of each part behind the final errors, if there are so many."""
LAST_DEVIATION = 0.01
"""Standard deviation of the last layer's initial weights, as in the paper: the first answers are
nearly equal, so that the first steps are small."""
AT_ONCE = 250
"""Pictures of a batch that is only measured."""
SHIFT = 2
"""Pixels by which an augmented picture is shifted at most."""
DIGITS = 5


class SeededDropout(nn.Module):
    """Dropout that draws from a generator of its own; in evaluation the module it replaces."""

    def __init__(self, replaced: nn.Dropout, seed: int, device: torch.device) -> None:
        super().__init__()
        self.replaced = replaced
        self.generator = torch.Generator(device).manual_seed(seed)

    def forward(self, input: Tensor) -> Tensor:
        """The input, with units zeroed in training."""
        if not self.training:
            return self.replaced(input)  # type: ignore[no-any-return]
        kept = torch.empty_like(input).bernoulli_(1 - self.replaced.p, generator=self.generator)
        # what the module makes of the units it keeps: 1, or 1 / (1 - p)
        scale = 1.0 if type(self.replaced) is not nn.Dropout else 1 / (1 - self.replaced.p)
        return input * kept * scale


def refitted(network: Network, data: Pictures) -> Network:
    """The network for the channels and the classes of a data set."""
    return network.refitted().with_channels(data.channels).with_classes(len(data.classes))


def made(network: Network, training: Training, seed: int, device: torch.device) -> nn.Sequential:
    """An untrained model.

    Weights are drawn from N(0, 2 / fan-in) (He et al. 2015, section 2.2), those of the last
    layer as in the paper from N(0, 0.01²), each layer's from a generator of its name and the seed.
    (With 0.01 everywhere a network of so few kernels learns nothing in so few steps.)
    """
    model = build(network)
    last = [name for name, layer in model.named_children() if isinstance(layer, nn.Linear)][-1]
    for name, layer in list(model.named_children()):
        number = crc32(f"{name} {seed}".encode())
        if isinstance(layer, nn.Conv2d | nn.Linear):
            drawn = torch.randn(layer.weight.shape, generator=torch.Generator().manual_seed(number))
            fan_in = layer.weight[0].numel()
            deviation = LAST_DEVIATION if name == last else (2 / fan_in) ** 0.5
            layer.weight.copy_(drawn * deviation)
            if layer.bias is not None:
                layer.bias.fill_(training.bias if name in BIASED else 0.0)
        elif isinstance(layer, nn.Dropout):
            setattr(model, name, SeededDropout(layer, number, device))
    return model.to(device).requires_grad_(True)


class Trained:
    """One arm from one seed: its model, its optimiser and what was measured of them so far."""

    def __init__(self, arm: Arm, seed: int, data: Pictures, device: torch.device) -> None:
        self.arm, self.seed, self.data, self.device = arm, seed, data, device
        self.network = refitted(arm.network, data)
        self.model = made(self.network, arm.training, seed, device)
        training = arm.training
        weights = [each for each in self.model.parameters() if each.ndim > 1]
        others = [each for each in self.model.parameters() if each.ndim == 1]
        self.optimiser = torch.optim.SGD(
            [
                {"params": weights, "weight_decay": training.weight_decay},
                {"params": others, "weight_decay": 0.0},
            ],
            lr=training.learning_rate,
            momentum=training.momentum,
        )
        order = np.random.default_rng((seed, 1)).permutation(len(data.train))
        self.known = order[: training.data_size]
        """The training pictures, by their place in ``data``."""
        self.curve = Curve(arm.id, seed, (), (), (), {})
        self.kernels: tuple[Tensor, ...] = ()
        """The kernels of conv1 at ``Run.shown``."""
        self.confusion: NDArray[np.int64] | None = None

    def named(self, arm: Arm) -> "Trained":
        """The same, finished, as an arm of another experiment that is trained alike."""
        other = copy.copy(self)
        other.arm, other.curve = arm, replace(self.curve, arm=arm.id)
        return other

    @property
    def counts(self) -> dict[str, int]:
        """How many pictures of each part a point of the curve and the final errors are of."""
        train, validation = len(self.known), len(self.data.validation)
        return {
            "measured_train": min(MEASURED, train),
            "measured_validation": min(MEASURED, validation),
            "final_train": min(FINAL_TRAIN, train),
            "final_validation": min(FINAL_VALIDATION, validation),
        }

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """The pictures and labels of a step; the same for every arm with as many pictures."""
        size, count = self.arm.training.batch, len(self.known)
        places = np.arange(step * size, (step + 1) * size)
        chosen = np.empty(size, dtype=np.int64)
        for epoch in np.unique(places // count):
            order = np.random.default_rng((self.seed, 2, int(epoch))).permutation(count)
            inside = places // count == epoch
            chosen[inside] = self.known[order[places[inside] % count]]
        pixels = self.data.train[chosen]
        if self.arm.training.augmentation == "crops_flips":
            pixels = shifted(pixels, np.random.default_rng((self.seed, 3, step)))
        return self.inputs(pixels), torch.from_numpy(self.data.train_labels[chosen]).to(self.device)

    def inputs(self, pixels: NDArray[np.uint8]) -> Tensor:
        """Centred and scaled pixels, float32, on the device."""
        centred = (pixels - self.data.means) / PIXEL_SCALE
        return torch.from_numpy(centred.astype(np.float32)).to(self.device)

    def step(self, number: int) -> None:
        """One step of gradient descent."""
        inputs, labels = self.batch(number)
        self.model.train()
        self.optimiser.zero_grad()
        loss = functional.cross_entropy(self.model(inputs), labels)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()

    def measure(self, step: int, keep_kernels: bool) -> None:
        """Add a point to the curve: losses and errors in evaluation, gradients of one batch."""
        inputs, labels = self.batch(step)
        self.model.train()
        self.optimiser.zero_grad()
        functional.cross_entropy(self.model(inputs), labels).backward()  # type: ignore[no-untyped-call]
        sizes = {
            name: rounded(float(layer.weight.grad.norm()))
            for name, layer in self.model.named_children()
            if isinstance(layer, nn.Conv2d | nn.Linear) and layer.weight.grad is not None
        }
        known = self.known[:MEASURED]
        loss, answers = self.answers(self.data.train[known], self.data.train_labels[known])
        error = share(answers != self.data.train_labels[known])
        labelled = self.data.validation_labels[:MEASURED]
        _, answers = self.answers(self.data.validation[:MEASURED], labelled)
        old = self.curve
        self.curve = replace(
            old,
            train_loss=(*old.train_loss, rounded(loss)),
            train_error=(*old.train_error, error),
            validation_error=(*old.validation_error, share(answers != labelled)),
            gradients={name: (*old.gradients.get(name, ()), size) for name, size in sizes.items()},
        )
        if keep_kernels:
            first = self.model.get_submodule(self.network.layers[0].name).weight
            assert isinstance(first, Tensor)
            self.kernels = (*self.kernels, first.detach().cpu().clone())

    @torch.no_grad()
    def answers(
        self, pixels: NDArray[np.uint8], labels: NDArray[np.int64]
    ) -> tuple[float, NDArray[np.int64]]:
        """The mean loss of pictures, and the class that the model answers for each."""
        self.model.eval()
        losses, said = 0.0, []
        for first in range(0, len(pixels), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            logits = self.model(self.inputs(pixels[part]))
            truth = torch.from_numpy(labels[part]).to(self.device)
            losses += float(functional.cross_entropy(logits, truth, reduction="sum"))
            said.append(logits.argmax(dim=1).cpu().numpy())
        return losses / len(pixels), np.concatenate(said)

    def finish(self) -> None:
        """Measure the final errors and the confusion matrix."""
        known = self.known[:FINAL_TRAIN]
        _, answers = self.answers(self.data.train[known], self.data.train_labels[known])
        train = share(answers != self.data.train_labels[known])
        truth = self.data.validation_labels[:FINAL_VALIDATION]
        _, answers = self.answers(self.data.validation[:FINAL_VALIDATION], truth)
        self.confusion = np.zeros((len(self.data.classes),) * 2, dtype=np.int64)
        np.add.at(self.confusion, (truth, answers), 1)
        self.curve = replace(self.curve, final=Final(train, share(answers != truth)))


def shifted(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Pictures (pictures, channels, side, side), each shifted and reflected at random.

    What moves into a picture is its border repeated.
    """
    side = pixels.shape[-1]
    wide = np.pad(pixels, ((0, 0), (0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)), mode="edge")
    views = np.lib.stride_tricks.sliding_window_view(wide, (side, side), axis=(2, 3))
    down, right = rng.integers(2 * SHIFT + 1, size=(2, len(pixels)))
    moved = views[np.arange(len(pixels)), :, down, right]
    turned = rng.random(len(pixels)) < 0.5
    moved = np.where(turned[:, None, None, None], moved[..., ::-1], moved)
    return np.ascontiguousarray(moved)


def rounded(value: float) -> float | None:
    """A number with ``DIGITS`` significant digits; None for infinity and what is no number."""
    return float(f"{value:.{DIGITS}g}") if isfinite(value) else None


def share(wrong: NDArray[np.bool_]) -> float:
    """The share of true values."""
    return round(float(wrong.mean()), DIGITS)
