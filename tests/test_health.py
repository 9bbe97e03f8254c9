"""``/health``: what a probe is told, how often it is computed, and that a fault is 503."""

import asyncio
import json
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from alexnet_viz.serving.choice_of_engine import VARIABLE
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import health
from alexnet_viz.weights import first_pass
from tests.test_request_guard import served


@pytest.fixture(autouse=True)
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No finding yet."""
    monkeypatch.setattr(health, "_found", {})
    monkeypatch.setattr(health, "_found_at", float("-inf"))
    monkeypatch.setattr(health, "_asking", asyncio.Lock())


def probed(**headers: str) -> tuple[int, dict[str, Any]]:
    status, body = served("/health", **headers)
    return status, json.loads(body)


def test_a_sound_process_is_told_with_its_engine() -> None:
    status, told = probed(host="127.0.0.1:8501")
    assert status == 200
    assert told["status"] == "ok"
    assert told["model"]["ok"]
    assert 0 < told["model"]["pass_milliseconds"] < 10_000
    assert told["engine"] == {"name": "embedded", "ok": True}
    keys = {"status", "process", "seconds_ago", "model", "engine"}
    assert told.keys() == keys  # nothing else gets out


def test_a_cluster_is_to_be_connected_and_its_address_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ray = ModuleType("ray")
    ray.__spec__ = ModuleSpec("ray", None)
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setenv(VARIABLE, "ray://head.internal:6379")
    for connected in (False, True):
        ray.is_initialized = lambda connected=connected: connected  # type: ignore[attr-defined]
        monkeypatch.setattr(health, "_found_at", float("-inf"))
        status, told = probed()
        assert status == (200 if connected else 503)
        assert told["engine"] == {"name": "ray", "ok": connected}


def test_an_engine_that_is_none_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "abacus")
    assert probed()[1]["engine"] == {"ok": False, "reason": "engine_unknown"}


def test_a_finding_is_shared_for_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(health, "_look", lambda: looks.append(1) or {"model": {"ok": True}})
    assert [probed()[0] for _ in range(3)] == [200] * 3
    assert len(looks) == 1
    monkeypatch.setattr(health, "_found_at", health._found_at - health.SECONDS - 1)
    probed()
    assert len(looks) == 2


def test_a_damaged_file_is_503_without_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / first_pass.DRAWINGS.file).write_bytes(b"damaged")
    monkeypatch.setattr(first_pass.resources, "files", lambda package: tmp_path)
    status, told = probed()
    assert (status, told["status"]) == (503, "failing")
    assert told["model"]["reason"] == "weights_shipped_damaged"
    assert str(tmp_path) not in json.dumps(told)


def test_a_wrong_sum_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    real = torch.nn.functional.conv2d
    monkeypatch.setattr(first_pass.functional, "conv2d", lambda *given: real(*given) * 1.01)
    status, told = probed()
    assert (status, told["model"]["reason"]) == (503, "ArithmeticError")


def test_any_fault_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> float:
        raise Problem("job_memory")

    monkeypatch.setattr(first_pass, "first_pass", failing)
    assert probed()[1]["model"]["reason"] == "job_memory"
