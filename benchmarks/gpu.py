"""What the best device makes of AlexNet, and how far that is from what the device could do.

Sections: correctness against float64; the latency of one image (eager, channels last, half
precision, ``torch.compile``, CUDA graph) beside the time to read the weights once; the throughput
of batches beside the speed of one large matrix product; the price of keeping every layer's output;
an attribution map; the towers on two devices.  A section that needs CUDA, or two GPUs, says so.
Prints Markdown; with ``--json FILE`` writes the same numbers.  Takes under ten minutes; ``--quick``
takes a small network and few rounds, and is what the tests run.

    python -m benchmarks.gpu [--quick] [--json FILE]
"""

import argparse
import json
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import torch
from torch import Tensor, nn

from alexnet_viz.interpretability.attribution import Unit
from alexnet_viz.interpretability.attribution.methods import attribute
from alexnet_viz.model.activations import capture, walk
from alexnet_viz.model.build import build, private_copy
from alexnet_viz.model.device import (
    Placement,
    choose,
    describe,
    dtype_name,
    halves,
    milliseconds,
    place,
)
from alexnet_viz.model.precision import TOLERANCE
from alexnet_viz.model_parallel.launcher import launch
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import FLOAT32_BYTES, Trace, trace
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.variants import VARIANTS
from benchmarks.live import graph

SIDE, READ = 8192, 1_000_000_000
"""Side of the square matrices whose product measures the arithmetic, and bytes that are read to
measure the memory, both on a GPU; a CPU takes a fraction."""
SECONDS = 500
"""After so long no further section begins."""


@dataclass
class Section:
    """A table: its title, its columns, its rows, and what is said below it."""

    title: str
    columns: tuple[str, ...] = ()
    rows: list[tuple[str | float, ...]] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Setting:
    """What is measured, where."""

    network: Network
    device: torch.device
    rounds: int
    batches: tuple[int, ...]

    @property
    def result(self) -> Trace:
        return trace(self.network)

    @property
    def cuda(self) -> bool:
        return self.device.type == "cuda"

    def images(self, count: int) -> Tensor:
        """Sample pictures, preprocessed as in the paper: float32 (count, 3, side, side)."""
        pictures = [
            preprocess(sample.load(), self.network.input_size) for sample in SAMPLES.values()
        ]
        stack = np.stack([pictures[i % len(pictures)] for i in range(count)])
        return torch.from_numpy(stack).to(self.device)

    def time(self, run: Callable[[], object]) -> float:
        """The median milliseconds of a call, after three that are not counted."""
        with torch.inference_mode():
            for _ in range(3):
                run()
            return median(milliseconds(run, self.device) for _ in range(self.rounds))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every section as it is done."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    where = choose()
    quick = options.quick
    setting = Setting(
        VARIANTS["tf_models_alexnet_benchmark" if quick else "torchvision_alexnet"],
        where,
        rounds=2 if quick else 30 if where.type == "cuda" else 5,
        batches=(2,) if quick else (64, 128, 256, 512, 1024) if where.type == "cuda" else (64,),
    )
    machine = f"{describe(where)}; torch {torch.__version__}; {platform.machine()}"
    print(f"{machine}; {setting.network.id}")
    found, began = [], time.monotonic()
    for run in SECTIONS:
        if time.monotonic() - began > SECONDS:
            print(f"\nStopped after {SECONDS} s: {run.__name__} and what follows was not measured.")
            break
        section = run(setting)
        found.append(section)
        print(f"\n{markdown(section)}", flush=True)
    if options.json:
        record = {"machine": machine, "network": setting.network.id, "sections": found}
        options.json.write_text(json.dumps(record, default=asdict, indent=1) + "\n")


def markdown(section: Section) -> str:
    """A section as a Markdown heading, table and note."""
    lines = [f"### {section.title}", ""]
    if section.rows:
        lines += [
            f"| {' | '.join(section.columns)} |",
            "|---|" + "---:|" * len(section.columns[1:]),
        ]
        lines += [f"| {' | '.join(map(_cell, row))} |" for row in section.rows] + [""]
    return "\n".join([*lines, section.note]).rstrip()


def _cell(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def placements(setting: Setting) -> list[Placement]:
    """Float32, float32 with the channels last, and each half that the device is made for."""
    last = Placement(setting.device, memory_format=torch.channels_last)
    return [Placement(setting.device), last, *halves(setting.device)]


def _name(placement: Placement) -> str:
    last = placement.memory_format == torch.channels_last
    return dtype_name(placement.dtype) + (", channels last" if last else "")


def correctness(setting: Setting) -> Section:
    """The largest relative difference of any layer from a pass in float64 on the CPU."""
    model, images = build(setting.network), setting.images(2).cpu()
    exact = walk(private_copy(model).double(), images.double())
    section = Section("Correctness", ("placement", "largest difference", "layer", "bound"))
    for placement in placements(setting):
        found = walk(place(model, placement), _at(images, placement))
        away = {
            name: float((found[name].cpu().double() - wanted).abs().max() / wanted.abs().max())
            for name, wanted in exact.items()
        }
        worst = max(away, key=away.__getitem__)
        section.rows.append((_name(placement), away[worst], worst, TOLERANCE[placement.dtype]))
    section.note = "Of every layer's output from float64, over the largest value of that layer."
    return section


def _at(images: Tensor, placement: Placement) -> Tensor:
    return images.to(placement.device, placement.dtype, memory_format=placement.memory_format)


def latency(setting: Setting) -> Section:
    """One image, in every way of running it, beside the time to read the weights once."""
    model, image = build(setting.network, device=setting.device), setting.images(1)
    per_byte = _reading(setting)
    section = Section("One image", ("way", "ms", "ms to read the weights", "times that"))
    for placement in placements(setting):
        floor = per_byte * setting.result.params * placement.dtype.itemsize
        for way, run in _ways(setting, place(model, placement), _at(image, placement)):
            spent = setting.time(run)
            section.rows.append((f"{_name(placement)}, {way}", spent, floor, spent / floor))
    section.note = f"Memory read at {1e-6 / per_byte:.0f} GB/s. " + (
        "" if setting.cuda else "torch.compile and CUDA graphs need CUDA: not measured."
    )
    return section


def _ways(
    setting: Setting, model: nn.Sequential, image: Tensor
) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "eager", lambda: model(image)
    if setting.cuda:
        compiled = torch.compile(model)
        yield "torch.compile", lambda: compiled(image)
        yield "CUDA graph", graph(model, image)


def _reading(setting: Setting) -> float:
    """Milliseconds to read one byte of the device's memory."""
    size = READ if setting.cuda else READ // 10
    numbers = torch.ones(size // FLOAT32_BYTES, device=setting.device)
    return setting.time(numbers.sum) / size


def throughput(setting: Setting) -> Section:
    """Images a second in batches, beside what the speed of one matrix product would allow."""
    model, macs = build(setting.network, device=setting.device), setting.result.macs
    section = Section("Batches", ("placement, images", "images/s", "roof, images/s", "share"))
    for placement in placements(setting):
        there, roof = place(model, placement), _products(setting, placement.dtype) / macs
        for count in setting.batches:
            batch = _at(setting.images(count), placement)
            speed = 1000 * count / setting.time(lambda there=there, batch=batch: there(batch))
            section.rows.append((f"{_name(placement)}, {count}", speed, roof, speed / roof))
    section.note = "The roof: one product of large square matrices in the same type, scaled."
    return section


def _products(setting: Setting, dtype: torch.dtype) -> float:
    """Multiply-accumulates a second of one large matrix product."""
    side = SIDE if setting.cuda else SIDE // 8
    matrix = torch.ones(side, side, device=setting.device, dtype=dtype)
    return 1000 * side**3 / setting.time(lambda: matrix @ matrix)


def keeping(setting: Setting) -> Section:
    """What it costs to keep every layer's output, on the device and as arrays on the host."""
    model, batch = build(setting.network, device=setting.device), setting.images(1)
    array = batch.cpu().numpy()
    ways: dict[str, Callable[[], object]] = {
        "the pass": lambda: model(batch),
        "every layer's tensor": lambda: walk(model, batch),
        "every layer's array on the host": lambda: capture(model, array),
    }
    spent = {name: setting.time(run) for name, run in ways.items()}
    section = Section("Keeping every layer", ("one image", "ms", "times the pass"))
    section.rows = [(name, each, each / spent["the pass"]) for name, each in spent.items()]
    return section


def attribution(setting: Setting) -> Section:
    """Integrated gradients of one channel: 50 images forward and back."""
    model = build(setting.network, device=setting.device)
    image = setting.images(1)[0].cpu().numpy()
    spent = min(
        attribute(model, image, Unit("conv2", 0), "integrated_gradients").seconds
        for _ in range(1 if setting.rounds < 5 else 3)
    )
    return Section("Attribution", ("method", "s"), [("integrated gradients, conv2", spent)])


def towers(setting: Setting) -> Section:
    """The paper's two towers as two processes: on two GPUs with NCCL, else on the CPU."""
    title = "Two towers"
    if torch.cuda.device_count() < 2:
        return Section(title, note=f"NCCL needs two GPUs: here {torch.cuda.device_count()}.")
    request = Request(
        network=VARIANTS["alexnet_2012_paper"], gpus=2, batch=128, rounds=10, device="cuda"
    )
    found = launch(request, 2)
    both, alone = 1000 * median(found.seconds), 1000 * median(found.alone)
    section = Section(title, ("128 images forward", "ms", "times one GPU"))
    section.rows = [("two GPUs", both, both / alone), ("one GPU", alone, 1.0)]
    section.note = f"Sent by {found.backend}; the same result: {found.equal}."
    return section


SECTIONS = (correctness, latency, throughput, keeping, attribution, towers)

if __name__ == "__main__":
    main()
