"""SVG drawings of traces, towers, windows and sweeps.

The same SVG is shown on a page and downloaded.  It is complete on its own (dark ink on white);
the classes ``ink``, ``quiet``, ``rule`` and ``ground`` let a page put its theme's colours in their
place, and every ``<g data-layer="conv1">`` is something to point at.
"""
