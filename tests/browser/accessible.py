"""What axe-core finds on a page: WCAG 2.2 A and AA, and its own rules of good practice."""

from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.app.shell import HOME, PAGES
from tests.spoken import SECTIONS

OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {"label-content-name-mismatch": {"enabled": True}},
}
EXCLUDED = {"exclude": [["[data-testid=stFileUploaderDropzone]"]]}
"""Streamlit's own field for files: its role conflicts with its focus, and axe-core does not count
the generated content that names its button in the visitor's language (docs/accessibility.md)."""


class Finding(NamedTuple):
    """A rule of axe-core and the elements that break it."""

    rule: str
    impact: str
    elements: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}) × {len(self.elements)}: {self.elements[0]}"


def addresses() -> list[str]:
    """Every page and every section of one, as the path of a link."""
    every = []
    for page in PAGES:
        choice = SECTIONS.get(page)
        names = CHOICES[choice].options if choice else ("",)
        path = "/" if page == HOME else f"/{page}"
        every += [f"{path}?{choice}={name}" if name else path for name in names]
    return every


def findings(page: Page) -> list[Finding]:
    """What axe-core objects to on an open page, the most frequent rule first."""
    found = Axe().run(page, EXCLUDED, OPTIONS).response["violations"]
    listed = [
        Finding(
            each["id"],
            each["impact"],
            tuple(
                f"{' '.join(map(str, node['target']))} {node['html'][:160]}"
                for node in each["nodes"]
            ),
        )
        for each in found
    ]
    return sorted(listed, key=lambda each: -len(each.elements))
