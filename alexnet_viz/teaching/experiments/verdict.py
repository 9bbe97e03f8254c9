"""What a result shows: differences of the arms with a band, and whether they are noise.

For every seed two arms form a pair: same initial weights where shapes agree, same pictures in the
same order.  The band is the 95 % interval of Student's t for the mean of the paired differences
over the seeds.  It is about the chance in the seeds; the pictures that the errors are measured on
are the same for all.  A difference whose band includes 0 is inside the noise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import Literal

from alexnet_viz.teaching.experiments.experiment import SAME, Experiment, Measure
from alexnet_viz.teaching.experiments.result import Final, Result
from alexnet_viz.text import Language, t

T_QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131,
)  # fmt: skip
"""The 0.975 quantiles of Student's t for 1, 2, … degrees of freedom; for more the last is taken."""
LEARNED = 0.9
"""A network has learned if its training error is below this share of that of guessing."""

Judgement = Literal["right", "partly", "wrong"]


@dataclass(frozen=True)
class Difference:
    """A measure of one arm minus that of the other, seed by seed; shares from -1 to 1."""

    arm: str
    base: str
    differences: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean over the seeds."""
        return fmean(self.differences)

    @property
    def half_width(self) -> float | None:
        """Half of the band's width; None from one seed."""
        count = len(self.differences)
        if count < 2:
            return None
        quantile = T_QUANTILES[min(count - 1, len(T_QUANTILES)) - 1]
        return quantile * stdev(self.differences) / sqrt(count)

    @property
    def clear(self) -> bool:
        """Whether the band excludes 0."""
        return self.half_width is not None and abs(self.mean) > self.half_width


@dataclass(frozen=True)
class Verdict:
    """What a complete result shows by one measure."""

    measure: Measure
    means: Mapping[str, float]
    """By arm, over the seeds."""
    differences: tuple[Difference, ...]
    """Each arm after the first minus the first."""
    best: tuple[str, ...]
    """The arm with the lowest mean, and those that are not clearly worse."""
    untaught: tuple[str, ...]
    """The arms that answer hardly better than by guessing."""

    def judge(self, choice: str) -> Judgement:
        """How a prediction of ``Experiment.prediction`` compares with the result."""
        every = len(self.best) == len(self.means)
        if every or choice == SAME:
            right = every and choice == SAME
            return "right" if right else "wrong" if len(self.best) == 1 else "partly"
        if choice not in self.best:
            return "wrong"
        return "right" if len(self.best) == 1 else "partly"


def verdict(experiment: Experiment, result: Result, measure: Measure | None = None) -> Verdict:
    """The verdict of a complete result by the experiment's measure, or by another.

    Raises:
        ValueError: the result is not complete.
    """
    measure = measure or experiment.measure
    values = {
        arm: tuple(_measured(curve.final, measure) for curve in result.of(arm))
        for arm in result.arms
    }
    means = {arm: fmean(found) for arm, found in values.items()}
    base, *others = result.arms
    first = min(means, key=lambda arm: means[arm])
    guessing = 1 - 1 / len(result.classes)
    return Verdict(
        measure=measure,
        means=means,
        differences=tuple(_difference(arm, base, values) for arm in others),
        best=tuple(
            arm for arm in result.arms if arm == first or not _difference(arm, first, values).clear
        ),
        untaught=tuple(
            arm
            for arm in result.arms
            if fmean(_measured(curve.final, "train_error") for curve in result.of(arm))
            > LEARNED * guessing
        ),
    )


def _measured(final: Final | None, measure: Measure) -> float:
    if final is None:
        raise ValueError("the result is not complete")
    value: float = getattr(final, measure)
    return value


def _difference(arm: str, base: str, values: Mapping[str, tuple[float, ...]]) -> Difference:
    pairs = zip(values[arm], values[base], strict=True)
    return Difference(arm, base, tuple(one - other for one, other in pairs))


def sentences(experiment: Experiment, result: Result, language: Language = "en") -> tuple[str, ...]:
    """What a result shows, in words with all numbers; Markdown, the answer is bold.

    A sentence for each arm after the first, by each measure of the experiment, one for each arm
    that has not learned, and one that says what the band is.
    """
    found = verdict(experiment, result)
    said = compared(experiment, found, language)
    if experiment.also:
        said += compared(experiment, verdict(experiment, result, experiment.also), language)
    errors = verdict(experiment, result, "train_error").means
    for name in found.untaught:
        said.append(
            t(
                "lab_run.verdict.untaught",
                language,
                arm=experiment.say(f"arm.{name}", language),
                error=errors[name],
                guessing=1 - 1 / len(result.classes),
                steps=result.steps,
            )
        )
    method = "method" if len(result.seeds) > 1 else "method_one"
    said.append(
        t(
            f"lab_run.verdict.{method}",
            language,
            seeds=len(result.seeds),
            pictures=result.pictures["final_validation"],
            known=result.pictures["final_train"],
            steps=result.steps,
        )
    )
    return tuple(said)


def compared(experiment: Experiment, found: Verdict, language: Language = "en") -> list[str]:
    """A sentence for each arm after the first: its measure against that of the first."""
    measure, said = t(f"lab_run.measure.{found.measure}", language), []
    for each in found.differences:
        if each.half_width is None:
            key = "one_seed"
        elif not each.clear:
            key = "noise"
        else:
            key = "lower" if each.mean < 0 else "higher"
        half = each.half_width or 0.0
        said.append(
            t(
                f"lab_run.verdict.{key}",
                language,
                measure=measure[0].upper() + measure[1:],
                arm=experiment.say(f"arm.{each.arm}", language),
                base=experiment.say(f"arm.{each.base}", language),
                value=found.means[each.arm],
                other=found.means[each.base],
                points=100 * abs(each.mean),
                low=100 * (each.mean - half),
                high=100 * (each.mean + half),
            )
        )
    return said
