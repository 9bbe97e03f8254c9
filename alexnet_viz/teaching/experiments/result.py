"""What a run of an experiment found: a frozen value, as JSON and as CSV.

The JSON holds everything that the run depends on: ``Request.from_dict(data["request"])`` run again
gives the same curves on the same machine, and nearly the same on any other.
"""

import base64
import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from alexnet_viz.teaching.experiments.experiment import FASHION

Numbers = tuple[float | None, ...]
"""One number a moment; None where the network computes infinity or no number."""


@dataclass(frozen=True)
class Request:
    """Which run: the experiment, its data, its seeds and how long."""

    experiment: str
    data: str = FASHION
    seeds: tuple[int, ...] = (0, 1, 2)
    steps: int = 600
    """Steps of each arm and seed."""
    seconds: float | None = None
    """When to end early, measured from the start; None for never.  Only a run that ends early
    depends on it."""

    @property
    def key(self) -> str:
        """A digest of the request."""
        written = json.dumps(asdict(self), sort_keys=True)
        return "lab." + hashlib.sha256(written.encode()).hexdigest()[:20]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Request":
        """The request that ``asdict`` wrote."""
        return cls(**{**data, "seeds": tuple(data["seeds"])})


@dataclass(frozen=True)
class Final:
    """The errors after the last step, on many more pictures than those of the curves."""

    train_error: float
    validation_error: float

    @property
    def gap(self) -> float:
        """The validation error minus the training error: how far the network overfits."""
        return self.validation_error - self.train_error


@dataclass(frozen=True)
class Curve:
    """One arm from one seed, at the moments of ``Result.moments``."""

    arm: str
    seed: int
    train_loss: Numbers
    train_error: Numbers
    validation_error: Numbers
    gradients: Mapping[str, Numbers]
    """By layer with weights: the Euclidean norm of the gradient of its weights, from one batch."""
    final: Final | None = None


@dataclass(frozen=True)
class Kernels:
    """The kernels of conv1 at one step of the first seed.

    ``pixels`` are uint8 (kernels, height, width, channels): 128 is zero, and 0 or 255 the weight of
    the largest size of all kernels.
    """

    step: int
    shape: tuple[int, int, int, int]
    pixels: bytes = field(repr=False)


@dataclass(frozen=True)
class Machine:
    """On what it was computed, and for how long."""

    name: str
    threads: int
    torch: str
    seconds: float


@dataclass(frozen=True)
class Result:
    """A run, or what there is of one so far (``complete`` is false)."""

    request: Request
    arms: tuple[str, ...]
    classes: tuple[str, ...]
    trainings: Mapping[str, Mapping[str, Any]]
    """By arm, the fields of its ``Training``."""
    networks: Mapping[str, Mapping[str, Any]]
    """By arm, its network as ``Network.to_dict`` writes it."""
    pictures: Mapping[str, int]
    """How many pictures: ``train`` there are, ``measured_train`` and ``measured_validation`` behind
    a point of a curve, ``final_train`` and ``final_validation`` behind the final errors."""
    moments: tuple[int, ...]
    """The steps at which the curves were measured."""
    curves: tuple[Curve, ...]
    kernels: Mapping[str, tuple[Kernels, ...]]
    """By arm."""
    confusion: Mapping[str, tuple[tuple[int, ...], ...]]
    """By arm: validation pictures of each class (row) by answer (column), all seeds together; empty
    until the end."""
    machine: Machine
    complete: bool

    @property
    def steps(self) -> int:
        """The last step that was measured."""
        return self.moments[-1] if self.moments else 0

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of all arms."""
        return self.request.seeds

    def of(self, arm: str) -> tuple[Curve, ...]:
        """The curves of an arm, one a seed, in the order of ``seeds``."""
        return tuple(curve for curve in self.curves if curve.arm == arm)

    def to_json(self) -> str:
        """The result as JSON, with kernels in base64."""
        return json.dumps(_plain(asdict(self)), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Result":
        """The result that ``to_json`` wrote.

        Raises:
            ValueError: not a result.
        """
        try:
            return _read(json.loads(text))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a result: {error!r}") from error

    def to_csv(self) -> str:
        """The curves as CSV: one row a moment, arm and seed."""
        written = io.StringIO()
        table = csv.writer(written, lineterminator="\n")
        head = ["experiment", "data", "arm", "seed", "step", *SERIES]
        names = list(dict.fromkeys(name for curve in self.curves for name in curve.gradients))
        table.writerow([*head, *(f"gradient_{name}" for name in names)])
        for curve in self.curves:
            for place, step in enumerate(self.moments):
                series = [getattr(curve, name)[place] for name in SERIES]
                sizes = [curve.gradients.get(name, ())[place : place + 1] for name in names]
                row = [*series, *(size[0] if size else None for size in sizes)]
                table.writerow(
                    [self.request.experiment, self.request.data, curve.arm, curve.seed, step, *row]
                )
        return written.getvalue()


SERIES = ("train_loss", "train_error", "validation_error")
"""The fields of a ``Curve`` with one number a moment."""


def _plain(value: Any) -> Any:
    """A value for JSON: bytes in base64."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def _read(data: Mapping[str, Any]) -> Result:
    curves = tuple(
        Curve(
            **{
                **each,
                **{name: tuple(each[name]) for name in SERIES},
                "gradients": {name: tuple(sizes) for name, sizes in each["gradients"].items()},
                "final": Final(**each["final"]) if each["final"] else None,
            }
        )
        for each in data["curves"]
    )
    kernels = {
        arm: tuple(
            Kernels(each["step"], tuple(each["shape"]), base64.b64decode(each["pixels"]))
            for each in found
        )
        for arm, found in data["kernels"].items()
    }
    return Result(
        **{
            **data,
            "request": Request.from_dict(data["request"]),
            "arms": tuple(data["arms"]),
            "classes": tuple(data["classes"]),
            "moments": tuple(data["moments"]),
            "curves": curves,
            "kernels": kernels,
            "confusion": {arm: tuple(map(tuple, rows)) for arm, rows in data["confusion"].items()},
            "machine": Machine(**data["machine"]),
        }
    )
