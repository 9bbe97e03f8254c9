"""The towers of a network: the view of ``groups`` as devices that hold and exchange maps.

``split`` says which channels each tower holds and fetches, ``placements`` who holds which layer,
``regroup`` cuts a network over other GPUs, ``channel_dependence`` finds the earlier channels a unit
depends on, ``permutation_test`` whether the towers' kernels differ by more than chance.
"""
