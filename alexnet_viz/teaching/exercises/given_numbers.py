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
            both = {"before_relu": cells, "arriving": arriving}
            maps = [
                NumberGrid(each, t(f"exercise.{name}", language)) for name, each in both.items()
            ]
            return grids(maps, title=title)
        case ConvolvedMap(channels=channels, kernel=kernel):
            parts: list[NumberGrid | str] = []
            for number, (values, weights) in enumerate(zip(channels, kernel, strict=True), 1):
                sign = ["+"] if parts else []
                shown = {"number": number, "of": len(channels)}
                names = ("channel", "kernel_of") if len(channels) > 1 else ("input", "kernel")
                map_of, kernel_of = (t(f"exercise.{name}", language, **shown) for name in names)
                parts += [*sign, NumberGrid(values, map_of), "×", NumberGrid(weights, kernel_of)]
            return grids(parts, title=title)
    return ""


def numbered(exercise: Exercise, language: Language = "en") -> str:
    """The lines of a text as a numbered list of Markdown; empty for any other question."""
    if not isinstance(exercise.question, PlantedError):
        return ""
    found = enumerate(lines(exercise.question, language), 1)
    return "\n".join(f"{number}. {line}" for number, line in found)
