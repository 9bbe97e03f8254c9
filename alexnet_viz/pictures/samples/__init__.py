"""The bundled pictures: three drawn by formula (``shapes``) and three photographs.

The photographs are free of copyright restrictions (LICENCES.md).  ``fresh.drawing`` draws new
pictures of the classes of the bundled weights.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from alexnet_viz.pictures.images import Picture, decode
from alexnet_viz.pictures.samples import shapes
from alexnet_viz.text import Text


@dataclass(frozen=True)
class Sample:
    """One picture; ``load`` decodes or draws it at the first call and caches it."""

    title: Text
    load: Callable[[], Picture]


@cache
def _photograph(name: str) -> Picture:
    return decode(files(__package__).joinpath(name).read_bytes())


@cache
def _drawing(draw: Callable[[], shapes.Pixels]) -> Picture:
    rgb = draw()
    return Picture(rgb, width=rgb.shape[1], height=rgb.shape[0])


SAMPLES: dict[str, Sample] = {
    "astronaut": Sample(
        Text("Astronaut Eileen Collins", "宇航员艾琳·柯林斯"),
        partial(_photograph, "astronaut.jpg"),
    ),
    "cat": Sample(Text("Chelsea the cat", "小猫 Chelsea"), partial(_photograph, "cat.jpg")),
    "coffee": Sample(Text("Cup of coffee", "一杯咖啡"), partial(_photograph, "coffee.jpg")),
    "gratings": Sample(
        Text("Gratings and colours", "光栅与色块"), partial(_drawing, shapes.gratings)
    ),
    "shapes": Sample(Text("Shapes on a texture", "纹理上的图形"), partial(_drawing, shapes.shapes)),
    "rings": Sample(Text("Rings, ever finer", "越来越细的同心环"), partial(_drawing, shapes.rings)),
}
