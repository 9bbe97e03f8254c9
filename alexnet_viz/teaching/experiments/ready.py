"""The results that ship, one file an experiment, made by ``training/lab.py``."""

from functools import cache
from importlib.resources import files

from alexnet_viz.teaching.experiments.result import Result

FOLDER = "results"


@cache
def ready(experiment: str) -> Result | None:
    """The result of an experiment that ships; None if there is none."""
    file = files(__package__) / FOLDER / f"{experiment}.json"
    return Result.from_json(file.read_text("utf-8")) if file.is_file() else None
