"""Preprocessing: from a decoded picture to the input array of a network.

``PAPER`` is the paper's section 2: "we first rescaled the image such that the shorter side was of
length 256, and then cropped out the central 256×256 patch", of which the network reads the centre.
Krizhevsky subtracts the mean image of the training set, pixel by pixel; that image is not published
with the paper, so its average per channel is subtracted here.  Other weights were trained with
other constants, so each set of weights has its own ``Preprocessing``.

The functions import numpy and Pillow when called: the command ``weights list`` needs only the
constants.
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
"""Weights of red, green and blue in a grey value: ITU-R BT.601, as in Pillow's mode L."""

Three = tuple[float, float, float]


@dataclass(frozen=True)
class Preprocessing:
    """The constants of (pixel x ``scale`` - ``mean``) / ``std``, for pixels of 0 to 255."""

    scale: float = 1.0
    mean: Three = CHANNEL_MEANS
    """Red, green, blue, in units after scaling; ``bgr`` reverses the channels as the last step."""
    std: Three = (1.0, 1.0, 1.0)
    bgr: bool = False
    """Whether the channels are blue, green, red, as in Caffe, which decodes with OpenCV."""


PAPER = Preprocessing()
"""The preprocessing of the paper, and of the bundled weights."""


def cropped(picture: Picture, size: int, channels: int = 3) -> Pixels:
    """The centre crop of a picture: uint8, (size, size, 3), before the normalisation.

    The shorter side is scaled to ``shorter_side(size)`` and the central ``size`` x ``size`` pixels
    are cropped, in one step, so that the scaled picture is never in memory as a whole.  For a
    network with one input channel the crop is grey.
    """
    import numpy as np
    from PIL import Image

    image = Image.fromarray(picture.rgb)
    scale = shorter_side(size) / min(image.size)
    # crop at whole pixels of the scaled picture; box is in pixels of the original
    left, top = ((side * scale - size) // 2 / scale for side in image.size)
    box = (left, top, left + size / scale, top + size / scale)
    centre = image.resize((size, size), Image.Resampling.BICUBIC, box=box)
    return np.array(centre.convert("L").convert("RGB") if channels == 1 else centre)


def shorter_side(size: int) -> int:
    """The length in pixels to which the shorter side is scaled before the crop of ``size`` pixels.

    This is the paper's 256 for sizes from 224 to 256, and ``size`` x 256/224 for others.

    >>> [shorter_side(size) for size in (224, 227, 256, 299, 64)]
    [256, 256, 256, 342, 73]
    """
    return 256 if 224 <= size <= 256 else round(size * 256 / 224)


def preprocess(
    picture: Picture, size: int, channels: int = 3, how: Preprocessing = PAPER
) -> NDArray[np.float32]:
    """The input of a network for a picture: float32, (channels, size, size).

    Raises:
        Problem: ``channels`` is neither 1 nor 3.
    """
    return normalised(cropped(picture, size, channels), channels, how)


def normalised(
    pixels: Pixels, channels: int = 3, how: Preprocessing = PAPER
) -> NDArray[np.float32]:
    """Pixels, uint8, (height, width, 3), as network input: float32, (channels, height, width).

    For one channel the pixels must be grey, as from ``cropped``: the first channel is used.

    Raises:
        Problem: ``channels`` is neither 1 nor 3.
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
