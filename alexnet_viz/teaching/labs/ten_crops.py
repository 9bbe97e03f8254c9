"""The answers of the network that ships to the ten crops of the paper's test (section 4.1)."""

from typing import Any

from alexnet_viz.teaching.labs.lab import Values

WHOLE = 256
"""Pixels of a side of the picture that is cropped."""
BATCH, KEPT = 5, 32
"""Crops in one pass, and pictures whose answers are kept."""

_answered: dict[bytes, Any] = {}
"""Probabilities (10, classes) by digest of the ten crops and weights."""


def alphas(values: Values) -> tuple[float, float, float]:
    """The chosen factors of the three colour axes."""
    return values["a1"], values["a2"], values["a3"]


def ten_answers(values: Values) -> tuple[list[Any], Any]:
    """The ten crops that the network reads, and its answers: probabilities (10, classes).

    The colours are shifted and the picture is turned before it is cropped.
    """
    from hashlib import sha256

    import numpy as np

    from alexnet_viz.pictures import augmentation
    from alexnet_viz.pictures.preprocessing import normalised

    live, pixels = values["live"], values["picture"]
    shift = augmentation.colour_shift(augmentation.colour_axes(pixels), alphas(values))
    source = augmentation.turned(pixels, values["turn"]) if values["turn"] else pixels
    source = augmentation.shifted(source, shift)
    crops = augmentation.ten_crops(WHOLE, live.network.input_size)
    taken = [augmentation.taken(source, each) for each in crops]
    digest = sha256(source.tobytes() + live.weights.id.encode()).digest()
    if digest not in _answered:
        how = live.weights.preprocessing
        images = np.stack([normalised(each, 3, how) for each in taken])
        parts = [_run(live, images[n : n + BATCH]) for n in range(0, len(images), BATCH)]
        _answered[digest] = np.concatenate(parts)
        while len(_answered) > KEPT:
            _answered.pop(next(iter(_answered)), None)
    return taken, _answered[digest]


def _run(live: Any, images: Any) -> Any:
    """The probabilities (images, classes) of images, float32 (images, 3, side, side)."""
    from alexnet_viz.model.activations import capture

    model = live.model()
    with live.gate():
        return list(capture(model, images).values())[-1]
