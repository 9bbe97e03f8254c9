"""Pages under Streamlit's test harness: opening one as a link does, reading what it says."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from alexnet_viz.ui.app.shell import PAGES

ROOT = Path(__file__).parents[1]
SECTIONS = {
    "towers": "section",
    "compare": "compare_view",
    "practice": "practice_view",
    "classroom": "class_view",
}
"""Pages that show one section of several, by the choice that a link names it with."""

Open = Callable[..., AppTest]


def open_page(page: str, **query: object) -> AppTest:
    """Open a page as a link does: ``open_page("layer", lang="zh", input=227)``."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = str(value)
    if page != next(iter(PAGES)):
        app.switch_page(f"pages/{page}.py")
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    """Press a button; the page must go on without an exception."""
    app.button(key=key).click().run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    """Everything a page says in plain text elements, as a reader sees it."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "info", "error")
    said = "\n".join(element.value for kind in kinds for element in app.get(kind))
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", said)


def chain_table(app: AppTest) -> str:
    """The computed table below the chain editor."""
    return str(plate(app, "chain.table")["table"]["rows"])


def plate(app: AppTest, key: str) -> dict[str, Any]:
    """What a plate was given."""
    for element in app.get("bidi_component"):
        if key in element.proto.id:
            return dict(json.loads(element.proto.json))
    raise AssertionError(key)
