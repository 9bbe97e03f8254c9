"""What the 2012 code keeps on a GPU, according to its source.

computerhistory/AlexNet-Source-Code at 2f8b81f764, with --conserve-mem at its default, 0:

weights              ``Weights::copyToGPU`` (weights.cu) allocates the weights and, as large,
                     their last increments, which are the momentum; in testing too.
gradients            Another matrix of that size for convolutions and for all biases; a dense layer
                     adds its gradient to the increments directly (``FCLayer``: useGrad is false).
activations          Every layer keeps its output until the next batch.  A ReLU after a learned
                     layer works in place (``LayerWithInputParser.optimize``, layer.py: the layer
                     before does not use its output again); after a pool or a norm it does not.
activation_gradients Every layer has a matrix for the gradient of its output, but ReLU and dropout
                     share that of the layer before, and softmax writes into that of the logits.
intermediates        ``_denoms`` of the norms, in testing too; in training dropout's mask, a float
                     per unit.  Max pooling keeps no switches: ``convLocalMaxUndo`` finds the
                     maximum again.
copies               A matrix on each GPU that reads a layer of another (``_outputs[d]``) and in
                     training one for the gradient it sends back (``_actsGrad[d]``), ``postInit``.
input                Two batches on every GPU, ``_outputs`` and ``_outputs2`` of DataLayer.

Left out, a few numbers per image: labels, sums, costs.  Kinds that the code lacks (batch norm,
adaptive pooling) are assumed to keep an output and its gradient like any other layer.
"""

from collections.abc import Iterator

from alexnet_viz.analysis.memory.budget import Assumptions, Part
from alexnet_viz.analysis.memory.shares import Share, shares
from alexnet_viz.analysis.towers.split import Towers
from alexnet_viz.network.layers import LRN, Dropout, Layer, Linear, Softmax


def parts(towers: Towers, assumed: Assumptions) -> Iterator[Part]:
    """The parts of every layer on every GPU."""
    for tower in range(towers.count):
        below = None
        for share in shares(towers, tower):
            yield from _of(share, below, assumed)
            below = below if share.layer.is_view else share.layer


def _of(share: Share, below: Layer | None, assumed: Assumptions) -> Iterator[Part]:
    name, tower, size = share.stage.name, share.tower, assumed.number_bytes
    params = share.weights + share.biases
    yield Part(name, tower, "weights", fixed=size * params)
    yield Part(name, tower, "momentum", fixed=size * params)
    with_matrix = share.biases if isinstance(share.layer, Linear) else params
    yield Part(name, tower, "gradients", fixed=size * with_matrix)
    if share.layer.is_view:
        return
    # forceOwnActs is false: it may use the matrices of the layer below; usesActs is false of
    # convolution and dense layers: they do not need their output again on the way back
    shared = share.layer.elementwise
    if not (shared and below and below.weighted):
        yield Part(name, tower, "activations", per_image=size * share.outputs)
    if isinstance(share.layer, LRN):
        yield Part(name, tower, "intermediates", per_image=size * share.outputs)
    yield Part(
        name, tower, "copies", per_image=size * share.fetched * (2 if assumed.training else 1)
    )
    if not assumed.training:
        return
    if not shared and not isinstance(share.layer, Softmax):
        yield Part(name, tower, "activation_gradients", per_image=size * share.outputs)
    if isinstance(share.layer, Dropout):
        mask = assumed.mask_bytes * share.outputs
        yield Part(name, tower, "intermediates", per_image=mask)
