"""Charts: each is well-formed, clips no text, lays no text on another, escapes what it is given, is the same each time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.foundation.charts import (
    Axis,
    Bars,
    Heading,
    Level,
    NumberStyle,
    Reference,
    Series,
    Shape,
    Svg,
    bar_chart,
    column_chart,
    heat_map,
    histogram,
    line_chart,
)
from shouxin.foundation.charts_svg import NAMESPACE
from tests.foundation.svg_boxes import boxes, clipped, parsed, touching

HOSTILE = "\"><script>alert('1')</script>&\x00\ud800\n"
HEADING = Heading("chart-1", "Title", "What there is to see.", "en")
TEXTS = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="近两年逾期次数及额度使用率，（）0123456789–%abcW_ ", max_size=30),
    st.sampled_from([HOSTILE, "", "number_of_times_90_days_late", "本行代发工资且连续六个月以上", "20–35%", "W" * 70]),
)
VALUES = st.one_of(st.floats(-2, 2), st.integers(-60, 60).map(float), st.floats())
KNOWN = st.one_of(st.floats(-2, 2), st.floats(-1e15, 1e15))
STYLES = st.sampled_from(NumberStyle)
PAIRS = st.tuples(VALUES, VALUES)


def axes(names: tuple[str, ...] = ()) -> st.SearchStrategy[Axis]:
    reach = st.lists(KNOWN, max_size=2).map(tuple)
    return st.builds(Axis, TEXTS, STYLES, reach, st.just(names))


@st.composite
def line_charts(draw: st.DrawFn) -> Callable[[], Svg]:
    names = tuple(draw(st.lists(TEXTS, max_size=15)))
    places: st.SearchStrategy[float] = st.integers(0, len(names) - 1).map(float) if names else VALUES
    series = []
    for shape in draw(st.lists(st.sampled_from(Shape), max_size=4)):
        points = tuple(draw(st.lists(st.tuples(places, VALUES), max_size=8)))
        whiskers = tuple(draw(PAIRS) for _ in points) if len(points) < 4 else ()
        series.append(Series(draw(TEXTS), points, whiskers, shape))
    references = draw(st.lists(st.builds(Reference, TEXTS, st.tuples(places, VALUES), st.tuples(places, VALUES)), max_size=4))
    x, y = draw(axes(names)), draw(axes())
    return lambda: line_chart(HEADING, x, y, series, references)


@st.composite
def bars_of(draw: st.DrawFn, count: int) -> list[Bars]:
    all_values = st.lists(VALUES, min_size=count, max_size=count).map(tuple)
    all_whiskers = st.one_of(st.just(()), st.lists(PAIRS, min_size=count, max_size=count).map(tuple))
    return draw(st.lists(st.builds(Bars, TEXTS, all_values, all_whiskers), max_size=4))


@st.composite
def charts_of_bars(draw: st.DrawFn) -> Callable[[], Svg]:
    names = tuple(draw(st.lists(TEXTS, max_size=10)))
    bars, levels = draw(bars_of(len(names))), draw(st.lists(st.builds(Level, TEXTS, VALUES), max_size=3))
    of_names, of_values = draw(axes(names)), draw(axes())
    chart = draw(st.sampled_from([bar_chart, column_chart]))
    return lambda: chart(HEADING, of_names, of_values, bars, levels)


@st.composite
def histograms(draw: st.DrawFn) -> Callable[[], Svg]:
    edges = sorted(draw(st.sets(st.integers(-1000, 1000), min_size=1, max_size=12)))
    bars, x, y = draw(bars_of(len(edges) - 1)), draw(axes()), draw(axes())
    return lambda: histogram(HEADING, x, y, edges, bars)


@st.composite
def heat_maps(draw: st.DrawFn) -> Callable[[], Svg]:
    rows, columns = draw(axes(tuple(draw(st.lists(TEXTS, max_size=4))))), draw(axes(tuple(draw(st.lists(TEXTS, max_size=10)))))
    style = draw(STYLES)
    values = [[draw(VALUES) for _ in columns.names] for _ in rows.names]
    return lambda: heat_map(HEADING, rows, columns, style, values)


@settings(deadline=None)
@given(st.one_of(line_charts(), charts_of_bars(), histograms(), heat_maps()))
def test_laws_of_every_chart(draw: Callable[[], Svg]) -> None:
    svg = draw()
    tree = parsed(svg)
    assert tree.tag == f"{{{NAMESPACE}}}svg"
    assert tree.attrib["role"] == "img"
    assert clipped(svg) == []
    assert touching(svg) == []
    assert "<script" not in svg and "nan" not in _numbers(svg) and "inf" not in _numbers(svg)
    assert svg == draw()
    assert svg.encode().decode() == svg


def _numbers(svg: str) -> str:
    """The attributes that place things, without the texts."""
    places = ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "width", "height", "points", "d", "transform")
    return " ".join(each.attrib[name] for each in parsed(svg).iter() for name in places if name in each.attrib)


def _all_texts(svg: str) -> list[str]:
    return [each.text for each in boxes(svg)]


def _count(svg: str, tag: str) -> int:
    return Counter(each.tag.partition("}")[2] for each in parsed(svg).iter())[tag]


def test_title_and_description_name_the_chart() -> None:
    svg = line_chart(HEADING, Axis(), Axis(), [Series("a", ((0, 0), (1, 1)))])
    tree = parsed(svg)
    by_id = {each.attrib["id"]: each.text for each in tree.iter() if "id" in each.attrib}
    assert by_id == {"chart-1-title": "Title", "chart-1-desc": "What there is to see."}
    assert tree.attrib["aria-labelledby"].split() == list(by_id)


@pytest.mark.parametrize("given_id", ["", "1a", "a b", "A", 'a"', "额", "a" * 61])
def test_an_id_that_cannot_be_an_anchor(given_id: str) -> None:
    with pytest.raises(ValueError, match="an id is"):
        Heading(given_id, "t", "d", "en")


def test_hostile_texts_stay_texts() -> None:
    heading = Heading("h", HOSTILE, HOSTILE, "en")
    axis = Axis(HOSTILE, names=(HOSTILE, "b"))
    svg = bar_chart(heading, axis, Axis(HOSTILE), [Bars(HOSTILE, (1, 2)), Bars("'", (1, 2))], [Level(HOSTILE, 1)])
    assert "<script" not in svg
    assert parsed(svg)[0].text == "\"><script>alert('1')</script>&\\x00\\ud800"


@pytest.mark.parametrize(("lang", "words"), [("zh", "无数据"), ("en", "No data")])
def test_no_data_is_said(lang: str, words: str) -> None:
    heading, nan = Heading("h", "t", "d", lang), math.nan
    names = Axis(names=("a",))
    drawn = [
        line_chart(heading, Axis(), Axis(), []),
        line_chart(heading, Axis(), Axis(), [Series("a", ((0, nan), (math.inf, 1)))], [Reference("r", (0, 0), (1, 1))]),
        column_chart(heading, Axis(), Axis(), []),
        column_chart(heading, names, Axis(), [Bars("a", (nan,))]),
        bar_chart(heading, names, Axis(), [Bars("a", (nan,))]),
        histogram(heading, Axis(), Axis(), (), []),
        histogram(heading, Axis(), Axis(), (0, 1), [Bars("a", (nan,))]),
        heat_map(heading, names, names, NumberStyle.PLAIN, ((nan,),)),
    ]
    assert [_all_texts(each) for each in drawn] == [[words]] * len(drawn)


def test_a_gap_divides_a_line() -> None:
    svg = line_chart(HEADING, Axis(), Axis(), [Series("a", ((0, 1), (1, 2), (2, math.nan), (3, 1), (4, 2)))])
    assert _count(svg, "polyline") == 2
    assert _count(svg, "circle") == 4


def test_steps_hold_until_the_next_x() -> None:
    svg = line_chart(HEADING, Axis(), Axis(), [Series("a", ((0, 0), (1, 1)), shape=Shape.STEP)])
    [line] = [each.attrib["points"].split() for each in parsed(svg).iter() if each.tag.endswith("polyline")]
    (_, start), (x, level), (same_x, _) = (each.split(",") for each in line)
    assert start == level and x == same_x


def test_whiskers_are_drawn_for_points_and_bars() -> None:
    points = Series("a", ((0, 1), (1, 2)), ((0.5, 1.5), (1, math.nan)), Shape.POINTS)
    assert _count(line_chart(HEADING, Axis(), Axis(), [points]), "path") == 1
    bars = [Bars("a", (1, 2), ((0.5, 1.5), (1, 2.5)))]
    names = Axis(names=("x", "y"))
    assert (
        _count(column_chart(HEADING, names, Axis(), bars), "path") == _count(bar_chart(HEADING, names, Axis(), bars), "path") == 4
    )


def test_series_differ_without_colour() -> None:
    svg = line_chart(HEADING, Axis(), Axis(), [Series(str(at), ((0, at), (1, at + 1))) for at in range(4)])
    lines = [each.attrib.get("stroke-dasharray") for each in parsed(svg).iter() if each.tag.endswith("polyline")]
    assert len(set(lines)) == 4
    bars = column_chart(HEADING, Axis(names=("x",)), Axis(), [Bars(str(at), (1.0,)) for at in range(6)])
    fills = {each.attrib["fill"] for each in parsed(bars).iter() if each.tag.endswith("rect")}
    assert fills == {"#0060a8", "#ffffff"}
    assert _count(bars, "path") == 2 * 5


def test_a_single_series_needs_no_legend_but_two_have_one() -> None:
    one, two = Series("first", ((0, 0), (1, 1))), Series("second", ((0, 1), (1, 0)))
    assert "first" not in _all_texts(line_chart(HEADING, Axis(), Axis(), [one]))
    assert {"first", "second"} < set(_all_texts(line_chart(HEADING, Axis(), Axis(), [one, two])))


def test_the_legend_lies_above_the_plot() -> None:
    series = [Series(f"series {at}", ((0, 0), (1, at))) for at in range(9)]
    svg = line_chart(HEADING, Axis(), Axis("upwards"), series)
    placed = {each.text: each for each in boxes(svg)}
    assert max(placed[f"series {at}"].bottom for at in range(9)) <= placed["upwards"].top


def test_axes_reach_what_they_are_told_and_write_their_style() -> None:
    svg = line_chart(
        HEADING, Axis("x", NumberStyle.PERCENT, (0, 1)), Axis("y", NumberStyle.SIGNED, (-10, 10)), [Series("a", ((0.5, 1),))]
    )
    texts = _all_texts(svg)
    assert {"0%", "100%", "+10", "-10", "0"} < set(texts)


def test_values_stand_beside_their_bars() -> None:
    names = Axis(names=("a", "b", "c"))
    for chart in (column_chart, bar_chart):
        texts = _all_texts(chart(HEADING, names, Axis(style=NumberStyle.SIGNED), [Bars("points", (12, -7, math.nan))]))
        assert "+12" in texts and "-7" in texts


def test_many_columns_thin_their_names_and_leave_out_values() -> None:
    names = tuple(f"{at}–{at + 10}" for at in range(350, 950, 10))
    texts = _all_texts(column_chart(HEADING, Axis(names=names), Axis(), [Bars("a", (0.123,) * len(names))]))
    assert 15 < len(set(texts) & set(names)) < len(names)
    assert "0.123" not in texts


def test_cells_carry_their_numbers_where_they_have_room() -> None:
    rows, columns = Axis("rows", names=("r1", "r2")), Axis("columns", names=("c1", "c2"))
    texts = _all_texts(heat_map(HEADING, rows, columns, NumberStyle.SIGNED, ((-5, 12), (0, math.nan))))
    assert texts.count("-5") == texts.count("+12") == 2  # in the key and in the cell
    assert "0" in texts
    many = Axis("columns", names=tuple(str(at) for at in range(40)))
    assert "0.50" not in _all_texts(heat_map(HEADING, rows, many, NumberStyle.PLAIN, ((0.5,) * 40, (0.25,) * 40)))


def test_shapes_that_do_not_agree() -> None:
    names = Axis(names=("a", "b"))
    with pytest.raises(ValueError, match="one value for each of 2 names, not 1"):
        column_chart(HEADING, names, Axis(), [Bars("a", (1.0,))])
    with pytest.raises(ValueError, match="one value for each of 2 names, not 3"):
        bar_chart(HEADING, names, Axis(), [Bars("a", (1.0, 2.0, 3.0))])
    with pytest.raises(ValueError, match="2 rows of 2 values each"):
        heat_map(HEADING, names, names, NumberStyle.PLAIN, ((1.0, 2.0),))
    with pytest.raises(ValueError, match="edges ascend"):
        histogram(HEADING, Axis(), Axis(), (0, 0), [Bars("a", (1.0,))])
    with pytest.raises(ValueError, match="whiskers: one for each of 1, not 2"):
        Bars("a", (1.0,), ((0, 1), (0, 1)))
    with pytest.raises(ValueError, match="whiskers: one for each of 2, not 1"):
        Series("a", ((0, 1), (1, 1)), ((0, 1),))
