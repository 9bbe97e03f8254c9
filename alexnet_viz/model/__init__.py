"""A network as a live ``torch.nn.Sequential``, and what it computes.

``build.build`` makes the model, ``modules`` are the layers torch lacks, ``device`` chooses where
and in which precision it runs, ``activations.capture`` keeps every layer's output, ``replay``
computes them again in another way, ``crosscheck`` compares our totals with torchinfo's and the flop
counter's.

The shared model is read-only: no hooks, no in-place ReLU, no edited weight.  Imports ``analysis``
and below, and torch.  Start with ``build`` and ``activations``.
"""
