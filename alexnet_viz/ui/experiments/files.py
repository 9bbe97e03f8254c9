"""What can be taken away of a run: its curves as numbers and as drawings, and the run itself."""

from collections.abc import Callable

from alexnet_viz.render.diagrams.graph.curves import curves
from alexnet_viz.teaching.experiments.experiment import Experiment
from alexnet_viz.teaching.experiments.result import Curve, Numbers, Result
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components.downloads import Files, drawing_file

PARTS: dict[str, Callable[[Curve], Numbers]] = {
    "train": lambda curve: curve.train_error,
    "validation": lambda curve: curve.validation_error,
}


def files(experiment: Experiment, result: Result) -> list[Files]:
    """The files of a complete result."""
    name = f"{experiment.id}_{result.request.data}"
    drawings = [
        drawing_file(
            _drawing(experiment, result, part), f"{name}_{part}", t(f"experiments.{part}_error")
        )
        for part in PARTS
    ]
    numbers = Files(t("experiments.numbers"), name, {"csv": result.to_csv, "json": result.to_json})
    return [numbers, *drawings]


def _drawing(experiment: Experiment, result: Result, part: str) -> str:
    """The mean error of every arm over the seeds, as an SVG."""
    series = []
    for arm in result.arms:
        rows = [PARTS[part](curve) for curve in result.of(arm)]
        points = [
            (float(step), sum(known) / len(known))
            for step, *values in zip(result.moments, *rows, strict=False)
            if (known := [value for value in values if value is not None])
        ]
        series.append((experiment.predicted(arm, language()), points))
    error = t(f"experiments.{part}_error")
    question = experiment.say("question", language())
    return curves(
        series, title=f"{question} {error}", x_label=t("experiments.step"), y_label=error,
        y_range=(0.0, 1.0),
    )  # fmt: skip
