"""``lab list | run``: the experiments of the training lab.

``list`` needs the standard library only, ``run`` torch.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from statistics import fmean
from typing import TYPE_CHECKING

from alexnet_viz.commands.arguments import Parser, Word, add_format, add_language, whole_number
from alexnet_viz.commands.output import printed
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.teaching.experiments.budget import request
from alexnet_viz.teaching.experiments.experiment import DRAWINGS, FASHION, Experiment
from alexnet_viz.teaching.experiments.registry import EXPERIMENTS, experiment
from alexnet_viz.teaching.experiments.verdict import sentences, verdict
from alexnet_viz.text import Language, t

if TYPE_CHECKING:
    from alexnet_viz.teaching.experiments.result import Result

MOST_SEEDS = 20


def configure(parser: Parser, word: Word) -> None:
    """Add the actions and their options."""
    actions = parser.add_subparsers(
        required=True, metavar="ACTION", dest="action", parser_class=Parser
    )
    for name in ACTIONS:
        help = word(f"lab_{name}")
        added: Parser = actions.add_parser(name, help=help, description=help, allow_abbrev=False)
        add_language(added, word)
        if name == "list":
            add_format(added, word)
            continue
        added.add_argument("name", metavar="NAME", help=word("lab_name"))
        added.add_argument(
            "--data", choices=(FASHION, DRAWINGS), default=FASHION, help=word("lab_data")
        )
        added.add_argument("--seeds", metavar="N", help=word("lab_seeds"))
        added.add_argument("--quick", action="store_true", help=word("lab_quick"))
        add_format(added, word, ("table", "csv", "json"))
        added.add_argument(
            "--json", dest="format", action="store_const", const="json", help=word("lab_json")
        )


def run(arguments: argparse.Namespace) -> int:
    """Run one of the actions and return the exit code.

    Raises:
        Problem: no such experiment, or a number out of range.
    """
    return ACTIONS[arguments.action](arguments, arguments.language)


def _list(arguments: argparse.Namespace, language: Language) -> int:
    rows = tuple(
        (
            each.id,
            each.field,
            ", ".join(arm.id for arm in each.arms),
            each.say("title", language),
        )
        for each in EXPERIMENTS.values()
    )
    header = tuple(
        t(f"lab_run.column.{name}", language) for name in ("id", "field", "arms", "title")
    )
    records = [
        {
            "id": each.id,
            "title": each.say("title", language),
            "question": each.say("question", language),
            "sentence": each.say("sentence", language),
            "source": {"title": each.source.titled("en"), "where": each.source.place("en")},
            "figures": [each.figure(figure, language) for figure in each.figures],
            "field": each.field,
            "measure": each.measure,
            "arms": [arm.id for arm in each.arms],
        }
        for each in EXPERIMENTS.values()
    ]
    return printed(arguments.format, Grid("", header, rows, frozenset(range(4))), records)


def _run(arguments: argparse.Namespace, language: Language) -> int:
    asked = experiment(arguments.name)
    seeds = whole_number(arguments.seeds, "--seeds", MOST_SEEDS) if arguments.seeds else None
    from alexnet_viz.model.device import choose
    from alexnet_viz.teaching.experiments.run import Run

    device = choose()
    budget = "quick" if arguments.quick else "standard"
    wanted = request(asked, budget, arguments.data, gpu=device.type != "cpu", seeds=seeds)
    if seeds:  # more seeds than the budget is meant for take longer
        wanted = replace(wanted, seconds=None)
    going = Run(wanted, asked, device)
    try:
        result = going.go_on(partial(_told, asked, language), lambda: False)
    except KeyboardInterrupt:
        result = going.result()
    if arguments.format == "csv":
        print(result.to_csv(), end="")
        return 0
    return printed(arguments.format, _grid(asked, result, language), _record(asked, result))


def _told(
    asked: Experiment, language: Language, share: float, found: "Result | None" = None
) -> None:
    """Write how far a run is on standard error, at each of its moments."""
    if found is not None and sys.stderr is not None:
        line = t(
            "lab_run.running",
            language,
            experiment=asked.say("title", language),
            share=share,
            steps=found.steps,
        )
        print(line, file=sys.stderr, flush=True)


def _grid(asked: Experiment, result: "Result", language: Language) -> Grid:
    """The errors of every arm, and what they show."""
    names = ("train_error", "validation_error")
    header = tuple(t(f"lab_run.column.{name}", language) for name in ("arm", *names))
    rows = []
    for arm in result.arms:
        cells: list[str | None] = []
        for name in names:
            found = [
                getattr(curve.final, name)
                if curve.final
                else next(iter(getattr(curve, name)[-1:]), None)
                for curve in result.of(arm)
            ]
            known = [each for each in found if each is not None]
            cells.append(f"{fmean(known):.1%}" if known else None)
        rows.append((asked.say(f"arm.{arm}", language), *cells))
    if result.complete:
        notes = tuple(each.replace("**", "") for each in sentences(asked, result, language))
    else:
        notes = (t("lab_run.stopped", language, steps=result.steps, planned=result.request.steps),)
    title = t(
        "lab_run.title",
        language,
        title=asked.say("title", language),
        data=result.request.data,
        seeds=len(result.seeds),
        steps=result.steps,
    )
    return Grid(title, header, tuple(rows), frozenset({0}), notes=notes)


def _record(asked: Experiment, result: "Result") -> dict[str, object]:
    """The result as plain data, and the verdict if there is one."""
    record = dict(json.loads(result.to_json()))
    if result.complete:
        found = verdict(asked, result)
        record["verdict"] = {
            "measure": found.measure,
            "means": dict(found.means),
            "best": found.best,
            "differences": [
                {
                    "arm": each.arm,
                    "against": each.base,
                    "by_seed": each.differences,
                    "mean": each.mean,
                    "half_width": each.half_width,
                    "clear": each.clear,
                }
                for each in found.differences
            ],
        }
    return record


ACTIONS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {"list": _list, "run": _run}
