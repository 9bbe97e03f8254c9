"""Layers whose channels correspond one to one to kernels of the network's first convolution."""

from alexnet_viz.network.layers import Conv, Flatten
from alexnet_viz.network.trace import Trace


def first_kernels(result: Trace, layer: str) -> str:
    """The name of the first convolution if each channel of ``layer`` belongs to one of its kernels.

    Empty for every layer from the next learned layer or ``Flatten`` on, for inputs that do not have
    three channels, and for a grouped first convolution.
    """
    first = result.rows[0]
    if not isinstance(first.layer, Conv) or first.input_shape[0] != 3 or first.layer.groups != 1:
        return ""
    for row in result.rows:
        if row is not first and (row.layer.weighted or isinstance(row.layer, Flatten)):
            return ""
        if row.name == layer:
            return first.name
    return ""
