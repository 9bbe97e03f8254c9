"""Tables of results: a grid of cells for people, records for programs.

A ``Table`` is columns (``analysis.columns``) and rows, and gives both; ``grid`` renders a grid as
text, CSV, Markdown or LaTeX; ``trace_table`` has the table of a trace.  Every other module is named
after the part of ``analysis`` whose results it lays out.  Start with ``table``.
"""
