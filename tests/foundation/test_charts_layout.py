"""What charts are laid out with: widths of texts, lines, ticks, numbers, hatching."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.foundation.charts_hatch import hatching
from shouxin.foundation.charts_measure import cut, one_line, text_width, wrap
from shouxin.foundation.charts_ticks import NumberStyle, Scale, span, ticks_around, ticks_within, write_number

# Advances of DejaVu Sans, the widest of the usual fonts, in thousandths of an em.
DEJAVU = {"m": 974, "W": 989, "%": 950, "0": 636, "a": 613, "i": 278, " ": 318, "-": 361, ".": 318, "@": 1000, "A": 684, "_": 500}
RANGES = st.tuples(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15)).map(span)


@pytest.mark.parametrize(("character", "advance"), DEJAVU.items())
def test_no_character_is_measured_too_small(character: str, advance: int) -> None:
    assert text_width(character, 1000) >= advance


def test_a_chinese_character_counts_about_twice_a_letter() -> None:
    assert text_width("额", 10) == text_width("，", 10) == 10
    assert 1.5 <= text_width("额", 10) / text_width("a", 10) <= 2
    assert text_width("e\u0301", 10) == text_width("e", 10)


@given(st.text())
def test_one_line_is_printable_and_settled(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    assert one_line(line) == line
    line.encode()


@given(st.text(max_size=80), st.floats(20, 300), st.integers(1, 4))
def test_lines_fit_and_lose_nothing_unsaid(text: str, room: float, most: int) -> None:
    lines = wrap(text, 12, room, most)
    assert len(lines) <= most
    assert all(text_width(each, 12) <= room for each in lines)
    kept, given_text = "".join(lines).replace(" ", ""), one_line(text).replace(" ", "")
    assert kept == given_text or (kept.endswith("…") and given_text.startswith(kept[:-1]))


@given(st.text(max_size=80).map(one_line), st.floats(13, 300))
def test_a_cut_text_fits(text: str, room: float) -> None:
    assert text_width(cut(text, 12, room), 12) <= room


def test_lines_are_even() -> None:
    assert wrap("本行代发工资且连续六个月以上", 12, 160, 3) == ("本行代发工资且", "连续六个月以上")


@given(RANGES, st.integers(3, 12))
def test_ticks_are_round_and_cover(ends: tuple[float, float], most: int) -> None:
    low, high = ends
    within, around = ticks_within(low, high, most), ticks_around(low, high, most)
    width = high - low
    assert len(within.values) <= most and 2 <= len(around.values) <= most
    assert all(low - 1e-6 * width <= each <= high + 1e-6 * width for each in within.values)
    assert around.values[0] <= low + 1e-6 * width and around.values[-1] >= high - 1e-6 * width
    for ticks in (within, around):
        assert len(set(ticks.written(NumberStyle.PLAIN))) == len(ticks.values)
        for one, after in pairwise(ticks.values):
            mantissa = float(f"{(after - one) / 10.0**ticks.exponent:.6f}")
            assert mantissa in (1, 2, 5)


@given(st.lists(st.floats()))
def test_a_span_has_a_width(values: list[float]) -> None:
    low, high = span(values)
    assert math.isfinite(low) and math.isfinite(high) and low < high
    known = [each for each in values if math.isfinite(each) and abs(each) <= 1e15]
    assert all(low <= each <= high for each in known)
    scale = Scale(low, high, 0, 100)
    assert all(-1e-6 <= scale.at(each) <= 100 + 1e-6 for each in known)


@pytest.mark.parametrize(
    ("value", "style", "exponent", "written"),
    [
        (1234567.0, NumberStyle.PLAIN, 0, "1,234,567"),
        (0.3, NumberStyle.PLAIN, -1, "0.3"),
        (-0.0001, NumberStyle.PLAIN, -2, "0.00"),
        (0.0001, NumberStyle.SIGNED, -2, "0.00"),
        (0.00025, NumberStyle.PERCENT, -5, "0.025%"),
        (1.0, NumberStyle.PERCENT, -1, "100%"),
        (-0.05, NumberStyle.PERCENT, -2, "-5%"),
        (2e-11, NumberStyle.PLAIN, -11, "2.00e-11"),
        (12.0, NumberStyle.SIGNED, 0, "+12"),
    ],
)
def test_numbers_are_written(value: float, style: NumberStyle, exponent: int, written: str) -> None:
    assert write_number(value, style, exponent) == written


@given(st.integers(0, 9), st.tuples(st.floats(0, 500), st.floats(0, 500)), st.tuples(st.floats(0, 300), st.floats(0, 300)))
def test_hatching_stays_in_its_rectangle(kind: int, corner: tuple[float, float], size: tuple[float, float]) -> None:
    places = re.findall(r"[ML](\S+),(\S+)", hatching(kind, corner, size))
    for x, y in places:
        assert corner[0] - 0.01 <= float(x) <= corner[0] + size[0] + 0.01
        assert corner[1] - 0.01 <= float(y) <= corner[1] + size[1] + 0.01
    assert places or min(size) <= 6


def test_kinds_of_hatching_differ() -> None:
    assert len({hatching(kind, (0, 0), (30, 30)) for kind in range(5)}) == 5
