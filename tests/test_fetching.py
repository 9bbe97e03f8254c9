"""Fetching a file: resumed, checked, put in its place in one step."""

from pathlib import Path
from typing import Any

import pytest

from alexnet_viz.weights import download
from alexnet_viz.weights.download import cached, fetch
from tests.file_server import CONTENT, SHA1, SHA256, own_cache, ranges, refused, serving, weights


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_cache(tmp_path, monkeypatch)


def test_a_file_is_fetched_once_and_reported_on_the_way(folder: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    with serving(CONTENT) as served:
        wanted = weights(served.url)
        assert cached(wanted) is None
        path = fetch(wanted, progress=lambda *values: seen.append(values))
        assert fetch(wanted) == path == cached(wanted) == folder / "weights.pth"
    assert path.read_bytes() == CONTENT
    assert len(served.requests) == 1
    assert [path.name for path in folder.iterdir()] == ["weights.pth"]
    done = [bytes for bytes, _ in seen]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, len(CONTENT))
    assert len(done) >= 4
    assert {total for _, total in seen} == {len(CONTENT)}


def test_a_folder_may_be_chosen(tmp_path: Path, folder: Path) -> None:
    with serving(CONTENT) as served:
        path = fetch(weights(served.url), folder=tmp_path / "deep" / "er")
    assert path == tmp_path / "deep" / "er" / "weights.pth"
    assert not folder.exists()


def test_a_cut_connection_is_taken_up_at_once() -> None:
    seen: list[int] = []
    with serving(CONTENT, cuts=[100_000, 300_000]) as served:
        path = fetch(weights(served.url), progress=lambda done, total: seen.append(done))
        assert path.read_bytes() == CONTENT
    assert ranges(served) == [None, "bytes=100000-", "bytes=400000-"]
    assert served.requests[1]["If-Range"] == served.etag
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)


def test_a_download_goes_on_next_time(folder: Path) -> None:
    with serving(CONTENT, cuts=[300_000] + [0] * download.TRIES) as served:
        problem = refused(weights(served.url))
        assert (problem.code, problem.values["here"]) == ("fetch_cut", 0.3)
        assert "ended at 0.3 of 0.8 MB" in str(problem)
        assert cached(weights(served.url)) is None
        served.requests.clear()
        seen: list[int] = []
        path = fetch(weights(served.url), progress=lambda done, total: seen.append(done))
        assert path.read_bytes() == CONTENT
    assert ranges(served) == ["bytes=300000-"]
    assert seen[0] == 300_000
    assert [path.name for path in folder.iterdir()] == ["weights.pth"]


def test_a_server_that_ignores_ranges_begins_again() -> None:
    seen: list[int] = []
    with serving(CONTENT, cuts=[300_000], ranges=False) as served:
        path = fetch(weights(served.url), progress=lambda done, total: seen.append(done))
        assert path.read_bytes() == CONTENT
    assert ranges(served) == [None, "bytes=300000-"]
    assert seen == sorted(seen)


def test_a_file_that_changed_meanwhile_is_fetched_anew(folder: Path) -> None:
    with serving(CONTENT[::-1], cuts=[300_000] + [0] * download.TRIES) as served:
        refused(weights(served.url))
        served.content = CONTENT
        assert fetch(weights(served.url)).read_bytes() == CONTENT
    assert served.requests[-1]["Range"] == "bytes=300000-"


@pytest.mark.parametrize("tag", [None, 'W/"weak"'])
def test_without_a_validator_nothing_is_put_together(tag: str | None) -> None:
    with serving(CONTENT, cuts=[300_000], tag=tag) as served:
        assert refused(weights(served.url)).code == "fetch_cut"
        assert fetch(weights(served.url)).read_bytes() == CONTENT
    assert ranges(served) == [None, None]


def test_a_date_serves_as_validator() -> None:
    date = "Sat, 21 Nov 2026 08:00:00 GMT"
    with serving(CONTENT, cuts=[300_000], tag=None, headers={"Last-Modified": date}) as served:
        fetch(weights(served.url))
    assert served.requests[1]["If-Range"] == date


def test_a_range_that_begins_elsewhere_is_not_believed() -> None:
    with serving(CONTENT, cuts=[300_000], headers={"Content-Range": "bytes 400000-1/1"}) as served:
        served.headers = {}
        wanted = weights(served.url)
        original = download._begin

        def misled(answer: Any) -> int | None:
            begin = original(answer)
            return begin + 5 if begin else begin

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(download, "_begin", misled)
            assert fetch(wanted).read_bytes() == CONTENT
    assert ranges(served) == [None, "bytes=300000-", None]


def test_a_finished_part_is_not_asked_for_again(folder: Path) -> None:
    with serving(CONTENT) as served:
        refused(weights(served.url), stop=iter([False] * 4 + [True] * 9).__next__)
        assert (folder / "weights.pth.part").read_bytes() == CONTENT
        fetch(weights(served.url))
    assert len(served.requests) == 1


def test_a_part_that_is_too_long_is_thrown_away(folder: Path) -> None:
    with serving(CONTENT, cuts=[300_000] + [0] * download.TRIES) as served:
        refused(weights(served.url))
        with (folder / "weights.pth.part").open("ab") as part:
            part.write(CONTENT + CONTENT)
        assert fetch(weights(served.url)).read_bytes() == CONTENT


def test_a_length_need_not_be_stated() -> None:
    seen: list[int | None] = []
    with serving(CONTENT, length=False) as served:
        fetch(weights(served.url), progress=lambda done, total: seen.append(total))
    assert set(seen) == {None}


# --- checksums -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stated",
    [{"sha256": SHA256}, {"sha256": SHA256[:8]}, {"sha256": "", "sha1": SHA1}, {"sha256": ""}],
    ids=["whole", "prefix", "sha1", "none"],
)
def test_what_is_stated_of_a_file_is_checked(stated: dict[str, str]) -> None:
    with serving(CONTENT) as served:
        assert fetch(weights(served.url, **stated)).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("stated", "method"),
    [
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"sha256": "00000000"}, "SHA-256"),
        ({"sha256": "", "sha1": "0" * 40}, "SHA-1"),
    ],
)
def test_a_wrong_checksum_leaves_nothing(stated: dict[str, str], method: str, folder: Path) -> None:
    with serving(CONTENT) as served:
        problem = refused(weights(served.url, **stated))
    assert problem.code == "fetch_checksum"
    assert f"its {method} should begin with 0000" in str(problem)
    assert (SHA256 if method == "SHA-256" else SHA1)[:8] in str(problem)
    assert list(folder.iterdir()) == []


def test_without_a_checksum_the_numbers_must_at_least_have_room(folder: Path) -> None:
    """A page that says sorry, with status 200."""
    with serving(b"<html>moved</html>") as served:
        problem = refused(weights(served.url, sha256="", bytes=1000))
    assert problem.code == "fetch_too_short"
    assert list(folder.iterdir()) == []


def test_another_file_of_that_name_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "weights.pth").write_bytes(b"mine")
    with serving(CONTENT) as served:
        assert refused(weights(served.url)).code == "fetch_other_file"
    assert (folder / "weights.pth").read_bytes() == b"mine"
    assert served.requests == []
