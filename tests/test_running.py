"""Long work: over when the script is over, remembered only when finished."""

import threading
from collections.abc import Iterator

import pytest

from alexnet_viz.attribution import Attribution, Progress, Stop, Unit
from alexnet_viz.attribution.methods import attribute
from alexnet_viz.model import build
from alexnet_viz.preprocessing import preprocess
from alexnet_viz.samples import SAMPLES
from alexnet_viz.ui import running
from alexnet_viz.variants import VARIANTS


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    running._memory.clear()
    yield
    running._memory.clear()


class Rerun(BaseException):
    """What Streamlit ends a script with."""


@pytest.fixture
def open_gate(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    gate = threading.Semaphore(1)
    monkeypatch.setattr(running.live, "gate", lambda: gate)
    return gate


def test_work_is_stopped_and_over_when_the_script_ends(open_gate: threading.Semaphore) -> None:
    model, image = (
        build(VARIANTS["tf_models_alexnet_benchmark"]),
        preprocess(SAMPLES["cat"].load(), 224),
    )
    shown: list[float] = []

    def show(share: float) -> None:
        shown.append(share)
        if share > 0:
            raise Rerun

    def work(progress: Progress, stop: Stop) -> Attribution:
        return attribute(model, image, Unit("conv1", 0), "occlusion", progress=progress, stop=stop)

    with pytest.raises(Rerun):
        running.watched(work, show)
    assert 0 < shown[-1] < 1
    assert not [each for each in threading.enumerate() if each.name.startswith("watched")]
    assert open_gate.acquire(blocking=False), "the gate stayed shut"


@pytest.mark.usefixtures("open_gate")
def test_an_error_of_the_work_arrives() -> None:
    def work(progress: Progress, stop: Stop) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        running.watched(work, lambda share: None)
    assert running.watched(lambda progress, stop: progress(0.5) or "found", print) == "found"


def test_the_memory_forgets_what_was_not_asked_for_longest() -> None:
    for number in range(running.MOST):
        running.remember(str(number), number)
    assert running.remembered("0") == 0
    running.remember("one more", True)
    assert running.remembered("0") == 0
    assert running.remembered("1") is None
    assert running.remembered("one more") is True
