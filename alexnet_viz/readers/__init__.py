"""Networks from other programs' files: Caffe, ONNX, Darknet, cuda-convnet, PyTorch, our own JSON.

``read`` makes a ``Network`` of bytes, ``load`` of a file.  A file is untrusted: its size, depth and
number of parts are bounded, nothing in it is run, no other file is opened, and whatever is wrong
with it is collected and raised once (``Problems``), every offending layer by its name in the file.

What a file does not say (a batch of images without a size, the strides behind a state dict) is
filled in and said in ``network.about.assumptions``.  A graph is read only where it is a chain, or
the equal towers that ``groups`` stands for.
"""

from alexnet_viz.readers.diagnostics import MAX_LISTED
from alexnet_viz.readers.format_registry import FORMATS, READERS, format_of, load, read

__all__ = ["FORMATS", "MAX_LISTED", "READERS", "format_of", "load", "read"]
