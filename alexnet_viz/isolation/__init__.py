"""Untrusted files are read in a child process: ``isolated(function, data, name)``.

A few hundred bytes can describe work without end: nested tuples as a key of a pickle, an archive
that swells, a graph of a million nodes.  The readers bound what they know of; a child process
bounds the rest.  It has a limit on memory, on CPU time and on wall time, and when it reaches one or
crashes, the caller gets a ``Problem`` and everything else goes on.

``machine_memory`` measures what memory is left: a job that needs more is refused before it starts.

Imports ``text``.  Start with ``pool.isolated``; ``worker`` is the child's side.
"""

from alexnet_viz.isolation.pool import PICTURES, isolated

__all__ = ["PICTURES", "isolated"]
