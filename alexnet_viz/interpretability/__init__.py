"""What a live model has learned and what it answers.

``kernels`` measures learned kernels, ``lens`` explains one cell, ``predictions`` reads answers,
``ablation`` takes parts away, ``attribution`` asks which pixels an answer rests on,
``activation_maximisation`` grows a picture that excites a channel, ``map_difference`` compares the
maps of two networks.

Imports ``model`` and below.  Whatever needs hooks or edits takes ``model.build.private_copy``.
"""
