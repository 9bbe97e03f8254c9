"""Three deterministic test pictures for the first layers of a network.

Each is RGB, uint8, (``SIZE``, ``SIZE``, 3).
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIZE = 320

Pixels = NDArray[np.uint8]


def gratings() -> Pixels:
    """Gratings and colour patches, uint8, (320, 320, 3): orientation, frequency and colour.

    Four rows: wide stripes of four orientations; the same, narrow; four colours; four levels of
    grey.  conv1 of a trained AlexNet learns detectors of these features (Figure 3 of the paper).
    """
    cell = SIZE // 4
    y, x = np.mgrid[:cell, :cell]
    angles = np.radians([0, 45, 90, 135])
    rows = []
    for period in (16, 6):
        waves = [
            np.sin(2 * np.pi * (x * np.cos(a) + y * np.sin(a)) / period) * 127 + 128 for a in angles
        ]
        rows.append([np.repeat(wave[..., None], 3, axis=2) for wave in waves])
    colours = ((214, 39, 40), (44, 160, 44), (31, 119, 180), (240, 200, 30))
    greys = ((0,) * 3, (85,) * 3, (170,) * 3, (255,) * 3)
    for patches in (colours, greys):
        rows.append([np.full((cell, cell, 3), colour, dtype=float) for colour in patches])
    return np.concatenate([np.concatenate(row, axis=1) for row in rows]).astype(np.uint8)


def shapes() -> Pixels:
    """A disc, a square, a triangle and a cross on a noise texture, uint8, (320, 320, 3).

    The noise is smooth at the scale of 4 pixels.
    """
    noise = np.random.default_rng(2012).integers(90, 166, (SIZE // 4, SIZE // 4), dtype=np.uint8)
    ground = Image.fromarray(noise).resize((SIZE, SIZE), Image.Resampling.BICUBIC).convert("RGB")
    draw = ImageDraw.Draw(ground)
    draw.ellipse((30, 30, 140, 140), fill=(200, 60, 50))
    draw.rectangle((180, 40, 280, 140), fill=(50, 90, 190))
    draw.polygon(((85, 180), (150, 290), (20, 290)), fill=(240, 200, 60))
    draw.rectangle((215, 180, 245, 290), fill=(240, 240, 240))
    draw.rectangle((175, 220, 285, 250), fill=(240, 240, 240))
    return np.array(ground)


def rings() -> Pixels:
    """A zone plate, 1/2 + cos(a r²)/2, uint8, (320, 320, 3), to show aliasing at a stride of 4.

    The rings narrow outwards, to 4 pixels per period at the middle of each border, so that all
    orientations and frequencies occur.
    """
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    # the phase a r² has the local frequency a r / pi: 1/4 at r = SIZE / 2
    phase = np.pi / (2 * SIZE) * (x**2 + y**2)
    grey = (np.cos(phase) * 127 + 128).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
