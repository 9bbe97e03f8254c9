"""Charts: numbers in, a Plotly figure out.  No torch, no streamlit."""

import pandas  # noqa: F401 - plotly takes what it finds in sys.modules, half imported or not
