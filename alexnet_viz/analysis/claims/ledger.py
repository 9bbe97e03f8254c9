"""The claims, read from TOML: one file per article and one for all published sources.

A file has one table per claim, ``[s000-06]``, with the fields of ``Claim``.  ``source`` defaults to
the file's name, ``variant`` to that of the source, ``layer`` to the first in the stated quantities.
An article's claims give the ``line``, the others a place in words (``where``).
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from alexnet_viz.analysis.claims.claim import Claim
from alexnet_viz.analysis.claims.expression import names
from alexnet_viz.analysis.claims.quantity import Value
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.text import Text, t

FILES = ("article_000", "article_001", "article_002", "article_003", "article_004", "published")
WORDS = ("says", "explains", "where")


@cache
def claims() -> Mapping[str, Claim]:
    """All claims by id, read at the first call.

    Raises:
        ValueError: an id is given twice.
    """
    ledger: dict[str, Claim] = {}
    for name in FILES:
        text = (files(__package__) / f"{name}.toml").read_text("utf-8")
        for id, entry in tomllib.loads(text).items():
            if id in ledger:
                raise ValueError(f"{name}.toml: the claim {id!r} is given twice")
            ledger[id] = _claim(id, name, entry)
    return ledger


def _claim(id: str, file: str, entry: dict[str, Any]) -> Claim:
    known: dict[str, Any] = {"source": file} | entry
    known["states"] = {name: _frozen(value) for name, value in entry.get("states", {}).items()}
    for name in WORDS:
        if name in entry:
            known[name] = Text(**entry[name])
    if line := known.pop("line", None):
        known["where"] = Text(*(t("claims.line", language, line=line) for language in ("en", "zh")))
    for name in ("implies", "omits"):
        known[name] = tuple(entry.get(name, ()))
    known.setdefault("variant", SOURCES[known["source"]].variant)
    known.setdefault("layer", _layer((*known["states"], *known["implies"], *known["omits"])))
    return Claim(id=id, **known)


def _frozen(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _layer(quantities: tuple[str, ...]) -> str:
    """The first layer in the names of the quantities, else ``general``.

    >>> _layer(("(27-3)/2+1", "pool2.output_size")), _layer(("stage1.order",))
    ('pool2', 'conv1')
    """
    for quantity in quantities:
        for name in names(quantity):
            subject = name.split(".")[-2]
            if subject.startswith("stage"):
                number = int(subject[-1])
                return f"{'conv' if number < 6 else 'fc'}{number}"
            return subject
    return "general"
