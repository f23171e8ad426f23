"""The report: one well-formed file that needs nothing from outside, with a table after every figure, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.reports.report import Figure, Grid, Headline, Note, Report, Section, render
from shouxin.foundation.charts import Axis, Bars, Heading, NumberStyle, Series, column_chart, heat_map, line_chart

XHTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert("1")</script>&\'{{ 7 * 7 }}\x00\ud800'


def a_report(lang: str = "en", text: str = "text") -> Report:
    roc = line_chart(Heading("roc", text, text, lang), Axis(text), Axis(text), [Series(text, ((0, 0), (1, 1)))])
    tiers = column_chart(Heading("tiers", text, text, lang), Axis(text, names=(text, "B")), Axis(), [Bars(text, (0.1, 0.2))])
    names = Axis(text, names=(text,))
    pair = heat_map(Heading("pair", text, text, lang), names, names, NumberStyle.SIGNED, ((5.0,),))
    grid = Grid((text, "rows"), ((text, "1,000"), ("B", "2,000")), text)
    sections = (
        Section("discrimination", text, text, (Figure(roc, text), grid, Note(text))),
        Section("tiers-and-pairs", text, "", (Figure(tiers, text), grid, Figure(pair, text), Grid((text,), (), text, "r"))),
    )
    return Report(text, text, lang, (Headline(text, text, text), Headline("AUC", "0.86")), (text, "second"), sections)


def tree_of(report: Report) -> ElementTree.Element:
    return ElementTree.fromstring(render(report))


def texts_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def in_order(root: ElementTree.Element) -> Iterator[str]:
    """The figures and tables as a reader meets them."""
    for each in root.iter():
        if each.tag in (XHTML + "figure", XHTML + "table"):
            yield each.tag.removeprefix(XHTML)


def test_a_table_follows_every_figure() -> None:
    assert list(in_order(tree_of(a_report()))) == ["figure", "table", "figure", "table", "figure", "table"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("目录", "主要结果", "注意事项", "图", "表", "无数据")),
        ("en", ("Contents", "Headline", "Warnings", "Figure", "Table", "No data")),
    ],
)
def test_the_frame_speaks_the_language(lang: str, words: tuple[str, ...]) -> None:
    root = tree_of(a_report(lang))
    assert root.attrib["lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    assert all(each in texts_of(root) for each in words)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_comes_from_outside(lang: str) -> None:
    page = render(a_report(lang, HOSTILE))
    for namespace in (XHTML, SVG):
        page = page.replace(namespace.strip("{}"), "")
    outside = ("http", "<script", "<link", "@import", "url(", "src=", "javascript:", "onload=")
    assert [each for each in outside if each in page.lower()] == []


def test_hostile_texts_are_read_as_texts() -> None:
    root = tree_of(a_report(text=HOSTILE))
    shown = HOSTILE.replace("\x00", "\\x00").replace("\ud800", "\\ud800")
    assert root.findtext(f"{XHTML}head/{XHTML}title") == shown
    cells = [each.text for each in root.iter(XHTML + "th")]
    assert cells.count(shown) == 2 * 2 + 1  # a head and a row's name in two tables, a head in the third
    assert not list(root.iter(XHTML + "script"))


@given(st.text())
def test_any_text_gives_a_well_formed_page(text: str) -> None:
    page = render(Report(text, text, "zh", (Headline(text, text, text),), (text,), (Section("a", text, text, (Note(text),)),)))
    ElementTree.fromstring(page)
    page.encode()


def test_the_same_report_is_the_same_bytes() -> None:
    assert render(a_report("zh")) == render(a_report("zh"))


def test_the_contents_lead_to_every_section_and_no_id_is_there_twice() -> None:
    root = tree_of(a_report())
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(set(ids)) == len(ids)
    assert [each.attrib["href"] for each in root.iter(XHTML + "a")] == ["#discrimination", "#tiers-and-pairs"]
    named = {word for each in root.iter() for word in each.attrib.get("aria-labelledby", "").split()}
    assert {"discrimination", "tiers-and-pairs"} | named <= set(ids)


def test_headline_numbers_and_warnings_come_before_the_contents() -> None:
    parts = [each for each in tree_of(a_report()).iter() if each.tag.endswith(("dl", "ul", "nav", "section"))]
    order = [each.attrib.get("class", each.tag) for each in parts]
    assert order == ["cards", "warnings", XHTML + "nav", XHTML + "section", XHTML + "section"]


@pytest.mark.parametrize(("lang", "words"), [("zh", "未发现需要注意的问题。"), ("en", "Nothing to warn of was found.")])
def test_a_report_without_warnings_says_so(lang: str, words: str) -> None:
    root = tree_of(Report("t", "s", lang, (), (), ()))
    assert words in texts_of(root)
    assert not list(root.iter(XHTML + "ul")) and not list(root.iter(XHTML + "dl"))


def test_columns_stand_as_told() -> None:
    grid = Grid(("a", "b", "c"), (("1", "2", "3"),), "g", "lrl")
    root = tree_of(Report("t", "s", "en", (), (), (Section("s", "h", "", (grid,)),)))
    cells = [each for each in root.iter() if each.tag in (XHTML + "th", XHTML + "td")]
    assert [each.attrib["class"] for each in cells] == ["left", "right", "left"] * 2
    assert [each.tag.removeprefix(XHTML) for each in cells] == ["th", "th", "th", "th", "td", "td"]
    assert Grid(("a", "b"), (), "g").sides == ("left", "right")


def test_what_is_no_report() -> None:
    figure = a_report().sections[0].blocks[0]
    assert isinstance(figure, Figure)
    with pytest.raises(ValueError, match="a table with the same numbers follows the figure"):
        Section("s", "h", "", (figure,))
    with pytest.raises(ValueError, match="a table with the same numbers follows the figure"):
        Section("s", "h", "", (figure, Note("n"), Grid(("a",), (), "g")))
    with pytest.raises(ValueError, match="an id is"):
        Section("额度", "h", "")
    with pytest.raises(ValueError, match="rows of 2 cells"):
        Grid(("a", "b"), (("1",),), "g")
    with pytest.raises(ValueError, match="align has l or r for each of 2 columns"):
        Grid(("a", "b"), (), "g", "lc")
    with pytest.raises(ValueError, match="two things have the id 'a'"):
        Report("t", "s", "en", (), (), (Section("a", "h", ""), Section("a", "h", "")))
    twice = (figure, Grid(("a",), (), "g")) * 2
    with pytest.raises(ValueError, match="two things have the id 'roc-title'"):
        Report("t", "s", "en", (), (), (Section("a", "h", "", twice),))
    with pytest.raises(ValueError, match="a language of zh, en, not 'fr'"):
        Report("t", "s", "fr", (), (), ())
