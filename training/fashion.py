"""Train the second set of weights that ships: d2l's AlexNet on Fashion-MNIST.

    python -m training.fashion --out alexnet_viz/weights/fashion.safetensors

reads the original files of Debian's package ``dataset-fashion-mnist`` and trains ``d2l_alexnet`` on
its 60,000 training pictures, enlarged from 28 to 224 pixels.  The test pictures are not read.
Differences from the book's recipe (10 epochs of plain SGD on a GPU), and their reasons:

time          the schedule goes by the clock, so that it ends after 53 minutes on any machine; the
              steps that were reached are in the file
sizes         88 pixels first, nine times as fast, then 120, 168 and 224; conv5's maps are enlarged
              to 12 x 12, so that fc6 reads 5 x 5 maps of the whole picture at each size
fc6, fc7      products of rank 64, to keep the file small; multiplied when it is loaded
optimiser     AdamW with one cycle of learning rates, as there is time for a few epochs only
flips         every other picture is mirrored: in the data all shoes point to the left
dropout       none: a few epochs do not overfit
"""

import argparse
import math
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.variants import VARIANTS
from training.fashion_files import SOURCE, read
from training.low_rank import restore, save, untrained

NETWORK = VARIANTS["d2l_alexnet"]
RANK = 64
MEAN, DEVIATION = 0.2860, 0.3530
"""Of the pixels of the 60,000 training pictures, 0 to 1."""
SIZES = ((0.35, 88), (0.60, 120), (0.72, 168), (1.00, 224))
"""Each size, and the share of the time at which it ends."""
PRINTED = 50
"""Steps from one line of the progress to the next."""
MAP = 12
"""Side of conv5's maps at 224 pixels."""


def enlarged(pixels: NDArray[np.uint8], size: int) -> Tensor:
    """Pictures, (n, 28, 28), as input: float32, (n, 1, size, size), bicubic as Pillow enlarges."""
    values = torch.from_numpy(pixels).float()[:, None] / 255
    large = functional.interpolate(values, size=(size, size), mode="bicubic", antialias=True)
    layout = (large.clamp(0, 1) - MEAN) / DEVIATION
    return layout.contiguous(memory_format=torch.channels_last)


def logits(model: nn.Sequential, pixels: Tensor) -> Tensor:
    """The logits, (images, classes); conv5's maps of smaller pictures are enlarged."""
    for name, layer in model.named_children():
        if name == "pool5" and pixels.shape[-1] != MAP:
            pixels = functional.interpolate(pixels, size=MAP)
        if not isinstance(layer, nn.Dropout):
            pixels = layer(pixels)
    return pixels


def batches(count: int, images: int, random: np.random.Generator) -> Iterator[NDArray[np.int_]]:
    """Yield the indices of a step's pictures, each picture once an epoch, without end."""
    while True:
        order = random.permutation(count)
        yield from (order[at : at + images] for at in range(0, count - images + 1, images))


def learning_rate(share: float, warm: float) -> float:
    """The learning rate at a share of the time, in units of its peak: a line, then a cosine."""
    if share < warm:
        return 0.05 + 0.95 * share / warm
    return 0.01 + 0.495 * (1 + math.cos(math.pi * (share - warm) / (1 - warm)))


def size_at(share: float) -> int:
    """The size of the pictures at a share of the time."""
    return next((size for end, size in SIZES if share < end), SIZES[-1][1])


def groups(model: nn.Sequential, decay: float) -> list[dict[str, object]]:
    """Parameter groups: weights, and biases without decay."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    biases = [p for p in model.parameters() if p.ndim == 1]
    return [{"params": matrices, "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}]


class Training:
    """A training: the network, the pictures, and what was done so far."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        torch.set_num_threads(options.threads)
        self.options = options
        self.pixels, self.labels = read(options.source, "train")
        self.model = untrained(NETWORK, RANK, {"fc8": 0.01})
        self.steps = Counter[str]()
        self.history: list[tuple[int, int, float, float]] = []
        before = 0
        if options.resume:
            found = restore(self.model, options.resume)
            self.steps.update(found["steps"])
            self.history = found["history"]
            before = found["seconds"]
        self.random = np.random.default_rng([options.seed, before])
        self.model.to(memory_format=torch.channels_last)
        self.start = time.monotonic() - before
        self.losses: list[float] = []
        self.right: list[float] = []

    @property
    def seconds(self) -> float:
        """The time that the training has taken."""
        return time.monotonic() - self.start

    def chosen(self, indices: NDArray[np.int_]) -> tuple[NDArray[np.uint8], Tensor]:
        """Pictures, every other one mirrored by lot, and their labels."""
        part = self.pixels[indices]
        mirrored = self.random.random(len(part)) < 0.5
        part = np.where(mirrored[:, None, None], part[:, :, ::-1], part)
        return part, torch.from_numpy(self.labels[indices]).long()

    def step(
        self, optimiser: torch.optim.Optimizer, answers: Tensor, truth: Tensor, size: int
    ) -> None:
        """Change the weights, and print the progress every 50 steps."""
        loss = functional.cross_entropy(answers, truth)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        optimiser.step()
        self.losses.append(loss.item())
        self.right.append((answers.argmax(dim=1) == truth).float().mean().item())
        if len(self.losses) == PRINTED:
            found = round(self.seconds), size, *map(float, map(np.mean, (self.losses, self.right)))
            self.history.append(found)
            self.losses, self.right = [], []
            print(
                f"{found[0]:6,} s   {size} pixels   step {self.steps.total():6,}   "
                f"loss {found[2]:.3f}   right {found[3]:.1%}",
                flush=True,
            )

    def run(self) -> None:
        """Train until ``--end``, and save the weights every few minutes."""
        options, saved = self.options, self.seconds
        parameters = groups(self.model, options.decay)
        optimiser = torch.optim.AdamW(parameters, lr=options.rate, betas=(0.9, 0.98))
        for indices in batches(len(self.labels), options.images, self.random):
            share = self.seconds / (60 * options.minutes)
            if share >= options.end:
                break
            for group in optimiser.param_groups:
                group["lr"] = options.rate * learning_rate(share, options.warm)
            part, truth = self.chosen(indices)
            size = size_at(share)
            self.steps[str(size)] += 1
            self.step(optimiser, logits(self.model, enlarged(part, size)), truth, size)
            if self.seconds - saved > 60 * options.save_minutes:
                saved = self.seconds
                self.save()
        self.save()

    def save(self) -> None:
        """Write the weights and what was done."""
        metadata = {
            "network": NETWORK.id,
            "steps": self.steps,
            "seconds": round(self.seconds),
            "history": self.history,
            "options": {
                k: v for k, v in vars(self.options).items() if k not in ("out", "source", "resume")
            },
        }
        save(self.model, self.options.out, metadata)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("fashion.safetensors"))
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--seed", type=int, default=2017)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--images", type=int, default=64, help="pictures a step")
    parser.add_argument("--minutes", type=float, default=58, help="of the cycle of the rate")
    parser.add_argument("--end", type=float, default=0.92, help="share of the cycle to go through")
    parser.add_argument("--resume", type=Path, help="a file that a training wrote: go on from it")
    parser.add_argument("--save-minutes", type=float, default=4)
    parser.add_argument("--rate", type=float, default=7e-4)
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--warm", type=float, default=0.05, help="share of the time to the peak")
    Training(parser.parse_args()).run()


if __name__ == "__main__":
    main()
