"""Predictions in sentences: the class, what an ablation changes, and cautions."""

from math import exp, log

import streamlit as st

from alexnet_viz.interpretability.predictions import (
    Answer,
    has_softmax,
    logit_layer,
    moved,
    percent,
    top,
)
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import network_picker
from alexnet_viz.ui.components.subject import Subject
from alexnet_viz.ui.predictions.ablation import words_for
from alexnet_viz.ui.predictions.answers import Answers

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def verdict(subject: Subject, both: Answers, *, foreign: bool) -> None:
    """Show the predicted class and what the ablation changes.

    ``foreign`` means that the picture is of no class that the weights know.
    """
    lines = [[_said(both, foreign), *_judged(both.before, both)]]
    if both.after:
        lines.append([_changed(subject, both, both.after), *_judged(both.after, both)])
    space = {"en": " ", "zh": ""}[language()]
    words = "\n\n".join(space.join(line) for line in lines)
    st.markdown(words, help=t("predict.moved_help") if both.after else None)
    if subject.weights is None:
        st.info(t("predict.random"), icon=":material/casino:")
    _notes(subject, both, foreign)


def _said(both: Answers, foreign: bool) -> str:
    shares, logits = both.before.shares, both.before.logits
    first, second = (top(logits, 2) * 2)[:2]  # a network of one class has no second
    gap = float(logits[first] - logits[second])
    return t(
        "predict.forced" if foreign else "predict.says",
        answer=escaped(both.names[first]),
        share=percent(shares[first]),
        second=escaped(both.names[second]),
        second_share=percent(shares[second]),
        gap=gap,
        times=times(gap / both.temperature),
    )


def times(gap: float) -> str:
    """How many times as likely a class is whose logit, divided by T, is higher by ``gap``: e^gap.

    >>> [times(gap) for gap in (0, 0.7, 7, 27.65)]
    ['1', '2.01', '1,097', '10¹²']
    """
    power = gap / log(10)
    if power >= 6:
        return "10" + str(round(power)).translate(RAISED)
    return f"{exp(gap):,.0f}" if gap > log(100) else f"{exp(gap):.3g}"


def _judged(answer: Answer, both: Answers) -> list[str]:
    """Whether a prediction is right, if the class of the picture is known."""
    if both.truth is None:
        return []
    truth = escaped(both.names[both.truth])
    if answer.first == both.truth:
        return [t(f"predict.right_{both.things}", truth=truth)]
    return [
        t(f"predict.wrong_{both.things}", truth=truth, share=percent(answer.shares[both.truth]))
    ]


def _changed(subject: Subject, both: Answers, after: Answer) -> str:
    before = both.before
    old, new = before.first, after.first
    common = {
        "what": _all_of([escaped(words_for(subject.result, each)) for each in both.off]),
        "old": escaped(both.names[old]),
        "before": percent(before.shares[old]),
        "after": percent(after.shares[old]),
        "moved": percent(moved(before.shares, after.shares)),
    }
    if old == new:
        return t("predict.stays", **common)
    name, share = escaped(both.names[new]), percent(after.shares[new])
    return t("predict.changes", new=name, share=share, **common)


def _all_of(names: list[str]) -> str:
    """Names joined as a list in a sentence."""
    *first, last = names
    comma = {"en": ", ", "zh": "、"}[language()]
    return t("predict.all_of", first=comma.join(first), last=last) if first else last


def _notes(subject: Subject, both: Answers, foreign: bool) -> None:
    """Show which layer has the logits, which softmax is used, and a temperature other than 1."""
    result, layer = subject.result, logit_layer(subject.result)
    title = network_picker.variant_title(result.network.id)
    notes = [
        t("predict.softmax", softmax=result.rows[-1].name, layer=layer)
        if has_softmax(result)
        else t("predict.no_softmax", network=title, layer=layer)
    ]
    if both.temperature != 1:
        notes.append(t("predict.temperature_says", temperature=both.temperature))
    if foreign:
        notes.append(t("predict.classes", count=len(both.names), names=_all_of(list(both.names))))
    st.caption("\n\n".join(map(escaped, notes)))
