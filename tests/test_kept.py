"""Values that visitors share: how many are kept, who makes them, when they are given back."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from alexnet_viz.isolation import machine_memory
from alexnet_viz.isolation.machine_memory import VARIABLE, claimed
from alexnet_viz.serving.kept import Kept
from alexnet_viz.text.problem import Problem


class Block:
    """So many megabytes."""

    def __init__(self, megabytes: int) -> None:
        self.size = megabytes * 10**6


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept[Block]:
    """A tenth of 1,000 MB."""
    monkeypatch.setenv(VARIABLE, "1000")
    monkeypatch.setattr(machine_memory, "_caches", [])
    return Kept(0.1, lambda block: block.size)


def test_the_last_values_that_fit_are_kept(kept: Kept[Block]) -> None:
    made = [kept.get(name, lambda: Block(40)) for name in "ab"]
    assert kept.get("a", lambda: Block(1)) is made[0]
    kept.get("c", lambda: Block(40))
    assert (len(kept), kept.bytes) == (2, 80 * 10**6)
    assert kept.get("a", lambda: Block(1)) is made[0]  # asked for after b
    assert kept.get("b", lambda: Block(20)) is not made[1]


def test_one_is_kept_however_large(kept: Kept[Block]) -> None:
    kept.get("a", lambda: Block(40))
    large = kept.get("b", lambda: Block(400))
    assert len(kept) == 1
    assert kept.get("b", lambda: Block(1)) is large


def test_a_value_is_made_once_whoever_asks(kept: Kept[Block]) -> None:
    made: list[int] = []
    together = threading.Barrier(4)

    def make() -> Block:
        made.append(1)
        return Block(1)

    def visit(_: int) -> Block:
        together.wait()
        return kept.get("a", make)

    with ThreadPoolExecutor(4) as visitors:
        found = set(visitors.map(visit, range(4)))
    assert (len(found), len(made)) == (1, 1)


def test_what_could_not_be_made_is_tried_again(kept: Kept[Block]) -> None:
    def fail() -> Block:
        raise Problem("weights_empty")

    with pytest.raises(Problem):
        kept.get("a", fail)
    assert kept.get("a", lambda: Block(1)).size == 10**6


def test_a_value_goes_with_its_owner(kept: Kept[Block]) -> None:
    owner, other = Block(0), Block(0)
    value = weakref.ref(kept.get("a", lambda: Block(10), owner=owner))
    kept.get("b", lambda: Block(10), owner=other)
    kept.get("c", lambda: Block(10))
    kept.sweep()
    assert len(kept) == 3
    del owner
    kept.sweep()
    gc.collect()
    assert (len(kept), value()) == (2, None)


def test_a_value_of_an_owner_who_is_gone_is_not_handed_out(kept: Kept[Block]) -> None:
    owner = Block(0)
    kept.get("a", lambda: Block(10), owner=owner)
    owner = Block(0)
    assert kept.get("a", lambda: Block(20), owner=owner).size == 20 * 10**6


def test_a_claim_takes_from_what_is_kept(
    kept: Kept[Block], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_memory, "_groups", list)
    monkeypatch.setattr(machine_memory, "_machine", lambda: 0)
    monkeypatch.setattr(machine_memory, "used", lambda: kept.bytes)
    for name in "abc":
        kept.get(name, lambda: Block(30))
    with claimed(950 * 10**6):
        assert kept.bytes == 30 * 10**6
