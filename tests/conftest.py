"""What every test shares: where the repository is, how Hypothesis runs, which tests come last."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# before torch is loaded: its threads wait for one another, which on a busy machine takes longer
# than the small networks of the tests; the browser's server has its threads back (server.py)
os.environ.setdefault("OMP_NUM_THREADS", "1")

# a busy machine is not a failing property
settings.register_profile("alexnet_viz", deadline=None)
settings.load_profile("alexnet_viz")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests in tests/browser and run them last: what is quick fails first."""
    browser = ROOT / "tests" / "browser"
    for item in items:
        if browser in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: browser in item.path.parents)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT
