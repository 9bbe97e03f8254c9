"""Write a trace as a file for other programs: source code, a Caffe net, ONNX, a report.

Each module writes one format from the rows of a trace, so the file agrees with what is shown.
Source formats hold complete networks: one that fails, or that the format cannot express, is refused
and every such layer is named (``refusal``).  ``formats.FORMATS`` lists all formats, tables and
drawings included.
"""
