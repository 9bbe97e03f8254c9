"""``python -m alexnet_viz.towers_run``: start the processes of a run, watch them, say what came.

What the processes do is ``alexnet_viz.model_parallel``.  Nothing here loads torch.
"""
