"""Time of a forward pass of the paper's network in two towers on one machine.

Two processes with one CPU thread each, connected by gloo, are compared with one process that
computes both GPUs' shares, and with the whole network on one device with one thread and with all;
batches of 1, 8 and 32.  The two processes cannot alternate with the others after every pass, so
medians within a run are compared, and the runs alternate.

    python -m benchmarks.towers [rounds]
"""

import os
import sys
from statistics import median
from time import perf_counter

import torch

from alexnet_viz.model_parallel.launcher import launch
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.run_data import batch, reference_model
from alexnet_viz.variants import VARIANTS
from benchmarks.timing import table

BATCHES = (1, 8, 32)
RUNS = 3
"""Runs of every candidate, in alternation; the median of their medians is printed."""
ROUNDS = {1: 40, 8: 12, 32: 5}
"""Passes in a run, by images per pass."""


def main(rounds: str = "") -> None:
    """Print a table for each batch size."""
    cores = os.cpu_count() or 1
    for images in BATCHES:
        request = Request(
            network=VARIANTS["alexnet_2012_paper"],
            gpus=2,
            last="halves",
            batch=images,
            rounds=int(rounds or ROUNDS[images]),
            threads=max(1, cores // 2),
        )
        found: dict[str, list[float]] = {}
        for _ in range(RUNS):
            both, one = launch(request, 2), launch(request, 1)
            assert both.equal
            assert one.equal
            times = {
                "one device, one thread": median(one.alone),
                "one device, all threads": alone(request, cores),
                "one process for both GPUs, one thread": median(one.seconds),
                "two processes, one thread each": median(both.seconds),
            }
            for name, seconds in times.items():
                found.setdefault(name, []).append(seconds)
        print(f"\n{images} image(s):\n")
        print(table({name: median(seconds) for name, seconds in found.items()}))


def alone(request: Request, threads: int) -> float:
    """Median seconds of a pass of the whole network on one device with ``threads`` threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        model, (images, _) = reference_model(request), batch(request)
        seconds = []
        with torch.inference_mode():
            for _ in range(1 + request.rounds):
                began = perf_counter()
                model(images)
                seconds.append(perf_counter() - began)
    finally:
        torch.set_num_threads(before)
    return median(seconds[1:])


if __name__ == "__main__":
    main(*sys.argv[1:])
