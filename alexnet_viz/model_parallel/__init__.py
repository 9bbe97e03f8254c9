"""Runs a network in towers: each tower's share of the weights on a device of its own.

``alexnet_viz.analysis.towers.split`` plans what every tower holds and fetches; this room slices the
weights and sends the feature maps accordingly, and nothing else.

Without torch, for the pages and the command line: ``request`` (what to run), ``launcher`` (starts
and watches the processes; ``launch`` is the entry point), ``process_failure`` (errors with rank and
place), ``result`` (what was measured), ``report`` and ``timeline`` (the result as sentences, tables
and a Chrome trace), ``footprint`` (memory needed).  With torch, for the processes of a run:
``worker`` (one process), ``run`` (all passes and the comparison with one device), ``tower_network``
(forward and backward), ``stage_plan`` (channels by stage), ``shard`` (slices of layers),
``exchange`` (transfers between towers), ``run_data`` (weights and images).

The paper calls this its parallelization scheme (section 3.1); today's name is model parallelism.
"""
