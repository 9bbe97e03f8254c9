"""What memory there is, by the system's own files, and claims on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alexnet_viz.isolation import machine_memory
from alexnet_viz.isolation.machine_memory import KEPT_FREE, SHARE, UNKNOWN, VARIABLE, claimed
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem

GIB = 1 << 30


class System:
    """A machine's files: 16 GiB, of which 12 are free; this process holds 1 GiB, its child 0.5."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("proc/meminfo", f"MemTotal: {16 << 20} kB\nMemAvailable: {12 << 20} kB\n")
        self.process(1000, anon=1 << 20, children="1001")
        self.process(1001, anon=1 << 19)

    def write(self, path: str, text: str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "ascii")

    def process(self, pid: int, anon: int, children: str = "") -> None:
        self.write(f"proc/{pid}/status", f"RssAnon:\t{anon} kB\nRssFile:\t77 kB\nRssShmem:\t0 kB\n")
        self.write(f"proc/{pid}/task/{pid}/children", children)

    def group(self, version: int, path: str, most: object, current: int, caches: int) -> None:
        root = "group" if version == 2 else "group/memory"
        names = machine_memory.VERSION_2 if version == 2 else machine_memory.VERSION_1
        controllers = "" if version == 2 else "cpu,memory"
        self.write("proc/self/cgroup", f"3:{controllers}:/{path}\n7:freezer:/\n")
        self.write(f"{root}/{path}/{names[0]}", f"{most}\n")
        self.write(f"{root}/{path}/{names[1]}", f"{current}\n")
        self.write(f"{root}/{path}/memory.stat", f"anon 5\n{names[2]} {caches}\n")


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[System]:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(machine_memory, "PROCESSES", tmp_path / "proc")
    monkeypatch.setattr(machine_memory, "GROUPS", tmp_path / "group")
    monkeypatch.setattr(machine_memory.os, "getpid", lambda: 1000)
    monkeypatch.setattr(machine_memory, "_caches", [])
    yield System(tmp_path)
    assert machine_memory._claims == []


def test_a_share_of_the_machine_is_ours_less_what_we_use(system: System) -> None:
    assert machine_memory.limit() == int(SHARE * 16 * GIB)
    assert machine_memory.used() == 1.5 * GIB
    assert machine_memory.free() == int(SHARE * 16 * GIB) - 1.5 * GIB


def test_what_others_use_is_not_free(system: System) -> None:
    system.write("proc/meminfo", f"MemTotal: {16 << 20} kB\nMemAvailable: {3 << 20} kB\n")
    assert machine_memory.free() == 3 * GIB - int(KEPT_FREE * 16 * GIB)


@pytest.mark.parametrize("version", [1, 2])
def test_a_container_s_limit_is_respected(system: System, version: int) -> None:
    """Its caches of files do not count: the system drops them when it needs the room."""
    system.group(version, "app", 4 * GIB, 3 * GIB, 1 * GIB)
    assert machine_memory.limit() == int(SHARE * 4 * GIB)
    system.process(1000, anon=0)
    system.group(version, "app", 2 * GIB, GIB * 7 // 4, GIB // 4)
    assert machine_memory.free() == 2 * GIB - GIB * 3 // 2 - int(KEPT_FREE * 2 * GIB)


@pytest.mark.parametrize("version", [1, 2])
def test_the_group_around_a_group_counts_too(system: System, version: int) -> None:
    system.group(version, "app", 3 * GIB, 0, 0)
    system.group(version, "app/inner", "max" if version == 2 else 0x7FFFFFFFFFFFF000, 0, 0)
    assert machine_memory.limit() == int(SHARE * 3 * GIB)


def test_the_limit_can_be_stated(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "3000")
    assert machine_memory.limit() == 3 * 10**9
    monkeypatch.setenv(VARIABLE, "much")
    assert machine_memory.limit() == int(SHARE * 16 * GIB)


def test_a_system_that_does_not_tell_has_no_limit(tmp_path: Path, system: System) -> None:
    machine_memory.PROCESSES = tmp_path / "nowhere"
    assert machine_memory.limit() == machine_memory.free() == UNKNOWN
    with claimed(GIB):
        pass


def test_a_claim_beyond_what_is_free_is_refused_in_both_languages(system: System) -> None:
    free = machine_memory.free()
    with claimed(free - GIB):
        assert machine_memory.free() == GIB
        with pytest.raises(Problem) as caught, claimed(GIB + 1):
            pass
        with claimed(GIB):  # the refused one holds nothing
            pass
    assert machine_memory.free() == free
    assert (caught.value.code, caught.value.values["free"]) == ("memory_full", GIB // 10**6)
    for language in LANGUAGES:
        assert "1,073 MB" in caught.value.explained(language)


def test_caches_are_emptied_before_a_claim_is_refused(system: System) -> None:
    asked: list[int] = []

    def give_back(size: int) -> None:
        asked.append(size)
        system.process(1000, anon=0)

    machine_memory.give_back_with(give_back)
    free = machine_memory.free()
    with claimed(free + GIB // 2):
        assert asked == [GIB // 2]
    with pytest.raises(Problem), claimed(free + 2 * GIB):
        pass
