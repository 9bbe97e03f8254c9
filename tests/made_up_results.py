"""Results of the training lab made up by a formula, for tests of what shows them."""

import math
from dataclasses import asdict

from alexnet_viz.teaching.experiments.experiment import FASHION, Experiment
from alexnet_viz.teaching.experiments.result import (
    Curve,
    Final,
    Kernels,
    Machine,
    Request,
    Result,
)

CLASSES = 10
MOMENTS = tuple(range(0, 401, 40))
LAYERS = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")


def made_up(
    experiment: Experiment, *, complete: bool = True, moments: tuple[int, ...] = MOMENTS
) -> Result:
    """A result in which each arm is 4 points worse than the one before; seeds differ by 0.2."""
    arms = tuple(arm.id for arm in experiment.arms)
    curves = tuple(
        _curve(arm, place, seed, moments) for seed in range(3) for place, arm in enumerate(arms)
    )
    return Result(
        request=Request(experiment.id, FASHION, (0, 1, 2), MOMENTS[-1], 120),
        arms=arms,
        classes=tuple(map(str, range(CLASSES))),
        trainings={arm.id: asdict(arm.training) for arm in experiment.arms},
        networks={arm.id: arm.network.to_dict() for arm in experiment.arms},
        pictures={
            "train": 8000, "measured_train": 400, "measured_validation": 400,
            "final_train": 1000, "final_validation": 2000,
        },
        moments=moments,
        curves=curves,
        kernels={
            arm: tuple(
                Kernels(step, (16, 5, 5, 1), bytes((n * (step + 7)) % 256 for n in range(400)))
                for step in moments[:: max(1, len(moments) // 3)]
            )
            for arm in arms
        },
        confusion={
            arm: tuple(
                tuple(540 if row == column else 6 for column in range(CLASSES))
                for row in range(CLASSES)
            )
            for arm in arms
        }
        if complete
        else {},
        machine=Machine("a machine of the test", 2, "2.0", 75.0),
        complete=complete,
    )  # fmt: skip


def _curve(arm: str, place: int, seed: int, moments: tuple[int, ...]) -> Curve:
    offset = 0.04 * place + 0.002 * seed
    train = tuple(0.15 + offset + 0.75 * math.exp(-step / 90) for step in moments)
    return Curve(
        arm,
        seed,
        tuple(2.3 * error for error in train),
        train,
        tuple(error + 0.05 for error in train),
        {
            name: tuple(10.0 ** (-place * (len(LAYERS) - n) / 3) for _ in moments)
            for n, name in enumerate(LAYERS)
        },
        Final(0.15 + offset, 0.2 + offset),
    )
