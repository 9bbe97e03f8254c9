"""AlexNet Viz: every published AlexNet traced, drawn and run.

The rooms, from the ground up: ``text``; ``network`` and ``pictures``; ``variants``; ``analysis``;
``render``; ``model``; ``weights``; ``interpretability``, ``readers`` and ``model_parallel``;
``commands`` and ``ui``.  Imports go down only (the contracts in ``pyproject.toml``).
"""

__version__ = "0.1.0"
