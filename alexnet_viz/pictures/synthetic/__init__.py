"""Synthetic pictures, the training data of the bundled weights.

No data set can be shipped with this project, and a classroom may have no internet, so the bundled
weights were trained on drawings: ``patterns`` defines the classes, ``scene`` draws one over a
textured background in random colours, sizes, positions and angles.
"""

CLASSES = (
    *("circle", "ellipse", "ring", "square", "triangle", "star", "cross"),
    *("stripes_horizontal", "stripes_vertical", "stripes_diagonal", "checks", "dots", "ripples"),
    *("spiral", "waves", "noise"),
)
"""The classes of drawings, in the order of the network's outputs: keys of ``patterns.PATTERNS``."""
