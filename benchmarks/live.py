"""What does it cost to run AlexNet and to keep every layer's output?

The bare network, torchvision's in plain torch, is the measure.  Beside it, on the same images: the
same network of this project, alone and kept layer by layer (``walk``: tensors, ``capture``:
arrays), captum's ``LayerActivation`` of the same layers, and the network of the paper.  Two lower
limits are measured in the same turns: reading as many bytes as the weights have, which no pass over
one image can undercut, and multiplying as often in one large matrix product, which no pass over
many images can.  On a GPU, channels last, half precision and a CUDA graph take their turns too.

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
from alexnet_viz.network.trace import FLOAT32_BYTES, trace
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.variants import VARIANTS
from benchmarks.bare import bare_like
from benchmarks.timing import medians, table

Candidates = dict[str, Callable[[], object]]

BATCHES = {1: 60, 32: 12}
"""Images a pass, and rounds."""
SIDE = 2048
"""Of the matrices whose product says how fast this machine multiplies: 16 MB each."""
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
    """What takes turns on a batch, by the name in the table; the first is the measure."""
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
    if device.type == "cuda":
        found |= on_cuda(model, batch)
    return {name: _finished(each, device) for name, each in found.items()}


def on_cuda(model: nn.Sequential, batch: Tensor) -> Candidates:
    """The ways to be faster that only CUDA has."""
    found: Candidates = {"CUDA graph": _graph(model, batch)}
    last = Placement(batch.device, memory_format=torch.channels_last)
    for placement in (last, *halves(batch.device)):
        placed = place(model, placement)
        turned = batch.to(placement.dtype, memory_format=placement.memory_format)
        name = f"channels last, {dtype_name(placement.dtype)}"
        found[name] = _forward(placed, turned)
        found[f"{name}, CUDA graph"] = _graph(placed, turned)
    return found


def _forward(model: nn.Sequential, batch: Tensor) -> Callable[[], object]:
    return lambda: model(batch)


def _graph(model: nn.Sequential, batch: Tensor) -> Callable[[], object]:
    """A pass recorded once and replayed: no launch of a kernel waits for Python."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream), torch.inference_mode():
        for _ in range(3):  # cuDNN chooses its algorithms outside the recording
            model(batch)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph), torch.inference_mode():
        model(batch)
    return graph.replay


def _batch(images: int, size: int) -> Tensor:
    """The sample pictures in turn, as the paper prepares them."""
    pictures = [preprocess(sample.load(), size) for sample in SAMPLES.values()]
    return torch.from_numpy(np.stack([pictures[i % len(pictures)] for i in range(images)]))


def _finished(run: Callable[[], object], device: torch.device) -> Callable[[], object]:
    """A call that returns when the device is done, and records no graph."""

    def wrapped() -> object:
        with torch.inference_mode():
            output = run()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return output

    return wrapped


if __name__ == "__main__":
    main(*sys.argv[1:])
