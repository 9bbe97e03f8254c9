"""Train the weights that AlexNet Viz ships: AlexNet's two towers on drawings.

    python -m training.train --out alexnet_viz/weights/drawings.safetensors

The network is ``alexnet_2012_227`` with one output for each class of
``alexnet_viz.pictures.synthetic``.  Every step draws new pictures, so no picture is repeated and
there is no training set to overfit.  Differences from section 5 of the paper, and their reasons:

fc6, fc7      products of rank 32, to keep the file small; multiplied when it is loaded
optimiser     AdamW with one cycle of learning rates, instead of momentum with manual steps
conv1         initial standard deviation 0.0003 and a weight decay of its own, so that unused noise
              decays from the kernels; with a larger initial deviation it remains
dropout       always the test-time factor 0.5: new drawings need no regularisation
first part    pictures of 115 pixels, four times as fast; the last maps are enlarged to 6 x 6
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.model.device import choose
from alexnet_viz.pictures.preprocessing import CHANNEL_MEANS
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.scene import batch
from alexnet_viz.weights.catalogue import DRAWINGS
from training.low_rank import save, untrained

NETWORK = DRAWINGS.network
RANK = 32
SMALL, LARGE = 115, 227
DEVIATIONS = {"conv1": 0.0003, "fc8": 0.01}
"""Initial standard deviations of weights."""


def logits(model: nn.Sequential, pixels: Tensor) -> Tensor:
    """The logits, (images, classes); maps smaller than 6 x 6 are enlarged for fc6."""
    for name, layer in model.named_children():
        if name == "flatten" and pixels.shape[-1] != 6:
            pixels = functional.interpolate(pixels, size=6)
        if name != "prob":
            pixels = layer(pixels)
    return pixels


def drawings(seed: int, images: int, size: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """New drawings, float32, (images, 3, size, size), and their labels, int64, (images,)."""
    pixels, labels = batch(np.random.default_rng(seed), images, size)
    centred = torch.from_numpy(pixels).to(device).float() - torch.tensor(
        CHANNEL_MEANS, device=device
    )
    layout = centred.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
    return layout, torch.from_numpy(labels).to(device)


@torch.inference_mode()
def confusion(model: nn.Sequential, seed: int, images: int, device: torch.device) -> np.ndarray:
    """The confusion matrix, (classes, classes), of new drawings: class (row), answer (column)."""
    counts = np.zeros((len(CLASSES), len(CLASSES)), dtype=int)
    for part in range(images // 50):
        pixels, labels = drawings(seed + part, 50, LARGE, device)
        answers = logits(model, pixels).argmax(dim=1)
        np.add.at(counts, (labels.cpu().numpy(), answers.cpu().numpy()), 1)
    return counts


def groups(model: nn.Sequential, options: argparse.Namespace) -> list[dict[str, object]]:
    """Parameter groups: conv1 with its own rate and decay, other weights, biases without decay."""
    first = model.conv1.weight
    matrices = [p for p in model.parameters() if p.ndim > 1 and p is not first]
    biases = [p for p in model.parameters() if p.ndim == 1]
    return [
        {"params": [first], "lr": options.first_rate, "weight_decay": options.first_decay},
        {"params": matrices, "lr": options.rate, "weight_decay": options.decay},
        {"params": biases, "lr": options.rate, "weight_decay": 0.0},
    ]


def steps(options: argparse.Namespace) -> Iterator[tuple[int, int]]:
    """Yield the number and the picture size of every step."""
    yield from ((step, SMALL) for step in range(options.small_steps))
    last = options.small_steps + options.large_steps
    yield from ((step, LARGE) for step in range(options.small_steps, last))


def train(options: argparse.Namespace) -> None:
    """Train the network, print the progress, and save the weights every 500 steps."""
    device = choose()
    torch.manual_seed(options.seed)
    model = untrained(NETWORK, RANK, DEVIATIONS).to(device).to(memory_format=torch.channels_last)
    parameters = groups(model, options)
    optimiser = torch.optim.AdamW(parameters, betas=(0.9, 0.98))
    total = options.small_steps + options.large_steps
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        [group["lr"] for group in parameters],
        total_steps=total,
        pct_start=options.warm,
        cycle_momentum=False,
        div_factor=20,
        final_div_factor=20,
    )
    start, losses, right = time.monotonic(), [], []
    for step, size in steps(options):
        pixels, labels = drawings(options.seed + 10**6 + step, options.images, size, device)
        with torch.autocast(device.type, torch.bfloat16):
            answers = logits(model, pixels).float()
        loss = functional.cross_entropy(answers, labels)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        right.append((answers.argmax(dim=1) == labels).float().mean().item())
        if step % 50 == 49 or step + 1 == total:
            seconds = time.monotonic() - start
            print(
                f"step {step + 1:6,} of {total:,}   {size} pixels   {seconds:6,.0f} s   "
                f"loss {np.mean(losses[-50:]):.3f}   right {np.mean(right[-50:]):.1%}",
                flush=True,
            )
        if step % 500 == 499 or step + 1 == total:
            seconds = time.monotonic() - start
            save(model, options.out, metadata(options, step + 1, seconds))


def metadata(options: argparse.Namespace, step: int, seconds: float) -> dict[str, object]:
    """What a file says of its training."""
    return {
        "network": "alexnet_2012_227",
        "classes": CLASSES,
        "steps": step,
        "images": step * options.images,
        "seconds": round(seconds),
        "options": {k: v for k, v in vars(options).items() if k != "out"},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("drawings.safetensors"))
    parser.add_argument("--seed", type=int, default=2012)
    parser.add_argument("--images", type=int, default=32, help="pictures a step")
    parser.add_argument("--small-steps", type=int, default=3000, help="steps at 115 pixels")
    parser.add_argument("--large-steps", type=int, default=4500, help="steps at 227 pixels")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--first-rate", type=float, default=1e-3)
    parser.add_argument("--first-decay", type=float, default=1.0)
    parser.add_argument("--warm", type=float, default=0.1, help="share of steps until the peak")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
