"""The list of words, ``docs/words.md``: no text says what it forbids, and joins are Chinese."""

import ast
import re
from collections.abc import Iterator

from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.wording import explained, said
from alexnet_viz.network.spec import Network
from alexnet_viz.readers.diagnostics import listed
from alexnet_viz.teaching.course import course
from alexnet_viz.text import LANGUAGES, catalogue, running, t
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.variants import VARIANTS
from tests.conftest import ROOT

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def rows() -> list[list[str]]:
    """The cells of the table, without its head."""
    lines = (ROOT / "docs" / "words.md").read_text("utf-8").splitlines()
    table = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in table[2:]]


def forbidden() -> list[str]:
    return [word for *_, words in rows() for word in words.split("、")]


def texts() -> Iterator[tuple[str, str]]:
    """Every Chinese text and where it is."""
    for key, text in catalogue().items():
        if not re.fullmatch(r"glossary\.\w+\.also", key):  # quotes what other texts say
            yield key, text.zh
    for claim in claims().values():
        yield f"{claim.id} says", said(claim, "zh")
        yield f"{claim.id} explains", explained(claim, "zh")
        yield f"{claim.id} where", claim.where.zh
    for id, network in VARIANTS.items():
        if about := network.about:
            yield f"{id} title", about.title.zh
            yield f"{id} summary", about.summary.zh
            for assumption in about.assumptions:
                yield f"{id} assumes", assumption.zh
    for path in (ROOT / "alexnet_viz").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{path.name}, line {node.lineno}", node.value


def test_no_text_says_what_the_list_forbids() -> None:
    found = [
        f"{where}: {word} in {text}"
        for where, text in texts()
        if CHINESE.search(text)
        for word in forbidden()
        if word in text
    ]
    assert found == []


def test_the_list_is_in_order() -> None:
    """Each term once, in both languages; no word is asked for and forbidden."""
    terms = [term for term, *_ in rows()]
    assert len(set(terms)) == len(terms) > 20
    for term, english, chinese, words in rows():
        assert (term + english).isascii(), term
        assert not chinese.isascii(), term
        assert not words.isascii(), term
    asked = " ".join(chinese for _, _, chinese, _ in rows())
    assert [word for word in forbidden() if word in asked] == []
    assert len(set(forbidden())) == len(forbidden())


def several(between: str = "; ") -> Problems:
    found = [
        ("layers[0]", Problem("spec_missing", field="name")),
        ("", Problem("negative_padding", value=-1)),
    ]
    return Problems("spec", found, between=between)


def test_sentences_of_a_refusal_are_joined_as_each_language_writes() -> None:
    assert several().message() == (
        "layers[0]: name is missing; padding=-1 is not possible: it must be 0 or more."
    )
    assert several().message("zh") == "layers[0]：缺少 name；padding=-1 不成立：必须大于等于 0。"
    assert several("\n").message("zh").split("；\n") == [
        "layers[0]：缺少 name",
        "padding=-1 不成立：必须大于等于 0。",
    ]


def test_a_refusal_that_leaves_some_out_ends_with_a_stop() -> None:
    kinds = [{"kind": "relu", "name": f"r{n}", "depth": 1} for n in range(30)]
    spec = {"format": "alexnet-viz/1", "input_shape": [3, 8, 8], "layers": kinds}
    try:
        Network.from_dict(spec)
    except Problems as refused:
        message = refused.message("zh")
        assert re.search("；另有 \\d+ 个问题。$", message)
        assert not re.search("[;:] |。。|。；", message)
    else:
        raise AssertionError("such a file is read")


def test_a_list_has_the_comma_of_the_language() -> None:
    assert t("compare.order", "zh", layers="conv1, conv2").endswith("：conv1、conv2。")
    assert t("compare.order", layers="conv1, conv2").endswith(": conv1, conv2.")
    one = Problem("unknown_rounding", rounding="up", known="floor, ceil")
    assert one.message().endswith("there are floor, ceil.")
    assert one.message("zh").endswith("可用的有 floor、ceil。")
    named = listed(["a", "b"])
    other = Problem("open_unequal", layers=named)
    assert other.message("zh").startswith("层 “a”、“b” 是")
    assert "'a', 'b'" in other.message()


def test_chinese_sentences_stand_without_a_space_between_them() -> None:
    words = [t("towers.no_traffic", "zh"), "", t("towers.no_traffic", "zh")]
    assert " " not in running(words, "zh")
    assert running(["One.", "", "Two."]) == "One. Two."
    for language in LANGUAGES:
        problem = Problem("groups", name="out_channels", channels=3, groups=2)
        space = " " if language == "en" else ""
        assert problem.explained(language) == space.join(
            (problem.message(language), problem.remedy(language))
        )


def not_bold(words: str) -> bool:
    """Whether Markdown takes a ``**`` between a stop and a letter for asterisks (CommonMark)."""
    parts = re.sub(r"\{[^{}]*\}", "字", words).split("**")
    for before, bold, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        if re.search(r"\W$", bold) and re.match(r"\w", after):
            return True
        if re.match(r"\W", bold) and re.search(r"\w$", before):
            return True
    return False


def test_bold_words_are_bold() -> None:
    """In Chinese a stop stands after the bold words, because no space follows it."""
    zh = {key: text.zh for key, text in catalogue().items()}
    for lesson in course().lessons.values():
        zh |= {f"{lesson.slug}: {name}": words.zh for name, words in lesson.words.items()}
    paragraphs = [(key, line) for key, words in zh.items() for line in words.splitlines()]
    assert [key for key, line in paragraphs if not_bold(line)] == []
