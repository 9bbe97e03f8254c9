"""Networks from other programs' files: Caffe, ONNX, Darknet, cuda-convnet, PyTorch, our own JSON.

``read`` returns the ``Network`` of a file's bytes, ``load`` that of a file.  A file is untrusted:
its size, depth and number of parts are bounded, nothing in it is run and no other file is opened.
All problems of a file are collected and raised as one ``Problems``, which names every offending
layer as the file does.

What a file leaves open (the size of the input, the strides of a state dict's layers) is assumed and
listed in ``network.about.assumptions``.  A graph must be a chain of layers, or equal towers side by
side, which are read as one layer with ``groups``.

Imports ``weights`` and below.  Start with ``format_registry``, then ``network_builder``.
"""

from alexnet_viz.readers.diagnostics import MAX_LISTED
from alexnet_viz.readers.format_registry import FORMATS, READERS, format_of, load, read, read_apart

__all__ = ["FORMATS", "MAX_LISTED", "READERS", "format_of", "load", "read", "read_apart"]
