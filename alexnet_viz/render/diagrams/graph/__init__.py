"""Small drawings for what a lab computes: curves, bars, grids of numbers, chains, contours.

Each function returns a complete SVG document 640 units wide, with text of 14 units; ``title`` says
its content to a screen reader.  Exact numbers are in the ``<title>`` of each mark.  Labels are the
caller's, in the reader's language; no drawing has words of its own.
"""
