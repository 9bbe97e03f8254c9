"""Output size: rounding, padding, and 224 against 227 (Krizhevsky et al. 2012, section 3.5)."""

import re
from math import prod
from typing import Any
from unicodedata import normalize

from alexnet_viz.analysis.columns import quotient_text
from alexnet_viz.network.geometry import Rounding, Slide
from alexnet_viz.network.layers import Window
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.graph.square_chains import SquareChain, squares
from alexnet_viz.render.diagrams.ruler import ruler
from alexnet_viz.teaching.control import Number, Pick, Words
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.text import running
from alexnet_viz.variants import VARIANTS

RULES: dict[str, tuple[Rounding, Rounding]] = {
    "floor": ("floor", "floor"),
    "ceil": ("ceil", "ceil"),
    "caffe": ("floor", "caffe"),
    "same": ("same", "same"),
    "valid": ("valid", "valid"),
}
"""How conv1 and how the pools round; conv2 to conv5 have a stride of 1 and keep the side."""

SHOWN = ("conv1", "pool1", "pool2", "pool5")
"""The layers that change the side of the map."""
PAPER = (55, 27, 13, 6)
"""Their sides in the paper, Figure 2."""
PAPER_WINDOW = {"f": 11, "s": 4}
PAPER_INPUT = 224
ASKED = range(200, 261)
WIDTH = 640.0


def traced(w: int, f: int, s: int, padding: tuple[int, int], rule: str) -> Trace:
    """The paper's layers at an input of ``w`` pixels with another window of conv1 and other rules.

    >>> sides(traced(224, 11, 4, (0, 0), "floor")), sides(traced(224, 11, 4, (0, 0), "ceil"))
    ((54, 26, 12, 5), (55, 27, 13, 6))
    """
    conv, pool = RULES[rule]
    first: dict[str, Any] = {"kernel_size": f, "stride": s, "padding": padding, "rounding": conv}
    pools: dict[str, Any] = {name: {"rounding": pool} for name in SHOWN[1:]}
    network = VARIANTS["alexnet_2012_227"].refitted()
    return trace(network.edited(id="conv1", conv1=first, **pools), w)


def sides(result: Trace) -> tuple[int, ...]:
    """The map's side after each layer of ``SHOWN`` that the network reaches."""
    return tuple(result[name].output_shape[1] for name in SHOWN if name in result.by_name)


def _first(values: Values) -> Trace:
    padding = (values["before"], values["after"])
    return traced(values["w"], values["f"], values["s"], padding, values["rule"])


def _second(values: Values) -> Trace:
    return traced(values["w2"], values["f"], values["s"], (0, 0), values["rule2"])


def look(values: Values, say: Say) -> Look:
    """The windows of conv1 on one axis, and the sides of the maps of both chains."""
    one, other = _first(values), _second(values)
    chains = Drawing(_chains(values, one, other, say), "output_size_chains", say("caption"))
    if "conv1" not in one.by_name:
        return Look((chains,), (_stopped(one, say),))
    slides = one["conv1"].slides
    assert slides
    window = slides[0]
    drawing = Drawing(ruler(window, say.language, WIDTH), "output_size")
    words = (_formula(window, values, say), _edges(window, say), _compared(one, other, say))
    return Look((drawing, chains), words)


def _formula(window: Slide, values: Values, say: Say) -> str:
    numbers: dict[str, object] = {
        "w": window.input_size,
        "f": window.kernel_size,
        "s": window.stride,
        "before": window.padding[0],
        "after": window.padding[1],
        "n": window.output_size,
        "raw": quotient_text(window.quotient),
    }
    stated = values["before"] + values["after"]
    ignored = stated and window.rounding in ("same", "valid")
    if window.rounding == "same":
        said = say("same", **numbers)
    else:
        numbers |= {"before": 0 if ignored else values["before"]}
        numbers |= {"after": 0 if ignored else values["after"]}
        key = "exact" if window.exact else "up" if window.rounding == "ceil" else "down"
        said = say(key, **numbers)
    return running([said, say("ignored", p=stated) if ignored else ""], say.language)


def _edges(window: Slide, say: Say) -> str:
    before, after = window.padding_read
    unread = say("unread", n=window.unread) if window.unread else say("all_read")
    zeros = say("zeros", n=before + after, before=before, after=after)
    return running([unread, zeros], say.language)


def _compared(one: Trace, other: Trace, say: Say) -> str:
    mine, theirs = sides(one), sides(other)
    pairs = zip(SHOWN, mine, theirs, strict=False)
    differs = next(((name, a, b) for name, a, b in pairs if a != b), None)
    if one.failure or other.failure:
        return _stopped(one if one.failure else other, say)
    words = say("agree") if differs is None else say("differ", layer=differs[0], a=differs[1],
                                                     b=differs[2])  # fmt: skip
    return running([words, _fits(one, say)], say.language)


def _fits(result: Trace, say: Say) -> str:
    values = result["fc6"].input_shape[0]
    trained = VARIANTS["alexnet_2012_paper"].dense[0].in_features
    return say("fits" if values == trained else "misfits", n=values, trained=trained)


def _stopped(result: Trace, say: Say) -> str:
    assert result.failure
    why = result.failure.problem.message(say.language)
    return say("stops", w=result.input_shape[1], layer=result.failure.layer, why=why)


def _chains(values: Values, one: Trace, other: Trace, say: Say) -> str:
    def chain(result: Trace, w: int, rule: str) -> SquareChain:
        reached = sides(result)
        stopped = len(reached) if len(reached) < len(SHOWN) else None
        shown = SHOWN if stopped is None else SHOWN[: stopped + 1]
        end = ""
        if not result.failure:
            end = say("flat", side=reached[-1], n=result["fc6"].input_shape[0])
        return SquareChain(
            sides=reached if stopped is None else (*reached, 0),
            name=say("chain", w=w, rule=say(f"option.rule.{rule}")),
            labels=shown,
            kinds=("convolution", *("pooling",) * 3),
            failed_at=stopped,
            words=end,
        )

    return squares(
        [
            chain(one, values["w"], values["rule"]),
            chain(other, values["w2"], values["rule2"]),
        ],
        title=say("chains_drawing"),
        beside=True,
    )


def sizes_in(text: str) -> frozenset[int] | None:
    """The whole numbers in a text of numbers and ranges; None for any other text.

    >>> sorted(sizes_in("227–229, 231") or ())
    [227, 228, 229, 231]
    """
    plain = normalize("NFKC", text).replace("，", ",")
    found: set[int] = set()
    for part in filter(None, re.split(r"[,;、\s]+", re.sub(r"\s*(-|–|—|~|to|到|至|\.{2,}|…)\s*",
                                                          "-", plain))):  # fmt: skip
        ends = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", part)
        if not ends:
            return None
        found |= set(range(int(ends[1]), int(ends[2] or ends[1]) + 1))
    return frozenset(found)


def reaching(rule: str) -> frozenset[int]:
    """The inputs among ``ASKED`` that end in the paper's last map without padding."""
    found = (w for w in ASKED if sides(traced(w, **PAPER_WINDOW, padding=(0, 0), rule=rule))[3:]
             == PAPER[3:])  # fmt: skip
    return frozenset(found)


def _all_inputs(values: Values, answer: Any, say: Say) -> Outcome:
    given = sizes_in(answer)
    if not given:
        return Outcome(False, say("not_sizes"))
    right = reaching("floor")
    if given & frozenset(ASKED) == right:
        strides = [
            layer.stride[0]
            for layer in VARIANTS["alexnet_2012_227"].layers
            if isinstance(layer, Window) and layer.name in SHOWN
        ]
        said = say("all_found", n=len(right), first=min(right), last=max(right),
                   strides="·".join(map(str, strides)), product=prod(strides))  # fmt: skip
        return Outcome(True, said)
    for rule in RULES:
        if given & frozenset(ASKED) == reaching(rule):
            return Outcome(False, say("other_rule", rule=say(f"option.rule.{rule}")))
    wrong, missing = sorted(given & frozenset(ASKED) - right), sorted(right - given)
    if wrong:
        chain = sides(traced(wrong[0], **PAPER_WINDOW, padding=(0, 0), rule="floor"))
        return Outcome(False, say("too_many", w=wrong[0], chain=_arrows(chain), side=chain[-1]))
    return Outcome(False, say("too_few", n=len(missing), all=len(right)))


def _arrows(chain: tuple[int, ...]) -> str:
    return " → ".join(map(str, chain))


def _repair(values: Values, answer: Any, say: Say) -> Outcome:
    if (values["f"], values["s"]) != tuple(PAPER_WINDOW.values()):
        return Outcome(False, say("other_window", **PAPER_WINDOW))
    padded = values["rule"] not in ("same", "valid") and values["before"] + values["after"] > 0
    kinds = {
        "input": values["w"] != PAPER_INPUT,
        "padding": padded,
        "rounding": values["rule"] not in ("floor", "valid"),
    }
    changes = [kind for kind, changed in kinds.items() if changed]
    chain = sides(_first(values))
    if chain != PAPER:
        return Outcome(False, say("not_repaired", chain=_arrows(chain), paper=_arrows(PAPER)))
    if len(changes) > 1:
        return Outcome(False, say("several_changes", n=len(changes)))
    (kind,) = changes
    read = sum(_first(values)["conv1"].slides[0].padding_read)  # type: ignore[index]
    words = {"w": values["w"], "more": values["w"] - PAPER_INPUT, "n": read}
    words |= {"before": values["before"], "after": values["after"]}
    return Outcome(True, say(f"repaired_{kind}", **words), kind)


LAB = Lab(
    id="output_size",
    concepts=("output_size",),
    controls=(
        Number("w", 11, 512, 224),
        Number("f", 1, 31, 11),
        Number("s", 1, 8, 4),
        Number("before", 0, 8, 0),
        Number("after", 0, 8, 0),
        Pick("rule", tuple(RULES), "floor"),
        Number("w2", 11, 512, 227),
        Pick("rule2", tuple(RULES), "floor"),
    ),
    look=look,
    tasks={
        "all_inputs": Task(_all_inputs, answer=Words("sizes", 100)),
        "repair": Task(_repair, parts=("input", "padding", "rounding")),
    },
    see=("calculator", "layer?layer=conv1"),
)
