"""From a decoded picture to the numbers a network reads.

``PAPER`` is the paper's section 2: "we first rescaled the image such that the shorter side was of
length 256, and then cropped out the central 256×256 patch", of which the network reads the centre.
Krizhevsky subtracts the mean image of the training set, pixel by pixel; that image is not published
with the paper, so its average per channel is subtracted here.  Other weights were trained on other
numbers, so a ``Preprocessing`` travels with each set of weights.

numpy and Pillow are imported by the functions that need them: the command ``weights list`` reads
the declarations alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alexnet_viz.text.problem import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alexnet_viz.pictures.images import Picture, Pixels

CHANNEL_MEANS = (122.6789143406786, 116.66876761696767, 104.0069879317889)
"""Mean red, green and blue of ILSVRC 2012's training set, 0 to 255: the averages of Caffe's
ilsvrc_2012_mean.npy, as examples/00-classification.ipynb of BVLC/caffe prints them."""

GREY_WEIGHTS = (0.299, 0.587, 0.114)
"""How much red, green and blue count in a grey value: ITU-R BT.601, Pillow's mode L."""

Three = tuple[float, float, float]


@dataclass(frozen=True)
class Preprocessing:
    """(pixels of 0 to 255 x ``scale`` - ``mean``) / ``std``, each channel its own."""

    scale: float = 1.0
    mean: Three = CHANNEL_MEANS
    """Red, green, blue, after the scaling; ``bgr`` turns the channels round at the very end."""
    std: Three = (1.0, 1.0, 1.0)
    bgr: bool = False
    """Whether the network reads blue first, as Caffe's do, whose images OpenCV decodes."""


PAPER = Preprocessing()
"""What the paper's network reads, and what the weights that the project trains read."""


def cropped(picture: Picture, size: int, channels: int = 3) -> Pixels:
    """The centre of a picture as the network sees it: (size, size, 3), before any subtraction.

    The shorter side is scaled to ``shorter_side(size)`` and the central ``size`` x ``size`` pixels
    are cut out; both at once, so that a very long picture needs no memory.  A network of one
    channel sees grey.
    """
    import numpy as np
    from PIL import Image

    image = Image.fromarray(picture.rgb)
    scale = shorter_side(size) / min(image.size)
    # cut at whole pixels of the scaled picture; box counts in those of the original
    left, top = ((side * scale - size) // 2 / scale for side in image.size)
    box = (left, top, left + size / scale, top + size / scale)
    centre = image.resize((size, size), Image.Resampling.BICUBIC, box=box)
    return np.array(centre.convert("L").convert("RGB") if channels == 1 else centre)


def shorter_side(size: int) -> int:
    """To how many pixels the shorter side is scaled before ``size`` pixels are cut out.

    The paper's 256 for the inputs around its 224; for others the same share, 224 of 256.

    >>> [shorter_side(size) for size in (224, 227, 256, 299, 64)]
    [256, 256, 256, 342, 73]
    """
    return 256 if 224 <= size <= 256 else round(size * 256 / 224)


def preprocess(
    picture: Picture, size: int, channels: int = 3, how: Preprocessing = PAPER
) -> NDArray[np.float32]:
    """What goes into a network: (channels, size, size).

    Raises:
        Problem: the network reads neither 1 nor 3 channels.
    """
    return normalised(cropped(picture, size, channels), channels, how)


def normalised(
    pixels: Pixels, channels: int = 3, how: Preprocessing = PAPER
) -> NDArray[np.float32]:
    """Pixels (height, width, 3) as a network reads them: (channels, height, width).

    Raises:
        Problem: the network reads neither 1 nor 3 channels.
    """
    import numpy as np

    if channels not in (1, 3):
        raise Problem("image_channels", channels=channels)
    mean, std = (np.array(each, dtype=np.float32) for each in (how.mean, how.std))
    if channels == 1:
        grey = np.array(GREY_WEIGHTS, dtype=np.float32)
        mean, std = np.dot(mean, grey)[None], np.dot(std, grey)[None]
    values = (pixels[..., :channels].astype(np.float32) * np.float32(how.scale) - mean) / std
    if how.bgr and channels == 3:
        values = values[..., ::-1]
    return np.ascontiguousarray(values.transpose(2, 0, 1))
