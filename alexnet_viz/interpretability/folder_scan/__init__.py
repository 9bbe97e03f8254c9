"""What the channels of a layer respond to, over a folder of pictures of any size.

``picture_files`` lists the folder, ``looking`` passes a few pictures through the network, and
``top_crops`` keeps, of each channel, the crops with the largest values.  ``scan`` puts them
together: a few pictures are in memory at a time, and what was found so far can be saved and taken
up again.  ``on_ray`` has the looking done by a Ray cluster.

Imports ``model``, ``weights`` and below.  Start with ``scan.scan``.
"""
