"""Pictures: decoded from files, drawn by formula, cropped and scaled for a network.

``images`` decodes what a user brings, ``preprocessing`` makes the array a network reads (float32,
(channels, height, width)), ``samples`` are the pictures that ship, ``synthetic`` draws the 16
classes that the shipped weights know.

Imports ``text``, numpy and Pillow.  Start with ``images.decode`` and ``preprocessing.preprocess``.
"""
