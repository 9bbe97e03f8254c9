"""Values that all visitors share, as many as fit into a share of the memory."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock, RLock
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import ref

from alexnet_viz.isolation import machine_memory

Value = TypeVar("Value")


class _Entry(NamedTuple):
    value: Any
    size: int
    owner: "ref[Any] | None"


class Kept(Generic[Value]):
    """The values that were asked for last, by key; each is made once, whoever asks for it.

    They take at most ``share`` of the memory that the process may use, but one is always kept.
    Where a claim on memory finds too little, they are given back first.
    """

    def __init__(self, share: float, size: Callable[[Value], int]) -> None:
        self._share, self._size = share, size
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._being_made: dict[str, Lock] = {}
        self._lock = RLock()
        machine_memory.give_back_with(self.give_back)

    def __len__(self) -> int:
        """How many values there are."""
        with self._lock:
            return len(self._entries)

    @property
    def bytes(self) -> int:
        """The bytes that they take."""
        with self._lock:
            return sum(each.size for each in self._entries.values())

    def get(self, key: str, make: Callable[[], Value], owner: object = None) -> Value:
        """The value of a key, made if there is none.

        With an ``owner``, the value is given back once nothing else refers to that object.
        """
        with self._lock:
            if found := self._found(key):
                return self._value(found)
            turn = self._being_made.setdefault(key, Lock())
        with turn:
            with self._lock:
                if found := self._found(key):
                    return self._value(found)
            try:
                value = make()
            finally:
                with self._lock:
                    self._being_made.pop(key, None)
            with self._lock:
                self._entries[key] = _Entry(
                    value, self._size(value), None if owner is None else ref(owner)
                )
                self.give_back(self.bytes - int(self._share * machine_memory.limit()), least=1)
        return value

    def find(self, key: str) -> Value | None:
        """The value of a key, if there is one."""
        with self._lock:
            found = self._found(key)
            return self._value(found) if found else None

    def give_back(self, size: int, least: int = 0) -> None:
        """Forget values, the longest unused first, until they took ``size`` bytes.

        Fewer are forgotten if ``least`` would not be left.
        """
        with self._lock:
            while size > 0 and len(self._entries) > least:
                size -= self._entries.popitem(last=False)[1].size

    def sweep(self) -> None:
        """Forget the values whose owner is no more."""
        with self._lock:
            for key, entry in list(self._entries.items()):
                if entry.owner and entry.owner() is None:
                    del self._entries[key]

    def clear(self) -> None:
        """Forget all values."""
        with self._lock:
            self._entries.clear()

    def _found(self, key: str) -> _Entry | None:
        found = self._entries.get(key)
        if found and found.owner and found.owner() is None:
            del self._entries[key]
            return None
        if found:
            self._entries.move_to_end(key)
        return found

    def _value(self, entry: _Entry) -> Value:
        value: Value = entry.value
        return value
