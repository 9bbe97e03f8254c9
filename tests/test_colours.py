"""Every legend can be read with a deficiency of colour vision and in grey."""

from itertools import combinations, cycle

import numpy as np
import pytest
from numpy.typing import NDArray

from alexnet_viz.render import theme
from alexnet_viz.ui.app.choices import MOST_COMPARED

Colour = NDArray[np.float64]

LIKE = 10.0
"""Colours closer than this in CIELAB are taken for one in a legend."""

VISIONS = {
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
    "full": np.eye(3).tolist(),
}
"""What a vision makes of linear RGB: Machado, Oliveira, Fernandes, "A physiologically-based model
for simulation of color vision deficiency", IEEE TVCG 15 (2009), severity 1; luminance of sRGB."""

XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])
"""Linear sRGB to XYZ, relative to D65 (IEC 61966-2-1)."""


def seen(colour: str, vision: str) -> Colour:
    """A colour in CIELAB, float64, shape (3,), as a vision has it."""
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = XYZ @ np.clip(np.array(VISIONS[vision]) @ linear, 0, 1)
    a, b, c = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * b - 16, 500 * (a - b), 200 * (b - c)])


def alike(marks: dict[str, tuple[str, str]], vision: str) -> list[tuple[str, str]]:
    """Pairs of entries of a legend (colour and hatch) that look the same."""
    return [
        (one, other)
        for one, other in combinations(marks, 2)
        if marks[one][1] == marks[other][1]
        and np.linalg.norm(seen(marks[one][0], vision) - seen(marks[other][0], vision)) < LIKE
    ]


LEGENDS = {
    "memory": {
        kind: (colour, theme.MEMORY_HATCHES.get(kind, ""))
        for kind, colour in theme.MEMORY_COLOURS.items()
    },
    "networks": {
        f"network {place}": mark
        for place, mark in enumerate(
            zip(cycle(theme.VARIANT_COLOURS), theme.VARIANT_HATCHES, strict=False)
        )
    },
}


def test_there_is_a_mark_for_every_network_of_a_comparison() -> None:
    assert len(LEGENDS["networks"]) == MOST_COMPARED


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("legend", LEGENDS)
def test_the_entries_of_a_legend_differ(legend: str, vision: str) -> None:
    assert not alike(LEGENDS[legend], vision)


def test_the_simulation_knows_what_the_eye_confuses() -> None:
    red_and_green = {"red": ("#C00000", ""), "green": ("#5A7A00", "")}
    assert alike(red_and_green, "full") == []
    assert alike({"a": (theme.GREEN, ""), "b": (theme.PINK, "")}, "grey")
    assert seen("#FFFFFF", "full") == pytest.approx([100, 0, 0], abs=0.1)
