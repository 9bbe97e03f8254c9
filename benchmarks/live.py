"""Time of a forward pass of AlexNet, with and without keeping every layer's output.

The baseline is torchvision's network in plain torch.  It is compared, on the same images, with the
same network of this project, without and with every layer's output (``walk``: tensors, ``capture``:
arrays), with captum's ``LayerActivation`` of the same layers, with the network of the paper, and
with the weights that ship, in torch's dense layers and in those of the pages (``selective``).
Two lower bounds are measured in the same rounds: the time to read as many bytes as the weights have
(a bound for one image), and the time of one large matrix product, scaled to as many
multiplications (a bound for many images).  On a GPU, channels last, half precision and CUDA graphs
are measured too.

    python -m benchmarks.live [rounds]
"""

import sys
from collections.abc import Callable

import numpy as np
import torch
from captum.attr import LayerActivation
from torch import Tensor, nn

from alexnet_viz.model.activations import capture, walk
from alexnet_viz.model.build import build, private_copy
from alexnet_viz.model.device import Placement, choose, describe, dtype_name, halves, place
from alexnet_viz.model.selective import selective
from alexnet_viz.network.trace import FLOAT32_BYTES, trace
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import load
from benchmarks.bare import bare_like
from benchmarks.timing import medians, table

Candidates = dict[str, Callable[[], object]]

BATCHES = {1: 60, 32: 12}
"""Rounds by images per pass."""
SIDE = 2048
"""Side of the matrices whose product measures the speed of multiplication: 16 MB each."""
OURS, PAPER = VARIANTS["torchvision_alexnet"], VARIANTS["alexnet_2012_227"]


def main(rounds: str = "") -> None:
    """Print a table for each batch size on the best device."""
    device = choose()
    print(f"{describe(device)}; torch {torch.__version__}")
    for images, usual in BATCHES.items():
        result = trace(OURS)
        times = medians(candidates(images, device), int(rounds or usual))
        reading, multiplying = times.pop("reading"), times.pop("multiplying")
        macs = images * result.macs / SIDE**3
        times["limit: the weights read once"] = reading
        times["limit: the multiplications as one matrix product"] = multiplying * macs
        print(f"\n{images} image{'s' * (images > 1)}:\n\n{table(times)}\n")
        megabytes = FLOAT32_BYTES * result.params / 1e6
        print(f"{megabytes:.0f} MB of weights at {megabytes / reading / 1e3:.1f} GB/s, ", end="")
        print(f"{SIDE**3 / multiplying / 1e9:.0f} billion multiplications a second")


def candidates(images: int, device: torch.device) -> Candidates:
    """The functions to time on a batch, by their name in the table; the first is the baseline."""
    model, paper = build(OURS, device=device), build(PAPER, device=device)
    bare, hooked = bare_like(model), private_copy(model)
    activation = LayerActivation(hooked, list(hooked.children()))
    batch, at_227 = (_batch(images, size).to(device) for size in (224, 227))
    array = _batch(images, 224).numpy()
    weights = torch.ones(sum(each.numel() for each in model.parameters()), device=device)
    matrix = torch.ones(SIDE, SIDE, device=device)
    found: Candidates = {
        "bare torchvision network": lambda: bare(batch),
        "`torchvision_alexnet`": lambda: model(batch),
        "`torchvision_alexnet`, `walk`: every layer's tensor": lambda: walk(model, batch),
        "`torchvision_alexnet`, `capture`: every layer's array": lambda: capture(model, array),
        "captum's `LayerActivation`, the same layers": lambda: activation.attribute(batch),
        "`alexnet_2012_227`": lambda: paper(at_227),
        "`alexnet_2012_227`, `capture`": lambda: capture(paper, at_227.cpu().numpy()),
        "reading": weights.sum,
        "multiplying": lambda: matrix @ matrix,
    }
    shipped = load(DRAWINGS, device=device)
    found["weights that ship, torch's dense layers"] = lambda: shipped(at_227)
    paged = selective(shipped)
    found["weights that ship, as the pages run them"] = lambda: paged(at_227)
    if device.type == "cuda":
        found |= on_cuda(model, batch)
    return {name: _finished(each, device) for name, each in found.items()}


def on_cuda(model: nn.Sequential, batch: Tensor) -> Candidates:
    """Faster variants that need CUDA: channels last, half precision, CUDA graphs."""
    found: Candidates = {"CUDA graph": graph(model, batch)}
    last = Placement(batch.device, memory_format=torch.channels_last)
    for placement in (last, *halves(batch.device)):
        placed = place(model, placement)
        turned = batch.to(placement.dtype, memory_format=placement.memory_format)
        name = f"channels last, {dtype_name(placement.dtype)}"
        found[name] = _forward(placed, turned)
        found[f"{name}, CUDA graph"] = graph(placed, turned)
    return found


def _forward(model: nn.Sequential, batch: Tensor) -> Callable[[], object]:
    return lambda: model(batch)


def graph(model: nn.Sequential, batch: Tensor) -> Callable[[], object]:
    """A pass recorded as a CUDA graph, whose replay needs no kernel launches from Python."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream), torch.inference_mode():
        for _ in range(3):  # cuDNN selects its algorithms before the recording
            model(batch)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph), torch.inference_mode():
        model(batch)
    return graph.replay


def _batch(images: int, size: int) -> Tensor:
    """The sample pictures, preprocessed as in the paper: float32, (images, 3, size, size)."""
    pictures = [preprocess(sample.load(), size) for sample in SAMPLES.values()]
    return torch.from_numpy(np.stack([pictures[i % len(pictures)] for i in range(images)]))


def _finished(run: Callable[[], object], device: torch.device) -> Callable[[], object]:
    """The function under ``inference_mode``, returning after the device has finished."""

    def wrapped() -> object:
        with torch.inference_mode():
            output = run()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return output

    return wrapped


if __name__ == "__main__":
    main(*sys.argv[1:])
