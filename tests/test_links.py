"""Links: the address shows the view again, and one that makes no sense is refused in words."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.text import t
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.choice import no_link
from alexnet_viz.ui.calculator.calculations import MOST_STEPS
from tests.spoken import chain_table, open_page, words

HOSTILE = (
    {"variant": "alexnet2012"},
    {"input": "0"},
    {"input": "-1"},
    {"input": "10000000"},
    {"input": "9" * 5000},
    {"rounding": "up"},
    {"layer": "conv1'); DROP TABLE layers;--"},
    {"channel": "NaN"},
    {"chain": "conv1.conv.96"},
    {"chain": "~" * 1000},
    {"chain": "a.conv.96.3.1.0.0.![x](//2130706433/a).1"},
    {"beside": "cat,cat"},
    {"beside": "cat,coffee,rings,shapes"},
    {"upload": "../../etc/passwd"},
    {"drawing_seed": "-1"},
    {"opacity": "101"},
    {"cross": "conv3,<b>"},
    {"compare": ""},
    {"compare": "alexnet_2012_paper,alexnet_2012_paper"},
    {"columns": "__class__,<b>"},
    {"evil": "<script>alert(1)</script>"},
    {"lang": "tlh"},
)


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: next(iter(query)))
def test_a_hostile_link_is_refused_in_words(query: dict[str, str]) -> None:
    app = open_page("start", **query)
    assert not app.exception
    assert "that part was left out" in words(app)
    assert "<script>" not in words(app)
    assert "](" not in words(app).replace("[Krizhevsky", "").split("Source:")[0]


def test_what_was_left_out_is_shown_with_its_colons() -> None:
    app = open_page("predictions", ab_off="channel:conv1:9999999999")
    assert r"=channel\:conv1\:9999999999," in app.warning[0].value


def test_a_link_full_of_nonsense_is_told_once() -> None:
    app = open_page("start", **{f"nonsense{n}": n for n in range(40)})
    assert len(app.warning) == 1
    assert "35 more parts of the link were left out" in words(app)


def test_a_layer_that_is_not_there_is_replaced_in_words() -> None:
    app = open_page("layer", variant="torchvision_alexnet", layer="norm1")
    assert not app.exception
    assert "has no layer norm1 at this input; conv1 is shown" in words(app)
    app = open_page("layer", layer="__bold__")
    assert r"no layer \_\_bold\_\_" in app.info[0].value


def test_the_link_is_the_view() -> None:
    """What one session's address says, another session shows."""
    first = open_page("calculator", w=227, f=3, s=2, rule="caffe")
    first.number_input(key="widget.f").set_value(5).run()
    query = dict(first.query_params.items())
    second = open_page("calculator", **query)
    assert second.number_input(key="widget.f").value == 5
    assert second.latex[0].value == first.latex[0].value
    assert r"\frac{227 - 5 + 0 + 0}{2} + 1 = 112" in second.latex[0].value


def test_an_address_that_comes_late_does_not_undo_a_choice() -> None:
    """A browser sends a widget's event with the address it last heard of."""
    app = open_page("labs", lab="overlapping_pooling")
    late = dict(app.query_params.items())
    app.slider(key="lab.overlapping_pooling.z").set_value(4).run()
    assert app.query_params["set"] == "z.4"
    app.query_params.clear()
    for name, value in late.items():
        app.query_params[name] = value
    app.slider(key="lab.overlapping_pooling.s").set_value(3).run()
    assert app.query_params["set"] == "z.4~s.3"
    # the same address without an event is a step back
    app.query_params.clear()
    for name, value in late.items():
        app.query_params[name] = value
    app.run()
    assert app.slider(key="lab.overlapping_pooling.z").value == 3


def test_back_leads_to_an_address_that_was_complete() -> None:
    """The first one of a visit, from which there is nothing but one choice forward."""
    app = open_page("towers", lang="en")
    app.segmented_control(key="widget.section").set_value("memory").run()
    assert app.query_params["section"] == "memory"
    del app.query_params["section"]
    app.run()
    assert app.segmented_control(key="widget.section").value == "split"
    assert "section" not in app.query_params


def test_an_address_with_a_default_in_it_does_not_hold_on_to_its_language() -> None:
    """The browser sends such an address until it is told another."""
    app = open_page("towers", lang="en", section="split")
    app.segmented_control(key="widget.lang").set_value("zh").run()
    assert "双塔结构" in words(app)
    assert dict(app.query_params.items()) == {"lang": "zh"}


def test_an_edited_chain_travels_in_the_link() -> None:
    chain = "conv1.conv.96.11.4.0.0.floor.1~pool1.max_pool..3.2.0.0.floor."
    app = open_page("calculator", chain=chain, input=224)
    assert not app.exception
    assert "The chain ends in **64,896** values" in words(app)  # 96×26×26
    assert app.query_params["chain"] == chain


EDITED = "conv1.conv.96.7.4.0.0.ceil.1"


def test_chain_edits_survive_a_language_switch_and_a_walk() -> None:
    app = open_page("calculator", chain=EDITED)
    assert "96×56×56" in chain_table(app)
    app.segmented_control(key="widget.lang").set_value("zh").run()
    assert "96×56×56" in chain_table(app)
    app.switch_page("pages/layer.py").run()
    app.switch_page("pages/calculator.py").run()
    assert "96×56×56" in chain_table(app)
    assert app.query_params["chain"] == EDITED
    app.button(key="chain.reset").click().run()
    assert "96×55×55" in chain_table(app)
    assert "chain" not in app.query_params


def test_another_network_brings_its_own_chain() -> None:
    app = open_page("calculator", chain=EDITED)
    app.selectbox(key="widget.variant").set_value("zfnet_paper").run()
    assert not app.exception
    assert "96×110×110" in chain_table(app)
    assert "chain" not in app.query_params


def test_every_choice_can_be_written_and_read_back() -> None:
    """What ``push`` writes, ``pull`` reads: for every default that a link can carry."""
    for name, choice in state.CHOICES.items():
        if choice.default is not None and choice.parse is not no_link:
            assert choice.parse(choice.write(choice.default)) == choice.default, name


def test_every_option_of_a_widget_can_be_written_and_read_back() -> None:
    listed = {name: choice for name, choice in state.CHOICES.items() if choice.options}
    assert len(listed) > 30
    for name, choice in listed.items():
        assert [choice.parse(choice.write(each)) for each in choice.options] == [*choice.options], (
            name
        )


HOSTILE_STATES = [
    {"edited_rows": {"9999": {"stride": 2}}},
    {"edited_rows": {"-9999": {"stride": 2}}},
    {"deleted_rows": [0, 9999]},
    {"edited_rows": {"0": {"no such column": 2}}},
    {"edited_rows": {"0": 7}},
    {"deleted_rows": "all"},
]
"""States of the Calculator's table that no hand makes.  What is no state at all stops at Streamlit,
which shows the sender an exception's type."""


@pytest.mark.parametrize("state", HOSTILE_STATES, ids=json.dumps)
def test_edits_outside_the_table_are_left_out_and_said(state: object) -> None:
    app = sent("chain.editor", state)
    assert not app.exception
    assert t("calculator.no_such_row", "en", last=8) in words(app)
    assert "96×55×55" in chain_table(app)
    assert not sent("chain.editor", {}, app).exception


def test_a_table_without_end_is_cut() -> None:
    added = [{"name": f"c{n}", "kind": "conv", "out_channels": 1, "kernel_size": 1, "stride": 1,
              "before": 0, "after": 0, "rounding": "floor", "groups": 1}
             for n in range(3 * MOST_STEPS)]  # fmt: skip
    app = sent("chain.editor", {"added_rows": added})
    assert not app.exception
    count = f"{8 + len(added):,}"
    assert t("calculator.too_many", "en", count=8 + len(added), most=MOST_STEPS) in words(app)
    assert count in words(app)
    assert len(app.dataframe[-1].value) <= MOST_STEPS + 1


def sent(key: str, state: object, app: AppTest | None = None) -> AppTest:
    """The Calculator after the browser sent a state of the table with this key."""
    app = app or open_page("calculator")
    (table,) = [each.proto.id for each in app.dataframe if key in each.proto.id]
    states = app._tree.get_widget_states()
    states.widgets.add(id=table, string_value=json.dumps(state))
    return app._run(states)
