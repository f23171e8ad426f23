"""Random acts of several people on one case: it is decided once, within authority, and its acts tell the whole story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.foundation.refusal import Refusal
from shouxin.infra.access import cases
from shouxin.infra.access.authority import authority_of
from shouxin.infra.access.cases import Act, ActKind, Case, CaseStatus, Verdict
from shouxin.infra.access.principals import Principal
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys_of_customers import CustomerKey
from shouxin.infra.db.unit import Unit
from tests.infra.access.staff import CLERK, MANAGER, OFFICER, ONE_DAY, SECOND, TODAY, WHY, approve, customer, do, kept, opened


@pytest.fixture(scope="module")
def desk(database: Target) -> Iterator[Connection]:
    """A connection as the application."""
    with connect(database.app) as connection:
        yield connection


PEOPLE = (OFFICER, SECOND, MANAGER, CLERK)
AMOUNTS = (100, 200_000, 200_001, 500_000, 500_001, 1_000_001, 5_000_000, 5_000_001)
VERDICTS = st.one_of(st.just(Verdict("decline", None, WHY)), st.sampled_from(AMOUNTS).map(approve))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "release", "decide", "send_back", "next_day", "expire"]), st.sampled_from(PEOPLE), VERDICTS
    ),
    max_size=14,
)


def act_on(unit: Unit, found: Case, step: tuple[str, Principal, Verdict], key: CustomerKey, today: Any) -> Any:
    name, by, verdict = step
    if name == "take":
        return cases.take(unit, found, by, today)
    if name == "release":
        return cases.release(unit, found, by, today)
    if name == "decide":
        return cases.decide(unit, found, by, verdict, today, key)
    if name == "send_back":
        return cases.send_back(unit, found, by, WHY, today, key)
    return cases.expire(unit, found, today)


def told(acts: Sequence[Act], found: Case) -> Case:
    """The case as its acts tell it: written apart from the rules."""
    blank: dict[str, Any] = dict.fromkeys(("taken_by", "maker", "checker", "outcome", "granted", "ended"))
    now = replace(found, status=CaseStatus.OPEN, **blank)
    for each in acts:
        made: dict[str, Any] = {"outcome": each.outcome, "granted": each.granted, "taken_by": None}
        waits = now.status is CaseStatus.PROPOSED
        match each.kind:
            case ActKind.TAKEN:
                now = replace(now, taken_by=each.principal, status=now.status if waits else CaseStatus.TAKEN)
            case ActKind.RELEASED:
                now = replace(now, taken_by=None, status=now.status if waits else CaseStatus.OPEN)
            case ActKind.PROPOSED:
                now = replace(now, status=CaseStatus.PROPOSED, maker=each.principal, **made)
            case ActKind.SENT_BACK:
                now = replace(now, status=CaseStatus.OPEN, maker=None, **made)
            case ActKind.DECIDED:
                who: dict[str, Any] = {"checker": each.principal} if waits else {"maker": each.principal}
                now = replace(now, status=CaseStatus.DECIDED, ended=each.day, **who, **made)
            case ActKind.EXPIRED:
                now = replace(now, status=CaseStatus.EXPIRED, maker=None, ended=each.day, **made)
    return now


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_random_acts(desk: Connection, steps: list[tuple[str, Principal, Verdict]]) -> None:
    key = customer(desk)
    found = opened(desk, key)
    today, people = TODAY, {each.name: each for each in PEOPLE}
    for step in steps:
        before = kept(desk, found)
        if step[0] == "next_day":
            today += 3 * ONE_DAY
            continue
        try:
            do(desk, partial(act_on, found=found, step=step, key=key, today=today))
        except Refusal:
            assert kept(desk, found) == before
        if before.status.ended:
            assert kept(desk, found) == before  # one outcome, for good
    last = kept(desk, found)
    acts = do(desk, partial(cases.story, case=found, key=key))
    assert [each.number for each in acts] == list(range(1, last.acts + 1))
    assert told(acts, last) == last
    ends = [each for each in acts if each.kind in (ActKind.DECIDED, ActKind.EXPIRED)]
    assert len(ends) == last.status.ended and (not ends or acts[-1] is ends[0])
    if last.status is CaseStatus.DECIDED:
        assert last.maker and last.maker != last.checker
        maker = authority_of(people[last.maker].roles, last.kind)
        assert maker
        if last.checker is None:
            assert (last.granted or 0) <= maker.alone
        else:
            checker = authority_of(people[last.checker].roles, last.kind)
            assert checker and (last.granted or 0) <= checker.second and (last.granted or 0) > maker.alone
        assert last.ended and last.ended <= last.expires
