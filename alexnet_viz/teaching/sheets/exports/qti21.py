"""QTI 2.1: a file for each exercise and a test for each version, in one package.

Every known reply has modal feedback of its own; any other gets the worked line.  The order of the
elements is that of the schema ``imsqti_v2p1.xsd``.
"""

from html import escape

from alexnet_viz.teaching.sheets.exports.item import Item, Reply, items
from alexnet_viz.teaching.sheets.exports.package import zipped
from alexnet_viz.teaching.sheets.exports.picture import image, png
from alexnet_viz.teaching.sheets.exports.question_html import html, identifier, title
from alexnet_viz.teaching.sheets.exports.xml_tree import Element, element, file_of, parsed
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.text import Language

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"

PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"

TYPES = {"choice": "identifier", "number": "float", "numbers": "string"}

ALTERNATIVE = 256
"""Most letters of an alternative text."""

OTHER = "OTHER"
"""The feedback of a reply that is not known."""


def write(sheet: Sheet, letters: str, language: Language) -> bytes:
    """The versions named by ``letters`` as one zip."""
    files: dict[str, bytes] = {}
    resources: list[Element] = []
    for letter in letters:
        test = identifier(sheet, letter, language)
        found = items(sheet, letter, language)
        files[f"{test}.xml"] = _test(test, title(sheet, letter, language), found)
        named = [f"{test}_{item.place}" for item in found]
        resources.append(_resource(test, "imsqti_test_xmlv2p1", [f"{test}.xml"], named))
        for item, name in zip(found, named, strict=True):
            paths = [f"items/{name}.xml"]
            files[paths[0]] = file_of(question(name, item, language))
            if drawn := png(item, language):
                paths.append(f"items/images/{name}.png")
                files[paths[1]] = drawn
            resources.append(_resource(name, "imsqti_item_xmlv2p1", paths))
    manifest = element(
        "manifest",
        element(
            "metadata",
            element("schema", text="QTIv2.1 Package"),
            element("schemaversion", text="1.0.0"),
        ),
        element("organizations"),
        element("resources", *resources),
        identifier=identifier(sheet, letters, language),
        xmlns=PACKAGE,
    )
    return zipped({"imsmanifest.xml": file_of(manifest), **files})


def _resource(name: str, kind: str, paths: list[str], needed: list[str] | None = None) -> Element:
    files = [element("file", href=path) for path in paths]
    others = [element("dependency", identifierref=each) for each in needed or ()]
    return element("resource", *files, *others, identifier=name, type=kind, href=paths[0])


def _test(test: str, heading: str, found: tuple[Item, ...]) -> bytes:
    """All questions in one section; a reply is sent by itself, so that its feedback is shown."""
    references = [
        element(
            "assessmentItemRef",
            identifier=f"{test}_{item.place}",
            href=f"items/{test}_{item.place}.xml",
        )
        for item in found
    ]
    section = element(
        "assessmentSection", *references, identifier="all", title=heading, visible="true"
    )
    control = element("itemSessionControl", maxAttempts="0", showFeedback="true")
    total = element("sum", element("testVariables", variableIdentifier="SCORE"))
    return file_of(
        element(
            "assessmentTest",
            _outcome("SCORE", "float", "0"),
            element(
                "testPart",
                control,
                section,
                identifier="part",
                navigationMode="nonlinear",
                submissionMode="individual",
            ),
            element("outcomeProcessing", element("setOutcomeValue", total, identifier="SCORE")),
            xmlns=NAMESPACE,
            identifier=test,
            title=heading,
        )
    )


def question(name: str, item: Item, language: Language) -> Element:
    """One question as the root of its file."""
    return element(
        "assessmentItem",
        _declaration(item),
        _outcome("SCORE", "float", "0", normalMaximum="1"),
        _outcome("FEEDBACK", "identifier"),
        element("itemBody", *_body(name, item, language)),
        _processing(item),
        *(_feedback(_id(number), reply.says, item) for number, reply in enumerate(item.replies)),
        _feedback(OTHER, "", item),
        xmlns=NAMESPACE,
        identifier=name,
        title=item.name,
        adaptive="false",
        timeDependent="false",
        xml__lang=language,
    )


def _id(number: int) -> str:
    return f"R{number}"


def _declaration(item: Item) -> Element:
    right = item.right
    value = {
        "choice": lambda: _id(item.replies.index(right)),
        "number": lambda: right.number,
        "numbers": lambda: right.writings[0],
    }[item.kind]()
    correct = element("correctResponse", element("value", text=value))
    kind = TYPES[item.kind]
    return element(
        "responseDeclaration", correct, identifier="RESPONSE", cardinality="single", baseType=kind
    )


def _outcome(name: str, kind: str, default: str = "", **attributes: str) -> Element:
    first = element("defaultValue", element("value", text=default)) if default else None
    return element(
        "outcomeDeclaration",
        first,
        identifier=name,
        cardinality="single",
        baseType=kind,
        **attributes,
    )


def _body(name: str, item: Item, language: Language) -> list[Element]:
    asked = parsed(html(item, image(f"images/{name}.png", item, language, most=ALTERNATIVE)))
    if item.kind != "choice":
        field = element("textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="30")
        return [*asked, element("p", field)]
    options = [
        element("simpleChoice", text=reply.words, identifier=_id(number))
        for number, reply in enumerate(item.replies)
    ]
    choice = element(
        "choiceInteraction",
        *options,
        responseIdentifier="RESPONSE",
        shuffle="true",
        maxChoices="1",
    )
    return [*asked, choice]


def _processing(item: Item) -> Element:
    """The first known reply that matches decides."""
    branches = [
        element(
            "responseElseIf" if number else "responseIf",
            _condition(item, number, reply),
            _set("SCORE", "float", "1" if reply.right else "0"),
            _set("FEEDBACK", "identifier", _id(number)),
        )
        for number, reply in enumerate(item.replies)
    ]
    other = element(
        "responseElse", _set("SCORE", "float", "0"), _set("FEEDBACK", "identifier", OTHER)
    )
    return element("responseProcessing", element("responseCondition", *branches, other))


def _condition(item: Item, number: int, reply: Reply) -> Element:
    if item.kind == "choice":
        return element("match", _response(), _value("identifier", _id(number)))
    if item.kind == "number":
        least, most = reply.within
        return element(
            "and",
            element("gte", _response(), _value("float", least)),
            element("lte", _response(), _value("float", most)),
        )
    matches = [
        element("stringMatch", _response(), _value("string", writing), caseSensitive="false")
        for writing in reply.writings
    ]
    return element("or", *matches)


def _response() -> Element:
    return element("variable", identifier="RESPONSE")


def _value(kind: str, value: str) -> Element:
    return element("baseValue", text=value, baseType=kind)


def _set(name: str, kind: str, value: str) -> Element:
    return element("setOutcomeValue", _value(kind, value), identifier=name)


def _feedback(name: str, says: str, item: Item) -> Element:
    words = (says, item.worked)
    return element(
        "modalFeedback",
        *parsed("".join(f"<p>{escape(each, quote=False)}</p>" for each in words if each)),
        outcomeIdentifier="FEEDBACK",
        identifier=name,
        showHide="show",
    )
