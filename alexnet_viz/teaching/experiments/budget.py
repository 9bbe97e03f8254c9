"""How long a run may be: a quick one, the standard one, and more seeds where a GPU is."""

from collections.abc import Mapping
from dataclasses import dataclass

from alexnet_viz.teaching.experiments.experiment import FASHION, Experiment
from alexnet_viz.teaching.experiments.result import Request


@dataclass(frozen=True)
class Budget:
    """A share of an experiment's steps, how many seeds, and when to end at the latest."""

    share: float
    seeds: int
    seconds: float


BUDGETS: Mapping[str, Budget] = {
    "quick": Budget(share=1 / 4, seeds=3, seconds=20),
    "standard": Budget(share=1.0, seeds=3, seconds=120),
}
"""By id, for two cores of a CPU."""
GPU_SEEDS = {"quick": 5, "standard": 10}
"""Seeds of each budget on a GPU."""


def request(
    experiment: Experiment,
    budget: str = "standard",
    data: str = FASHION,
    *,
    gpu: bool = False,
    seeds: int | None = None,
) -> Request:
    """The request of an experiment with a budget; its seeds are 0, 1, 2, …"""
    chosen = BUDGETS[budget]
    count = seeds or (GPU_SEEDS[budget] if gpu else chosen.seeds)
    steps = round(chosen.share * experiment.arms[0].training.steps)
    return Request(experiment.id, data, tuple(range(count)), steps, chosen.seconds)
