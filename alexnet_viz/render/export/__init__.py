"""A trace as a file for somewhere else: source code, a Caffe net, a report to hand out.

Each module writes one format from the rows of a trace and nothing else, so that what is exported
is what is shown.  Source formats are of whole networks: one that fails, or that the other side
cannot express, is refused with every layer named (``refusal``).  The formats by name, tables and
drawings among them, are ``alexnet_viz.render.export.formats.FORMATS``.
"""
