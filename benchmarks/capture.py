"""What does it cost to keep every layer's output of a forward pass?

The bare forward of the same model, same image, under ``inference_mode`` is the measure; beside it
``walk``, which keeps tensors, and ``capture``, which also takes the image in and hands arrays out.
All take turns in one run, so that a busy moment hits all of them.

    python -m benchmarks.capture
"""

import sys

import torch

from alexnet_viz.activations import capture, walk
from alexnet_viz.device import choose, describe
from alexnet_viz.model import build
from alexnet_viz.preprocessing import preprocess
from alexnet_viz.samples import SAMPLES
from alexnet_viz.variants import VARIANTS
from benchmarks.timing import medians, table

ROUNDS = 60


def main(variant: str = "alexnet_2012_227") -> None:
    """Print the table for one variant on the best device."""
    network, device = VARIANTS[variant], choose()
    model = build(network, device=device)
    channels, size, _ = network.input_shape
    image = preprocess(SAMPLES["cat"].load(), size, channels)
    batch = torch.from_numpy(image)[None].to(device)

    def finished(output: object) -> object:
        if device.type == "cuda":
            torch.cuda.synchronize()
        return output

    def forward() -> object:
        with torch.inference_mode():
            return finished(model(batch))

    times = medians(
        {
            "forward, nothing kept": forward,
            "`walk`: every layer's tensor": lambda: finished(walk(model, batch)),
            "`capture`: every layer's array": lambda: capture(model, image),
        },
        rounds=ROUNDS,
    )
    print(f"{variant} on {describe(device)}\n\n{table(times)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
