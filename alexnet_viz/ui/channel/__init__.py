"""The parts of the Channel lens page."""
