"""Files of weights that are no longer what was shipped or fetched: noticed, said, fetched again."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import save
from streamlit import cache_data, cache_resource
from streamlit.testing.v1 import AppTest

from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app.shell import PAGES
from alexnet_viz.ui.weights import model_card
from alexnet_viz.weights import Weights, integrity, loader
from alexnet_viz.weights.catalogue import DRAWINGS, WEIGHTS
from alexnet_viz.weights.download import cached, fetch
from alexnet_viz.weights.integrity import aside, record, verify
from alexnet_viz.weights.published import PLACES_CAFFE, PLACES_TORCH, PUBLISHED
from tests.file_server import CONTENT, SHA1, SHA256, own_cache, serving, weights
from tests.spoken import open_page, words

SHIPPED = Path(loader.__file__).with_name(DRAWINGS.file)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(integrity, "_CHECKED", set())
    cache_resource.clear()
    cache_data.clear()
    yield own_cache(tmp_path, monkeypatch)
    cache_resource.clear()
    cache_data.clear()


def flipped(path: Path) -> None:
    """Change one bit in the middle of a file; its size stays."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def refused(wanted: Weights, call: Any = loader.tensors) -> Problem:
    with pytest.raises(Problem) as caught:
        call(wanted)
    for language in LANGUAGES:
        assert caught.value.explained(language)
    return caught.value


@pytest.mark.parametrize(
    "stated", [{}, {"sha256": "", "sha1": SHA1}, {"sha256": ""}], ids=["sha256", "sha1", "recorded"]
)
def test_a_damaged_fetched_file_is_moved_aside_and_fetched_again(
    stated: dict[str, str], folder: Path
) -> None:
    with serving(CONTENT) as served:
        wanted = weights(served.url, **stated)
        path = fetch(wanted)
        record(path, wanted)  # as ``loader.fits`` does where none is stated
        verify(path, wanted)
        flipped(path)
        problem = refused(wanted)
        assert problem.code == "weights_set_aside"
        assert " ≠ " in str(problem)  # by its checksum, before anything in it was read
        assert cached(wanted) is None
        assert aside(path).stat().st_size == len(CONTENT)
        assert fetch(wanted).read_bytes() == CONTENT
        verify(path, wanted)
        assert not aside(path).exists()


def test_only_what_no_maker_states_is_recorded(folder: Path) -> None:
    with serving(CONTENT) as served:
        stated = weights(served.url)
        path = fetch(stated)
        record(path, stated)
        assert [each.name for each in folder.iterdir()] == ["weights.pth"]
        path.unlink()
        unstated = weights(served.url, sha256="")
        assert fetch(unstated) == path
        # nobody has looked into it: until then it is read in a process of its own
        assert not integrity.known(path, unstated)
        record(path, unstated)
    note = (folder / "weights.pth.sha256").read_text()
    assert note == f"{SHA256}  weights.pth\n"  # as sha256sum writes and checks


def test_a_file_is_compared_once_in_a_process_and_again_when_it_changes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    digest = integrity._digest

    def counting(path: Path, method: str) -> str:
        counted.append(path)
        return digest(path, method)

    monkeypatch.setattr(integrity, "_digest", counting)
    for _ in range(3):
        loader.check(DRAWINGS)
        loader.tensors(DRAWINGS)
    assert len(counted) == 1
    with serving(CONTENT) as served:
        wanted = weights(served.url)
        path = fetch(wanted)
    counted.clear()
    verify(path, wanted)
    verify(path, wanted)
    assert len(counted) == 1
    flipped(path)
    refused(wanted)
    assert len(counted) == 2


def test_a_folder_that_cannot_be_written_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(CONTENT) as served:
        wanted = weights(served.url)
        flipped(fetch(wanted))

    def read_only(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(integrity.os, "replace", read_only)
    problem = refused(wanted)
    assert problem.code == "weights_stuck"
    assert "Permission denied" in str(problem)
    record(folder / "nowhere" / "x", replace(wanted, sha256=""))  # nothing to write, no exception


def test_a_file_that_nobody_states_is_read_apart_before_it_is_recorded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied there by hand, of a maker who states no checksum."""
    folder.mkdir()
    path = folder / PLACES_TORCH.file
    path.write_bytes(b"no archive")
    problem = refused(PLACES_TORCH, loader.check)
    assert problem.code == "weights_set_aside"
    assert t("problem.weights_damaged", "en", format="PyTorch")[:20] in str(problem)
    assert not path.exists()
    assert not path.with_name(f"{path.name}.sha256").exists()

    small = DRAWINGS.network.edited(
        id=DRAWINGS.network.id, fc6={"out_features": 4}, fc7={"out_features": 4},
        fc8={"out_features": 2},
    )  # fmt: skip
    from alexnet_viz.model.build import build

    state = build(small).state_dict()
    mine = replace(PLACES_TORCH, file="mine.safetensors", network=small)
    (folder / mine.file).write_bytes(save(state))
    monkeypatch.setattr(loader.files, "read", None)  # not in this process
    loader.check(mine)
    noted = (folder / "mine.safetensors.sha256").read_text().split()[0]
    assert noted == hashlib.sha256((folder / mine.file).read_bytes()).hexdigest()
    monkeypatch.undo()


def test_what_is_fetched_in_the_clear_without_a_checksum_is_said_so() -> None:
    plain = {each.id for each in PUBLISHED if each.url.startswith("http:")}
    unstated = {each.id for each in PUBLISHED if not integrity.checksum(each)[0]}
    assert unstated == {PLACES_CAFFE.id, PLACES_TORCH.id} <= plain
    for language in LANGUAGES:
        said = words(open_page("weights", lang=language))
        assert said.count(t("weights.in_the_clear", language)) == len(unstated)
        assert said.count(t("weights.apart", language)) == len(unstated)
        encrypted = integrity.warning(replace(PLACES_TORCH, url="https://host/file"), language)
        assert encrypted.startswith(t("weights.unchecked", language))
        assert {integrity.warning(each, language) for each in PUBLISHED if each.sha256} == {""}


def test_what_came_without_a_checksum_is_compared_with_its_network(folder: Path) -> None:
    """A file of the right length that is another network's is moved aside."""
    small = DRAWINGS.network.edited(
        id=DRAWINGS.network.id, fc6={"out_features": 4}, fc7={"out_features": 4},
        fc8={"out_features": 2},
    )  # fmt: skip
    from alexnet_viz.model.build import build

    content = save(build(small).state_dict())
    with serving(content) as served:
        right = replace(
            PLACES_TORCH, file="mine.safetensors", network=small, url=served.url, bytes=1000
        )
        path = fetch(right)
        loader.fits(path, right)
        assert integrity.known(path, right)
        path.unlink()
        wrong = replace(right, network=small.edited(id=small.id, fc8={"out_features": 3}))
        path = fetch(wrong)
        with pytest.raises(Problem) as caught:
            loader.fits(path, wrong)
    assert caught.value.code == "weights_set_aside"
    assert "fc8.weight" in str(caught.value)
    assert not path.exists()
    assert aside(path).exists()


@pytest.fixture(params=["damaged", "missing"])
def broken(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installation whose own weights are damaged or missing."""
    package = tmp_path / "package"
    package.mkdir()
    copy = package / DRAWINGS.file
    if request.param == "damaged":
        copy.write_bytes(SHIPPED.read_bytes())
        flipped(copy)
    own = SimpleNamespace(files=lambda _: package, as_file=loader.resources.as_file)
    monkeypatch.setattr(loader, "resources", own)
    monkeypatch.setattr(model_card, "files", own.files)
    return str(request.param)


def test_an_installation_without_its_own_weights_says_what_to_do(broken: str) -> None:
    assert refused(DRAWINGS).code == f"weights_shipped_{broken}"
    assert "git checkout" in str(refused(DRAWINGS))


LIVE = ("feature_maps", "channel", "predictions", "attribution")


@pytest.mark.parametrize(
    ("broken", "page"),
    [*(("damaged", page) for page in PAGES), *(("missing", page) for page in LIVE)],
    indirect=["broken"],
)
def test_without_its_own_weights_every_page_works(broken: str, page: str) -> None:
    app = open_page(page, lang="zh")
    assert not app.exception
    assert (t("remedy.weights_shipped_damaged", "zh") in words(app)) == (page in {*LIVE, "weights"})
    assert page not in LIVE or app.selectbox(key="widget.weights").options


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_that_a_fetched_file_was_moved_aside(language: Language, folder: Path) -> None:
    imagenet = WEIGHTS["torchvision_imagenet"]
    folder.mkdir()
    (folder / imagenet.file).write_bytes(b"something else")
    query = {"lang": language, "weights": imagenet.id, "variant": imagenet.network.id}
    app = open_page("feature_maps", **query)
    assert not app.exception
    assert imagenet.file in app.error[0].value.replace("\\", "")
    assert not (folder / imagenet.file).exists()
    again: AppTest = open_page("feature_maps", **query)
    assert not again.exception
    assert t("subject.not_here", language, weights=imagenet.title.of(language)) in words(again)
    shelf = open_page("weights", lang=language)
    place = str(folder / f"{imagenet.file}.damaged")
    assert t("weights.set_aside", language, aside=place) in words(shelf)
    assert any(button.key == f"fetch.{imagenet.id}" for button in shelf.button)


def test_the_first_page_reads_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "_digest", None)
    assert not open_page(next(iter(PAGES))).exception


def test_a_checked_file_still_has_its_numbers() -> None:
    assert torch.isfinite(loader.tensors(DRAWINGS)["fc8.weight"]).all()
