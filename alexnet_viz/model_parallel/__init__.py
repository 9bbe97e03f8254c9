"""The tower network really run: each tower's share of the weights on a device of its own.

The plan is ``alexnet_viz.analysis.towers.split``: what a stage holds and fetches there is what is
sliced and sent here, and nothing else is.  ``request`` says what is asked for and ``result`` what
was found, both without torch; ``shard`` cuts the layers, ``exchange`` moves the maps, ``network``
walks forward and back, ``check`` compares with the network on one device, ``worker`` is a process
of a run. ``alexnet_viz.towers_run`` starts the processes.

How many towers share a network this way is what the paper calls its parallelization scheme
(section 3.1), and the field model parallelism.
"""
