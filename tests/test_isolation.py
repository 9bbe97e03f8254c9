"""Files that ask for more than a machine has: read in a child, refused in words."""

import io
import os
import pickle
import signal
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError

from alexnet_viz.isolation import isolated, pool
from alexnet_viz.isolation.worker import Limits
from alexnet_viz.network.trace import trace
from alexnet_viz.readers import read, read_apart
from alexnet_viz.text import LANGUAGES, local_file
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.files import imported, opened, opened_apart
from alexnet_viz.weights.files.torch_file import MAX_NESTING
from tests.weight_files import numbers, torch_bytes

CFG = b"[net]\nwidth=227\nheight=227\nchannels=3\n[convolutional]\nfilters=96\nsize=11\nstride=4\n"


def pid() -> int:
    return os.getpid()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    while True:
        pass


def fill(megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


def tensor(megabytes: int) -> int:
    return torch.zeros(megabytes << 18).numel()


def fail() -> None:
    raise KeyError("no such thing")


def die() -> None:
    os._exit(3)


class Foreign:
    """A class that an answer may not hold."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.getpid, ()


def foreign() -> Foreign:
    return Foreign()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LIMITS", Limits(seconds=2, bytes=256 << 20))


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        call()
    for language in LANGUAGES:
        assert caught.value.explained(language)
    return caught.value.code


def test_it_runs_in_another_process_that_is_kept() -> None:
    first = isolated(pid)
    assert first != os.getpid()
    assert isolated(pid) == first


@pytest.mark.parametrize(
    ("function", "arguments", "code"),
    [
        (sleep, (60,), "isolated_time"),
        (spin, (), "isolated_time"),
        (fill, (4000,), "isolated_memory"),
        (tensor, (4000,), "isolated_memory"),
        (fail, (), "isolated_fault"),
        (die, (), "isolated_end"),
    ],
)
def test_what_reaches_a_limit_is_refused_and_the_next_job_runs(
    small: None, function: Callable[..., object], arguments: tuple[object, ...], code: str
) -> None:
    assert refused(lambda: isolated(function, *arguments)) in (
        {code, "isolated_end"} if function is spin else {code}
    )
    assert isolated(pid) != os.getpid()


@pytest.mark.parametrize(("function", "arguments"), [(fill, (4000,)), (fail, ())])
def test_a_child_that_failed_is_replaced(
    small: None, function: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    before = isolated(pid)
    refused(lambda: isolated(function, *arguments))
    assert isolated(pid) != before


def test_a_child_that_is_killed_is_said_and_replaced() -> None:
    """By the kernel, for example, when the machine's memory is full."""
    child = isolated(pid)
    with ThreadPoolExecutor(1) as visitor:
        reading = visitor.submit(isolated, sleep, 60)
        time.sleep(0.3)  # the job has begun: the child answers "started" first
        os.kill(child, signal.SIGKILL)
        assert refused(reading.result) == "isolated_end"
    killed = isolated(pid)
    assert killed != child
    os.kill(killed, signal.SIGKILL)  # while it waits for work
    assert isolated(pid) not in (child, killed)


def test_temporary_files_over_their_limit_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of all processes count, and what one that was killed has left; others' do not."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(local_file.DISK, "1")
    (tmp_path / "of another program").write_bytes(bytes(5_000_000))
    left = tmp_path / f"{local_file.PREFIX}left"
    left.mkdir()
    (left / "tensors").write_bytes(bytes(900_000))
    with local_file.temporary_folder(size=90_000) as folder:
        (folder / "more").write_bytes(bytes(90_000))
        said = refused(lambda: opened_apart(bytes(20_000), "a.pth"))
    assert said == "temporary_full"
    with local_file.temporary_folder("towers_", size=90_000):
        pass


def test_a_full_temporary_folder_is_said_and_the_next_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = [each for each in VARIANTS.values() if trace(each).failure is None]
    network = min(complete, key=lambda each: trace(each).params)
    file = torch_bytes(numbers(network))
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        assert refused(lambda: opened_apart(file, "a.pth")) == "no_room"
    with monkeypatch.context() as patch:
        patch.setattr(imported, "isolated", lambda function, *given: function(*given))
        patch.setattr("safetensors.torch.save_file", _full)
        assert refused(lambda: opened_apart(file, "a.pth")) == "no_room"
    assert opened_apart(file, "a.pth").network == opened(file, "a.pth").network


def _full(*_: object) -> None:
    raise SafetensorError("I/O error: No space left on device (os error 28)")


def test_less_than_the_limit_is_allowed(small: None) -> None:
    assert isolated(fill, 100) == 100 << 20


def test_an_answer_cannot_run_anything(small: None) -> None:
    with pytest.raises(pickle.UnpicklingError, match="getpid"):
        isolated(foreign)


def test_several_jobs_at_once_take_their_turns() -> None:
    with ThreadPoolExecutor(6) as visitors:
        found = list(visitors.map(lambda _: isolated(pid), range(12)))
    assert 1 <= len(set(found)) <= pool.WORKERS


def test_problems_come_back_as_they_were_raised() -> None:
    with pytest.raises(Problems) as here:
        read(b"[net]\n[what]\n[ever]\n", "a.cfg")
    with pytest.raises(Problems) as apart:
        read_apart(b"[net]\n[what]\n[ever]\n", "a.cfg")
    for language in LANGUAGES:
        assert apart.value.explained(language) == here.value.explained(language)
        assert apart.value.sentences(language) == here.value.sentences(language)


def test_a_network_comes_back_as_it_is() -> None:
    assert read_apart(CFG, "a.cfg") == read(CFG, "a.cfg")


def test_weights_come_back_as_they_are() -> None:
    complete = [each for each in VARIANTS.values() if trace(each).failure is None]
    network = min(complete, key=lambda each: trace(each).params)
    file = torch_bytes(numbers(network))
    here, apart = (each(file, "a.pth") for each in (opened, opened_apart))
    assert apart.network == here.network
    assert apart.candidates == here.candidates
    assert apart.tensors.keys() == here.tensors.keys()
    assert all(torch.equal(apart.tensors[key], here.tensors[key]) for key in here.tensors)


def test_nested_tuples_as_a_key_are_refused_at_once() -> None:
    """Each level of a tuple of itself, twice, doubles the time of its hash."""
    key: object = "x"
    for _ in range(MAX_NESTING + 1):
        key = (key, key)
    bomb = _checkpoint(pickle.dumps(key, protocol=2)[:-1] + b"0}.")
    started = time.process_time()
    assert refused(lambda: opened(bomb, "a.pth")) == "weights_nesting"
    assert time.process_time() - started < 5


@pytest.mark.parametrize("names", [("a/data.pkl", "a/data.pkl"), ("a/data.pkl", "A/DATA.PKL")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_pickles_of_one_name_are_refused(names: tuple[str, ...]) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, pickle.dumps({}, protocol=2))
    assert refused(lambda: opened(file.getvalue(), "a.pth")) == "weights_stored"


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([f"layer{n}.weight" for n in range(2001)], "weights_parts"),
        (["a" * 1001 + ".weight"], "weights_key"),
        ([".".join("a" * 490) + f".{n}.weight" for n in range(30)], None),
    ],
)
@pytest.mark.parametrize("ending", ["pth", "safetensors"])
def test_many_or_long_names_are_refused_before_they_are_sorted(
    keys: list[str], code: str | None, ending: str
) -> None:
    import safetensors.torch

    tensors = {key: torch.zeros(1) for key in keys}
    if ending == "pth":
        file = io.BytesIO()
        torch.save(tensors, file)
        data = file.getvalue()
    else:
        data = safetensors.torch.save(tensors)
    started = time.process_time()
    found = refused(lambda: opened(data, f"a.{ending}"))
    assert found == (code or found)
    assert time.process_time() - started < 10


def _checkpoint(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a/data.pkl", content)
        archive.writestr("a/version", "3\n")
    return file.getvalue()
