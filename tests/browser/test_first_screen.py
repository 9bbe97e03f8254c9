"""The picture first: every page on a classroom's projector and on a laptop."""

import pytest

from alexnet_viz.ui.app.shell import PAGES
from tests.browser.conftest import Browse
from tests.browser.first_screen import SHIFT, first_screen

SCREENS = {
    "projector": {"width": 1024, "height": 768},
    "laptop": {"width": 1440, "height": 900},
}
WITHOUT_PICTURE = {"claims"}
"""A table with a search is what these pages are about."""


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", [page for page in PAGES if page not in WITHOUT_PICTURE])
def test_the_picture_stands_in_the_first_screen(browse: Browse, name: str, screen: str) -> None:
    page = browse(viewport=SCREENS[screen])
    seen = first_screen(page, f"/{name}?lang=en" if name != "start" else "/?lang=en")
    assert seen.enough, str(seen)
    assert seen.shift <= SHIFT, str(seen)
