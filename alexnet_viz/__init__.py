"""AlexNet Viz: every published AlexNet traced, drawn and run.

The rooms, from the ground up: ``text``; ``network`` and ``pictures``; ``variants``; ``analysis``;
``render``; ``model``; ``weights``; ``interpretability``, ``readers`` and ``model_parallel``;
``commands`` and ``ui``.  Imports go down only (the contracts in ``pyproject.toml``).
"""

import sys
from pathlib import Path

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
