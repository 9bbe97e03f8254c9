"""The only place with colours and typefaces.

Okabe and Ito's palette, which people with colour-blindness can tell apart ("Color universal
design", 2008).  A colour says one thing at a time: the kind of a layer, or the tower it is on.
Everything here must read on white and on near-black, so text never carries these colours alone.
"""

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

GRID = "rgba(128,128,128,0.25)"
"""The lines behind a figure."""

CLEAR = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
"""The layout of a figure that stands on the page's own ground, white or near-black."""

LEGEND_BELOW = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0}
"""A legend in a row at the foot of a figure."""

TOWER_COLOURS = (BLUE, PINK, GREEN, ORANGE)
"""GPU 0, GPU 1, and two more; further towers begin again."""

VARIANT_COLOURS = (BLUE, VERMILION, GREEN, PINK, ORANGE, SKY, GREY, YELLOW)
"""The variants of a comparison, in their order."""

FRAMEWORK_COLOURS = {
    "cuda-convnet": BLUE,
    "PyTorch": VERMILION,
    "Caffe": GREEN,
    "TensorFlow": ORANGE,
    "Keras": PINK,
    "MXNet": SKY,
    "Torch7": YELLOW,
}
"""What most variants are written for; the others share grey."""

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
"""What lies on a GPU; the two that share a colour with another are hatched."""

CROSSING = VERMILION
UNREAD = VERMILION
PADDING = GREY
FAILURE = VERMILION

INK, QUIET, GROUND = "#1F2328", "#59636E", "#FFFFFF"
"""Text, secondary text and paper of a drawing on its own; a page puts in its theme's."""

DARK_INK, DARK_QUIET, DARK_GROUND = "#E6EDF3", "#9DA7B1", "#0E1117"
"""The same on dark paper, for a report that follows its reader's choice."""

FONT = (
    "'Source Sans', 'Source Sans 3', 'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', "
    "'Microsoft YaHei', sans-serif"
)
