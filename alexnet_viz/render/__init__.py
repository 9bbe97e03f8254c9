"""Data to table, SVG, chart or file: everything that is shown, without torch or Streamlit.

``theme`` holds the colours; ``tables`` lays out cells, ``diagrams`` draws our own SVG, ``charts``
makes Plotly figures, ``export`` writes a network for other programs.

Imports ``analysis`` and below; Plotly and pandas in ``charts`` only, onnx in
``export.onnx_writer`` only.  Start with ``tables.trace_table`` and ``diagrams.blocks``.
"""
