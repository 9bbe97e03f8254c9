"""What a deployment installs: pinned, hashed, licensed, and compared with known weaknesses."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import distribution
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs import audit, licences
from docs.licences import APP, CLUSTER, ROOT, added, closure, licence, required

LOCK, CLUSTER_LOCK = ((ROOT / each).read_text("utf-8") for each in audit.LOCKS)
LICENCES = (ROOT / "docs" / "licences.md").read_text("utf-8")
OF_APP, OF_CLUSTER = LICENCES.split(licences.OF_CLUSTER)
PARTS = [(APP, LOCK, OF_APP), (CLUSTER, CLUSTER_LOCK, OF_CLUSTER)]


@pytest.mark.parametrize(("file", "lock", "listed"), PARTS, ids=["app", "cluster"])
def test_a_lock_pins_what_is_required(file: str, lock: str, listed: str) -> None:
    pinned = audit.pins(lock)
    for each in required(file):
        assert str(each.specifier) == f"=={pinned[canonicalize_name(each.name)]}"
    assert pinned.keys() == {*re.findall(r"^\| ([a-z0-9-]+) \| [0-9]", listed, re.MULTILINE)}


def test_the_locks_pin_all_that_what_is_installed_requires_and_no_package_twice() -> None:
    """pip refuses a package without a hash, and two versions of one."""
    app, cluster = audit.pins(LOCK), audit.pins(CLUSTER_LOCK)
    assert not app.keys() & cluster.keys()
    both = app | cluster
    for name in both:
        for line in distribution(name).requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                other = canonicalize_name(needed.name)
                assert other.startswith(licences.OF_GPUS) or other in both, (name, line)
    assert {"grpcio", "pydantic", "aiohttp"} <= added().keys()  # of ray's extra
    assert "uvloop" in cluster  # of uvicorn's, which the app installs without


@pytest.mark.parametrize("first", ["plain", "more"])
def test_a_package_that_is_required_with_extras_too_brings_what_these_require(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    requires = {
        "plain": ["shared"],
        "more": ["shared[fast]"],
        "shared": ["small", 'quick; extra == "fast"', 'other; extra == "slow"'],
    }

    def package(name: str) -> Any:
        return SimpleNamespace(requires=requires.get(name))

    names = sorted(("plain", "more"), key=lambda name: name != first)
    monkeypatch.setattr(licences, "distribution", package)
    monkeypatch.setattr(licences, "required", lambda file: [Requirement(each) for each in names])
    found = licences.closure("a file")
    assert found.keys() == {"plain", "more", "shared", "small", "quick"}
    assert found["shared"][1] == {"plain", "more"}


@pytest.mark.parametrize("lock", [LOCK, CLUSTER_LOCK], ids=["app", "cluster"])
def test_every_package_of_a_lock_has_hashes(lock: str) -> None:
    packages = [each for each in re.split(r"\n(?=[a-z])", lock) if not each.startswith("#")]
    assert len(packages) == len(audit.pins(lock)) > 40
    for block in packages:
        name, *hashes = block.strip().split(" \\\n")
        assert hashes, name
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", each) for each in hashes)


def test_the_lock_names_no_index_but_pytorch_s() -> None:
    assert set(re.findall(r"\w+://\S+", LOCK + CLUSTER_LOCK)) <= {
        "https://download.pytorch.org/whl/cpu"
    }


def test_the_licences_are_those_of_what_is_required() -> None:
    """What these require in turn is as it was when the file was written."""
    listed = dict(re.findall(r"^\| (\S+) \| (.+) \| [^|]+ \|$", LICENCES, re.MULTILINE))
    installed = closure(APP, CLUSTER)
    for each in (*required(), *required(CLUSTER)):
        name = canonicalize_name(each.name)
        package = installed[name][0]
        version = package.version.partition("+")[0]
        assert listed[name] == f"{version} | {licence(package)}"
    assert APP in licences.HEAD
    assert CLUSTER in licences.HEAD


@contextmanager
def database(results: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An advisory database that gives these results, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"results": results}).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_known_weaknesses_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    pinned = audit.pins(LOCK + CLUSTER_LOCK)
    results: list[dict[str, Any]] = [{} for _ in pinned]
    with database(results) as (url, asked):
        assert audit.main(url) == 0
        results[list(pinned).index("pillow")] = {"vulns": [{"id": "GHSA-x"}]}
        results[list(pinned).index("ray")] = {"vulns": [{"id": "GHSA-y"}]}
        assert audit.main(url) == 1
    printed = capsys.readouterr().out
    assert f"pillow {pinned['pillow']} https://osv.dev/vulnerability/GHSA-x" in printed
    assert f"ray {pinned['ray']} https://osv.dev/vulnerability/GHSA-y" in printed
    torch = {"package": {"name": "torch", "ecosystem": "PyPI"}, "version": pinned["torch"]}
    assert torch in asked[0]["queries"]
    assert "+" not in pinned["torch"]


def test_an_audit_without_a_database_says_that_nothing_was_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert audit.main("http://127.0.0.1:9/") == 2
    assert "Nothing was checked" in capsys.readouterr().err
