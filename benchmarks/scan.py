"""Pictures a second of a folder's scan: one worker, two, and actors of Ray Data.

A folder of drawings is made, 512 pixels a side, and scanned in turns from the command line's own
code; a fresh process for each, so that starting Ray, decoders and model is counted.

    python -m benchmarks.scan [pictures]
"""

import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from PIL import Image

from alexnet_viz.pictures.samples.fresh import drawing
from alexnet_viz.pictures.synthetic import CLASSES

PICTURES, SIDE = 300, 512
WAYS = {
    "one worker": ("--workers", "1"),
    "two workers": ("--workers", "2"),
    "Ray Data, two actors": ("--backend", "ray", "--workers", "2"),
}


def main(pictures: str = "") -> None:
    """Print a table of the ways."""
    count = int(pictures or PICTURES)
    print(f"{count} pictures of {SIDE} x {SIDE} pixels, conv5 of the weights that ship:\n")
    print("| how | s, all in all | pictures/s |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as place:
        folder = drawn(Path(place) / "pictures", count)
        found = []
        for name, options in WAYS.items():
            if "ray" in options and find_spec("ray") is None:
                print(f"| {name} | Ray is not installed | |")
                continue
            out = Path(place) / "found.json"
            began = perf_counter()
            scanned(folder, out, options)
            spent = perf_counter() - began
            found.append(json.loads(out.read_text("utf-8"))["channels"])
            print(f"| {name} | {spent:.1f} | {count / spent:.1f} |", flush=True)
    same = all(each == found[0] for each in found)
    print(f"\nThe same crops: {'yes' if same else 'no'}.")


def drawn(folder: Path, count: int) -> Path:
    """A folder with so many drawings."""
    folder.mkdir()
    for number in range(count):
        kind = CLASSES[number % len(CLASSES)]
        image = Image.fromarray(drawing(kind, number).rgb).resize((SIDE, SIDE))
        image.save(folder / f"{number:05}.jpg", quality=90)
    return folder


def scanned(folder: Path, out: Path, options: tuple[str, ...]) -> None:
    """Run the command in a process of its own."""
    words = ("-m", "alexnet_viz", "scan", str(folder), "--output", str(out), *options)
    subprocess.run([sys.executable, *words], check=True, capture_output=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
