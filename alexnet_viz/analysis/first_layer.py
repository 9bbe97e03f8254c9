"""Which layers still show one channel a kernel of the network's first convolution."""

from alexnet_viz.network.layers import Conv, Flatten
from alexnet_viz.network.trace import Trace


def first_kernels(result: Trace, layer: str) -> str:
    """The name of the first convolution if each channel of ``layer`` belongs to one of its kernels.

    Empty for every layer after the next convolution, for pictures without colours and for kernels
    that read one colour each.
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
