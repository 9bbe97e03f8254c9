"""The log of events: what a line has, and that nothing of a visitor's ever gets into it."""

import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from alexnet_viz.jobs import Limits, Queue
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app.event_log import LOG, EventLog, Lines, timed, told
from alexnet_viz.ui.app.shell import PAGES
from benchmarks.load import MAPS, opened, photograph
from benchmarks.memory import Bringer
from tests.browser.server import serving
from tests.conftest import ROOT

TELLING = "patient_doe"
"""What a visitor's file and link are called here."""


def line(record: logging.LogRecord, form: str = "json") -> str:
    return Lines(form).format(record)  # type: ignore[arg-type]


def test_an_event_is_one_line_in_either_form(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "alexnet_viz"):
        told("session.begins", milliseconds=1.5)
        with pytest.raises(ValueError, match="left"), timed("run", page="layer"):
            raise ValueError("left early")
    first, second = caplog.records
    told_first = json.loads(line(first))
    assert {key: told_first[key] for key in ("level", "event", "milliseconds")} == {
        "level": "info",
        "event": "session.begins",
        "milliseconds": 1.5,
    }
    assert "event=run page=layer milliseconds=" in line(second, "text")
    assert "\n" not in line(second, "text")


def test_a_fault_has_its_place_and_not_its_words() -> None:
    try:
        raise KeyError(TELLING)
    except KeyError:
        record = logging.LogRecord(
            "streamlit.error_util", logging.ERROR, __file__, 1, f"failed on {TELLING} %s",
            (TELLING,), sys.exc_info(),
        )  # fmt: skip
    for form in ("json", "text"):
        assert TELLING not in line(record, form)
    found = json.loads(line(record))
    warned = logging.LogRecord("py.warnings", logging.WARNING, "x.py", 7, TELLING, (), None)
    assert json.loads(line(warned)).items() >= {"event": "log", "at": "x:7"}.items()
    assert TELLING not in line(warned)
    assert (found["event"], found["exception"]) == ("fault", "KeyError")
    assert found["trace"].startswith("test_event_log.py:")
    assert found["logger"] == "streamlit.error_util"


def test_a_job_is_told_when_it_begins_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    def failing(progress: object, stop: object) -> None:
        raise Problem("job_memory")

    with caplog.at_level(logging.INFO, "alexnet_viz.jobs"):
        queue = Queue(Limits())
        for key, work in ((TELLING, lambda progress, stop: 1), (f"{TELLING} 2", failing)):
            queue.ask(key, TELLING, work).over.wait(10)
        queue.close()
        until = time.monotonic() + 10
        while len(caplog.records) < 4 and time.monotonic() < until:
            time.sleep(0.01)
    events = [json.loads(line(each)) for each in caplog.records]
    assert [each["event"] for each in events] == ["job.begins", "job.ends"] * 2
    assert [each["outcome"] for each in events if "outcome" in each] == ["done", "job_memory"]
    assert TELLING not in json.dumps(events)


def test_a_path_is_told_by_a_name_of_ours() -> None:
    log = EventLog(None, frozenset(PAGES))  # type: ignore[arg-type]
    for path, name in {"/": "home", "/layer": "layer", f"/{TELLING}": "other",
                       f"/_stcore/upload_file/{TELLING}/1": "upload_file", "/base/towers": "towers",
                       "/health": "health", f"/static/{TELLING}.js": "static"}.items():  # fmt: skip
        assert log._route(path) == name


@pytest.mark.process
def test_a_running_server_s_log_has_nothing_of_its_visitors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LOG, "json")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    with serving(ROOT / "app.py", tmp_path / "log") as server:

        async def visit() -> None:
            async with opened(server.url) as socket:
                visitor = Bringer(socket, server.url)
                await visitor.open("layer", f"lang=en&variant={TELLING}&x={TELLING}")
                query = f"lang=en&source=upload&picture={TELLING}"
                await visitor.bring(MAPS, query, f"{TELLING}.jpg", photograph(1))
                await visitor.bring(MAPS, query, f"{TELLING}.jpg", TELLING.encode())
                assert visitor.errors == []

        asyncio.run(visit())
        with urlopen(f"{server.url}/{TELLING}?q={TELLING}", timeout=20) as answer:
            assert answer.status == 200
    lines = [each for each in server.log.read_text("utf-8").splitlines() if each[:1] == "{"]
    events = [json.loads(each) for each in lines]
    assert TELLING not in server.log.read_text("utf-8")
    assert {"request", "session.begins", "session.ends", "run"} <= {e["event"] for e in events}
    uploads = [each for each in events if each.get("route") == "upload_file"]
    assert [each["status"] for each in uploads] == [204, 204]
    assert all(each["milliseconds"] >= 0 for each in events if "milliseconds" in each)
    assert {each["level"] for each in events} <= {"info", "warning"}
