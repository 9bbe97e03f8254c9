"""The towers of a network: the view of ``groups`` as devices that hold and exchange maps.

``split`` computes which channels each tower holds and fetches, ``placements`` which tower holds
each layer, ``regroup`` a network for another number of GPUs, ``channel_dependence`` the earlier
channels that a unit depends on, ``permutation_test`` whether the towers' kernels differ by more
than chance.
"""
