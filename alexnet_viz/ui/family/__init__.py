"""The parts of the Family tree page."""
