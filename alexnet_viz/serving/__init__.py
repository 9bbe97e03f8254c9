"""Where the pages' computations run: in this process, or on a Ray cluster.

An ``Engine`` answers two requests.  ``run(subject, pictures, ask)`` passes pictures through a model
and returns what ``ask`` makes of the activations there: a sheet, one channel, the scores.
``submit(subject, task)`` returns long work for ``alexnet_viz.jobs``.  ``Embedded`` does both with
the models of this process; ``on_ray.OnRay`` sends both to a cluster, and only what is shown comes
back.  ``backend`` chooses by the environment variable ``ALEXNET_VIZ_BACKEND``.

Imports ``interpretability`` and below; Ray only where it is chosen.  Start with ``engine``.
"""

from alexnet_viz.serving.choice_of_engine import VARIABLE, backend, prepare
from alexnet_viz.serving.engine import Embedded, Engine, Named, Passes, Ran

__all__ = ["VARIABLE", "Embedded", "Engine", "Named", "Passes", "Ran", "backend", "prepare"]
