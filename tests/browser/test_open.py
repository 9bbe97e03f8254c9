"""Opening a file in a browser: drop it, see its numbers, compare it, and what a link can carry."""

from pathlib import Path

from playwright.sync_api import Page, expect

from alexnet_viz.text import t
from tests.architecture_files import FILES
from tests.browser.watch import settled

DROP = "stFileUploaderDropzoneInput"


def test_a_dropped_prototxt_is_seen_compared_and_named_in_the_link(page: Page) -> None:
    page.goto("/open")
    settled(page)
    page.get_by_test_id(DROP).set_input_files(FILES / "alexnet_deploy.prototxt")
    expect(page.get_by_text("60,965,224")).to_be_visible(timeout=60_000)
    settled(page)
    same = page.get_by_text("Layer by layer the same as Caffe: bvlc_alexnet", exact=False)
    expect(same).to_be_visible()
    assert "variant=own_" in page.url

    page.get_by_role("button", name=t("open.compare", network="Caffe: bvlc_alexnet")).click()
    expect(page.get_by_role("heading", name="Compare", exact=True)).to_be_visible()
    settled(page)
    expect(page.get_by_text("Your file: alexnet_deploy.prototxt").first).to_be_visible()
    assert "compare=own_" in page.url
    assert "input=227" in page.url

    # another session has no such file, and says so
    page.reload()
    settled(page)
    expect(page.get_by_text("no link can carry a file", exact=False)).to_be_visible()


def test_a_file_that_branches_lists_what_is_in_the_way(page: Page, tmp_path: Path) -> None:
    branching = tmp_path / "branching.prototxt"
    branching.write_text(
        'input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
        'layer { name: "left" type: "ReLU" bottom: "data" top: "left" }\n'
        'layer { name: "right" type: "TanH" bottom: "data" top: "right" }\n'
        'layer { name: "both" type: "Eltwise" bottom: "left" bottom: "right" top: "both" }\n',
        encoding="utf-8",
    )
    page.goto("/open")
    settled(page)
    page.get_by_test_id(DROP).set_input_files(branching)
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_have_count(1, timeout=60_000)
    folded = page.get_by_test_id("stExpander").filter(has_text=t("open.problems", count=2))
    box = folded.bounding_box()
    assert box
    assert box["y"] + box["height"] < 360  # a line and a fold, however many the problems
    folded.locator("summary").click()
    expect(folded).to_contain_text("the type Eltwise is not supported")
    expect(folded).to_contain_text("'left', 'right' all read it")
