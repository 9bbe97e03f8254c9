"""Pictures that the project draws itself: what the embedded weights were trained on.

No data set can be shipped with this project, and a classroom may have no network, so the learned
weights come from drawings: ``patterns`` says what each of the classes is, ``scene`` puts one over a
textured background in random colours, sizes, places and angles.
"""

CLASSES = (
    *("circle", "ellipse", "ring", "square", "triangle", "star", "cross"),
    *("stripes_horizontal", "stripes_vertical", "stripes_diagonal", "checks", "dots", "ripples"),
    *("spiral", "waves", "noise"),
)
"""The classes of drawings, in the order of the network's outputs; each is one of ``patterns``."""
