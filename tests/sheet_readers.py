"""Readers of the files that a sheet is exported to, written from the formats' own descriptions.

They know nothing of how the files are written.  Each question found grades a reply as the platform
would: whether it is right, and what is said to it.
"""

import re
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

Graded = tuple[bool, str]


class Asked(NamedTuple):
    """A question as a platform has it."""

    name: str
    text: str
    """What is shown, tags included."""
    general: str
    options: tuple[str, ...]
    """Of a choice, in their order."""
    grade: Callable[[str], Graded]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.pictures: list[dict[str, str | None]] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            self.found.append(" ")
        if tag == "img":
            self.pictures.append(dict(attrs))


def words(html: str) -> str:
    """The text of HTML."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.found)


def pictures(html: str) -> list[dict[str, str | None]]:
    """The attributes of every picture."""
    reader = _Words()
    reader.feed(html)
    return reader.pictures


def first_of(known: list[tuple[Callable[[str], bool], bool, str]], reply: str) -> Graded:
    return next(((right, says) for fits, right, says in known if fits(reply)), (False, ""))


def within(value: str, tolerance: str) -> Callable[[str], bool]:
    return lambda reply: abs(float(reply) - float(value)) <= float(tolerance) + 1e-9


def spelled(answer: str) -> Callable[[str], bool]:
    """Moodle's short answers: case does not count, an asterisk without a backslash is anything."""
    parts = re.split(r"(?<!\\)\*", answer)
    pattern = ".*".join(re.escape(part.replace("\\*", "*")) for part in parts)
    return lambda reply: re.fullmatch(pattern, reply.strip(), re.IGNORECASE) is not None


# GIFT


def gift(data: bytes) -> dict[str, list[Asked]]:
    """The questions of a GIFT file by category."""
    found: dict[str, list[Asked]] = {}
    category = ""
    for part in re.split(r"\n\s*\n", data.decode("utf-8").strip()):
        if part.startswith("$CATEGORY:"):
            category = part.removeprefix("$CATEGORY:").strip()
        else:
            found.setdefault(category, []).append(_gift_question(part))
    return found


def _gift_question(part: str) -> Asked:
    # a backslash and an n are a new line
    hidden = re.sub(
        r"\\([\\~=#{}:n])", lambda it: chr(0xE000 + ord(it[1].replace("n", "\n"))), part
    )

    def shown(text: str) -> str:
        return re.sub(r"[\ue000-\ue0ff]", lambda it: chr(ord(it[0]) - 0xE000), text).strip()

    match = re.fullmatch(r"::(.*?)::\[html\](.*?)\{(.*)\}", hidden, re.DOTALL)
    assert match, part
    body, _, general = match[3].rpartition("####")
    numeric = body.startswith("#")
    known, options = [], []
    for line in filter(None, map(str.strip, body.removeprefix("#").split("\n"))):
        answer, _, says = line[1:].partition("#")
        weight = re.match(r"%(\d+)%", answer)
        right = int(weight[1]) == 100 if weight else line[0] == "="
        answer = answer[weight.end() :] if weight else answer
        if numeric:
            value, _, tolerance = answer.partition(":")
            fits = within(value, tolerance)
        elif "~" in body:
            options.append(unescape(shown(answer)))
            fits = options[-1].__eq__
        else:
            fits = spelled(shown(answer))
        known.append((fits, right, unescape(shown(says))))
    return Asked(
        shown(match[1]),
        shown(match[2]),
        words(shown(general)),
        tuple(options),
        lambda reply: first_of(known, reply),
    )


# Moodle XML


def moodle(data: bytes) -> dict[str, list[Asked]]:
    """The questions of a Moodle file by category; a picture must be attached and be a PNG."""
    found: dict[str, list[Asked]] = {}
    category = ""
    for node in ET.fromstring(data):
        if node.get("type") == "category":
            category = text_of(node, "category/text")
        else:
            found.setdefault(category, []).append(_moodle_question(node))
    return found


def text_of(node: ET.Element, path: str) -> str:
    words = node.findtext(path)
    assert words is not None, path
    return words


def _moodle_question(node: ET.Element) -> Asked:
    text = text_of(node, "questiontext/text")
    attached = {file.get("name"): file for file in node.iterfind("questiontext/file")}
    for picture in pictures(text):
        name = str(picture["src"]).removeprefix("@@PLUGINFILE@@/")
        file = attached.pop(name)
        assert (file.get("path"), file.get("encoding")) == ("/", "base64")
        assert b64decode(file.text or "").startswith(b"\x89PNG")
    assert not attached
    kind, known, options = node.get("type"), [], []
    for answer in node.iterfind("answer"):
        value = text_of(answer, "text")
        if kind == "multichoice":
            options.append(words(value))
            fits = options[-1].__eq__
        elif kind == "numerical":
            fits = within(value, text_of(answer, "tolerance"))
        else:
            assert kind == "shortanswer"
            fits = spelled(value)
        known.append(
            (fits, answer.get("fraction") == "100", words(text_of(answer, "feedback/text")))
        )
    return Asked(
        text_of(node, "name/text"),
        text,
        words(text_of(node, "generalfeedback/text")),
        tuple(options),
        lambda reply: first_of(known, reply),
    )


# packages


def package(data: bytes) -> dict[str, bytes]:
    """The files of a zip; the manifest must name each of them once, and no other."""
    with ZipFile(BytesIO(data)) as held:
        files = {name: held.read(name) for name in held.namelist()}
    assert next(iter(files)) == "imsmanifest.xml"
    manifest = bare(files["imsmanifest.xml"])
    named = [str(node.get("href")) for node in manifest.iterfind("resources/resource/file")]
    assert sorted(named) == sorted(name for name in files if name != "imsmanifest.xml")
    resources = [str(node.get("identifier")) for node in manifest.iterfind("resources/resource")]
    assert len(set(resources)) == len(resources)
    referred = [str(node.get("identifierref")) for node in manifest.iter("dependency")]
    assert set(referred) <= set(resources)
    for node in manifest.iterfind("resources/resource"):
        assert node.get("href") in (None, *(str(each.get("href")) for each in node.iter("file")))
    return files


def bare(data: bytes) -> ET.Element:
    """The tree without namespaces."""
    root = ET.fromstring(data)
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    return root


# QTI 1.2


def qti12(data: bytes) -> dict[str, list[Asked]]:
    """The questions of a Canvas package by the title of their quiz.

    What is said to a typed wrong reply is that to every wrong one, as Canvas has it.
    """
    files = package(data)
    manifest = bare(files["imsmanifest.xml"])
    found = {}
    for node in manifest.iterfind("resources/resource[@type='imsqti_xmlv1p2']/file"):
        quiz = bare(files[str(node.get("href"))]).find("assessment")
        assert quiz is not None
        found[str(quiz.get("title"))] = [_qti12_question(item, files) for item in quiz.iter("item")]
    return found


def _qti12_question(item: ET.Element, files: dict[str, bytes]) -> Asked:
    text = text_of(item, "presentation/material/mattext")
    for picture in pictures(text):
        path = str(picture["src"]).removeprefix("%24IMS-CC-FILEBASE%24/")
        assert files[path].startswith(b"\x89PNG")
    labels = {
        words(text_of(label, "material/mattext")): str(label.get("ident"))
        for label in item.iterfind("presentation/response_lid/render_choice/response_label")
    }
    said = {
        str(node.get("ident")): words(text_of(node, "flow_mat/material/mattext"))
        for node in item.iterfind("itemfeedback")
    }

    def grade(reply: str) -> Graded:
        right, shown = False, []
        for condition in item.iterfind("resprocessing/respcondition"):
            tests = condition.find("conditionvar")
            assert tests is not None
            holds = [_holds(test, labels.get(reply, reply)) for test in tests]
            # tests side by side are one or the other, but of a range both
            ranged = tests.find("vargte") is not None
            if not (all(holds) if ranged else any(holds)):
                continue
            right = right or condition.findtext("setvar") == "100"
            shown += [str(node.get("linkrefid")) for node in condition.iterfind("displayfeedback")]
            if condition.get("continue") == "No":
                break
        return right, " ".join(said[name] for name in shown if name != "general_fb")

    return Asked(str(item.get("title")), text, said["general_fb"], tuple(labels), grade)


def _holds(test: ET.Element, reply: str) -> bool:
    value = (test.text or "").strip()
    match test.tag:
        case "other":
            return True
        case "or":
            return any(_holds(each, reply) for each in test)
        case "and":
            return all(_holds(each, reply) for each in test)
        case "varequal":
            return reply.casefold() == value.casefold()
        case "vargte":
            return float(reply) >= float(value)
        case "varlte":
            return float(reply) <= float(value)
    raise AssertionError(test.tag)


# QTI 2.1

ORDER = {
    "assessmentItem": (
        *("responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing"),
        "modalFeedback",
    ),
    "assessmentTest": ("outcomeDeclaration", "testPart", "outcomeProcessing"),
    "testPart": ("itemSessionControl", "assessmentSection"),
    "responseCondition": ("responseIf", "responseElseIf", "responseElse"),
}
"""The order of children, from the information model of QTI 2.1."""

BLOCKS = {"p", "div", "ol", "table", "choiceInteraction"}


def qti21(data: bytes) -> dict[str, list[Asked]]:
    """The questions of a package by the title of their test."""
    files = package(data)
    manifest = bare(files["imsmanifest.xml"])
    found = {}
    for node in manifest.iterfind("resources/resource[@type='imsqti_test_xmlv2p1']"):
        test = bare(files[str(node.get("href"))])
        in_order(test)
        items = [str(each.get("href")) for each in test.iter("assessmentItemRef")]
        found[str(test.get("title"))] = [_qti21_question(path, files) for path in items]
    return found


def in_order(root: ET.Element) -> None:
    for node in root.iter():
        if order := ORDER.get(node.tag):
            places = [order.index(child.tag) for child in node]
            assert places == sorted(places), node.tag


def _qti21_question(path: str, files: dict[str, bytes]) -> Asked:
    item = bare(files[path])
    in_order(item)
    assert {"title", "identifier", "adaptive", "timeDependent"} <= set(item.keys())
    body = item.find("itemBody")
    assert body is not None
    assert {child.tag for child in body} <= BLOCKS
    for picture in body.iter("img"):
        folder = path.rpartition("/")[0]
        assert files[f"{folder}/{picture.get('src')}"].startswith(b"\x89PNG")
        assert len(str(picture.get("alt"))) <= 256
    options = {each.text or "": str(each.get("identifier")) for each in body.iter("simpleChoice")}
    said = {
        str(node.get("identifier")): ["".join(line.itertext()) for line in node]
        for node in item.iterfind("modalFeedback")
    }
    condition = item.find("responseProcessing/responseCondition")
    assert condition is not None

    def grade(reply: str) -> Graded:
        given = options.get(reply, reply)
        for branch in condition:
            expression = next(iter(branch)) if branch.tag != "responseElse" else None
            if expression is None or evaluated(expression, given):
                outcomes = {
                    str(each.get("identifier")): text_of(each, "baseValue")
                    for each in branch.iterfind("setOutcomeValue")
                }
                return outcomes["SCORE"] == "1", said[outcomes["FEEDBACK"]][0]
        raise AssertionError("no branch")

    texts = [ET.tostring(each, encoding="unicode") for each in body]
    correct = text_of(item, "responseDeclaration/correctResponse/value")
    shown = {identifier: words for words, identifier in options.items()}
    assert grade(shown.get(correct, correct))[0]
    return Asked(
        str(item.get("title")),
        "".join(text for text in texts if "Interaction" not in text),
        said["OTHER"][0],
        tuple(options),
        grade,
    )


def evaluated(expression: ET.Element, reply: str) -> bool:
    """An expression of QTI about the one response."""
    if expression.tag in ("and", "or"):
        return (all if expression.tag == "and" else any)(
            evaluated(each, reply) for each in expression
        )
    variable, value = expression
    assert variable.attrib == {"identifier": "RESPONSE"}
    stated = value.text or ""
    match expression.tag, value.get("baseType"):
        case "match", "identifier":
            return reply == stated
        case "stringMatch", "string":
            assert expression.get("caseSensitive") == "false"
            return reply.casefold() == stated.casefold()
        case "gte", "float":
            return float(reply) >= float(stated)
        case "lte", "float":
            return float(reply) <= float(stated)
    raise AssertionError(expression.tag)


def addresses(data: bytes) -> Iterator[str]:
    """Every address in a text."""
    yield from re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"'<>]*", data.decode("utf-8"))
