"""The pads in a browser: every kind by mouse, by keyboard and by touch, in both themes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import findings
from tests.browser.conftest import Browse
from tests.browser.pads import PADS, RAMP
from tests.browser.server import Server, serving
from tests.browser.watch import settled

SOON = 5_000
SHIFTS = """window.shifts = []
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(it => it.value)))
  .observe({ type: "layout-shift", buffered: true })"""


@pytest.fixture(scope="module")
def pads(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the page with the pads, with the app's own configuration."""
    folder = tmp_path_factory.mktemp("pads")
    (folder / ".streamlit").mkdir()
    config = (root / ".streamlit/config.toml").read_text("utf-8")
    (folder / ".streamlit/config.toml").write_text(config, "utf-8")
    script = (root / "tests/browser/pads.py").read_text("utf-8")
    head, _, rest = script.partition("from collections")
    path = f"import sys\n\nsys.path.insert(0, {str(root)!r})\nfrom collections"
    (folder / "pads_page.py").write_text(head + path + rest, "utf-8")
    with serving(folder / "pads_page.py", folder / "streamlit.log") as server:
        yield server


@pytest.fixture
def show(browse: Browse, pads: Server) -> Any:
    """Open the page with these choices: ``show(only="bars")``."""

    def opened(options: dict[str, Any] | None = None, **choices: object) -> Page:
        page = browse(pads, **(options or {}))
        page.add_init_script(SHIFTS)
        page.goto("/?" + "&".join(f"{name}={value}" for name, value in choices.items()))
        expect(page.locator(".pad.mounted").last).to_be_visible(timeout=30_000)
        return settled(page)

    return opened


def drag(page: Page, element: Locator, *shares: tuple[float, float], up: bool = True) -> None:
    """Press on an element at the first place, go to the others, and let go."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in shares]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    if up:
        page.mouse.up()


def has(page: Page, text: str) -> None:
    expect(page.get_by_text(text, exact=True)).to_be_visible(timeout=SOON)


def test_bars_by_mouse_and_keyboard(show: Any) -> None:
    page = show(only="bars")
    tracks = page.locator(".track")
    drag(page, tracks.nth(0), (0.1, 0.5), (0.3, 0.5), up=False)
    expect(page.locator(".number b").nth(0)).to_have_text("30%")
    has(page, "bars 10,50 told 0")  # the server hears of it when the stroke ends
    page.mouse.up()
    has(page, "bars 30,50 told 1")
    tracks.nth(1).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    has(page, "bars 30,53 told 2")
    page.keyboard.press("PageDown")
    expect(tracks.nth(1)).to_have_attribute("aria-valuenow", "43")
    page.keyboard.type("75")
    has(page, "bars 30,75 told 3")
    expect(page.locator(".live")).to_have_text("fully connected layers: 75%")
    expect(tracks.nth(1)).to_be_focused()
    page.get_by_role("button", name="Start again").click()
    has(page, "bars 10,50 told 3")
    expect(tracks.nth(1)).to_have_attribute("aria-valuenow", "50")


def test_an_earlier_answer_does_not_undo_a_later_edit(show: Any) -> None:
    page = show(only="bars", slow=0.5)
    track = page.locator(".track").nth(0)
    track.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)  # the server has the edit and is about to answer
    for _ in range(12):  # until long after the answer has come
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
    expect(track).to_have_attribute("aria-valuenow", "23")
    has(page, "bars 23,50 told 2")


def test_shares_together_stay_the_whole(show: Any) -> None:
    page = show(only="shares")
    tracks = page.locator(".track")
    drag(page, tracks.nth(0), (0.5, 0.5), (1, 0.5), (0.75, 0.5))
    has(page, "shares 75,15,10 told 1")  # 25 in the proportion of 30 to 20, not 0 to 0
    tracks.nth(2).focus()
    page.keyboard.press("End")
    has(page, "shares 0,0,100 told 2")
    page.keyboard.press("PageDown")
    has(page, "shares 5,5,90 told 3")


def test_a_curve_in_one_stroke(show: Any) -> None:
    page = show(only="curve")
    drag(page, page.locator(".plot"), (0.002, 0.002), (0.5, 0.4), (0.998, 0.4))
    has(page, "curve 60,54,48,42,36,36,36,36,36 told 1")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    has(page, "curve 60,54,48,42,36,36,36,37,36 told 2")
    expect(page.locator(".point:focus")).to_have_attribute("aria-valuetext", "37%")


def test_cells_are_typed(show: Any) -> None:
    page = show(only="cells")
    cells = page.locator(".cell")
    cells.nth(1).click()
    page.keyboard.type("-7")
    has(page, "cells 0,-7,2,3,4,5 told 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("+")
    page.keyboard.press("PageUp")
    has(page, "cells 0,-7,2,3,7,5 told 2")
    expect(cells.nth(4)).to_be_focused()
    field = page.get_by_label("Chosen cell")
    expect(field).to_have_value("7")
    field.fill("12")  # beyond the scale
    field.press("Enter")
    has(page, "cells 0,-7,2,3,9,5 told 3")


def test_cells_are_painted_and_the_map_follows(show: Any) -> None:
    page = show(only="kernel")
    grid = page.locator(".grid")
    drag(page, grid, (0.84, 0.16), (0.84, 0.84), up=False)
    grey = RAMP.astype(float) / 255
    views = np.lib.stride_tricks.sliding_window_view(grey, (3, 3))
    answer = np.tensordot(views, np.array([[0, 0, 2]] * 3), 2)
    caption = page.locator("figcaption").nth(1)
    expect(caption).to_contain_text(f"mean absolute value {np.abs(answer).mean():.2f}")
    expect(caption).to_contain_text(f"to {answer.max():.1f}")
    has(page, "kernel 0,0,0,0,0,0,0,0,0 told 0")
    page.mouse.up()
    has(page, "kernel 0,0,2,0,0,2,0,0,2 told 1")
    expect(page.locator(".cell").nth(8)).to_be_focused()
    brush = page.get_by_label("Brush")
    brush.focus()
    page.keyboard.press("Home")
    page.locator(".cell[tabindex='0']").focus()
    for key in ("ArrowLeft", "ArrowLeft", "Space", "ArrowUp", "Space", "ArrowUp", "-"):
        page.keyboard.press(key)
    has(page, "kernel -0.5,0,2,-2,0,2,-2,0,2 told 2")


def test_a_box_is_moved_resized_and_drawn(show: Any) -> None:
    page = show(only="box")
    surface = page.locator(".surface")
    at = 1 / 60
    drag(page, surface, (20 * at, 25 * at), (30 * at, 30 * at))
    has(page, "box 20,15,40,45 told 1")
    drag(page, surface, (40 * at, 45 * at), (50 * at, 50 * at))
    has(page, "box 20,15,50,50 told 2")
    drag(page, surface, (1.5 * at, 1.5 * at), (5.5 * at, 3.5 * at))
    has(page, "box 1,1,6,4 told 3")
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    has(page, "box 0,1,6,5 told 4")
    expect(page.locator(".live")).to_have_text("x 0 to 5, y 1 to 4: 6×4 pixels")


def test_things_are_put_into_bins(show: Any) -> None:
    page = show(only="sort")
    first = page.get_by_role("slider", name="edges")
    target = page.locator(".bin").nth(1).bounding_box()
    box = first.bounding_box()
    assert target
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, target["y"] + 20, steps=4)
    page.mouse.up()
    has(page, "sort 1,0,1 told 1")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    has(page, "sort 0,0,1 told 2")
    expect(first).to_have_attribute("aria-valuetext", "GPU 0")


def test_things_are_put_into_an_order(show: Any) -> None:
    page = show(only="order")
    last, first = (page.get_by_role("slider", name=name) for name in ("pool", "conv1"))
    target, box = first.bounding_box(), last.bounding_box()
    assert target
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 5, target["y"] + 5, steps=4)
    page.mouse.up()
    has(page, "order 2,0,1 told 1")
    expect(last).to_be_focused()
    expect(last).to_have_attribute("aria-valuetext", "place 1 of 3")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    has(page, "order 0,1,2 told 2")
    expect(last).to_be_focused()
    page.keyboard.press("ArrowLeft")
    has(page, "order 0,2,1 told 3")


def test_a_finger_draws(show: Any) -> None:
    page = show({"has_touch": True}, only="bars")
    box = page.locator(".track").nth(0).bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    has(page, "bars 80,50 told 1")


def test_a_given_answer_stays(show: Any) -> None:
    page = show(truth=1, frozen=1)
    drag(page, page.locator(".track").nth(0), (0.1, 0.5), (0.9, 0.5))
    drag(page, page.locator(".plot"), (0.1, 0.1), (0.9, 0.5))
    drag(page, page.locator(".surface"), (0.3, 0.3), (0.6, 0.6))
    page.get_by_role("slider", name="edges").focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    for name in PADS:
        expect(page.get_by_text(f"{name} ").filter(has_text="told 0")).to_have_count(1)
    has(page, "bars 10,50 told 0")
    expect(page.locator(".number").nth(1)).to_have_text("50%40.5%")
    expect(page.get_by_role("slider", name="colours")).to_contain_text("belongs in: GPU 1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("truth", ["", "truth"])
def test_axe_finds_nothing(show: Any, scheme: str, truth: str) -> None:
    page = show({"color_scheme": scheme}, **({truth: 1} if truth else {}))
    assert [str(finding) for finding in findings(page)] == []


@pytest.mark.parametrize("width", [330, 600])
@pytest.mark.parametrize("name", PADS)
def test_it_fits_and_nothing_moves_on_load(show: Any, name: str, width: int) -> None:
    page = show(w=width, only=name)
    wide = page.locator(".pad").evaluate_all(
        "pads => pads.map(pad => pad.scrollWidth - pad.clientWidth)"
    )
    assert max(wide) <= 0
    assert page.evaluate("window.shifts.reduce((sum, it) => sum + it, 0)") <= 0.05
    small = page.locator(".pad").evaluate_all(
        """pads => pads.flatMap(pad => [...pad.querySelectorAll("*")])
          .filter(it => [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
          .map(it => parseFloat(getComputedStyle(it).fontSize)).filter(size => size < 14)"""
    )
    assert small == []
