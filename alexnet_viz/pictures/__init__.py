"""Pictures: decoded from files, drawn by formula, cropped and scaled for a network.

``images`` decodes uploaded files, ``preprocessing`` computes the input array of a network (float32,
(channels, height, width)), ``samples`` are the bundled pictures, ``synthetic`` draws the 16 classes
on which the bundled weights were trained, ``fashion`` is a part of Fashion-MNIST.

Imports ``text``, numpy and Pillow.  Start with ``images.decode`` and ``preprocessing.preprocess``.
"""
