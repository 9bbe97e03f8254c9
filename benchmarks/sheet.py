"""Server time from the bytes of an upload to the contact sheet of all 96 conv1 maps.

Two files: a bundled sample, and the same photograph enlarged to 12 megapixels, the size of a
phone's.  Also printed: the bytes of the sheet, and the resident memory of a process after building
one model and running one picture (Linux: /proc/self/status).  ``benchmarks.upload`` measures the
whole path, including the browser.

    python -m benchmarks.sheet [rounds]
"""

import subprocess
import sys
from functools import partial
from importlib.resources import files
from io import BytesIO

import numpy as np
from PIL import Image

from alexnet_viz.model.activations import capture
from alexnet_viz.model.build import build
from alexnet_viz.model.device import choose, describe
from alexnet_viz.pictures.images import decode
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.render.charts.contact_sheet import contact_sheet
from alexnet_viz.variants import VARIANTS
from benchmarks.timing import medians, table

NETWORK = VARIANTS["alexnet_2012_227"]
LARGE = (4000, 3000)
"""Width and height of the enlarged photograph, in pixels."""
ROUNDS = 40

PROCESS = f"""
from pathlib import Path

import numpy

def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmRSS"))

from alexnet_viz.model.activations import capture
from alexnet_viz.model.build import build
from alexnet_viz.variants import VARIANTS
print(f"| torch and this project imported | {{resident():.0f}} |")
model = build(VARIANTS["{NETWORK.id}"])
print(f"| and one model built | {{resident():.0f}} |")
kept = capture(model, numpy.zeros((3, 227, 227), dtype=numpy.float32))
print(f"| and one picture run, every layer kept | {{resident():.0f}} |")
"""


def main(rounds: str = "") -> None:
    """Print the time of every step for each file, then the memory."""
    device = choose()
    model = build(NETWORK, device=device)
    sample = files("alexnet_viz.pictures.samples").joinpath("cat.jpg").read_bytes()
    print(describe(device))
    for name, data in {"sample": sample, "12 megapixels": enlarged(sample)}.items():
        picture = decode(data)
        image = preprocess(picture, NETWORK.input_size)
        maps = capture(model, image)["conv1"]
        order = np.arange(len(maps))

        def whole(data: bytes = data) -> bytes:
            image = preprocess(decode(data), NETWORK.input_size)
            maps = capture(model, image)["conv1"]
            return contact_sheet(maps, np.arange(len(maps)), None).png

        times = medians(
            {
                "bytes to sheet": whole,
                "`decode`": partial(decode, data),
                "`preprocess`": partial(preprocess, picture, NETWORK.input_size),
                "`capture`, every layer": partial(capture, model, image),
                f"`contact_sheet`, {len(maps)} maps": partial(contact_sheet, maps, order, None),
            },
            int(rounds or ROUNDS),
        )
        print(f"\n{name}, {len(data) / 1e6:.2f} MB in, {len(whole()) / 1e3:.0f} kB out:\n")
        print(table(times))
    print(f"\n| a process with | resident, MB |\n|---|---:|\n{memory()}")


def enlarged(data: bytes) -> bytes:
    """A photograph enlarged to 12 megapixels, as JPEG."""
    buffer = BytesIO()
    Image.open(BytesIO(data)).resize(LARGE).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def memory() -> str:
    """Resident memory of a new process after each step, as rows of a Markdown table."""
    done = subprocess.run(
        [sys.executable, "-c", PROCESS], capture_output=True, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main(*sys.argv[1:])
