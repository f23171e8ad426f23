"""Steps are read as they are written, and a bad one says what would be right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.desk.advice.whatif.errors import DaysTooMany, StepUnreadable, StepWordUnknown
from shouxin.desk.advice.whatif.steps import (
    Assume,
    Close,
    DrawOn,
    Open,
    Repay,
    Step,
    SwitchTo,
    Wait,
    read_step,
    write_step,
)
from shouxin.engines.loans.model import Method
from shouxin.foundation.errors import AmountFinerThanMinorUnit, AmountNotPositive

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,5})?", fullmatch=True)
AMOUNTS = st.integers(1, 10**11)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Repay, NAMES, st.one_of(AMOUNTS, st.sampled_from(["all", "due"]))),
    st.builds(Close, NAMES),
    st.builds(Open, NAMES, st.none() | AMOUNTS),
    st.builds(SwitchTo, st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple), NAMES, st.none() | AMOUNTS),
    st.builds(
        DrawOn, NAMES, AMOUNTS, st.none() | st.integers(1, 36), st.none() | st.sampled_from([each.value for each in Method])
    ),
    st.builds(Wait, st.integers(1, 400), st.booleans()),
    st.builds(Assume, st.sampled_from(["turnover_12m", "monthly_income"]), st.sampled_from(["+20%", "9000", "tax"])),
)


@given(STEPS)
def test_a_step_is_read_as_it_is_written(step: Step) -> None:
    assert read_step(write_step(step)) == step


BAD = {
    "": StepWordUnknown,
    "sell business-loan": StepWordUnknown,
    "repay business-loan": StepUnreadable,
    "repay business-loan 12.345": AmountFinerThanMinorUnit,
    "repay business-loan 0": AmountNotPositive,
    "close": StepUnreadable,
    "close Business": StepUnreadable,
    "open consumer-line 1 2": StepUnreadable,
    "switch a b": StepUnreadable,
    "switch a into b": StepUnreadable,
    "draw consumer-line": StepUnreadable,
    "draw consumer-line 100 6 interest_only shopping more": StepUnreadable,
    "wait soon": StepUnreadable,
    "wait 0d": StepUnreadable,
    "wait 30d maybe": StepUnreadable,
    "wait 401d": DaysTooMany,
    "assume turnover_12m": StepUnreadable,
    "assume drop;table 1": StepUnreadable,
}


@pytest.mark.parametrize("written", BAD)
def test_a_bad_step_is_refused(written: str) -> None:
    with pytest.raises(BAD[written]) as told:
        read_step(written)
    assert told.value.right("zh") and told.value.right("en")
