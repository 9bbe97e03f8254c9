"""Long work: over when the script is over, remembered only when finished."""

import threading
import time
from collections.abc import Iterator

import pytest

from alexnet_viz.interpretability.attribution import Progress, Stop
from alexnet_viz.ui.components import background_work


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    background_work._memory.clear()
    yield
    background_work._memory.clear()


class Rerun(BaseException):
    """What Streamlit ends a script with."""


@pytest.fixture
def open_gate(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    gate = threading.Semaphore(1)
    monkeypatch.setattr(background_work.live_model, "gate", lambda: gate)
    return gate


def test_work_is_stopped_and_over_when_the_script_ends(open_gate: threading.Semaphore) -> None:
    ended: list[str] = []

    def show(share: float) -> None:
        if share > 0:
            raise Rerun

    def work(progress: Progress, stop: Stop) -> None:
        assert not open_gate.acquire(blocking=False), "others may run at the same time"
        progress(0.5)
        for _ in range(2000):  # 20 seconds: long after the script
            if stop():
                ended.append("stopped")
                return
            time.sleep(0.01)

    with pytest.raises(Rerun):
        background_work.watched(work, show)
    assert ended == ["stopped"]
    assert not [each for each in threading.enumerate() if each.name.startswith("watched")]
    assert open_gate.acquire(blocking=False), "the gate stayed shut"


@pytest.mark.usefixtures("open_gate")
def test_an_error_of_the_work_arrives() -> None:
    def work(progress: Progress, stop: Stop) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        background_work.watched(work, lambda share: None)
    assert (
        background_work.watched(lambda progress, stop: progress(0.5) or "found", print) == "found"
    )


def test_the_memory_forgets_what_was_not_asked_for_longest() -> None:
    for number in range(background_work.MOST):
        background_work.remember(str(number), number)
    assert background_work.remembered("0") == 0
    background_work.remember("one more", True)
    assert background_work.remembered("0") == 0
    assert background_work.remembered("1") is None
    assert background_work.remembered("one more") is True
