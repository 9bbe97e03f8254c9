"""A network as a ``torch.nn.Sequential``, and the activations it computes.

``build.build`` makes the model, ``modules`` has the layers that torch lacks, ``device`` chooses the
device and the dtype, ``activations.capture`` returns every layer's output, ``replay`` computes the
outputs again by other functions, ``crosscheck`` compares our totals with those of torchinfo and of
torch's flop counter.

The shared model is read-only: no hooks, no in-place ReLU, no edited weight.  Imports ``analysis``
and below, and torch.  Start with ``build`` and ``activations``.
"""
