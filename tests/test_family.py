"""Who descends from whom, which variants a filter lets through, and the drawing of the tree."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from alexnet_viz.analysis.compare.ancestry import (
    NORMS,
    about,
    change,
    children,
    frameworks,
    lineage,
    norm,
    relatives,
    selected,
    tree,
    weights_fit,
)
from alexnet_viz.network.layers import Linear
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.ancestry import CHANGES, FAINT, ROW, SIZE, WIDTH, family_tree
from alexnet_viz.render.tables.ancestry import family_table
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.variants import VARIANTS

ROOT = "alexnet_2012_paper"
SVG = "{http://www.w3.org/2000/svg}"


def test_a_line_begins_at_the_paper_and_each_is_the_next_ones_parent() -> None:
    for id in VARIANTS:
        line = lineage(id)
        assert (line[0], line[-1]) == (ROOT, id)
        assert [about(each).parent for each in line] == [None, *line[:-1]]


def test_relatives_are_ancestors_and_descendants() -> None:
    assert relatives(ROOT) == set(VARIANTS)
    assert relatives("torch7_alexnetowt") == {
        ROOT, "alexnet_2012_code_145", "cuda_convnet2_1gpu", "torch7_alexnetowt",
        "torchvision_alexnet", "tch_rs_alexnet", "mxnet_gluon_alexnet", "pytorchcv_alexnetb",
        "rotnet_alexnet_bn",
    }  # fmt: skip


def test_a_tree_holds_each_once_and_subtrees_in_one_piece() -> None:
    order = tree(VARIANTS)
    assert sorted(order) == sorted(VARIANTS)
    for id in order:
        place = order.index(id)
        below = [each for each in order if id in lineage(each)]
        assert order[place : place + len(below)] == below


def test_a_tree_of_some_has_what_connects_them_and_no_more() -> None:
    assert tree(["tch_rs_alexnet"]) == lineage("tch_rs_alexnet")
    assert tree([]) == []


def test_children_are_told_oldest_first() -> None:
    for id in VARIANTS:
        years = [about(each).year for each in children(id)]
        assert years == sorted(years)


def test_only_a_copy_and_the_root_change_nothing() -> None:
    assert [id for id in VARIANTS if not change(id)] == [ROOT, "digits_caffe_alexnet"]


def test_filters_let_through_what_they_say() -> None:
    assert selected() == list(VARIANTS)
    assert not [id for id in selected(articles=False) if id.startswith("article_")]
    for name in frameworks():
        found = selected(framework=name)
        assert found
        assert {about(id).framework for id in found} == {name}
    assert {about(id).framework for id in selected(framework="-")} == {""}
    for each in NORMS:
        assert {norm(VARIANTS[id]) for id in selected(norms=each)} == {each}
    assert "nvcaffe_alexnet_bn" in selected(norms="batch_norm")
    assert "torchvision_alexnet" in selected(norms="none")
    assert sum(len(selected(towers=n)) for n in (1, 2)) == len(VARIANTS)
    both = selected(framework="Caffe", norms="lrn", towers=2)
    assert set(both) == set(selected(framework="Caffe")) & set(selected(norms="lrn", towers=2))


@pytest.mark.parametrize("size", [199, 224, 227, 230])
def test_weights_fit_where_every_dense_layer_reads_what_it_was_built_for(size: int) -> None:
    for id in selected(fits=size):
        own, here = (trace(VARIANTS[id].refitted(), each) for each in (None, size))
        assert [row.params for row in own.rows] == [row.params for row in here.rows], id
    for id in set(VARIANTS) - set(selected(fits=size)):
        result = trace(VARIANTS[id].refitted(), size)
        read = {row.name: row.input_shape for row in result.rows if isinstance(row.layer, Linear)}
        native = trace(VARIANTS[id].refitted())
        assert result.failure or any(native[name].input_shape != read[name] for name in read), id


def test_the_published_case_of_one_size() -> None:
    paper, caffe = VARIANTS[ROOT], VARIANTS["caffe_bvlc_alexnet"]
    assert [weights_fit(paper, size) for size in (195, 196, 227, 228)] == [0, 1, 1, 0]
    assert [weights_fit(caffe, size) for size in (198, 199, 230, 231)] == [0, 1, 1, 0]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_network_has_a_line_and_every_child_an_edge(language: Language) -> None:
    ids = tree(VARIANTS)
    drawn = parsed(family_tree(ids, ROOT, language))
    targets = drawn.findall(f".//{SVG}g[@data-layer]")
    assert [each.get("data-layer") for each in targets] == ids
    for id, target in zip(ids, targets, strict=True):
        assert about(id).title.of(language) in str(target.get("aria-label"))
    edges = drawn.findall(f".//{SVG}g[@class='crossing']")
    assert len(edges) == len(VARIANTS) - 1
    assert all(edge.find(f"{SVG}title") is not None for edge in edges)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("articles", [False, True])
def test_no_words_reach_into_others(articles: bool, language: Language) -> None:
    """At the size of the drawing itself, by the width of letters in the typeface it asks for."""
    ids = tree(selected(articles=articles))
    rows: dict[float, list[tuple[float, float]]] = {}
    for text in parsed(family_tree(ids, ROOT, language)).iter(f"{SVG}text"):
        words, x, y = str(text.text), float(str(text.get("x"))), float(str(text.get("y")))
        wide = SIZE * sum(1.0 if ord(letter) >= 0x2E80 else 0.48 for letter in words)
        assert x + wide <= WIDTH
        rows.setdefault(y, []).append((x, x + wide))
    for y, spans in rows.items():
        if y > ROW:
            for (_, end), (start, _) in pairwise(spans):
                assert end <= start
    assert CHANGES in {start for spans in rows.values() for start, _ in spans}


def test_a_child_stands_below_its_parent_and_to_the_right() -> None:
    ids = tree(VARIANTS)
    drawn = parsed(family_tree(ids, ROOT))
    dots = {}
    for target in drawn.findall(f".//{SVG}g[@data-layer]"):
        corners = target.findall(f"{SVG}polygon")[-1].get("points")
        dots[target.get("data-layer")] = [float(n) for n in re.split("[ ,]", str(corners))[2:4]]
    for id in ids:
        parent = about(id).parent
        if parent:
            assert dots[parent][0] < dots[id][0]
            assert dots[parent][1] < dots[id][1]
    years = {(about(id).year, dots[id][0]) for id in ids}
    for year, x in years:
        assert all(x < later for other, later in years if other > year)


def test_what_is_not_lit_is_faint() -> None:
    ids = tree(VARIANTS)
    lit = relatives("torchvision_alexnet")
    drawn = parsed(family_tree(ids, "torchvision_alexnet", lit=lit))
    faint = drawn.findall(f".//{SVG}g[@opacity='{FAINT:g}']")
    assert {
        each.get("data-layer") for group in faint for each in group.iter() if each.get("data-layer")
    } == set(VARIANTS) - lit
    # a network and its edge each
    assert len(faint) == 2 * len(set(VARIANTS) - lit)


def test_colours_say_the_framework_only_on_demand() -> None:
    ids = tree(VARIANTS)
    plain, coloured = (family_tree(ids, ROOT, coloured=each) for each in (False, True))
    assert "#D55E00" not in plain  # PyTorch's
    assert coloured.count('fill="#D55E00"') == len(selected(framework="PyTorch"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_has_a_line_a_variant(language: Language) -> None:
    ids = selected(framework="Caffe")
    grid = family_table(ids, language).grid
    assert [row[0] for row in grid.rows] == ids
    assert all(len(row) == len(grid.header) for row in grid.rows)
    record = family_table(ids, language).records
    assert [each["lineage"][-1] for each in record] == ids
    for row, each in zip(grid.rows, record, strict=True):
        assert row[-1] == each["sentence"]
    assert family_table([ROOT], language).records[0]["sentence"] is None
