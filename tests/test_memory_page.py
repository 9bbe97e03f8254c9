"""The Memory section: what it says in each state, its figures, its tables and files."""

import json
import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.analysis.memory import CARD, KINDS, MIB, PRESETS, WORKSPACES, memory
from alexnet_viz.network.trace import trace
from alexnet_viz.render.charts.memory import Bar, memory_bars, memory_curve
from alexnet_viz.render.tables.grid import comma_separated
from alexnet_viz.render.tables.memory import counted, kinds_table, layers_table, memory_record
from alexnet_viz.text import LANGUAGES, Language, has, t
from alexnet_viz.variants import VARIANTS
from tests.spoken import open_page, words

CODE = trace(VARIANTS["alexnet_2012_code_145"])
RUNS_2012 = PRESETS["cuda_convnet"]
TWO, ONE = memory(CODE, RUNS_2012), memory(CODE, RUNS_2012, 1)
BARS: list[Bar] = [("GPU 0", TWO, 0), ("GPU 1", TWO, 1), ("alone", ONE, 0)]


def opened(**query: object) -> AppTest:
    app = open_page("towers", section="memory", **query)
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_of_2012_on_two_cards(language: Language) -> None:
    said = words(opened(variant="alexnet_2012_code_145", lang=language))
    for number in ("1,542 MiB", "1,508 MiB", "**311**", "2,868 MiB", "204 MiB", "141"):
        assert number in said
    assert t("memory.left_out_cuda_convnet", language) in said


def test_a_batch_too_large_says_by_how_much_and_what_would_fit() -> None:
    said = words(opened(variant="alexnet_2012_code_145", batch=312))
    assert "Batch 312 does not fit: GPU 0 is 7 MiB short" in said
    assert "is **311**" in said
    assert "does not fit" not in words(opened(variant="alexnet_2012_code_145", batch=311))


def test_one_card_may_be_too_small_where_two_are_not() -> None:
    said = words(opened(variant="alexnet_2012_code_145", batch=200))
    assert "MiB too many; the largest batch would be 141" in said


def test_where_not_one_image_fits() -> None:
    app = opened(mem_card=400)
    assert "Not even one image fits" in words(app)
    assert app.error[0].value.startswith("Not even one image fits: on GPU 0, 474 MiB")


def test_running_takes_less_than_training() -> None:
    said = words(opened(mem_purpose="inference", mem_keeping="pytorch"))
    assert "inference: GPU 0 needs **339 MiB**" in said
    assert t("memory.counted_neighbours") in said
    assert t("memory.left_out_pytorch") in said
    assert t("memory.kind_momentum") not in said


def test_a_failed_network_is_counted_so_far() -> None:
    said = words(opened(variant="article_002_text"))
    assert "kernel_size=3 does not fit" in said
    assert t("memory.so_far", layer="pool5") in said


def test_choices_are_in_the_link_and_the_assumptions_count() -> None:
    app = opened(variant="alexnet_2012_code_145")
    assert app.segmented_control(key="widget.batch.quick").value == 128
    app.segmented_control(key="widget.batch.quick").set_value(256).run()
    assert app.number_input(key="widget.batch").value == 256
    app.segmented_control(key="widget.mem_card.quick").set_value(6144).run()
    app.segmented_control(key="widget.mem_workspace").set_value("none").run()
    app.number_input(key="widget.mem_overhead").set_value(90).run()
    app.segmented_control(key="widget.mem_bytes").set_value("2").run()
    app.segmented_control(key="widget.gpus").set_value(1).run()
    assert not app.exception
    assert app.query_params["mem_card"] == "6144"
    assert app.query_params["mem_workspace"] == "none"
    assumed = replace(RUNS_2012, workspace="none", overhead=90 * MIB, number_bytes=2)
    used = memory(CODE, assumed, 1)
    said = words(app)
    assert f"GPU 0 needs **{used.bytes(0, 256) / MIB:,.0f} MiB**" in said
    assert f"**{used.largest_batch(6144 * MIB):,}**" in said
    assert t("memory.kind_workspace") not in said
    app.number_input(key="widget.batch").set_value(100).run()
    assert app.segmented_control(key="widget.batch.quick").value is None


def test_nonsense_in_a_link_is_left_out() -> None:
    app = opened(mem_card="-1", mem_keeping="theano", mem_bytes="3", mem_workspace="all")
    assert "of 3,072 MiB a card" in words(app)
    assert app.segmented_control(key="widget.mem_keeping").value == "cuda_convnet"
    assert app.segmented_control(key="widget.mem_bytes").value == "4"
    assert app.segmented_control(key="widget.mem_workspace").value == "partial_sums"


def test_the_bars_add_up_to_what_is_said() -> None:
    figure = memory_bars(BARS, 128, CARD)
    lengths = [sum(trace.x[place] for trace in figure.data) for place in range(3)]
    needs = [used.bytes(gpu, 128) / MIB for _, used, gpu in BARS]
    assert lengths == pytest.approx(needs)
    labels = list(figure.data[0].y)
    assert labels[0] == "GPU 0<br><b>1,542 MiB</b>"
    assert figure.layout.shapes[0].x0 == CARD / MIB
    mark = figure.layout.annotations[-1]
    assert (mark.x, mark.xanchor) == (CARD / MIB, "right")  # the label ends at the line
    (mark,) = memory_bars(BARS, 128, 100 * MIB).layout.annotations
    assert mark.xanchor == "left"
    assert "span" in str(memory_bars(BARS, 256, CARD).data[0].y[2])


def test_the_curve_meets_the_card_at_the_largest_batch() -> None:
    figure = memory_curve(BARS, 128, CARD)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [line.line.dash for line in lines] == ["solid", "solid", "dash"]
    for line, (_, used, gpu) in zip(lines, BARS, strict=True):
        place = list(line.x).index(128)
        assert line.y[place] == used.bytes(gpu, 128) / MIB
        most = used.largest_batch(CARD)
        assert line.y[list(line.x).index(most)] <= CARD / MIB
    assert [trace.x[0] for trace in figure.data if trace.mode != "lines"] == [141, 311]


def test_the_tables_add_up() -> None:
    grid = layers_table(CODE, TWO, 128).grid
    for column in range(2, 8):
        total = sum(row[column] for row in grid.rows if row[column] is not None)  # type: ignore[misc]
        assert total == pytest.approx(grid.totals[0][column])
    assert "conv1" in comma_separated(grid)
    kinds = kinds_table(TWO, RUNS_2012, 128).grid
    assert sum(float(row[1] or 0) for row in kinds.rows) == pytest.approx(kinds.totals[0][1])
    assert len(kinds.rows) == len(KINDS) - 1  # no overhead


def test_every_kind_says_how_it_is_counted() -> None:
    for keeping in PRESETS:
        for training in (True, False):
            for workspace in WORKSPACES:
                assumed = replace(
                    PRESETS[keeping], training=training, workspace=workspace, overhead=1
                )
                used = memory(CODE, assumed)
                for kind in {part.kind for part in used.parts}:
                    assert has(counted(kind, assumed)), counted(kind, assumed)


def test_the_record_holds_every_part() -> None:
    record = json.loads(json.dumps(memory_record(CODE, TWO, RUNS_2012, 128, CARD)))
    assert record["bytes"] == [TWO.bytes(0, 128), TWO.bytes(1, 128)]
    assert record["largest_batch"] == 311
    assert record["assumptions"]["workspace"] == "partial_sums"
    again = sum(
        part["fixed"] + 128 * part["per_image"] for part in record["parts"] if part["gpu"] == 1
    )
    assert again == record["bytes"][1]


def test_the_sources_are_named_with_what_they_support() -> None:
    said = words(opened())
    assert re.search(r"layer\.cu, weights\.cu, layer\.py", said)
    assert "section 3.2" in said
