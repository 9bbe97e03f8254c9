"""What an exercise shows beside its sentence: a map, a kernel, or the lines of a text."""

from alexnet_viz.render.diagrams.graph.number_grids import NumberGrid, grids
from alexnet_viz.teaching.exercises.exercise import Exercise, lines
from alexnet_viz.teaching.questions.network_chains import PlantedError
from alexnet_viz.teaching.questions.rectified import RectifiedGradient, RectifiedMap
from alexnet_viz.teaching.questions.small_maps import ConvolvedMap, PooledMap
from alexnet_viz.text import Language, t


def drawing(exercise: Exercise, language: Language = "en") -> str:
    """An SVG of the numbers that the question is about; empty where its sentence has them all."""
    title = t("exercise.given", language)
    match exercise.question:
        case PooledMap(cells=cells) | RectifiedMap(cells=cells):
            return grids([NumberGrid(cells)], title=title)
        case RectifiedGradient(cells=cells, arriving=arriving):
            names = (t(f"exercise.{name}", language) for name in ("before_relu", "arriving"))
            both = zip((cells, arriving), names, strict=True)
            return grids([NumberGrid(each, name) for each, name in both], title=title)
        case ConvolvedMap(channels=channels, kernel=kernel):
            parts: list[NumberGrid | str] = []
            for number, (values, weights) in enumerate(zip(channels, kernel, strict=True), 1):
                sign = ["+"] if parts else []
                shown = {"number": number, "of": len(channels)}
                parts += [
                    *sign,
                    NumberGrid(values, t("exercise.channel", language, **shown)),
                    "×",
                    NumberGrid(weights, t("exercise.kernel_of", language, **shown)),
                ]
            return grids(parts, title=title)
    return ""


def numbered(exercise: Exercise, language: Language = "en") -> str:
    """The lines of a text as a numbered list of Markdown; empty for any other question."""
    if not isinstance(exercise.question, PlantedError):
        return ""
    found = enumerate(lines(exercise.question, language), 1)
    return "\n".join(f"{number}. {line}" for number, line in found)
