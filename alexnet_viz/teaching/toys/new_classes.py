"""Pictures of classes that the bundled network never learned, made by class and number.

Figures at the left or the right, small or large, one or two: it learned to call all of these by
their shape.  Crops of a photograph are alike, so a test on others of them is an easy one.  A
drawing of the student's is shown in other colours, sizes and places.
"""

from typing import Any

FIGURES = ("left", "right", "small", "large", "one", "two")
PHOTOGRAPHS = ("cat", "coffee", "astronaut")
OWN = "own"
DRAWN = "drawn"
KINDS = (*FIGURES, *PHOTOGRAPHS, OWN, DRAWN)
SIDE = 227
CONTRAST = 120
"""Least distance of the two colours of a figure and its ground."""
SHAPES = ("star", "square", "circle", "triangle", "cross")


def picture(kind: str, number: int, own: Any = None, drawing: Any = None) -> Any:
    """The picture of a class with this number: uint8 (227, 227, 3).

    ``own`` is the picture, uint8 (227, 227, 3), of which the class ``own`` has crops; ``drawing``
    has the cells from 0 to 1, row by row, of what the class ``drawn`` shows.
    """
    import numpy as np

    rng = np.random.default_rng((KINDS.index(kind), number))
    if kind in FIGURES:
        return _figures(kind, rng)
    if kind == OWN:
        return _crop(own, rng)
    if kind == DRAWN:
        return _drawing(drawing, rng)
    from alexnet_viz.pictures.preprocessing import cropped
    from alexnet_viz.pictures.samples import SAMPLES

    return _crop(cropped(SAMPLES[kind].load(), 256, 3), rng)


def _figures(kind: str, rng: Any) -> Any:
    """One or two figures of a random shape, colour, angle and place, as the class says."""
    import numpy as np

    from alexnet_viz.pictures.synthetic.patterns import PATTERNS

    ground, colour = _colours(rng)
    radius = rng.uniform(0.12, 0.18)
    if kind == "large":
        radius = rng.uniform(0.28, 0.36)
    places = [(rng.uniform(0.3, 0.7), rng.uniform(0.25, 0.75))]
    if kind in ("left", "right"):
        x = rng.uniform(0.18, 0.36)
        places = [(x if kind == "left" else 1 - x, places[0][1])]
    elif kind == "two":
        x, y = rng.uniform(0.2, 0.35), rng.uniform(0.2, 0.8)
        places = [(x, y), (x + rng.uniform(0.34, 0.45), rng.uniform(0.2, 0.8))]
    shape, angle = PATTERNS[SHAPES[rng.integers(len(SHAPES))]], rng.uniform(0, 6.28)
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float64)
    pixels = ground + rng.normal(0, 4, (SIDE, SIDE, 1))
    for across, down in places:
        x, y = columns - SIDE * across, rows - SIDE * down
        turned = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        covered = shape(*turned, radius * SIDE, rng)
        pixels = pixels + (colour - pixels) * covered[..., None]
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _colours(rng: Any) -> Any:
    """Two random colours that are not alike: of the ground and of the figure."""
    import numpy as np

    while True:
        ground, colour = rng.uniform(10, 245, (2, 3))
        if np.linalg.norm(ground - colour) >= CONTRAST:
            return ground, colour


def _drawing(cells: Any, rng: Any) -> Any:
    """A drawing in random colours, a little turned, of a random size and at a random place."""
    import numpy as np
    from PIL import Image

    rows = int(len(cells) ** 0.5)
    shades = (255 * np.reshape(cells, (rows, rows))).astype(np.uint8)
    ground, colour = _colours(rng)
    size = int(rng.uniform(0.5, 0.9) * SIDE)
    large = Image.fromarray(shades).resize((size, size), Image.Resampling.BICUBIC)
    turned = large.rotate(rng.uniform(-12, 12), Image.Resampling.BILINEAR)
    whole = Image.new("L", (SIDE, SIDE))
    left, top = (int(rng.uniform(0, SIDE - size)) for _ in range(2))
    whole.paste(turned, (left, top))
    covered = np.clip(np.asarray(whole, np.float64)[..., None] / 85 - 1, 0, 1)
    pixels = ground + rng.normal(0, 4, (SIDE, SIDE, 1))
    pixels = pixels + (colour - pixels) * covered
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _crop(pixels: Any, rng: Any) -> Any:
    """A crop of half to all of a picture, perhaps mirrored, lighter or darker."""
    import numpy as np
    from PIL import Image

    whole = len(pixels)
    size = int(rng.uniform(0.5, 1) * whole)
    left, top = rng.integers(0, whole - size + 1, 2)
    part = np.array(pixels[top : top + size, left : left + size])
    if rng.random() < 0.5:
        part = part[:, ::-1]
    lit = np.clip(part * rng.uniform(0.7, 1.2), 0, 255).astype(np.uint8)
    return np.asarray(Image.fromarray(lit).resize((SIDE, SIDE), Image.Resampling.BILINEAR))
