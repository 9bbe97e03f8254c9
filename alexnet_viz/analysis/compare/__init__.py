"""Networks compared: what each declares otherwise, layer by layer and in sentences.

``canonical`` is the form in which equal functions look equal, ``differences`` compares two networks
in it, ``difference_words`` says so.  ``alignment`` joins traces by layer name, ``nearest`` finds
the closest published network, ``ancestry`` the line of descent, ``matrix`` one line a network,
``disputes`` the pairs that differ in one disputed thing.
"""
