"""Specifications: read from text with the line of every fault, and written so that they read back the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.fitting.spec import ColumnSpec, InputType, Spec, SpecRefused, SplitSpec, TargetSpec, read_spec
from shouxin.engines.scoring.fitting.spec_text import WIDTH, spec_text
from tests.engines.scoring.tables import column, spec

SOUND = """
name: mine
zh: 卡
en: card
target: {column: status, bad: [Charged Off, 2, true], indeterminate: [Current]}
split: {method: out_of_time, column: issued, since: 2020-07-01}
true_bad_rate: 0.175
protected: [Sex]
columns:
  Age: {use: true, input: age, type: int, direction: up, special: [-1, 99], missing_values: [-999, n/a],
    reason: AGE, zh: 年龄, en: age}
  Sex: {use: false, input: sex, type: enum, reason: SEX, zh: 性别, en: sex, why: protected}
"""


def test_read() -> None:
    read = read_spec(SOUND)
    assert read.target.bad == ["Charged Off", "2", "true"]
    assert read.split.since == dt.date(2020, 7, 1) and read.true_bad_rate == Decimal("0.175")
    assert list(read.used) == ["Age"] and read.columns["Age"].special == [-1, 99]
    assert read.columns["Age"].missing_values == [-999, "n/a"]


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("name: mine", "name: My Card", "spec.yaml:2: E-SHAPE: 'My Card': name: a code is a-z and 0-9"),
        ("type: int", "type: number", "spec.yaml:10: E-SHAPE: 'number': columns.Age.type"),
        ("input: sex", "input: age", "have the same `input`, age: name one anew"),
        ("input: sex", "input: select", "columns.Sex.input: this word is taken by SQL"),
        ("indeterminate: [Current]", "indeterminate: [2]", "2: bad or indeterminate, not both"),
        (", since: 2020-07-01", "", "out_of_time needs `column`"),
        ("true_bad_rate: 0.175", "true_bad_rate: 17.5", "true_bad_rate: Input should be less than 1"),
        ("type: enum, reason", "type: enum, direction: up, reason", "enum has none"),
        ("missing_values: [-999,", "missing_values: [99,", "99: special or missing, not both"),
        ("protected: [Sex]", "protekted: [Sex]", "spec.yaml:8: E-SHAPE: 'protekted'"),
        ("en: card", "en: &a card", "no anchors"),
        ("bad: [Charged Off, 2, true]", "bad: []", "target.bad: List should have at least 1 item"),
    ],
)
def test_faults_are_told_with_their_line(was: str, becomes: str, told: str) -> None:
    assert was in SOUND
    with pytest.raises(SpecRefused) as refused:
        read_spec(SOUND.replace(was, becomes, 1))
    assert told in str(refused.value)


def test_all_faults_at_once() -> None:
    with pytest.raises(SpecRefused) as refused:
        read_spec(SOUND.replace("type: int", "type: number").replace("name: mine", "name: My"))
    assert [each.line for each in refused.value.faults] == [2, 10]


def test_lines_are_no_longer_than_a_screen_where_texts_are_short() -> None:
    many = {f"column_{place}": column(f"column_{place}", special=list(range(90, 99))) for place in range(3)}
    text = spec_text(spec(many))
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    assert read_spec(text) == spec(many) and spec_text(read_spec(text)) == text


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}_x", fullmatch=True)
FIGURES = st.integers(-(10**9), 10**9) | st.decimals(-(10**6), 10**6, places=3)


@st.composite
def columns(draw: st.DrawFn) -> ColumnSpec:
    kind: InputType = draw(st.sampled_from(get_args(InputType)))
    number = kind not in ("enum", "bool")
    special = draw(st.lists(FIGURES, max_size=4)) if number else []
    missing = [each for each in draw(st.lists(FIGURES | TEXTS, max_size=4)) if each not in special]
    return column(
        draw(NAMES),
        kind,
        use=draw(st.booleans()),
        direction=draw(st.sampled_from(["up", "down", "either"])) if number else "either",
        special=special,
        missing=draw(st.sampled_from(["own", "neutral", "worst"])),
        missing_values=missing,
        zh=draw(TEXTS),
        en=draw(TEXTS),
        why=draw(st.none() | TEXTS),
        leak=draw(st.booleans()),
    )


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    each = draw(st.lists(columns(), min_size=1, max_size=4, unique_by=lambda one: one.input))
    names = draw(st.lists(TEXTS, min_size=len(each), max_size=len(each), unique=True))
    bad = draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
    return spec(
        dict(zip(names, each, strict=True)),
        zh=draw(TEXTS),
        en=draw(TEXTS),
        target=TargetSpec(column=draw(TEXTS), bad=bad, definition=draw(st.none() | TEXTS)),
        split=draw(
            st.builds(SplitSpec, seed=st.integers(0, 99), test_share=st.decimals("0.01", "0.99", places=2))
            | st.builds(SplitSpec, method=st.just("out_of_time"), column=TEXTS, since=st.dates())
        ),
        true_bad_rate=draw(st.none() | st.decimals("0.001", "0.999", places=3)),
        weights=draw(st.none() | TEXTS),
        segments=draw(st.none() | TEXTS),
        protected=draw(st.lists(TEXTS, max_size=3)),
        scale=draw(st.builds(Scale, lowest=st.integers(0, 400), calibrated=st.booleans())),
        decision_date=draw(st.none() | TEXTS),
    )


@given(specs())
def test_what_is_written_reads_back_the_same(one: Spec) -> None:
    assert read_spec(spec_text(one)) == one
