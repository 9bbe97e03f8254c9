"""History: the contest by year, features by hand against learned ones, and what is said of it."""

from typing import Any

from alexnet_viz.analysis.claims.claim import Claim
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import judge
from alexnet_viz.analysis.claims.wording import explained, said
from alexnet_viz.analysis.history.contests import PAPER_2012, SECOND_2012, WINNERS, drop
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.render.diagrams.graph.axes import wrapped, write
from alexnet_viz.render.diagrams.graph.bars import bars
from alexnet_viz.render.diagrams.graph.timeline import timeline
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.tables.grid import Cell, Cells, Grid
from alexnet_viz.render.theme import BLUE
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Table, Task, Values
from alexnet_viz.teaching.toys.edge_histogram import measured
from alexnet_viz.text import running
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.model_card import card

CARDS = tuple(claim for claim in claims().values() if claim.concept == "history")
TRUTHS = {
    **dict.fromkeys(("agrees", "roughly"), "true"),
    **dict.fromkeys(("wrong", "contradicts", "differs"), "false"),
    "unclear": "half",
}
"""By the ledger's verdict, the one on a card."""
VIEWS = ("contest", "features", "cards")
KINDS = ("edges", "learned")


def _card(values: Values) -> Claim:
    return CARDS[int(values["card"]) - 1]


def look(values: Values, say: Say) -> Look:
    """One of three views: the timeline, the two kinds of features, a card."""
    views = {"contest": _contest, "features": _features, "cards": _cards}
    return views[values["view"]](values, say)


def _contest(values: Values, say: Say) -> Look:
    years = [each.year for each in WINNERS]
    lit = years.index(int(values["year"]))
    chosen = WINNERS[lit]
    svg = timeline(
        [
            (str(each.year), f"{each.entry}: {each.how.of(say.language)}", each.top5)
            for each in WINNERS
        ],
        title=say("timeline"),
        unit="%",
        lit=(lit,),
        value_label=say("top5"),
    )
    words = {"year": chosen.year, "entry": chosen.entry, "error": f"{chosen.top5:g}"}
    first = chosen.year == years[0]
    rows: list[Cells] = [
        (str(each.year), each.entry, f"{each.top5:g}", each.source) for each in WINNERS
    ]
    header = tuple(say(f"column.{name}") for name in ("year", "entry", "error", "source"))
    return Look(
        drawings=(Drawing(svg, "history_contest"),),
        sentences=(
            say("first_year", **words) if first else say("fell", **words, by=drop(chosen.year)),
            say("printed", paper=PAPER_2012, second=SECOND_2012, own=WINNERS[2].top5),
        ),
        tables=(
            Table(
                Grid("", header, tuple(rows), frozenset((1, 3))), "history_contest", say("table")
            ),
        ),
    )


def _features(values: Values, say: Say) -> Look:
    found, examples = measured(), values["examples"]
    groups = [
        (
            say("examples", n=n),
            tuple(100 * found[kind]["right"][str(n)] for kind in KINDS),
        )
        for n in found["examples"]
    ]
    svg = bars(
        groups,
        title=say("features_drawing"),
        unit="%",
        series=tuple(say(kind) for kind in KINDS),
        lit=(found["examples"].index(int(examples)),),
        truth=(100 / len(CLASSES), say("guess")),
    )
    edges, learned = (100 * found[kind]["right"][examples] for kind in KINDS)
    return Look(
        drawings=(Drawing(svg, "history_features"),),
        sentences=(
            say("both", n=int(examples), edges=edges, learned=learned, classes=len(CLASSES)),
            say("fair", test=found["test"], images=card()["images"]),
        ),
        tables=(Table(_confusions(say), "history_confusions", say("confusions")),),
    )


def _confusions(say: Say) -> Grid:
    """The class that each kind of features most often takes a class for, where it is another."""
    rows: list[Cells] = []
    for n in range(len(CLASSES)):
        cells: list[Cell] = []
        for kind in KINDS:
            counts = measured()[kind]["confusion"][n]
            wrong = max((m for m in range(len(CLASSES)) if m != n), key=counts.__getitem__)
            other = say("taken_for", other=_class(wrong, say), n=counts[wrong])
            cells += [counts[n], other if counts[wrong] else None]
        rows.append((_class(n, say), *cells))
    header = ("class", "edges_right", "edges_for", "learned_right", "learned_for")
    return Grid(
        "", tuple(say(f"column.{each}") for each in header), tuple(rows), frozenset((0, 2, 4))
    )


def _class(number: int, say: Say) -> str:
    return DRAWINGS.classes[number].of(say.language)


def _cards(values: Values, say: Say) -> Look:
    claim, number = _card(values), int(values["card"])
    sheet = Sheet()
    lines = wrapped(said(claim, say.language), 420, size=20)
    high = 110 + 28 * len(lines)
    sheet.rectangle(60, 16, 520, high, fill=BLUE, opacity=0.1, stroke=BLUE, width=2)
    write(sheet, 84, 48, [say("card", n=number, all=len(CARDS))], anchor="start", quiet=True)
    for n, line in enumerate(lines):
        sheet.text(320, 92 + 28 * n, line, size=20, bold=True)
    where = say("where", source=SOURCES[claim.source].title, where=claim.where)
    write(sheet, 84, high, wrapped(where, 470, most=1), anchor="start", quiet=True)
    svg = sheet.document(640, high + 32, title=said(claim, say.language))
    return Look(
        drawings=(Drawing(svg, "history_card"),),
        sentences=(say("turn_over", n=number), say("our_words")),
    )


def _truth(values: Values, answer: Any, say: Say) -> Outcome:
    claim, number = _card(values), int(values["card"])
    true = TRUTHS[judge(claim).word]
    key = "card_right" if answer == true else "card_wrong"
    words = say(key, n=number, said=said(claim, say.language), true=say(f"option.truth.{true}"))
    return Outcome(
        answer == true, running((words, explained(claim, say.language)), say.language), str(number)
    )


def _steepest(values: Values, answer: Any, say: Say) -> Outcome:
    years = [each.year for each in WINNERS[1:]]
    best = max(years, key=drop)
    given = int(answer)
    words = {"year": given, "by": drop(given)}
    if given == best:
        return Outcome(True, say("steepest", **words))
    return Outcome(False, say("less_steep", **words))


def _idle(values: Values) -> tuple[str, ...]:
    """The controls of the other views."""
    own = {"contest": "year", "features": "examples", "cards": "card"}[values["view"]]
    return tuple(name for name in ("year", "examples", "card") if name != own)


LAB = Lab(
    id="history",
    concepts=("history",),
    controls=(
        Pick("view", VIEWS, "contest"),
        Number("year", WINNERS[0].year, WINNERS[-1].year, 2012),
        Pick("examples", ("1", "2", "5", "10"), "5"),
        Number("card", 1, len(CARDS), 1),
    ),
    look=look,
    idle=_idle,
    tasks={
        "truth": Task(
            _truth,
            Pick("truth", ("true", "half", "false"), "true"),
            parts=tuple(str(n) for n in range(1, len(CARDS) + 1)),
        ),
        "steepest": Task(_steepest, Number("fell", WINNERS[1].year, WINNERS[-1].year, 2017)),
    },
    see=("towers?section=history", "claims?claim_concept=history&claim_verdict=all"),
)
