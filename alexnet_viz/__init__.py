"""AlexNet Viz: every published AlexNet traced, drawn and run.

The rooms, from the ground up: ``text``; ``network`` and ``pictures``; ``variants``; ``analysis``;
``render``; ``model``; ``weights``; ``interpretability``, ``readers`` and ``model_parallel``;
``commands`` and ``ui``.  Imports go down only (the contracts in ``pyproject.toml``).

For programs and notebooks: ``VARIANTS``, ``trace``, ``compare``, ``towers`` and ``open_network``
(docs/api.md), which are loaded when they are first used.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.1.0"

if sys.version_info < (3, 11):  # noqa: UP036 (pip refuses; a checkout can be run without pip)
    raise SystemExit(f"alexnet_viz: Python 3.11 or newer is needed, not {sys.version.split()[0]}")


def scripts() -> Path:
    """Folder that holds Streamlit's ``app.py``, ``pages/`` and ``.streamlit/``.

    It is inside the package where a wheel is installed and beside it in a checkout.
    """
    package = Path(__file__).parent
    installed = package / "scripts"
    return installed if installed.is_dir() else package.parent


PUBLIC = ("VARIANTS", "compare", "open_network", "towers", "trace")
"""Names of ``alexnet_viz.notebook``, which ``import alexnet_viz`` does not load."""


def __getattr__(name: str) -> Any:
    """One of the public names."""
    if name in PUBLIC:
        return getattr(import_module(f"{__name__}.notebook"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *PUBLIC])
