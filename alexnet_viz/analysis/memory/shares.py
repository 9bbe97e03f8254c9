"""The share of one GPU in a layer: numbers of inputs, outputs, fetched values and parameters."""

from dataclasses import dataclass
from math import prod

from alexnet_viz.analysis.memory.budget import Workspace
from alexnet_viz.analysis.towers.split import Stage, Towers
from alexnet_viz.network.layers import Conv, Layer, sides


@dataclass(frozen=True)
class Share:
    """The share of one GPU in one layer, in numbers of values for one image."""

    stage: Stage
    tower: int
    channels: int
    """Number of input channels that the GPU holds itself."""
    first: bool
    """Whether the layer reads the image, which needs no gradient."""

    @property
    def layer(self) -> Layer:
        return self.stage.row.layer

    @property
    def kind(self) -> str:
        return self.stage.kind

    @property
    def inputs(self) -> int:
        """Number of input values that the GPU holds itself."""
        return self.channels * prod(self.stage.row.input_shape[1:])

    @property
    def outputs(self) -> int:
        return prod(self.stage.shapes[self.tower])

    @property
    def fetched(self) -> int:
        """Number of input values from other GPUs."""
        return self.stage.fetched[self.tower]

    @property
    def channels_read(self) -> int:
        """Number of input channels, with those fetched."""
        return self.channels + sum(map(len, self.stage.pieces[self.tower]))

    @property
    def sources(self) -> int:
        """Number of GPUs whose maps are read, with this one."""
        return 1 + sum(map(bool, self.stage.pieces[self.tower]))

    @property
    def biases(self) -> int:
        return self._own(self.stage.row.biases)

    @property
    def weights(self) -> int:
        return self._own(self.stage.row.weights)

    def _own(self, count: int) -> int:
        """The GPU's part of a count that is equal for all output channels."""
        row = self.stage.row
        return count // row.output_shape[0] * self.stage.channels[self.tower]


def shares(towers: Towers, tower: int) -> list[Share]:
    """The shares of one GPU in all layers, in order."""
    found: list[Share] = []
    for stage in towers.stages:
        image = stage.reads == "image"
        before = found[-1].stage.channels[tower] if found else stage.row.input_shape[0]
        found.append(Share(stage, tower, before, image))
    return found


def workspace(share: Share, how: Workspace, training: bool) -> int:
    """Number of values in the buffer of a convolution, whatever the batch size.

    partial_sums: the 2012 code sums the weights' gradient over a few positions at a time and keeps
    positions/partialSum · weights sums (``_weightGradTmp`` of ConvLayer::bpropWeights, layer.cu),
    for the maps of one GPU at a time.

    im2col: Caffe stores the inputs of every position of one image, F·F·C·H·W values
    (``col_buffer_`` of base_conv_layer.cpp); a 1x1 kernel needs none.
    """
    row, layer = share.stage.row, share.layer
    if not isinstance(layer, Conv) or not share.outputs:
        return 0
    positions = prod(row.output_shape[1:])
    if how == "partial_sums" and training:
        return positions // partial_sum(positions) * share.weights // share.sources
    plain = layer.kernel_size == layer.stride == (1, 1) and not any(sides(layer.padding))
    if how == "im2col" and not plain:
        return layer.kernel_cells * share.channels_read * positions
    return 0


def partial_sum(positions: int) -> int:
    """The smallest divisor above 2, as layers-145.cfg, -147 and -150 set it in every layer.

    >>> [partial_sum(side * side) for side in (55, 27, 26, 13, 11)]
    [5, 3, 4, 13, 11]
    """
    return next((n for n in range(3, positions) if positions % n == 0), max(1, positions))
