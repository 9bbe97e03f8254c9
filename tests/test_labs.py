"""What holds for every lab: it opens in both languages, its controls survive a link, its tasks ask.

The labs' own numbers are tested with the group they belong to (``test_labs_*.py``).
"""

import re
import subprocess
import sys
from typing import Any

import pytest

from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.teaching import setting
from alexnet_viz.teaching.control import (
    Bars,
    Box,
    Cells,
    Control,
    Curve,
    Number,
    Order,
    Pick,
    Shares,
    Sort,
    Switch,
    Words,
)
from alexnet_viz.teaching.labs import registry
from alexnet_viz.teaching.labs.lab import Lab, Look, Outcome, Spoken, Task
from alexnet_viz.teaching.labs.registry import LABS, labs_of
from alexnet_viz.text import LANGUAGES, Text, catalogue, has, t
from alexnet_viz.ui.app.shell import PAGES
from tests.spoken import ROOT, open_page, words

CONTROLS: tuple[Control, ...] = (
    Number("a", 0, 9, 3),
    Number("a", -1.5, 1.5, 0.5, 0.25),
    Pick("a", ("up", "down"), "up"),
    Switch("a"),
    Bars("a", 3, 0, 9, (1, 2, 3)),
    Shares("a", 2, 0, 100, (50, 50)),
    Curve("a", 3, -1, 1, (0, 0.5, 1), 0.1),
    Cells("a", 2, 2, -1, 1, (0, 1, -1, 0)),
    Box("a", 10, 8, (0, 0, 5, 5)),
    Sort("a", 3, 2, (0, 1, 0)),
    Order("a", 3, (2, 0, 1)),
    Words("a", 100, "model"),
)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda each: type(each).__name__)
def test_a_value_survives_its_link(control: Control) -> None:
    assert control.parse(control.write(control.default)) == control.default


HOSTILE = ("", "nan", "inf", "1e999", "9" * 400, "-", "1,2", "<b>", "1,1,1,1,1", "0,0,0,0", "\0")


@pytest.mark.parametrize("control", CONTROLS[:-1], ids=lambda each: type(each).__name__)
def test_a_text_that_is_no_value_is_refused(control: Control) -> None:
    accepted = []
    for text in HOSTILE:
        try:
            value = control.parse(text)
        except ValueError:
            continue
        accepted.append((text, value))
    # 1,2 are two bars' heights, and zeros are cells
    allowed = {Shares: {"1,2"}, Cells: {"0,0,0,0"}}.get(type(control), set())
    assert {text for text, _ in accepted} <= allowed


def test_a_setting_is_read_as_it_was_written() -> None:
    pairs = (("w", "13"), ("cells", "1,-2,0.5"), ("rule", "ceil"))
    assert setting.parse(setting.write(pairs)) == pairs
    for bad in ("w", "1.2", "w.1~w.2", "b", "x" * 4000):
        with pytest.raises(ValueError, match=re.escape(bad[:20])):
            setting.parse(bad)


def test_only_what_differs_from_the_start_is_in_the_setting() -> None:
    controls = (Number("a", 0, 9, 3), Switch("b"))
    now = setting.changed(controls, (), "a", 4)
    assert now == (("a", "4"),)
    assert setting.changed(controls, now, "a", 3) == ()
    assert setting.changed(controls, now, "b", True, {"b": True}) == now
    found, refused = setting.values(controls, (("a", "40"), ("c", "1")), {"a": 5})
    assert found == {"a": 5, "b": False}
    assert refused == [("a", "40"), ("c", "1")]


def test_every_concept_has_its_lab() -> None:
    assert [concept for concept in CONCEPTS if not labs_of(concept)] == []
    assert {concept for lab in LABS.values() for concept in lab.concepts} == set(CONCEPTS)


def test_a_lab_has_all_its_words() -> None:
    missing = []
    for lab in LABS.values():
        keys = ["title", "question", "source", *(f"task.{task}" for task in lab.tasks)]
        missing += [f"lab.{lab.id}.{key}" for key in keys if not has(f"lab.{lab.id}.{key}")]
        asked = [task.answer for task in lab.tasks.values() if task.answer]
        for control in (*lab.controls, *asked):
            own = f"lab.{lab.id}.control.{control.name}"
            if not (has(own) or has(f"lab.control.{control.name}")):
                missing.append(own)
        assert len({control.name for control in lab.controls}) == len(lab.controls)
        assert lab.tasks
    assert missing == []


def test_a_lab_leads_to_pages_that_are_there() -> None:
    for lab in LABS.values():
        assert {link.partition("?")[0] for link in lab.see} <= set(PAGES), lab.id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lab", LABS)
def test_a_lab_opens_and_its_tasks_can_be_checked(lab: str, language: Any) -> None:
    app = open_page("labs", lab=lab, lang=language)
    assert not app.exception
    said = words(app)
    assert t(f"lab.{lab}.question", language) in said
    assert "{" not in said.replace("{en, zh}", "")
    for task in LABS[lab].tasks:
        app.button(key=f"lab.{lab}.check.{task}").click().run()
        assert not app.exception
    assert len(app.success) + len(app.warning) + len(app.info) > 0


def test_the_gallery_has_every_lab_once() -> None:
    app = open_page("labs")
    assert not app.exception
    links = [each.proto.query_string for each in app.get("page_link")]
    assert sorted(link for link in links if link.startswith("lab=")) == sorted(
        f"lab={lab}" for lab in LABS
    )


def test_what_a_link_says_wrongly_is_named_and_left_out() -> None:
    app = open_page("labs", lab="overlapping_pooling", set="z.2~s.99~nonsense.1")
    assert not app.exception
    assert "s, nonsense" in words(app)
    assert app.slider(key="lab.overlapping_pooling.z").value == 2
    app = open_page("labs", lab="no_such_lab")
    assert not app.exception
    assert "There is no lab no\\_such\\_lab" in words(app) or "no_such_lab" in words(app)


def test_a_setting_belongs_to_its_lab() -> None:
    app = open_page("labs", lab="overlapping_pooling", set="z.2")
    app.query_params["lab"] = next(lab for lab in LABS if lab != "overlapping_pooling")
    del app.query_params["set"]
    app.run()
    assert not app.exception
    assert not app.warning


@pytest.fixture
def doubling(monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A lab from outside: one value of Python, and its words."""
    lab = Lab(
        id="doubling",
        concepts=("cost",),
        controls=(Number("n", 0, 9, 3),),
        look=lambda values, say: Look((), (say("twice", n=2 * values["n"]),)),
        tasks={"eight": Task(lambda values, _, say: Outcome(values["n"] == 4, say("judged")))},
    )
    said = {
        "title": "Doubling", "question": "Twice what?", "source": "Euclid", "twice": "It is {n}.",
        "control.n": "N", "task.eight": "Reach 8.", "judged": "Judged.",
    }  # fmt: skip
    for key, phrase in said.items():
        monkeypatch.setitem(catalogue(), f"lab.doubling.{key}", Text(phrase, f"{phrase}中"))
    monkeypatch.setitem(registry.LABS, "doubling", lab)  # type: ignore[arg-type]
    return lab


def test_adding_a_lab_takes_its_file_and_its_words(doubling: Lab) -> None:
    app = open_page("labs")
    assert any("lab=doubling" in each.proto.query_string for each in app.get("page_link"))
    app = open_page("labs", lab="doubling", set="n.3")
    assert "It is 6." in words(app)
    app.button(key="lab.doubling.check.eight").click().run()
    assert [each.value for each in app.warning] == ["Judged."]
    app.slider(key="lab.doubling.n").set_value(4).run()
    assert not app.warning
    assert "It is 8." in words(app)
    assert app.query_params["set"] == "n.4"
    app.button(key="lab.doubling.check.eight").click().run()
    assert [each.value for each in app.success] == ["Judged."]
    app.button(key="lab.doubling.reset").click().run()
    assert "It is 6." in words(app)
    assert "doubling" in {lab.id for lab in labs_of("cost")}


def _views(lab: Lab) -> list[dict[str, Any]]:
    """The lab's values at its start, and with each option of each of its menus."""
    start = {each.name: each.default for each in lab.controls}
    picks = [each for each in lab.controls if isinstance(each, Pick)]
    return [start, *(start | {each.name: it} for each in picks for it in each.options)]


IDLE = [name for name, lab in LABS.items() if lab.idle and not lab.needs_picture]


@pytest.mark.parametrize("name", IDLE)
def test_a_control_that_is_not_drawn_changes_nothing(name: str) -> None:
    lab = LABS[name]
    assert lab.idle
    for values in _views(lab):
        shown = lab.look(values, Spoken(name, "en"))
        idle = lab.idle(values)
        assert set(idle) < {each.name for each in lab.controls}
        for control in lab.controls:
            if control.name not in idle:
                continue
            others = control.options if isinstance(control, Pick) else (control.low, control.high)  # type: ignore[union-attr]
            for other in others:
                assert lab.look(values | {control.name: other}, Spoken(name, "en")) == shown


@pytest.mark.parametrize("name", IDLE)
def test_no_control_is_drawn_that_does_nothing(name: str) -> None:
    """Each drawn number and menu changes what is shown, in each view of the lab."""
    lab, dead = LABS[name], []
    assert lab.idle
    for values in _views(lab):
        shown = lab.look(values, Spoken(name, "en"))
        for control in lab.controls:
            if control.name in lab.idle(values) or not isinstance(control, Number | Pick):
                continue
            if isinstance(control, Pick):
                others: tuple[Any, ...] = control.options
            else:
                middle = control.low + control.step * round(
                    (control.high - control.low) / control.step / 2
                )
                others = tuple(type(control.step)(it) for it in (control.low, middle, control.high))
            if all(
                lab.look(values | {control.name: other}, Spoken(name, "en")) == shown
                for other in others
            ):
                dead.append((control.name, values))
    assert dead == []


@pytest.mark.parametrize("lab", [name for name in LABS if not LABS[name].runs_network])
def test_nothing_is_entered_before_the_student_enters_it(lab: str) -> None:
    """No option of an answer is chosen, nor a number given; a check asks for it."""
    app = open_page("labs", lab=lab)
    for name, task in LABS[lab].tasks.items():
        if not isinstance(task.answer, Number | Pick):
            continue
        key = f"lab.{lab}.answer.{name}.{task.answer.name}"
        assert app.session_state[key] is None
        app.button(key=f"lab.{lab}.check.{name}").click().run()
        assert not app.exception
        assert not app.success
        assert t("problem.nothing_entered", "en") in [each.value for each in app.info]


def test_the_controls_of_another_view_are_not_drawn() -> None:
    app = open_page("labs", lab="history")
    assert [each.key for each in app.slider] == ["lab.history.year"]
    app = open_page("labs", lab="history", set="view.cards~year.2013")
    assert [each.key for each in app.slider] == ["lab.history.card"]
    assert not app.button(key="lab.history.reset").disabled


@pytest.mark.parametrize(
    ("lab", "views"),
    [("activation", ("", "f.relu", "f.leaky")), ("augmentation", ("", "show.cloud"))],
)
def test_a_control_keeps_its_form_when_another_comes_or_goes(
    lab: str, views: tuple[str, ...]
) -> None:
    """Side by side or a menu is decided by how many controls the lab has, not by those drawn."""
    for view in views:
        app = open_page("labs", lab=lab, set=view)
        assert not app.exception
        assert f"lab.{lab}.show" in [each.key for each in app.selectbox], view


def test_a_picture_is_asked_for_where_the_lab_is_about_one() -> None:
    """An old link of the lab of LRN has no ``show``; the choice of a picture stands below."""

    app = open_page("labs", lab="lrn", set="formula.caffe~n.3")
    assert not app.exception
    assert app.slider(key="lab.lrn.channel").value == 6
    assert "picture" not in app.session_state
    assert "Map 25 of conv1" not in words(app)
    app = open_page("labs", lab="lrn", set="show.map~map.50~formula.caffe")
    assert not app.exception
    assert app.slider(key="lab.lrn.map").value == 50
    assert "lab.lrn.channel" not in [each.key for each in app.slider]
    assert "Map 50 of conv1" in words(app)


WITHOUT_TORCH = """
import sys
from alexnet_viz.teaching.labs.lab import Spoken
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.teaching.course import course
light = {"numpy", "pandas", "plotly", "streamlit", "torch"} & set(sys.modules)
assert not light, light
course()
for lab in LABS.values():
    values = {control.name: control.default for control in lab.controls}
    if not lab.runs_at(values):
        import numpy
        if lab.works_on_picture(values):
            values["picture"] = numpy.zeros((lab.picture_side, lab.picture_side, 3), numpy.uint8)
        lab.look(values, Spoken(lab.id, "en"))
        assert "torch" not in sys.modules, lab.id
"""


def test_only_labs_that_run_a_network_load_torch() -> None:
    """Only where they do; and the list of labs alone loads nothing heavy."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_task_is_not_solved_by_what_the_lab_begins_with() -> None:
    """One of the two tasks on the order of LRN and pool holds wherever one begins."""
    app = open_page("labs", lab="lrn_order")
    for name in LABS["lrn_order"].tasks:
        app.button(key=f"lab.lrn_order.check.{name}").click().run()
        assert not app.exception
        assert not app.success
    assert t("labs.change_first", "en") in [each.value for each in app.info]


def test_the_tallest_bar_leaves_room_for_the_legend() -> None:
    from alexnet_viz.teaching.labs import lrn

    values = {each.name: each.default for each in lrn.LAB.controls}
    loud = values | {"a": (150.0,) * len(values["a"])}
    svg = lrn.LAB.look(loud, Spoken("lrn", "en")).drawings[0].svg
    rows = [float(y) for y in re.findall(r'<text[^>]* y="([0-9.]+)"', svg)]
    legend = 17
    assert not [y for y in rows if legend < y < legend + 14]


def _labs_at_the_end(app: Any) -> list[str]:
    links = [each.proto.query_string for each in app.get("page_link")]
    return [link.removeprefix("lab=") for link in links if link.startswith("lab=")]


def test_a_page_leads_to_the_labs_about_what_it_shows() -> None:
    """The page Layer would else name a third of all labs, whatever layer it shows."""
    of_pool = _labs_at_the_end(open_page("layer", layer="pool2"))
    assert {"pooling", "overlapping_pooling"} <= set(of_pool)
    assert not {"lrn", "flatten", "dropout", "sharing"} & set(of_pool)
    assert _labs_at_the_end(open_page("layer", layer="fc8")) == ["flatten", "overfitting"]
    assert "towers" in _labs_at_the_end(open_page("towers"))


def test_every_lab_has_its_picture_in_the_gallery() -> None:
    from alexnet_viz.ui.labs.gallery import COVERS

    assert {each.stem for each in COVERS.glob("*.png")} == set(LABS)


LEADS = ("On the real network", "Train it")
"""How the links of a lab to other pages begin."""


@pytest.mark.parametrize("lab", ["towers", "overfitting", "history"])
def test_no_two_links_of_a_lab_have_one_name(lab: str) -> None:
    links = [each.proto for each in open_page("labs", lab=lab).get("page_link")]
    names = [each.label for each in links if each.label.startswith(LEADS)]
    assert len(names) == len(set(names)) == len({s.partition("?")[0] for s in LABS[lab].see})
