"""The training lab: questions of the paper asked again, of small networks that train in minutes.

``experiment``     what an experiment is; ``registry`` has all of them
``small_network``  the networks, as differences from the paper's
``data``           the pictures: Fashion-MNIST or drawings, 28 pixels a side
``trained``        one network in training, and what is measured of it (needs torch)
``run``            trains the arms side by side; ``budget`` says for how long
``result``         what a run found, as JSON and CSV; ``ready`` has those that ship
``verdict``        the difference of the arms, with a band
"""
