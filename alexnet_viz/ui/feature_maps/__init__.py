"""The parts of the Feature maps page."""
