"""Weights from files: PyTorch, safetensors, ONNX, Caffe.

``read`` returns the tensors of a file, ``fit`` assigns them to a network's parameters, ``opened``
does both and finds the network.  A file is untrusted: no pickle is run, no other file is opened, no
more memory is allocated than the file has numbers, and every error is a ``Problem``.
"""

from alexnet_viz.weights.files.imported import Imported, fitted_apart, opened, opened_apart
from alexnet_viz.weights.files.misfit import Mismatch, WeightsMisfit
from alexnet_viz.weights.files.parameter_plan import fit, nearest
from alexnet_viz.weights.files.tensor_reader import IMPORTERS, read

__all__ = [
    "IMPORTERS",
    "Imported",
    "Mismatch",
    "WeightsMisfit",
    "fit",
    "fitted_apart",
    "nearest",
    "opened",
    "opened_apart",
    "read",
]
