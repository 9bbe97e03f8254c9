"""Which engine a process uses: the environment variable ``ALEXNET_VIZ_BACKEND``.

Unset or ``embedded``: the models of this process.  ``ray``: a Ray cluster on this machine that the
process starts, and that ends with it.  ``ray://host:port``: the cluster whose head listens there
(the port that ``ray start --head`` names, usually 6379); this machine must be one of its nodes.
``ray://auto``: the cluster of which this machine is a node, whoever started it.
"""

import os
from collections.abc import Callable
from importlib.util import find_spec
from threading import Lock
from typing import Any

from alexnet_viz.serving.engine import Embedded, Engine, Named
from alexnet_viz.text.problem import Problem, shown

VARIABLE = "ALEXNET_VIZ_BACKEND"
EMBEDDED, RAY, AT, RUNNING = "embedded", "ray", "ray://", "ray://auto"

_lock = Lock()
_engines: dict[str, Any] = {}


def chosen() -> str:
    """The value of the variable, checked.

    Raises:
        Problem: no engine has this name, or Ray is not installed.
    """
    value = os.environ.get(VARIABLE, "").strip() or EMBEDDED
    if value == EMBEDDED:
        return value
    if value not in (RAY, RUNNING) and not (
        value.startswith(AT) and _is_address(value.removeprefix(AT))
    ):
        raise Problem("engine_unknown", variable=VARIABLE, value=shown(value))
    if find_spec("ray") is None:
        raise Problem("engine_without_ray", variable=VARIABLE, value=shown(value))
    return value


def _is_address(value: str) -> bool:
    host, _, port = value.rpartition(":")
    return bool(host) and port.isdecimal() and 0 < int(port) < 65_536


def backend(here: Embedded[Any, Any], named: Callable[[Any], Named | None]) -> Engine[Any, Any]:
    """The chosen engine of this process.

    ``here`` is the embedded one; ``named`` says what a subject's model is made from, or None if
    only this process can make it.

    Raises:
        Problem: as ``chosen``, or the cluster cannot be reached.
    """
    value = chosen()
    if value == EMBEDDED:
        return here
    with _lock:
        if value not in _engines:
            from alexnet_viz.serving.on_ray import OnRay

            _connect(value)
            _engines[value] = OnRay(here, named)
        engine: Engine[Any, Any] = _engines[value]
        return engine


def prepare() -> None:
    """Connect to the cluster, if one is chosen, before a page needs it.

    Raises:
        Problem: as ``backend``.
    """
    value = chosen()
    if value != EMBEDDED:
        with _lock:
            _connect(value)


def _connect(value: str) -> None:
    from alexnet_viz.serving.on_ray import connected

    connected("" if value == RAY else value.removeprefix(AT))
