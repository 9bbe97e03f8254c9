"""Comparison of networks, layer by layer and in sentences.

``canonical`` is the form of a layer in which equal functions are equal, and the only place where
layers are compared; ``differences`` compares two networks in it, ``difference_words`` writes
that as a sentence.  ``alignment`` joins traces by layer name, ``nearest`` finds the closest
published network, ``ancestry`` is the tree of variants, ``matrix`` one row of fields per variant,
``disputes`` the pairs that differ in one disputed setting.
"""
