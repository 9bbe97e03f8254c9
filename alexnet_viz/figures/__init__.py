"""Charts: numbers in, a Plotly figure out.  No torch, no streamlit."""
