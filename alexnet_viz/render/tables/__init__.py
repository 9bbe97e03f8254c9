"""Tables: a grid of cells for people, plain data for programs.

``grid`` writes a grid as text, CSV, Markdown or LaTeX; ``trace_table`` lays out a trace; every
other module is named after the part of ``analysis`` whose results it lays out.
"""
