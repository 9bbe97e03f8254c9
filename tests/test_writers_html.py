"""The report is one file that stands alone, says what the trace says, and is well formed."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from alexnet_viz.network.layers import ReLU
from alexnet_viz.network.spec import About, Network, Source
from alexnet_viz.network.trace import trace
from alexnet_viz.readers import load
from alexnet_viz.render.export.html_page import table
from alexnet_viz.render.export.html_report import html_report
from alexnet_viz.render.export.mathml import mathml
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import LANGUAGES, Text
from alexnet_viz.variants import VARIANTS
from tests.architecture_files import FILES

PAPER = trace(VARIANTS["alexnet_2012_paper"])
FAILED = trace(VARIANTS["article_002_text"])
CAFFE = trace(VARIANTS["caffe_bvlc_reference_caffenet"])
VOID = {"meta", "br"}


class Page(HTMLParser):
    """A page's elements, tables and text; fails where a tag is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.rows: list[list[str]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.text += data
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    def row(self, name: str) -> list[str]:
        return next(row for row in self.rows if row and row[0] == name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", VARIANTS)
def test_every_variant_has_a_report_that_stands_alone(id: str, language: Any) -> None:
    result = trace(VARIANTS[id])
    text = html_report([result], language)
    page = Page(text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "image", "use", "base"}
    for tag, attributes in page.elements:
        assert not {"src", "srcset", "data", "onclick", "xlink:href"} & set(attributes)
        if "href" in attributes:
            assert tag == "a"
            assert str(attributes["href"]).startswith("https://")
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert f"{result.params:,}" in page.text
    assert f"{result.macs:,}" in page.text
    for row in result.rows:
        assert f"{row.params:,}" in page.row(row.name)
    assert '<html lang="' + {"en": "en", "zh": "zh-Hans"}[language] in text


def test_the_paper_says_where_it_comes_from_and_what_is_assumed() -> None:
    page = Page(html_report([PAPER]))
    assert "NIPS 2012 · sections 3.1-3.5, 4.2, 5; Figure 2 · 2012" in page.text
    assert "The paper states no padding" in page.text
    assert "What the source leaves open" in page.text
    assert page.row("conv1")[2:6] == ["96×55×55", "11×11", "4", "0,3,0,3"]
    assert page.row("total")[8] == "60,965,224"
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert links == [VARIANTS["alexnet_2012_paper"].about.source.url]


def test_the_formulas_have_their_numbers() -> None:
    text = html_report([PAPER])
    page = Page(text)
    conv1 = next(row for row in page.rows if row[0] == "conv1" and len(row) == 2)[1]
    for number in ("224", "54.25", "55", "34,944", "105,415,200"):
        assert number in conv1
    assert "params=96" in conv1.replace(" ", "")
    assert "参数=96" in Page(html_report([PAPER], "zh")).text.replace(" ", "")
    norm = next(row for row in page.rows if row[0] == "norm1" and len(row) == 2)[1]
    assert "0.75" in norm
    assert text.count("<math") > 20


def test_a_thousands_separator_stays_in_its_number() -> None:
    assert "<mn>60,965,224</mn>" in mathml("n = 60{,}965{,}224")
    assert "<mn>1,24</mn>" not in mathml("1, 24")


def test_what_a_source_states_is_listed() -> None:
    stated = next(each for each in VARIANTS.values() if each.about and each.about.stated)
    for language, words in (("en", "What the source states"), ("zh", "来源写明的内容")):
        assert words in Page(html_report([trace(stated)], language)).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_comes_first_and_the_totals_say_so(language: Any) -> None:
    page = Page(html_report([FAILED], language))
    assert FAILED.failure is not None
    assert FAILED.failure.explained(language) in page.text
    assert page.text.index("pool5") < page.text.index("conv1")
    words = {"en": "Counted up to where it stops, pool5.", "zh": "只统计到中断处 pool5。"}
    assert words[language] in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_marks_what_differs(language: Any) -> None:
    text = html_report([PAPER, CAFFE, FAILED], language)
    page = Page(text)
    assert {"en": "3 networks compared", "zh": "3 个网络的对比"}[language] in page.text
    for result in (PAPER, CAFFE, FAILED):
        assert f"{result.params:,}" in page.text
        assert result.network.about.title.of(language) in page.text
    lit = set(re.findall(r'<tr class="lit"><th scope="row">(\w+)</th>', text))
    assert {"conv1", "norm1", "pool5"} <= lit
    assert "relu6" in lit  # the network that fails never gets there
    same = html_report([PAPER, PAPER], language)
    assert 'class="lit"' not in same


def test_the_page_follows_the_reader_and_the_paper() -> None:
    text = html_report([PAPER])
    assert "@media (prefers-color-scheme: dark)" in text
    assert "size: A4 landscape" in text
    assert 'role="button"' not in text
    assert "tabindex" not in text


def test_a_file_has_no_year() -> None:
    text = html_report([trace(load(FILES / "alexnet_deploy.prototxt"))])
    assert "Source: alexnet_deploy.prototxt · Caffe prototxt</p>" in text
    assert "· 2012</p>" in html_report([PAPER])


def test_words_from_files_are_only_words() -> None:
    hostile = '<script>alert(1)</script>&"{}'
    about = About(
        title=Text(hostile, hostile),
        year=2012,
        source=Source(title=hostile, where=hostile, url='https://x/"onload="y'),
        summary=Text(hostile, hostile),
        assumptions=(Text(hostile, hostile),),
    )
    network = Network(id=hostile, input_shape=(3, 9, 9), layers=(ReLU(name="r"),), about=about)
    for traces in ([trace(network)], [trace(network), PAPER]):
        page = Page(html_report(traces))
        assert "script" not in {tag for tag, _ in page.elements}
        assert hostile in page.text
        assert next(dict(a) for tag, a in page.elements if tag == "a") == {
            "href": 'https://x/"onload="y'
        }


@pytest.mark.parametrize("url", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x"])
def test_only_an_address_of_a_page_is_a_link(url: str) -> None:
    words = Text("t", "t")
    about = About(title=words, year=2012, source=Source(title="s", where="w", url=url),
                  summary=words, stated={"r": ("no_such_field",)})  # fmt: skip
    network = Network(id="own", input_shape=(3, 9, 9), layers=(ReLU(name="r"),), about=about)
    page = Page(html_report([trace(network)]))
    assert "a" not in {tag for tag, _ in page.elements}
    assert "no_such_field" in page.text


def test_cells_from_files_are_only_words() -> None:
    grid = Grid("", ("<b>", "n"), (("<i>", 1), ("&", "<u>")), frozenset(), notes=("<s>",))
    tags = [tag for tag, _ in Page(table(grid)).elements]
    assert not set(tags) & set("bius")


def test_a_network_without_a_source_has_a_report() -> None:
    network = Network(id="own", input_shape=(3, 9, 9), layers=(ReLU(name="r"),))
    page = Page(html_report([trace(network)]))
    assert "own at 3×9×9: 0 parameters" in page.text
    assert "Source" not in page.text
