"""Write the pictures of the labs' gallery: each lab's first drawing as it begins.

    python -m training.lab_covers

writes alexnet_viz/ui/labs/covers/<id>.png.  Run it again when a lab is added or draws something
else.  The ground is transparent and ink is grey, so one file serves both themes; at this size no
word of a drawing is read.
"""

import re
from io import BytesIO
from pathlib import Path

import resvg_py
from PIL import Image

import alexnet_viz.ui.labs as target
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.render.theme import GREY, GROUND, INK, QUIET
from alexnet_viz.teaching.labs.lab import Lab, Spoken
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.ui.labs.live_network import live

FOLDER = Path(target.__file__).with_name("covers")
WIDTH, HEIGHT = 480, 260
"""Pixels; a card shows them at half of that."""
COLOURS = 64


def cover(lab: Lab) -> bytes:
    """The first drawing of a lab at its defaults, as a palette PNG."""
    values = {control.name: control.default for control in lab.controls}
    if lab.needs_picture:
        values["picture"] = cropped(next(iter(SAMPLES.values())).load(), lab.picture_side, 3)
    if lab.runs_network:
        values["live"] = live()
    svg = lab.look(values, Spoken(lab.id, "en")).drawings[0].svg
    svg = re.sub(r'<rect class="ground" width="100%" height="100%"[^>]*/>', "", svg, count=1)
    svg = svg.replace(INK, GREY).replace(QUIET, GREY).replace(f'fill="{GROUND}"', 'fill="none"')
    drawn = Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=1)))).convert(
        "RGBA"
    )
    drawn.thumbnail((WIDTH, 10_000))
    drawn = drawn.crop((0, 0, drawn.width, min(drawn.height, HEIGHT)))
    buffer = BytesIO()
    drawn.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for lab in LABS.values():
        (FOLDER / f"{lab.id}.png").write_bytes(cover(lab))


if __name__ == "__main__":
    main()
