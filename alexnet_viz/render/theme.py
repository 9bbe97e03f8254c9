"""All colours and typefaces, and the layout that every chart begins with.

The palette is Okabe and Ito's, which people with colour-blindness can tell apart ("Color universal
design", 2008).  In one picture a colour has one meaning: the kind of a layer, or its tower.
Colours must be visible on white and on near-black, so none is the only sign of anything.
"""

from typing import Any

BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILION, GREY, YELLOW = "#56B4E9", "#D55E00", "#7A8087", "#F0E442"

FAMILY_COLOURS = {
    "convolution": BLUE,
    "dense": VERMILION,
    "pooling": GREEN,
    "normalisation": PINK,
    "activation": ORANGE,
    "dropout": GREY,
    "layout": GREY,
    "softmax": SKY,
    "other": GREY,
}
"""The kinds of layer, by ``Layer.family``."""

INPUT = GREY
"""The picture or map that a network reads."""

TOWER_COLOURS = (BLUE, PINK, GREEN, ORANGE)
"""GPU 0, 1, 2 and 3; further towers repeat them."""

VARIANT_COLOURS = (BLUE, VERMILION, SKY, PINK)
"""The networks of a comparison, in their order: the four that colour-blind readers tell apart best.
Further ones repeat them."""
VARIANT_HATCHES = ("", "x", ".", "-", "/", "+", "|", "\\")
"""Plotly's patterns of the networks' bars, so that they differ in grey too."""

FRAMEWORK_COLOURS = {
    "cuda-convnet": BLUE,
    "PyTorch": VERMILION,
    "Caffe": SKY,
    "TensorFlow": PINK,
}
"""The frameworks of most variants; the others are grey."""

MEMORY_COLOURS = {
    "overhead": GREY,
    "weights": VERMILION,
    "momentum": ORANGE,
    "gradients": YELLOW,
    "workspace": GREY,
    "input": GREEN,
    "activations": BLUE,
    "copies": BLUE,
    "activation_gradients": SKY,
    "intermediates": PINK,
}
"""Kinds of memory on a GPU."""

MEMORY_HATCHES = {
    "overhead": "/",
    "weights": "|",
    "momentum": "x",
    "workspace": ".",
    "input": "-",
    "copies": "\\",
    "intermediates": "+",
}
"""Plotly's patterns of the kinds whose colour looks like another's in grey or to some eyes."""

CROSSING = VERMILION
UNREAD = VERMILION
PADDING = GREY
FAILURE = VERMILION

INK, QUIET, GROUND = "#1F2328", "#59636E", "#FFFFFF"
"""Text, secondary text and background of a downloaded diagram; on a page its theme's are used."""

DARK_INK, DARK_QUIET, DARK_GROUND = "#E6EDF3", "#9DA7B1", "#0E1117"
"""The same for dark mode, in a report that follows its reader's setting."""

FONT = (
    "'Source Sans', 'Source Sans 3', 'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', "
    "'Microsoft YaHei', sans-serif"
)

GRID = "rgba(128,128,128,0.25)"
"""Grid lines of a chart."""

TEXT = {"size": 14}

FIGURE: dict[str, Any] = {
    "font": {"family": FONT, **TEXT},
    "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
    "hoverlabel": {"namelength": -1},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
}
"""The Plotly layout that every chart begins with: ``go.Figure(layout=FIGURE)``.

The background is the page's, and the colour of text comes from its theme, light or dark.  This is
no ``plotly.io`` template, because Streamlit's theme replaces a template's fonts, margins and
backgrounds by its own.
"""

NAMES = {"autorange": "reversed", "ticksuffix": "  ", "tickfont": TEXT, "fixedrange": True}
"""The axis of a chart of rows, with their names from the top down."""

LEGEND_BELOW = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0}
"""A legend in one row below the chart."""
