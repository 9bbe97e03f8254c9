"""AlexNet Viz: every published AlexNet, traced, drawn and run."""

__version__ = "0.1.0"
