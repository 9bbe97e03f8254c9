"""Every phrase says the same in both languages, and every phrase asked for is there."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from alexnet_viz.network.layers import KINDS
from alexnet_viz.text import LANGUAGES, catalogue, has, t

ROOT = Path(__file__).parents[1]
CODE = [*(ROOT / "alexnet_viz").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]

CHINESE = re.compile(r"[\u4e00-\u9fff]")
TERMS = {
    *("alexnet", "caffe", "cuda", "gpu", "pytorch", "tensorflow", "torchvision"),
    *("csv", "json", "latex", "markdown", "npz", "onnx", "png", "svg", "url", "zip"),
    *("dropout", "lrn", "mac", "macs", "relu", "sigmoid", "softmax", "tanh"),
    *("bgr", "cifar", "gabor", "ilsvrc", "imagenet", "mnist", "rgb", "tiny"),
    *("alpha", "beta", "eps", "ceil", "floor", "groups", "px", "same", "valid"),
}
"""Words that Chinese texts of the field leave in English; a phrase of these alone is translated."""


def in_chinese(words: str) -> bool:
    """Whether a phrase is Chinese, or has nothing to translate: terms, names like fc8, signs."""
    names = re.findall(r"[^\W\d_]\w+", re.sub(r"\{[^}]*\}", "", words))
    plain = {name.lower() for name in names if name.isalpha()}
    return bool(CHINESE.search(words)) or plain <= TERMS


def placeholders(words: str) -> set[str]:
    names = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    return {re.split(r"[.\[]", name)[0] for name in names}


def test_nothing_is_empty() -> None:
    untidy = [
        f"{key} in {language}: {words!r}"
        for key, text in catalogue().items()
        for language in LANGUAGES
        if (words := text.of(language)) != words.strip() or not words
    ]
    assert untidy == []


def test_both_languages_take_the_same_values() -> None:
    unlike = [
        f"{key}: {placeholders(text.en)} and {placeholders(text.zh)}"
        for key, text in catalogue().items()
        if placeholders(text.en) != placeholders(text.zh)
    ]
    assert unlike == []


def test_each_language_is_in_its_own_script() -> None:
    chinese = [
        f"{key}: {text.en!r}"
        for key, text in catalogue().items()
        if CHINESE.search(text.en.replace("中文", ""))
    ]
    assert chinese == []
    english = [
        f"{key}: {text.zh!r}" for key, text in catalogue().items() if not in_chinese(text.zh)
    ]
    assert english == []


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Calls of ``name`` or ``anything.name`` that begin with a literal, each with its place."""
    for path in CODE:
        for node in ast.walk(tree(path)):
            match node:
                case ast.Call(
                    func=ast.Name(id=called) | ast.Attribute(attr=called),
                    args=[ast.Constant(value=str()), *_],
                ) if called == name:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def first(call: ast.Call) -> str:
    argument = call.args[0]
    assert isinstance(argument, ast.Constant)
    return str(argument.value)


def lacking(call: ast.Call, *keys: str) -> set[str]:
    """Placeholders of the phrases that the call gives no value for; none if it passes ``**``."""
    given = {keyword.arg for keyword in call.keywords}
    needed = set().union(*(placeholders(catalogue()[key].en) for key in keys if has(key)))
    return set() if None in given else needed - given


def test_every_phrase_asked_for_exists_and_gets_its_values() -> None:
    missing = [
        f"{where}: no phrase {first(call)!r}" for where, call in calls("t") if not has(first(call))
    ]
    assert missing == []
    without = [
        f"{where}: {first(call)!r} lacks {lack}"
        for where, call in calls("t")
        if (lack := lacking(call, first(call)))
    ]
    assert without == []


def test_every_problem_has_its_words_and_its_values() -> None:
    problems = [(where, first(call), call) for where, call in calls("Problem")]
    missing = [
        f"{where}: no phrase problem.{code}"
        for where, code, _ in problems
        if not has(f"problem.{code}")
    ]
    assert missing == []
    without = [
        f"{where}: Problem({code!r}) lacks {lack}"
        for where, code, call in problems
        if (lack := lacking(call, f"problem.{code}", f"remedy.{code}"))
    ]
    assert without == []


def test_every_kind_of_layer_has_a_name() -> None:
    named = {key.removeprefix("kind.") for key in catalogue() if key.startswith("kind.")}
    assert named == {*KINDS, "input"}


@cache
def vocabulary() -> frozenset[str]:
    """Every string and every name in the code: what a key can be put together from."""
    words: set[str] = set()
    for path in CODE:
        for node in ast.walk(tree(path)):
            match node:
                case ast.Constant(value=str(text)):
                    words |= {text, text.replace("-", "_")}
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    words.add(name)
                case ast.keyword(arg=str(name)) | ast.FunctionDef(name=name):
                    words.add(name)
    return frozenset(words)


@cache
def patterns() -> frozenset[str]:
    """What is built of words: ``f"kind.{kind}"`` is the pattern ``kind\\.(.+)``.

    So is ``labels("kind.", …)``, which puts each of its options behind the prefix, and ``offered``.
    """
    found = set()
    for path in CODE:
        for node in ast.walk(tree(path)):
            match node:
                case ast.JoinedStr():
                    found.add(pattern(node.values))
                case ast.Call(
                    func=ast.Name(id="labels" | "offered"), args=[ast.JoinedStr(values=parts), *_]
                ):
                    found.add(pattern([*parts, None]))
                case ast.Call(
                    func=ast.Name(id="labels" | "offered"), args=[ast.Constant() as prefix, *_]
                ):
                    found.add(pattern([prefix, None]))
    return frozenset(found - {""})


def pattern(parts: Sequence[ast.expr | None]) -> str:
    """The parts of a key as a regular expression; empty if they are no key."""
    texts = [str(part.value) if isinstance(part, ast.Constant) else "" for part in parts]
    if not re.fullmatch(r"[a-z_.]{3,}", "".join(texts)):
        return ""
    return "".join(re.escape(text) if text else "(.+)" for text in texts)


def spelled(word: str) -> bool:
    """Whether the code has this word, or an f-string that builds it of words the code has."""
    matches = (re.fullmatch(pattern, word) for pattern in patterns())
    return word in vocabulary() or any(
        all(map(spelled, ".".join(match.groups()).split("."))) for match in matches if match
    )


def used(key: str) -> bool:
    area, _, name = key.partition(".")
    if area == "remedy":
        return has(f"problem.{name}")
    if area == "lab" and spelled(name.partition(".")[2]):  # a lab says its phrases without its id
        return spelled(name.partition(".")[0])
    return spelled(name if area == "problem" else key)


def test_no_phrase_is_left_over() -> None:
    assert [key for key in catalogue() if not used(key)] == []


def test_texts_in_the_code_have_both_languages() -> None:
    """``Text("…", "…")`` in the variants and elsewhere."""
    wrong = []
    for where, call in calls("Text"):
        words = [str(it.value) for it in call.args if isinstance(it, ast.Constant)]
        if len(words) == len(call.args):
            en, zh = words
            # "Caffe: bvlc_alexnet" is a name
            translated = in_chinese(zh) or ("：" in zh and zh.replace("：", ": ") == en)
            if not en.strip() or not zh.strip() or CHINESE.search(en) or not translated:
                wrong.append(f"{where}: {en!r}, {zh!r}")
    assert wrong == []


def test_an_unknown_phrase_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.phrase"):
        t("no.such.phrase")
