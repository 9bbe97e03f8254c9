"""All generators of exercises, and ``draw``.

Difficulty is measured by ``questions.question.effort``, the single-digit operations by hand; each
generator states the efforts of its tiers.  The numbers of tiers 1 and 2 are for work by hand: no
factor has more than three digits.  Tier 3 may need a calculator, and where it asks for a count an
answer within 1 % will do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from alexnet_viz.teaching.exercises import (
    draw_counts,
    draw_fields,
    draw_networks,
    draw_sizes,
    draw_values,
)
from alexnet_viz.teaching.exercises.exercise import Exercise, Way
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.questions.question import (
    LARGEST_PRODUCT,
    Answer,
    Question,
    by_hand,
    effort,
)
from alexnet_viz.teaching.slips.finding import near
from alexnet_viz.teaching.slips.registry import made
from alexnet_viz.text.problem import Problem

TIERS = (1, 2, 3)

SEEDS = 1_000_000
"""Seeds that are drawn are below this."""

MOST_OPTIONS = 4

LEAST_OPTIONS = 3

MOST_TRIES = 400
"""Most draws until one is accepted; the tests see that it is always enough."""


@dataclass(frozen=True)
class Generator:
    """A kind of exercise."""

    draw: Callable[[Random, int], Question | None]
    """A question of a tier; None, or a ``Problem`` raised: draw again."""
    efforts: tuple[range, range, range]
    """The effort of each tier."""
    ways: tuple[Way, ...] = ("typed", "choice")
    approximate: bool = False
    """Whether the third tier asks for a count to within 1 %."""
    needed: int = 2
    """The fewest different wrong answers that slips lead to."""


GENERATORS: Mapping[str, Generator] = {
    "out1": Generator(draw_sizes.out1, (range(2, 6), range(4, 8), range(4, 12))),
    "out2": Generator(draw_sizes.out2, (range(3, 7), range(3, 8), range(4, 12))),
    "same": Generator(draw_sizes.same, (range(1, 3), range(3, 4), range(4, 5))),
    "inv": Generator(draw_sizes.inv, (range(4, 7), range(4, 9), range(6, 14))),
    "par": Generator(
        draw_counts.par, (range(2, 10), range(8, 18), range(14, 40)), approximate=True
    ),
    "fcpar": Generator(
        draw_counts.fcpar, (range(3, 9), range(7, 13), range(12, 40)), approximate=True
    ),
    "mac": Generator(
        draw_counts.mac, (range(4, 16), range(8, 22), range(16, 60)), approximate=True
    ),
    "wshape": Generator(draw_counts.wshape, (range(2, 4), range(2, 6), range(2, 8))),
    "rf": Generator(draw_fields.rf, (range(4, 7), range(7, 11), range(10, 20))),
    "rfbox": Generator(draw_fields.rfbox, (range(6, 14), range(10, 19), range(10, 30))),
    "lrn": Generator(draw_values.lrn, (range(5, 10), range(8, 14), range(20, 80))),
    "pool": Generator(draw_values.pool, (range(12, 33), range(32, 90), range(72, 140))),
    "conv": Generator(draw_values.conv, (range(4, 17), range(12, 41), range(30, 120))),
    "crop": Generator(draw_sizes.crop, (range(3, 7), range(8, 10), range(8, 14))),
    "drop": Generator(draw_values.drop, (range(2, 5), range(3, 7), range(4, 8))),
    "tower": Generator(draw_networks.tower, (range(1, 2), range(1, 2), range(1, 2)), ("choice",)),
    "find": Generator(draw_networks.find, (range(2, 25), range(2, 40), range(2, 60))),
    "which": Generator(draw_networks.which, (range(2, 3), range(3, 4), range(4, 8)), ("choice",)),
    "published": Generator(
        draw_networks.published, (range(1, 2), range(1, 2), range(1, 2)), ("choice",)
    ),
    "relu": Generator(draw_values.relu, (range(9, 10), range(18, 19), range(19, 40))),
}
"""By id; ids are part of links."""


def draw(id: str, seed: int, tier: int = 1) -> Exercise:
    """The exercise of a generator that belongs to a seed and a tier.

    >>> draw("crop", seed=7) == draw("crop", seed=7)
    True

    Raises:
        KeyError: no such generator.
        ValueError: no such tier.
    """
    generator = GENERATORS[id]
    if tier not in TIERS:
        raise ValueError(tier)
    chance, way = _begun(id, seed, tier)
    for _ in range(MOST_TRIES):
        try:
            question = generator.draw(chance, tier)
            if question is None or not suits(generator, tier, question):
                continue
            wrong = _distinct(question)
        except Problem:
            continue
        if len(wrong) < generator.needed:
            continue
        options = _options(question, wrong, chance) if way == "choice" else ()
        if way == "choice" and not options:
            continue
        about = generator.approximate and tier == 3
        return Exercise(id, seed, tier, question, way, options, about)
    raise RuntimeError(f"{id}: no exercise in {MOST_TRIES} draws of seed {seed}, tier {tier}")


def way(id: str, seed: int, tier: int) -> Way:
    """Whether the exercise that ``draw`` draws is typed or chosen."""
    return _begun(id, seed, tier)[1]


def _begun(id: str, seed: int, tier: int) -> tuple[Random, Way]:
    """The chance that an exercise is drawn with, after its first use: the way."""
    chance = Random(f"{id} {seed} {tier}")
    return chance, chance.choice(GENERATORS[id].ways)


def suits(generator: Generator, tier: int, question: Question) -> bool:
    """Whether a question has the effort of a tier and numbers that can be worked with."""
    answer, steps = question.answer, question.steps
    numbers = answer if isinstance(answer, tuple) else (answer,)
    if any(not isinstance(each, str) and each > LARGEST_PRODUCT for each in numbers):
        return False
    if question.form in ("count", "shape") and answer == 0:
        return False
    return effort(steps) in generator.efforts[tier - 1] and (tier == 3 or by_hand(steps))


def _distinct(question: Question) -> tuple[Answer, ...]:
    """The wrong answers that slips lead to, the likeliest first, each once.

    A ``number`` is another only if it is more than 1 % away; none, if a slip's is so close to the
    answer that it would pass.
    """
    wrong = tuple(dict.fromkeys(made(question).values()))
    if question.form != "number":
        return wrong
    if any(near(value, question.answer) for value in wrong):
        return ()
    apart = [value for n, value in enumerate(wrong) if not any(near(value, it) for it in wrong[:n])]
    return tuple(apart)


def _options(question: Question, wrong: tuple[Answer, ...], chance: Random) -> tuple[Answer, ...]:
    """The answer among wrong ones, shuffled; none where it would be recognised.

    It is recognised if it alone is the longest or the shortest as it is written, or if the others
    have decimals and it has none.
    """
    answer, form = question.answer, question.form
    words = {written(answer, form, even=True).en: answer}
    for value in wrong:
        if _size(value) == _size(answer) and not _uneven(value, form):
            words.setdefault(written(value, form, even=True).en, value)
    right, *others = words
    if len(others) < LEAST_OPTIONS - 1:
        return ()
    if form != "word":
        others = _around(words, others, chance)
        lengths = list(map(len, others))
        if not min(lengths) <= len(right) <= max(lengths):
            return ()
    options = [words[each] for each in (right, *others)]
    chance.shuffle(options)
    return tuple(options)


def _around(words: dict[str, Answer], others: list[str], chance: Random) -> list[str]:
    """Some of the others, so that by size the answer is as often first, second, third or last.

    ``words`` are all values as they are written, the answer first.
    """
    answer = next(iter(words.values()))
    less = [each for each in others if words[each] < answer]  # type: ignore[operator]
    more = [each for each in others if words[each] > answer]  # type: ignore[operator]
    count = min(MOST_OPTIONS - 1, len(others))
    below = chance.randint(max(0, count - len(more)), min(count, len(less)))
    return [*chance.sample(less, below), *chance.sample(more, count - below)]


def _size(value: Answer) -> int:
    return len(value) if isinstance(value, tuple) else 1


def _uneven(value: Answer, form: str) -> bool:
    """Whether a value has decimals where the answer is whole."""
    if form in ("number", "word") or isinstance(value, str):
        return False
    return any(each != int(each) for each in (value if isinstance(value, tuple) else (value,)))
