"""The lens in a real browser: its numbers are the network's, and no cell waits for the server."""

import re
from base64 import b64encode
from contextlib import suppress
from functools import cache

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect
from torch import nn

from alexnet_viz.interpretability.lens import lens
from alexnet_viz.model.activations import capture
from alexnet_viz.model.build import build, private_copy
from alexnet_viz.network.layers import Conv, Linear
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.preprocessing import PAPER, Preprocessing, cropped, preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.serving import Passes
from alexnet_viz.serving.shown import ArrivingAt, ChannelMapOf
from alexnet_viz.text import LANGUAGES, t
from alexnet_viz.ui.components.lens_parcel import packed
from alexnet_viz.ui.components.specimen import Specimen
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import load
from tests.browser.conftest import Browse
from tests.browser.first_screen import on_first_screen
from tests.browser.watch import edges, settled
from tests.conftest import ROOT
from tests.test_lens import SMALL

COMPONENTS = ROOT / "alexnet_viz" / "ui" / "components"
SAMPLE = next(iter(SAMPLES))
AT = "/channel?variant=alexnet_2012_227&source=sample"
EVERY_CELL = """parcel => {
  const shown = unpack(Uint8Array.from(atob(parcel), sign => sign.charCodeAt(0)))
  const at = reader(shown)
  const rule = { ...shown.rule, kernel: floats(shown.kernel) }
  const [rows, columns] = shown.size
  return [...Array(rows * columns).keys()].map(i => {
    const cell = [Math.floor(i / columns), i % columns]
    const { value, parts } = RULES[rule.kind](blockOf(shown, at, cell), rule, cell)
    return [value, parts ?? null]
  })
}"""


# ---- the arithmetic by itself, at every cell of a channel


def awkward(model: nn.Sequential) -> nn.Sequential:
    """The small network with statistics that a norm has to use, not skip."""
    model = private_copy(model)
    norm = model.get_submodule("bn1")
    assert isinstance(norm, nn.BatchNorm2d)
    for name, low, high in (("running_mean", -0.1, 0.1), ("running_var", 0.01, 0.3)):
        setattr(norm, name, torch.linspace(low, high, 8))
    norm.weight = nn.Parameter(torch.linspace(0.5, 2, 8), requires_grad=False)
    norm.bias = nn.Parameter(torch.linspace(-1, 1, 8), requires_grad=False)
    return model


@cache
def run(how: Preprocessing) -> tuple[nn.Sequential, np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    model, picture = awkward(build(SMALL)), SAMPLES["cat"].load()
    image = preprocess(picture, 31, 3, how)
    return model, cropped(picture, 31), image, capture(model, image)


def specimen(layer: str, channel: int, how: Preprocessing) -> tuple[Specimen, nn.Module]:
    model, seen, image, kept = run(how)
    result = trace(SMALL)
    passes = Passes(model, result, [image], [kept])
    one, values = ChannelMapOf(layer, channel)(passes), ArrivingAt(layer)(passes)
    it = Specimen(result, result[layer], channel, seen, image, how, one.plane, values, one.rank)
    return it, model.get_submodule(layer)


@pytest.fixture(scope="module")
def calculator(chromium: Browser) -> Page:
    """A page that knows the lens's arithmetic and nothing else."""
    page = chromium.new_page()
    for name in ("component", "lens_rule"):
        page.add_script_tag(content=(COMPONENTS / f"{name}.js").read_text("utf-8"))
    return page


SMALL_SCALE = Preprocessing(1 / 255, (0.485, 0.456, 0.406), (0.2, 0.3, 0.4), bgr=True)


@pytest.mark.parametrize("how", [PAPER, SMALL_SCALE], ids=["paper", "blue first"])
@pytest.mark.parametrize("layer", [row.name for row in trace(SMALL).rows])
def test_the_browser_comes_to_what_the_network_came_to(
    calculator: Page, layer: str, how: Preprocessing
) -> None:
    """Every cell of the first, a middle and the last channel."""
    count = trace(SMALL)[layer].output_shape[0]
    for channel in {0, count // 2, count - 1}:
        it, module = specimen(layer, channel, how)
        answers = calculator.evaluate(EVERY_CELL, b64encode(packed(it, module, {})).decode())
        values = np.array([value for value, _ in answers]).reshape(it.plane.shape)
        maps = run(how)[3][layer]
        scale = np.abs(maps).max()
        wanted = np.atleast_2d(maps[channel])
        np.testing.assert_allclose(values, wanted, rtol=1e-4, atol=1e-5 * scale)
        if isinstance(it.row.layer, Conv | Linear):
            middle = tuple(size // 2 for size in it.plane.shape)
            found = lens(it.row, module, it.values, (channel, *middle))
            parts = answers[int(np.ravel_multi_index(middle, it.plane.shape))][1]
            np.testing.assert_allclose(parts, found.contributions, rtol=1e-9, atol=1e-9)


def test_padding_never_wins_a_maximum(calculator: Page) -> None:
    """Below zero everywhere, the zeros around the map would win."""
    it, module = specimen("pool1", 0, PAPER)
    below = -1 - it.values
    with torch.inference_mode():
        pooled = module(torch.from_numpy(below)[None])[0].numpy()
    it = it._replace(values=below, plane=pooled[0])
    answers = calculator.evaluate(EVERY_CELL, b64encode(packed(it, module, {})).decode())
    assert np.array_equal([value for value, _ in answers], pooled[0].ravel())


# ---- what a visitor does


@cache
def learned() -> dict[str, np.ndarray]:
    """What the shipped weights make of the sample that a fresh visitor sees."""
    return capture(load(DRAWINGS), preprocess(SAMPLES[SAMPLE].load(), 227))


def under_the_lens(page: Page) -> Locator:
    expect(page.locator(".lens .rule")).not_to_be_empty(timeout=60_000)
    return page.locator(".lens")


def hover(page: Page, layer: str, cell: tuple[int, int], pane: str = ".map") -> None:
    """Put the pointer on a cell of the layer's map."""
    canvas = page.locator(f".lens {pane} canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    rows, columns = learned()[layer].shape[1:]
    x = box["x"] + (cell[1] + 0.5) * box["width"] / columns
    y = box["y"] + (cell[0] + 0.5) * box["height"] / rows
    page.mouse.move(x, y)


def number(words: str) -> float:
    """A number as the lens spells it: −1.24·10⁻⁵."""
    plain = words.replace("−", "-")
    mantissa, _, power = plain.partition("·10")
    exponent = "".join("0123456789-"["⁰¹²³⁴⁵⁶⁷⁸⁹⁻".index(sign)] for sign in power) or "0"
    return float(mantissa) * 10 ** int(exponent)


@pytest.mark.parametrize(
    ("layer", "channel", "cells"),
    [
        ("conv1", 3, [(0, 0), (20, 30), (54, 54)]),
        ("conv2", 200, [(0, 13), (26, 26)]),
        ("conv4", 9, [(6, 0)]),
        ("pool1", 7, [(26, 0)]),
        ("norm1", 95, [(10, 10)]),
    ],
)
def test_the_lens_says_the_value_of_the_cell_under_the_pointer(
    page: Page, layer: str, channel: int, cells: list[tuple[int, int]]
) -> None:
    page.goto(f"{AT}&layer={layer}&channel={channel}")
    view = under_the_lens(settled(page))
    for row, column in cells:
        hover(page, layer, (row, column))
        expect(view.locator(".place")).to_have_text(f"Row {row}, column {column}:")
        captured = float(learned()[layer][channel, row, column])
        rule = view.locator(".rule")
        worked_out = float(rule.get_attribute("data-value") or "nan")
        assert worked_out == pytest.approx(captured, rel=1e-4, abs=1e-4)
        said = re.findall(r"[−\d.·⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+\d", rule.inner_text())
        shown = [number(each) for each in said]
        assert any(each == pytest.approx(captured, rel=2e-4, abs=1e-4) for each in shown), said
        expect(view.locator(".check")).to_contain_text("The network's own value:")


def test_looking_around_asks_the_server_for_nothing(page: Page) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda it: sent.append(it)))
    page.goto(f"{AT}&layer=conv2&channel=17")
    view = under_the_lens(settled(page))
    before = len(sent)
    for place in range(27):
        hover(page, "conv2", (place, 26 - place))
        expect(view.locator(".place")).to_have_text(f"Row {place}, column {26 - place}:")
    assert len(sent) == before


def test_the_pointer_gone_the_kept_cell_is_back(page: Page) -> None:
    page.goto(f"{AT}&layer=conv3&channel=1&cell_row=4&cell_column=5")
    view = under_the_lens(settled(page))
    hover(page, "conv3", (12, 0))
    expect(view.locator(".place")).to_have_text("Row 12, column 0:")
    page.mouse.move(1, 1)
    expect(view.locator(".place")).to_have_text("Row 4, column 5:")


def test_a_click_keeps_a_cell_and_the_link_says_so(browse: Browse) -> None:
    page = browse()
    page.goto(f"{AT}&layer=conv2&channel=17")
    under_the_lens(settled(page))
    hover(page, "conv2", (3, 21))
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"cell_row=3&cell_column=21"))
    other = browse(locale="zh-CN", color_scheme="dark")
    other.goto(settled(page).url)
    expect(under_the_lens(settled(other)).locator(".place")).to_have_text("第 3 行第 21 列：")
    expect(other.locator(".lens .rule")).to_contain_text("个乘积之和为")


def test_the_keyboard_moves_the_cell_and_the_link_follows(page: Page) -> None:
    page.goto(f"{AT}&layer=conv3&channel=1&cell_row=0&cell_column=0")
    view = under_the_lens(settled(page))
    view.locator(".map canvas").focus()
    for key in ("ArrowUp", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(view.locator(".place")).to_have_text("Row 1, column 2:")
    expect(page).to_have_url(re.compile(r"cell_row=1&cell_column=2"))
    expect(under_the_lens(settled(page)).locator(".place")).to_have_text("Row 1, column 2:")


def test_what_a_cell_sees_is_cut_at_the_border(page: Page) -> None:
    page.goto(f"{AT}&layer=conv2&channel=17&cell_row=0&cell_column=0")
    caption = under_the_lens(settled(page)).locator(".seen figcaption")
    expect(caption).to_contain_text("rows 0–34 and columns 0–34")
    expect(caption).to_contain_text("the rest of its 51×51 pixels lies outside")
    hover(page, "conv2", (13, 13))
    expect(caption).to_have_text("The cell sees rows 88–138 and columns 88–138 of the picture")


def test_the_strongest_cells_lead_there(page: Page) -> None:
    plane = learned()["conv1"][3]
    page.goto(f"{AT}&layer=conv1&channel=3&cell_row=0&cell_column=0")
    crops = under_the_lens(settled(page)).locator(".crops button")
    expect(crops).to_have_count(9)
    row, column = np.unravel_index(plane.argmax(), plane.shape)
    expect(crops.first).to_have_attribute("data-cell", f"{row},{column}")
    crops.first.click()
    expect(page).to_have_url(re.compile(rf"cell_row={row}&cell_column={column}"))


def test_a_contributing_channel_leads_down_to_the_cell_that_counts(page: Page) -> None:
    page.goto(f"{AT}&layer=conv2&channel=17&cell_row=13&cell_column=13")
    bars = under_the_lens(settled(page)).locator(".bars button")
    expect(bars).to_have_count(8)
    strongest = bars.first.locator(".label").inner_text().removeprefix("channel ")
    bars.first.click()
    expect(page.get_by_role("heading", name=f"Channel {strongest} of pool1")).to_be_visible()
    place = under_the_lens(settled(page)).locator(".place").inner_text()
    row, column = map(int, re.findall(r"\d+", place))
    assert row in range(11, 16)
    assert column in range(11, 16)


def test_a_line_of_the_table_leads_down_too(page: Page) -> None:
    page.goto(f"{AT}&layer=fc8&channel=2")
    under_the_lens(settled(page))
    page.locator(".st-key-numbers summary").click()
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    unit = page.get_by_role("heading", name=re.compile("^Unit .* of drop7"))
    for _ in range(2):  # a table takes no notice of a click that comes while it is drawn
        table.click(position={"x": 20, "y": 55})
        with suppress(AssertionError):
            expect(unit).to_be_visible(timeout=10_000)
            break
    expect(unit).to_be_visible()
    assert "layer=drop7" in settled(page).url


def test_the_colours_of_the_first_kernel_can_be_taken_apart(page: Page) -> None:
    page.goto(f"{AT}&layer=conv1&channel=3")
    view = under_the_lens(settled(page))
    expect(view.locator(".bars .label")).to_have_text(["R", "G", "B"])
    caption = view.locator(".window figcaption")
    expect(caption).to_have_text("window · R, G, B together")
    view.locator(".bars button").nth(1).click()
    page.mouse.move(1, 1)
    expect(caption).to_contain_text("window · G")
    hover(page, "conv1", (30, 30))
    expect(caption).to_contain_text("window · G")


def test_one_cell_of_the_window_in_numbers(page: Page) -> None:
    page.goto(f"{AT}&layer=conv3&channel=1&cell_row=0&cell_column=0")
    view = under_the_lens(settled(page))
    view.locator(".products canvas").scroll_into_view_if_needed()
    view.locator(".products canvas").hover(position={"x": 4, "y": 4})
    expect(view.locator(".spot")).to_contain_text("Row −1, column −1 is padding: 0 ×")


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1440, 900)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lens_and_its_words_are_on_the_first_screen(
    browse: Browse, language: str, width: int, height: int
) -> None:
    page = browse(viewport={"width": width, "height": height})
    page.goto(f"{AT}&layer=conv3&lang={language}")
    view = under_the_lens(settled(page))
    on_first_screen(page, ".lens .places")
    expect(view.locator(".rule")).to_be_in_viewport(ratio=1)
    heading = view.get_by_role("heading", level=2)
    expect(heading).to_be_in_viewport(ratio=1)
    assert edges(page, ".lens .said")["left"] >= edges(page, ".lens .below")["right"]
    for words in view.locator(".said p").all():
        expect(words).to_be_in_viewport(ratio=1)
    assert view.locator(".said strong").count() > 0
    assert "*" not in view.locator(".said").inner_text()


def test_a_crop_s_name_begins_with_what_is_written_on_it(page: Page) -> None:
    page.goto(f"{AT}&layer=conv1&channel=3")
    for crop in under_the_lens(settled(page)).locator(".crops button").all():
        assert (crop.get_attribute("aria-label") or "").startswith(crop.inner_text())


def test_a_picture_that_excites_the_channel_can_be_grown_from_here(page: Page) -> None:
    page.goto(f"{AT}&layer=conv3&channel=7")
    under_the_lens(settled(page))
    page.get_by_role("link", name=t("channel.excite")).click()
    title = settled(page).get_by_role("heading", level=1)
    expect(title).to_have_text(t("page.attribution.title"))
    expect(page).to_have_url(re.compile("channel=7"))
    expect(page.get_by_role("button", name=t("excite.grow"))).to_be_visible()
