"""Fetching from a server that cuts, forgets or is not there, onto a disk that is full."""

import errno
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from alexnet_viz.text import local_file
from alexnet_viz.weights import download, partial_download
from alexnet_viz.weights.download import cached, fetch
from tests.file_server import CONTENT, own_cache, ranges, refused, serving, weights


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_cache(tmp_path, monkeypatch)


def test_a_cache_over_its_limit_is_said_before_anything_is_fetched(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "other.pth").write_bytes(bytes(300_000))
    with serving(CONTENT) as served:
        monkeypatch.setenv(local_file.DISK, "1")
        problem = refused(weights(served.url))
        held, needed = 0.3, len(CONTENT) / 1e6
        values = {"folder": str(folder), "held": held, "needed": needed, "limit": 1.0}
        assert (problem.code, problem.values) == ("fetch_cache_full", values)
        assert "ALEXNET_VIZ_DISK" in problem.remedy()
        for unlimited in ("2", "", "much", "0"):
            monkeypatch.setenv(local_file.DISK, unlimited)
            fetch(weights(served.url)).unlink()


# --- servers and networks ------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 403, 500])
def test_an_answer_that_is_no_file(status: int, folder: Path) -> None:
    with serving(CONTENT, status=status) as served:
        problem = refused(weights(served.url))
    assert (problem.code, problem.values["status"]) == ("fetch_status", status)
    assert f"127.0.0.1 does not serve the file: {status}" in str(problem)


def test_a_host_that_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        problem = refused(weights(f"http://127.0.0.1:{port}/weights.pth"))
        assert (problem.code, problem.values["host"]) == ("fetch_unreachable", "127.0.0.1")
        assert "Connection refused" in str(problem)
    assert refused(weights("http://alexnet.invalid/x")).code == "fetch_unreachable"


def test_a_server_that_hangs_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(CONTENT, cuts=[0] * 99) as served:
        assert refused(weights(served.url)).code == "fetch_nothing"
    assert len(served.requests) == download.TRIES
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        assert refused(weights(f"http://127.0.0.1:{port}/b.pth")).code == "fetch_nothing"


def test_proxies_of_the_environment_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(CONTENT) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        fetch(weights("http://alexnet.invalid/weights.pth"))
    assert proxy.requests[0]["path"] == "http://alexnet.invalid/weights.pth"


# --- disks ---------------------------------------------------------------------------------------


def test_a_disk_without_room_is_seen_before(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("usage", (), {"free": 1000})
    monkeypatch.setattr(download.shutil, "disk_usage", lambda folder: usage)
    with serving(CONTENT) as served:
        problem = refused(weights(served.url))
    assert problem.code == "fetch_no_room"
    assert "1 MB are needed" in str(problem)


@pytest.mark.parametrize(
    ("number", "expected"), [(errno.ENOSPC, "fetch_disk_full"), (errno.EIO, "fetch_unwritable")]
)
def test_a_disk_that_fills_up_meanwhile(
    number: int, expected: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """What has come stays, and the download goes on when there is room."""
    writes = []
    original = partial_download.owned

    class Full:
        def __init__(self, file: Any) -> None:
            self.file = file

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def write(self, chunk: memoryview) -> int:
            writes.append(len(chunk))
            if len(writes) > 2:
                raise OSError(number, os.strerror(number))
            return int(self.file.write(chunk[: len(chunk) // 2]))  # a part, as disks may

    class Owned:
        def __init__(self, part: Path) -> None:
            self.inner = original(part)

        def __enter__(self) -> Full:
            return Full(self.inner.__enter__())

        def __exit__(self, *error: Any) -> Any:
            return self.inner.__exit__(*error)

    with serving(CONTENT) as served:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(download, "owned", Owned)
            assert refused(weights(served.url)).code == expected
        kept = (folder / "weights.pth.part").stat().st_size
        assert 0 < kept < download.CHUNK
        assert fetch(weights(served.url)).read_bytes() == CONTENT
    assert ranges(served) == [None, f"bytes={kept}-"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with serving(CONTENT) as served:
        assert refused(weights(served.url), folder=tmp_path / "file").code == "fetch_unwritable"


def test_files_larger_than_any_alexnet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MAX_BYTES", 500_000)
    with serving(CONTENT) as served:
        assert refused(weights(served.url)).code == "fetch_length"
        served.length = False
        assert refused(weights(served.url)).code == "fetch_length"


# --- people --------------------------------------------------------------------------------------


def test_a_download_can_be_stopped_and_goes_on() -> None:
    with serving(CONTENT) as served:
        problem = refused(weights(served.url), stop=iter([False, False, True]).__next__)
        assert problem.code == "fetch_stopped"
        assert fetch(weights(served.url)).read_bytes() == CONTENT
    assert ranges(served) == [None, f"bytes={2 * download.CHUNK}-"]


def test_two_downloads_do_not_mix(folder: Path) -> None:
    codes = []

    def meanwhile(done: int, total: int | None) -> None:
        codes.append(refused(weights(served.url)).code)

    with serving(CONTENT) as served:
        assert fetch(weights(served.url), progress=meanwhile).read_bytes() == CONTENT
    assert set(codes) == {"fetch_busy"}


def test_what_ships_is_not_fetched() -> None:
    assert refused(weights("")).code == "fetch_ships"
    assert cached(weights("")) is None


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/var/x"}, "/var/x/alexnet_viz"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "~/.cache/alexnet_viz"),
        ("linux", {}, "~/.cache/alexnet_viz"),
        ("darwin", {}, "~/Library/Caches/alexnet_viz"),
        ("linux", {"ALEXNET_VIZ_CACHE": "/data/w"}, "/data/w"),
    ],
)
def test_the_cache_folder(
    platform: str, environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALEXNET_VIZ_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(download.sys, "platform", platform)
    assert download.cache_folder() == Path(expected).expanduser()
