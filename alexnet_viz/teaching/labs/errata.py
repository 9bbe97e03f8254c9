"""Reading a source critically: give the verdict first, then see the computation."""

import random
from functools import cache
from typing import Any

from alexnet_viz.analysis.claims.claim import Claim, Word
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import judge
from alexnet_viz.analysis.claims.wording import explained, quantity_text, said, value_text
from alexnet_viz.render.diagrams.graph.axes import wrapped, write
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.text import Language, running, t

ALL, MOST = "all", 6
SHEETS = (ALL, *(f"article_00{n}" for n in range(5)), "paper", "one_weird_trick")
"""The sources with enough statements."""
GROUPS: dict[str, tuple[Word, ...]] = {
    "right": ("agrees", "roughly"),
    "differs": ("differs",),
    "contradicts": ("contradicts",),
    "wrong": ("wrong", "arithmetic"),
    "misprint": ("garbled", "copied"),
    "unclear": ("unclear",),
}
"""The verdicts that a student chooses from, and the ledger's that each stands for."""


def group(claim: Claim) -> str:
    """The verdict on a claim, as a student gives it."""
    word = judge(claim).word
    return next(name for name, words in GROUPS.items() if word in words)


@cache
def drawn(source: str, seed: int, count: int) -> tuple[Claim, ...]:
    """So many statements of a source, drawn by the seed: a verdict first, then one of its claims.

    Every verdict is as likely as any other, as long as it has claims left.
    """
    dice = random.Random(f"{source}/{seed}")
    left: dict[str, list[Claim]] = {}
    for claim in claims().values():
        if source in (ALL, claim.source):
            left.setdefault(group(claim), []).append(claim)
    found: list[Claim] = []
    while left and len(found) < count:
        name = dice.choice(sorted(left))
        found.append(left[name].pop(dice.randrange(len(left[name]))))
        if not left[name]:
            del left[name]
    return tuple(found)


def _chosen(values: Values) -> tuple[tuple[Claim, ...], int]:
    """The statements, and the place of the one that is judged, from 0."""
    found = drawn(values["source"], int(values["seed"]), int(values["count"]))
    return found, min(int(values["n"]), len(found)) - 1


def statement(claim: Claim, language: Language) -> str:
    """What a source says, with what it prints where that is something else."""
    words = said(claim, language)
    if not claim.printed:
        return words
    printed = t("lab.errata.printed", language, printed=claim.printed)
    return running((words, printed), language)


def look(values: Values, say: Say) -> Look:
    """The statements on a sheet, the one that is judged in bold, and how the source does in all."""
    found, place = _chosen(values)
    sheet, y = Sheet(), 24.0
    for n, claim in enumerate(found):
        lines = wrapped(statement(claim, say.language), 590)
        sheet.circle(16, y - 5, 13, stroke=BLUE, width=2.6 if n == place else 1)
        write(sheet, 16, y, [str(n + 1)], bold=n == place)
        write(sheet, 40, y, lines, anchor="start", bold=n == place)
        y += 18 * len(lines)
        where = say("where", source=SOURCES[claim.source].title, where=claim.where)
        write(sheet, 40, y, wrapped(where, 590, most=1), anchor="start", quiet=True)
        y += 28
    svg = sheet.document(640, y - 12, title=say("drawing", n=len(found)))
    mine = [c for c in claims().values() if values["source"] in (ALL, c.source)]
    right = sum(group(claim) == "right" for claim in mine)
    return Look(
        drawings=(Drawing(svg, "errata"),),
        sentences=(
            say("asked", n=place + 1),
            say("source_in_all", all=len(mine), right=right),
            say("meaning"),
        ),
    )


def _referee(values: Values, answer: Any, say: Say) -> Outcome:
    found, place = _chosen(values)
    claim = found[place]
    verdict, true = judge(claim), group(claim)
    words = [
        say("agreed" if answer == true else "not_agreed", given=say(f"option.verdict.{answer}"),
            true=say(f"option.verdict.{true}")),
        _computation(claim, say) if verdict.decisive else "",
        explained(claim, say.language),
        say(f"basis.{verdict.basis}", id=claim.id),
    ]  # fmt: skip
    part = str(place + 1) if answer == true else ""
    return Outcome(answer == true, running([each for each in words if each], say.language), part)


def _computation(claim: Claim, say: Say) -> str:
    finding = judge(claim).decisive
    assert finding is not None
    name = finding.quantity

    def text(value: Any) -> str:
        return value_text(name, value, say.language)

    key = "compared" if finding.compared else "computed"
    return say(
        key,
        name=quantity_text(name, say.language),
        stated=claim.printed or text(finding.stated),
        own=text(finding.own),
        paper=text(finding.paper),
    )


LAB = Lab(
    id="errata",
    concepts=("errata",),
    controls=(
        Pick("source", SHEETS, "article_001"),
        Number("seed", 0, 999, 0),
        Number("count", 3, MOST, 5),
        Number("n", 1, MOST, 1),
    ),
    look=look,
    tasks={
        "referee": Task(
            _referee,
            Pick("verdict", tuple(GROUPS), next(iter(GROUPS))),
            parts=tuple(str(n) for n in range(1, 4)),
        )
    },
    see=("claims",),
)
