"""QTI 1.2 as Canvas imports it (Classic Quizzes, and from there New Quizzes): a quiz a version.

Canvas takes every typed reply that a question names for a right one
(``gems/plugins/qti_exporter/lib/qti/numeric_interaction.rb`` and ``extended_text_interaction.rb``).
Of typed questions the slips are therefore told together, as the feedback of a wrong answer.
"""

from html import escape

from alexnet_viz.teaching.sheets.exports.item import Item, items
from alexnet_viz.teaching.sheets.exports.package import zipped
from alexnet_viz.teaching.sheets.exports.picture import image, png
from alexnet_viz.teaching.sheets.exports.question_html import html, identifier, mistakes, title
from alexnet_viz.teaching.sheets.exports.xml_tree import Element, element, file_of
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.text import Language

NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"

PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"

CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"

FILES = "%24IMS-CC-FILEBASE%24"
"""Where Canvas looks for a file of the package."""

KINDS = {
    "choice": "multiple_choice_question",
    "number": "numerical_question",
    "numbers": "short_answer_question",
}

RESPONSE = "response1"


def write(sheet: Sheet, letters: str, language: Language) -> bytes:
    """The versions named by ``letters`` as one zip."""
    files: dict[str, bytes] = {}
    resources: list[Element] = []
    for letter in letters:
        quiz = identifier(sheet, letter, language)
        found = items(sheet, letter, language)
        heading = title(sheet, letter, language)
        files[f"{quiz}/{quiz}.xml"] = _assessment(quiz, heading, found, language)
        files[f"{quiz}/assessment_meta.xml"] = _settings(quiz, heading, len(found))
        resources += _quiz_files(quiz)
        for item in found:
            if drawn := png(item, language):
                path = _picture(quiz, item)
                files[path] = drawn
                name = f"{quiz}_{item.place}_picture"
                resources.append(_resource(name, "webcontent", path, href=path))
    manifest = element(
        "manifest",
        element(
            "metadata",
            element("schema", text="IMS Content"),
            element("schemaversion", text="1.1.3"),
        ),
        element("organizations"),
        element("resources", *resources),
        identifier=identifier(sheet, letters, language),
        xmlns=PACKAGE,
    )
    return zipped({"imsmanifest.xml": file_of(manifest), **files})


def _quiz_files(quiz: str) -> list[Element]:
    settings = f"{quiz}/assessment_meta.xml"
    held = _resource(quiz, "imsqti_xmlv1p2", f"{quiz}/{quiz}.xml")
    held.append(element("dependency", identifierref=f"{quiz}_meta"))
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    return [held, _resource(f"{quiz}_meta", kind, settings, href=settings)]


def _resource(identifier: str, kind: str, path: str, **attributes: str) -> Element:
    file = element("file", href=path)
    return element("resource", file, identifier=identifier, type=kind, **attributes)


def _settings(quiz: str, heading: str, points: int) -> bytes:
    """What Canvas keeps of a quiz beside its questions."""
    return file_of(
        element(
            "quiz",
            element("title", text=heading),
            element("shuffle_answers", text="true"),
            element("scoring_policy", text="keep_highest"),
            element("quiz_type", text="assignment"),
            element("points_possible", text=f"{points}.0"),
            element("allowed_attempts", text="1"),
            element("available", text="false"),
            identifier=quiz,
            xmlns=CANVAS,
        )
    )


def _assessment(quiz: str, heading: str, found: tuple[Item, ...], language: Language) -> bytes:
    questions = [question(quiz, item, language) for item in found]
    section = element("section", *questions, ident="root_section")
    assessment = element("assessment", section, ident=quiz, title=heading)
    return file_of(element("questestinterop", assessment, xmlns=NAMESPACE))


def _picture(quiz: str, item: Item) -> str:
    return f"images/{quiz}_{item.place}.png"


def question(quiz: str, item: Item, language: Language) -> Element:
    """One question: what is asked, how replies are scored, what is said to them."""
    body = html(item, image(f"{FILES}/{_picture(quiz, item)}", item, language))
    return element(
        "item",
        element("itemmetadata", element("qtimetadata", *_metadata(item))),
        element("presentation", _material(body), _response(item)),
        _processing(item),
        *_feedback(item, language),
        ident=f"{quiz}_{item.place}",
        title=item.name,
    )


def _metadata(item: Item) -> list[Element]:
    numbers = ",".join(_id(number) for number in range(len(item.replies)))
    fields = {"question_type": KINDS[item.kind], "points_possible": "1.0"}
    if item.kind == "choice":
        fields["original_answer_ids"] = numbers
    return [
        element(
            "qtimetadatafield",
            element("fieldlabel", text=name),
            element("fieldentry", text=value),
        )
        for name, value in fields.items()
    ]


def _id(number: int) -> str:
    """What names an option; Canvas wants a number."""
    return str(1000 + number)


def _response(item: Item) -> Element:
    if item.kind == "choice":
        labels = [
            element("response_label", _material(escape(reply.words, quote=False)), ident=_id(n))
            for n, reply in enumerate(item.replies)
        ]
        shown = element("render_choice", *labels)
        return element("response_lid", shown, ident=RESPONSE, rcardinality="Single")
    kind = {"fibtype": "Decimal"} if item.kind == "number" else {}
    field = element("render_fib", element("response_label", ident="answer1"), **kind)
    return element("response_str", field, ident=RESPONSE, rcardinality="Single")


def _processing(item: Item) -> Element:
    score = element("decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    conditions = [_says("general_fb", element("other"))]
    if item.kind == "choice":
        conditions += [_says(f"{_id(n)}_fb", _equal(_id(n))) for n in range(len(item.replies))]
    for tests in _right(item):
        right = element("setvar", text="100", action="Set", varname="SCORE")
        met = element("conditionvar", *tests)
        conditions.append(element("respcondition", met, right, continue_="No"))
    if item.kind != "choice":
        conditions.append(_says("general_incorrect_fb", element("other")))
    return element("resprocessing", element("outcomes", score), *conditions)


def _right(item: Item) -> list[list[Element]]:
    """What a right reply fulfils, one of them; each number or range becomes an answer in Canvas."""
    if item.kind == "choice":
        return [[_equal(_id(item.replies.index(item.right)))]]
    if item.kind == "numbers":
        return [[_equal(writing) for writing in item.right.writings]]
    spans = _spans(item)
    if len(spans) > 1:
        return [_inside(*span) for span in spans]
    (span,) = spans
    return [[element("or", _equal(item.right.number), element("and", *_inside(*span)))]]


def _spans(item: Item) -> list[tuple[str, str]]:
    """The numbers that are right, without the whole ones among them that a slip leads to."""
    least, most = item.right.within
    before = item.replies[: item.replies.index(item.right)]
    slips = sorted(int(reply.number) for reply in before)
    starts = [least, *(str(slip + 1) for slip in slips)]
    ends = [*(str(slip - 1) for slip in slips), most]
    spans = zip(starts, ends, strict=True)
    return [(least, most) for least, most in spans if float(least) <= float(most)]


def _inside(least: str, most: str) -> list[Element]:
    return [
        element("vargte", text=least, respident=RESPONSE),
        element("varlte", text=most, respident=RESPONSE),
    ]


def _equal(value: str) -> Element:
    return element("varequal", text=value, respident=RESPONSE)


def _says(feedback: str, condition: Element) -> Element:
    shown = element("displayfeedback", feedbacktype="Response", linkrefid=feedback)
    return element("respcondition", element("conditionvar", condition), shown, continue_="Yes")


def _feedback(item: Item, language: Language) -> list[Element]:
    found = {"general_fb": escape(item.worked, quote=False)}
    if item.kind == "choice":
        for number, reply in enumerate(item.replies):
            found[f"{_id(number)}_fb"] = escape(reply.says, quote=False)
    else:
        found["general_incorrect_fb"] = mistakes(item, language)
    return [
        element("itemfeedback", element("flow_mat", _material(words)), ident=name)
        for name, words in found.items()
    ]


def _material(words: str) -> Element:
    return element("material", element("mattext", text=words, texttype="text/html"))
