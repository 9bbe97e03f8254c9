"""Long work as jobs: a bounded queue that all visitors of a process share.

A ``Job`` is found by its key, a digest of what is computed.  So whoever asks for the same, after a
reload, in a second tab or as another visitor, is given the same job or its result; it is stopped
when nobody waits for it any more.  ``Queue`` runs as many jobs at once as its ``Limits`` say, takes
turns between the visitors and refuses in words what does not fit.  A job's next batch waits for
whoever is in a ``Presence``: the runs of pages, and behind a ``Gate`` the passes of the network.

Imports ``text``.  Start with ``queue.Queue``.
"""

from alexnet_viz.jobs.gate import Gate, Presence
from alexnet_viz.jobs.job import Job, Progress, Stop, Stopped
from alexnet_viz.jobs.queue import Limits, Queue

__all__ = ["Gate", "Job", "Limits", "Presence", "Progress", "Queue", "Stop", "Stopped"]
