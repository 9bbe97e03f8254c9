"""The parts of the Open a file page."""
