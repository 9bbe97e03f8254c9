"""The page for teachers: the link, its QR code read by another library, the check of the server."""

from io import BytesIO
from typing import Any

import pytest
import resvg_py
import zxingcpp
from PIL import Image

from alexnet_viz.teaching.course import course
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.text import LANGUAGES, t
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app.shell import PAGES
from alexnet_viz.ui.classroom import qr_code, self_test
from alexnet_viz.ui.classroom.addresses import address, checked_base, only_here, opened
from alexnet_viz.ui.classroom.offline import MADE
from alexnet_viz.ui.classroom.self_test import CHECKS, results
from tests.spoken import open_page, words

LINKS = (
    "http://10.0.0.5:8501/",
    "http://10.0.0.5:8501/towers?section=run&lang=zh&present=1&hide=controls,tables",
    address("http://10.0.0.5:8501", "claims", {"claim_text": "池化 54.25"}),
    f"http://10.0.0.5:8501/calculator?chain={'conv1.conv.96.11.4.0.0.floor.1~' * 20}",
)


@pytest.mark.parametrize("link", LINKS)
def test_another_library_reads_the_code(link: str) -> None:
    made = qr_code.code(link)
    pixels = bytes(resvg_py.svg_to_bytes(svg_string=qr_code.svg(made)))
    for picture in (pixels, qr_code.png(made)):
        (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
        assert read.text == link


def test_a_code_cannot_hold_everything() -> None:
    with pytest.raises(Problem, match="3,000 letters"):
        qr_code.code("x" * 3000)


HOSTS = {"10.0.0.5:8501", "localhost:8501"}


@pytest.mark.parametrize(
    ("text", "page", "choices"),
    [
        ("http://localhost:8501", "start", {}),
        ("http://LOCALHOST:8501/layer?layer=pool1", "layer", {"layer": "pool1"}),
        ("http://10.0.0.5:8501/school/towers?section=run", "towers", {"section": "run"}),
        ("/home?lang=zh", "start", {"lang": "zh"}),
    ],
)
def test_an_address_of_this_app_is_read(text: str, page: str, choices: dict[str, str]) -> None:
    assert opened(text, HOSTS) == (page, choices)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://example.org/towers", "give_foreign"),
        ("http://localhost:8501@example.org/towers", "give_foreign"),
        ("javascript:alert(1)", "give_no_address"),
        ("http://[", "give_no_address"),
        ("http://localhost:8501/towers/none", "give_no_page"),
        ("/towers?section=none", "give_no_choice"),
        ("/towers?evil=<b>", "give_no_choice"),
    ],
)
def test_any_other_is_refused_in_words(text: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        opened(text, HOSTS)
    assert refused.value.code == code
    assert all(refused.value.explained(language) for language in LANGUAGES)


def test_what_is_written_is_read_back() -> None:
    choices = {"section": "kernels", "lang": "zh", "hide": "controls,tables", "present": "1"}
    assert opened(address("http://10.0.0.5:8501", "towers", choices), HOSTS) == ("towers", choices)


@pytest.mark.parametrize(
    ("base", "here"),
    [
        ("http://localhost:8501", True),
        ("http://127.3.2.1:8501", True),
        ("http://[::1]:8501", True),
        ("http://0.0.0.0:8501", True),
        ("http://192.168.1.20:8501", False),
        ("https://alexnet.example.org", False),
    ],
)
def test_an_address_that_no_other_machine_reaches_is_known(base: str, here: bool) -> None:
    assert only_here(base) is here


def test_an_address_of_a_server_is_completed_or_refused() -> None:
    assert checked_base(" 192.168.1.20:8501/ ") == "http://192.168.1.20:8501"
    for wrong in ("ftp://school", "http://", "http://a:99999", "http://a/?b=c", "http://host name"):
        with pytest.raises(Problem):
            checked_base(wrong)


def shown(app: Any) -> str:
    """The link that the page shows."""
    return str(app.code[0].value)


def test_the_page_builds_the_link_and_warns_of_localhost() -> None:
    app = open_page("classroom")
    assert not app.exception
    assert "Students cannot reach this address" in words(app)
    app.selectbox(key="widget.give_page").set_value("towers").run()
    app.segmented_control(key="widget.give_lang").set_value("zh").run()
    app.toggle(key="widget.give_present").set_value(True).run()
    app.pills(key="widget.give_hide").set_value(["tables"]).run()
    app.text_input(key="widget.give_base").set_value("10.0.0.5:8501").run()
    assert not app.exception
    assert shown(app) == "http://10.0.0.5:8501/towers?lang=zh&present=1&hide=tables"
    assert "Students cannot reach this address" not in words(app)
    student = open_page("towers", lang="zh", present=1, hide="tables")
    assert not student.warning


def test_a_pasted_address_is_shown_and_a_foreign_one_refused() -> None:
    app = open_page("classroom")
    field = app.text_input(key="widget.give_address")
    field.set_value("/layer?layer=pool2&present=1").run()
    assert "It opens **Layer**" in words(app)
    assert shown(app).endswith("/layer?layer=pool2")
    app.text_input(key="widget.give_address").set_value("https://example.org/layer").run()
    assert not app.exception
    assert "example.org is not this app" in words(app)


@pytest.mark.slow
def test_the_server_passes_its_own_check() -> None:
    made = list(results())
    assert [each.name for each in made] == [*CHECKS]
    assert [each.name for each in made if not each.found.right] == []
    for result in made:
        for language in LANGUAGES:
            assert t(f"classroom.found.{result.name}", language, **result.found.values)


def test_a_damaged_part_is_found_and_the_other_checks_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> Any:
        raise OSError("no torch here")

    monkeypatch.setitem(CHECKS, "network", broken)
    monkeypatch.setattr(self_test, "DOCUMENT", '<script src="https://cdn.example.org/x.js">')
    monkeypatch.setattr(
        self_test, "POLICY", "default-src 'self'; img-src 'self' https://example.org"
    )
    monkeypatch.setattr(self_test, "PAGES", {**self_test.PAGES, "gone": ""})
    found = {each.name: each.found.right for each in results()}
    assert [name for name, right in found.items() if not right] == [
        "pages", "foreign_hosts", "network"
    ]  # fmt: skip
    app = open_page("classroom")
    app.session_state[MADE] = list(results())
    app.run()
    assert "3 of the checks failed" in words(app)
    assert "OSError: no torch here" in words(app)
    assert t("classroom.remedy.network") in words(app)


def test_damaged_weights_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    assert self_test.weights().right
    monkeypatch.setattr(self_test, "DRAWINGS", replace(self_test.DRAWINGS, sha256="0" * 64))
    assert not self_test.weights().right
    monkeypatch.setattr(self_test, "DRAWINGS", replace(self_test.DRAWINGS, file="none"))
    assert not self_test.weights().right


def test_a_lesson_or_a_lab_can_be_given() -> None:
    app = open_page("classroom", give_page="course?lesson=output-size", give_base="school.test")
    assert not app.exception
    assert "course?lesson=output-size" in words(app) + str([each.value for each in app.code])
    names = app.selectbox(key="widget.give_page").options
    assert len(names) == len(PAGES) + len(course().lessons) + len(LABS)
