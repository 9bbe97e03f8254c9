"""Goes through a folder, a few pictures at a time, and can go on where it was stopped.

The pictures are looked at in batches of the same files whatever was done before, so a scan that
went on gives the same numbers as one that was never stopped.
"""

import json
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path

from alexnet_viz.interpretability.folder_scan.looking import Looked
from alexnet_viz.interpretability.folder_scan.top_crops import TopCrops
from alexnet_viz.network.trace import Row
from alexnet_viz.text.problem import Problem

BATCH = 8
"""Pictures that are in memory together, for each worker."""
VERSION = 1
"""Of the file of a stopped scan."""


class Found:
    """What was found in the pictures so far."""

    def __init__(self, row: Row, top: int) -> None:
        self.tops = TopCrops(row, top)
        self.answers: Counter[int] = Counter()
        """Pictures by the class that was predicted."""
        self.refused: list[tuple[int, str]] = []
        """The numbers of the pictures that cannot be read, and why, in the language of the run."""
        self.done = 0
        """Pictures that were looked at or refused."""

    def add(self, looked: Looked, explain: Callable[[Problem], str]) -> None:
        """Add the next pictures of the listing."""
        for each in looked:
            if isinstance(each, Problem):
                self.refused.append((self.done, explain(each)))
            else:
                self.tops.add(self.done, each)
                self.answers[each.answer] += 1
            self.done += 1

    def save(self, path: Path, key: str) -> None:
        """Write a file to go on from: whole, or not at all.

        Raises:
            OSError: it cannot be written.
        """
        record = {
            "version": VERSION,
            "key": key,
            "done": self.done,
            "answers": list(self.answers.items()),
            "refused": self.refused,
            "tops": self.tops.record(),
        }
        beside = path.with_name(path.name + ".part")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(record, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def resume(self, path: Path, key: str) -> bool:
        """Take what a saved scan of the same key had found; False if there is none."""
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            record = json.loads(path.read_text("utf-8"))
            if (record["version"], record["key"]) != (VERSION, key):
                return False
            done, answers = int(record["done"]), Counter(dict(record["answers"]))
            refused = [(int(number), str(reason)) for number, reason in record["refused"]]
            self.tops.restore(record["tops"])
            self.done, self.answers, self.refused = done, answers, refused
            return True
        return False


def batches(names: Sequence[str], done: int) -> Iterator[Sequence[str]]:
    """The files after the first ``done``, in batches."""
    for first in range(done, len(names), BATCH):
        yield names[first : first + BATCH]


def here(
    look: Callable[[Sequence[str]], Looked],
    wanted: Iterable[Sequence[str]],
    workers: int,
    begin: Callable[[], object] = lambda: None,
) -> Iterator[Looked]:
    """What ``look`` makes of each batch, in their order, by threads; few wait to be taken.

    ``begin`` is called in each thread before its first batch.
    """
    with ThreadPoolExecutor(workers, initializer=begin) as pool:
        rest = iter(wanted)
        waiting = deque(pool.submit(look, each) for each in islice(rest, 2 * workers))
        try:
            while waiting:
                looked = waiting.popleft().result()
                for each in rest:
                    waiting.append(pool.submit(look, each))
                    break
                yield looked
        finally:
            for future in waiting:
                future.cancel()


def scan(
    looked: Iterable[Looked],
    found: Found,
    explain: Callable[[Problem], str],
    progress: Callable[[int], object],
    save: Callable[[], object],
    every: int,
) -> None:
    """Add what was looked at to what was found; ``save`` after each ``every`` pictures."""
    last = found.done
    for batch in looked:
        found.add(batch, explain)
        progress(found.done)
        if found.done - last >= every:
            save()
            last = found.done
