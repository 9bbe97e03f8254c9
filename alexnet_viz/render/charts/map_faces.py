"""The faces of the flow diagram: of every block the map that varies most over the picture.

A convolution's or dense layer's face shows what the non-linearity after it passes on, since that is
what the next layer reads.  The channel is the one whose values have the largest standard deviation
over the map: of all channels it tells the places of the picture apart most.
"""

from base64 import b64encode
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.network.layers import Conv, Linear, ReLU, Sigmoid, Tanh
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.charts.colour_limits import Limits, diverges, limits_of
from alexnet_viz.render.charts.contact_sheet import indices, sheet_colours
from alexnet_viz.render.charts.palette_png import palette_png
from alexnet_viz.render.diagrams.blocks import is_thin
from alexnet_viz.render.diagrams.flow import Face

Floats = NDArray[np.float32]
BAR_CELLS = 64
"""Most cells of a bar: each shows the largest of its share of the features."""


def map_faces(trace: Trace, activations: Mapping[str, Floats]) -> dict[str, Face]:
    """The face of every layer of ``trace`` whose output is in ``activations``.

    ``activations`` are float32 maps (channels, height, width) or rows (features,), by layer name.
    A layer whose output has another shape there than in the trace gets none.
    """
    faces = {}
    for row, after in zip(trace.rows, [*trace.rows[1:], None], strict=True):
        if is_thin(row.layer):
            continue  # no block of its own
        shown = row
        if isinstance(row.layer, Conv | Linear) and after:
            shown = after if isinstance(after.layer, ReLU | Tanh | Sigmoid) else row
        values = activations.get(shown.name)
        if values is None or values.shape != shown.output_shape:
            continue
        if values.ndim == 3 and values[0].size > 1:
            channel = strongest(values)
            faces[row.name] = Face(png(values[channel]), shown.name, channel)
        else:
            faces[row.name] = Face(png(condensed(values.ravel())[:, None]), shown.name, None)
    return faces


def strongest(maps: Floats) -> int:
    """The channel of the maps (channels, height, width) that varies most over the picture."""
    return int(maps.std(axis=(1, 2)).argmax())


def condensed(features: Floats) -> Floats:
    """At most ``BAR_CELLS`` values: the largest of each run of neighbouring features."""
    runs = np.array_split(features, min(BAR_CELLS, len(features)))
    return np.array([run.max() for run in runs], dtype=np.float32)


def png(values: Floats, limits: Limits | None = None) -> str:
    """Values (height, width) as a palette PNG, one pixel a cell; a data URI.

    Without ``limits`` they are drawn on their own scale.
    """
    signed = diverges(values, limits)
    steps = indices(values, limits or limits_of([values], signed))
    data = palette_png(steps, sheet_colours(signed))
    return f"data:image/png;base64,{b64encode(data).decode()}"
