"""What a deployment installs: pinned, hashed, licensed, and compared with known weaknesses."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from docs import audit, licences
from docs.licences import ROOT, closure, licence, required

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
LICENCES = (ROOT / "docs" / "licences.md").read_text("utf-8")


def test_the_lock_pins_what_is_required() -> None:
    pinned = audit.pins(LOCK)
    for each in required():
        assert str(each.specifier) == f"=={pinned[canonicalize_name(each.name)]}"
    assert pinned.keys() == {*re.findall(r"^\| ([a-z0-9-]+) \| [0-9]", LICENCES, re.MULTILINE)}


def test_every_package_of_the_lock_has_hashes() -> None:
    packages = [each for each in re.split(r"\n(?=[a-z])", LOCK) if not each.startswith("#")]
    assert len(packages) == len(audit.pins(LOCK))
    for block in packages:
        name, *hashes = block.strip().split(" \\\n")
        assert hashes, name
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", each) for each in hashes)


def test_the_lock_names_no_index_but_pytorch_s() -> None:
    assert set(re.findall(r"\w+://\S+", LOCK)) <= {"https://download.pytorch.org/whl/cpu"}


def test_the_licences_are_those_of_what_is_required() -> None:
    """What these require in turn is as it was when the file was written."""
    listed = dict(re.findall(r"^\| (\S+) \| (.+) \| [^|]+ \|$", LICENCES, re.MULTILINE))
    for each in required():
        name = canonicalize_name(each.name)
        package = closure()[name][0]
        version = package.version.partition("+")[0]
        assert listed[name] == f"{version} | {licence(package)}"
    assert "requirements.txt" in licences.HEAD


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
    pinned = audit.pins(LOCK)
    results: list[dict[str, Any]] = [{} for _ in pinned]
    with database(results) as (url, asked):
        assert audit.main(url) == 0
        results[list(pinned).index("pillow")] = {"vulns": [{"id": "GHSA-x"}]}
        assert audit.main(url) == 1
    assert (
        f"pillow {pinned['pillow']} https://osv.dev/vulnerability/GHSA-x" in capsys.readouterr().out
    )
    torch = {"package": {"name": "torch", "ecosystem": "PyPI"}, "version": pinned["torch"]}
    assert torch in asked[0]["queries"]
    assert "+" not in pinned["torch"]


def test_an_audit_without_a_database_says_that_nothing_was_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert audit.main("http://127.0.0.1:9/") == 2
    assert "Nothing was checked" in capsys.readouterr().err
