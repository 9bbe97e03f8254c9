"""A folder of pictures: the right crops, in bounded memory, after a kill, from a hostile folder."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.commands import cli
from alexnet_viz.interpretability.folder_scan import picture_files, scan, top_crops
from alexnet_viz.interpretability.folder_scan.picture_files import listed
from alexnet_viz.interpretability.folder_scan.scan import Found, here
from alexnet_viz.interpretability.folder_scan.top_crops import Seen, TopCrops
from alexnet_viz.model.activations import capture
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.images import decode
from alexnet_viz.pictures.preprocessing import cropped, preprocess
from alexnet_viz.pictures.samples.fresh import drawing
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.channel import own_pictures
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import load
from tests.conftest import ROOT
from tests.spoken import open_page, words

ROW = trace(DRAWINGS.network)["conv5"]


def drawn(folder: Path, count: int) -> Path:
    """A folder with so many drawings."""
    folder.mkdir()
    for number in range(count):
        kind = CLASSES[number % len(CLASSES)]
        Image.fromarray(drawing(kind, number).rgb).save(folder / f"{number:03} {kind}.png")
    return folder


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn(tmp_path_factory.mktemp("scan") / "forty", 40)


def run(*words: object, capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    """What the command says on either stream."""
    assert cli.main(["scan", *map(str, words)]) == code
    return "".join(capsys.readouterr())


@pytest.mark.slow
def test_the_crops_are_those_of_every_picture_tried_one_by_one(
    forty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = [tmp_path / f"g{suffix}" for suffix in (".json", ".html", ".csv")]
    outputs = [word for each in out for word in ("--output", each)]
    said = run(forty, *outputs, "--top", 5, "--workers", 2, capsys=capsys)
    assert "40 pictures, 0 that cannot be read" in said
    assert not list(tmp_path.glob("*.state"))
    model, found = load(DRAWINGS), json.loads(out[0].read_text())
    names = sorted(each.name for each in forty.iterdir())
    kept = [capture(model, preprocess(decode((forty / name).read_bytes()), 227)) for name in names]
    maps = np.stack([each["conv5"].reshape(256, -1) for each in kept])
    largest, cells = maps.max(axis=2), maps.argmax(axis=2)
    for channel, tiles in enumerate(found["channels"]):
        order = np.argsort(-largest[:, channel], kind="stable")[:5]
        assert [tile["picture"] for tile in tiles] == [names[each] for each in order]
        np.testing.assert_allclose(
            [tile["value"] for tile in tiles], largest[order, channel], rtol=1e-4, atol=1e-4
        )
        assert [tile["cell"] for tile in tiles] == [
            [*divmod(int(cells[each, channel]), 13)] for each in order
        ]
    answers = [DRAWINGS.classes[int(each["fc8"].argmax())].en for each in kept]
    assert found["classes"] == {name: answers.count(name) for name in answers}
    rows = list(csv.reader(out[2].read_text().splitlines()))
    assert len(rows) == 1 + 256 * 5
    page = out[1].read_text("utf-8")
    assert page.count("<img ") == page.count(' alt="crop of ') == 256 * 5
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!data:)', page)


def test_a_crop_is_the_receptive_field_of_its_cell(forty: Path) -> None:
    pixels = cropped(decode(next(forty.iterdir()).read_bytes()), 227)
    tops = TopCrops(ROW, 1)
    middle = tops.cut(pixels, 6 * 13 + 6)
    assert ROW.receptive_field is not None
    down, right = (each.pixels(6) for each in ROW.receptive_field)
    assert np.array_equal(middle, pixels[down.start : down.stop, right.start : right.stop])
    corner = tops.cut(pixels, 0)
    assert corner.shape[0] < middle.shape[0]
    assert np.array_equal(corner, pixels[: corner.shape[0], : corner.shape[1]])


def seen(number: int) -> Seen:
    """What a network of chance makes of a picture."""
    chance = np.random.default_rng(number)
    values = np.full(256, -np.inf, dtype=np.float32)
    values[:8] = chance.normal(0, 1, 8)
    return Seen(
        chance.integers(0, 256, (227, 227, 3), dtype=np.uint8),
        values,
        chance.integers(0, 169, 256),
        number % 7,
    )


def scanned(count: int, state: Path | None = None) -> Found:
    found = Found(ROW, 9)
    names = [str(number) for number in range(count)]
    looked = here(lambda batch: [seen(int(name)) for name in batch], scan.batches(names, 0), 2)
    save = (lambda: found.save(state, "key")) if state else lambda: None
    scan.scan(looked, found, str, lambda done: None, save, 40)
    return found


def test_five_times_the_pictures_take_the_memory_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(top_crops, "SIDE", 16)
    peaks = []
    for count in (150, 750):
        tracemalloc.start()
        scanned(count)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.25 * peaks[0]
    assert peaks[1] < 750 * 227 * 227 * 3 / 4


def test_what_was_saved_is_what_was_found(tmp_path: Path) -> None:
    state = tmp_path / "g.state"
    found = scanned(40, state)
    again = Found(ROW, 9)
    assert not again.resume(state, "another key")
    assert again.done == 0
    assert again.resume(state, "key")
    assert (again.done, again.answers) == (40, found.answers)
    assert [again.tops.of(each) for each in range(256)] == [
        found.tops.of(each) for each in range(256)
    ]
    assert np.array_equal(again.tops._least, found.tops._least)
    state.write_text(state.read_text()[:-40])
    assert not Found(ROW, 9).resume(state, "key")
    assert not Found(ROW, 9).resume(tmp_path / "none", "key")


STOPPED = """
import sys, time
from alexnet_viz.commands import cli, scan
from alexnet_viz.interpretability.folder_scan.scan import Found

scan.EVERY = 16
save = Found.save

def slow(self, path, key):
    save(self, path, key)
    time.sleep(600)

Found.save = slow
cli.main(sys.argv[1:])
"""


@pytest.mark.slow
def test_a_scan_that_was_killed_goes_on_to_the_same_gallery(
    forty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, whole = tmp_path / "g.html", tmp_path / "whole.html"
    words = ["scan", str(forty), "--top", "3", "--output", str(out)]
    process = subprocess.Popen([sys.executable, "-c", STOPPED, *words], cwd=ROOT)
    state = tmp_path / "g.html.state"
    until = time.monotonic() + 120
    while not state.exists() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not out.exists()
    assert json.loads(state.read_text())["done"] == 16
    assert "Going on after 16 of 40 pictures." in run(*words[1:], capsys=capsys)
    assert not state.exists()
    run(forty, "--top", 3, "--output", whole, capsys=capsys)
    assert out.read_bytes() == whole.read_bytes()


def test_what_changed_is_scanned_anew(forty: Path, tmp_path: Path) -> None:
    before = listed(forty)
    assert before == listed(forty)
    other = drawn(tmp_path / "other", 2)
    first = listed(other)
    os.utime(other / first.names[0], ns=(1, 1))
    assert listed(other).digest != first.digest
    assert listed(other).names == first.names


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Pictures that are none, among two that are."""
    folder = drawn(tmp_path / "hostile", 1)
    (folder / "图片 ünï <img src=x onerror=alert(1)>.png").write_bytes(
        next(folder.iterdir()).read_bytes()
    )
    (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
    (folder / "empty.jpg").touch()
    with (folder / "heavy.tiff").open("wb") as file:
        file.truncate(21 * 2**20)
    Image.new("1", (40_000, 2_000)).save(folder / "bomb.png")
    (folder / ".hidden.png").write_bytes(b"x")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "b.png").write_bytes(b"x")
    (folder / "notes.txt").write_text("no picture")
    (folder / "round").symlink_to(folder)
    (folder / "passwd.png").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.png")
    (folder / "folder.png").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.png")).write_bytes(b"GIF89a")
    return folder


def test_a_hostile_folder_is_scanned_to_its_end(
    hostile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "g.json"
    page = tmp_path / "g.html"
    options = ["--layer", "conv1", "--top", 2, "--output", out, "--output", page]
    said = run(hostile, *options, capsys=capsys)
    assert "2 pictures, 6 that cannot be read" in said
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    reasons = {each["picture"]: each["reason"] for each in found["refused"]}
    assert set(reasons) == {"a.png", "bomb.png", "empty.jpg", "heavy.tiff", "pipe.png", "�.png"}
    assert "megapixels" in reasons["bomb.png"]
    assert reasons["pipe.png"] == "It is not a plain file."
    assert found["notes"] == ["Symbolic links that were not followed: 2."]
    text = page.read_text("utf-8")
    assert "图片 ünï &lt;img src=x onerror" in text
    assert "<img src=x" not in text
    run(hostile, *options, "--no-names", "--language", "zh", capsys=capsys)
    assert "ünï" not in page.read_text("utf-8") + out.read_text("utf-8")
    assert "图片 2" in page.read_text("utf-8")


def test_a_request_that_cannot_be_answered_is_one_line(
    forty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty := tmp_path / "empty").mkdir()
    for asked, reason in {
        (tmp_path / "none", "--output", "g.html"): "cannot be read as a folder",
        (empty, "--output", "g.html"): "holds no picture",
        (forty, "--output", "g.pdf"): "g.pdf is none of .html, .csv, .json",
        (forty, "--output", "g.html", "--layer", "conv9"): "conv9",
        (forty, "--output", "g.html", "--weights", "none"): "none",
        (forty, "--output", "g.html", "--top", "0"): "--top",
    }.items():
        said = run(*asked, capsys=capsys, code=2)
        assert reason in said
        assert said.count("\n") == 1


def test_a_file_that_is_gone_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="No such file"):
        picture_files.read(tmp_path, "gone.png")


@pytest.mark.slow
def test_ray_finds_the_same(
    forty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("ray.data")
    here, there = tmp_path / "here.html", tmp_path / "there.html"
    run(forty, "--top", 3, "--output", here, capsys=capsys)
    words = ("scan", forty, "--top", "3", "--backend", "ray", "--output", there)
    # in a process of its own: Ray warns of its own settings, and warnings are errors here
    subprocess.run([sys.executable, "-m", "alexnet_viz", *map(str, words)], cwd=ROOT, check=True)
    assert there.read_bytes() == here.read_bytes()


@pytest.mark.slow
def test_the_channel_page_shows_what_own_pictures_it_answers_to(forty: Path) -> None:
    choices = {"variant": "alexnet_2012_227", "weights": "drawings", "source": "sample"}
    app = open_page("channel", layer="conv5", channel=9, **choices)
    app.session_state["own_pictures"] = True
    app.run()
    names = sorted(each.name for each in forty.iterdir())[:4]
    files = [(name, (forty / name).read_bytes(), "image/png") for name in names]
    uploader = app.file_uploader(key="channel.pictures")
    for each in (*files, ("damaged.png", b"\x89PNG\r\n\x1a\n", "image/png")):
        uploader.upload(*each)
    app.run()
    assert not app.exception
    model = load(DRAWINGS)
    largest = {
        name: float(capture(model, preprocess(decode(data), 227))["conv5"][9].max())
        for name, data, _ in files
    }
    gallery = app.session_state[own_pictures.FOUND][1]
    tiles = gallery.channels[9]
    assert {each.name: pytest.approx(each.value, rel=1e-4) for each in tiles} == largest
    np.testing.assert_allclose(
        [each.value for each in tiles], sorted(largest.values())[::-1], rtol=1e-4
    )
    assert "channel 9 of conv5" in words(app)
    assert [each.value for each in app.warning if "damaged.png" in each.value]
