"""Analyses of a torch model: its kernels, activations and predictions.

``kernels`` measures learned kernels, ``lens`` computes one output cell in float64, ``predictions``
turns logits into probabilities, ``ablation`` removes parts of a network, ``attribution`` finds the
pixels that an output depends on, ``activation_maximisation`` finds a picture with a large output of
a channel, ``map_difference`` compares the activations of two networks.

Imports ``model`` and below.  Whatever needs hooks or edits takes ``model.build.private_copy``.
"""
