"""The parts of the Layer page."""
