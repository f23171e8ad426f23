"""Remedies that a credit person can check by hand, and laws that hold for random customers under two bundles."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shouxin import bundles
from shouxin.book.facilities.errors import ProductUnknown
from shouxin.book.facts.known import own_facts
from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.remedies import Found, Goal, Kind, RemedyFinder, find_remedies
from shouxin.desk.decisions.remedies.levers import levers_of
from shouxin.desk.decisions.remedies.model import Act, Remedy
from shouxin.desk.decisions.remedies.told import write_change
from shouxin.desk.decisions.remedies.trying import Moves, Trial
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.read import Facts
from shouxin.foundation.errors import AmountNotPositive
from tests.desk.decisions.remedies.made import AS_OF, customers, facts_of

SHIPPED = ("standard", "exclusive")
RANDOM = 60
LATE = {
    "days_overdue_now": 5,
    "days_overdue_consumer_line": 5,
    "held_consumer_line": True,
    "line_consumer_line": 20_000,
    "used_consumer_line": 5_000,
}
OWES = {
    "held_business_loan": True,
    "line_business_loan": 100_000,
    "used_business_loan": 20_000,
    "instalment_business_loan": 2_000,
}
CLOSED = {"days_since_closed_consumer_line": 10, "closed_because_consumer_line": "by_choice"}


@cache
def finder(bundle: str) -> RemedyFinder:
    policy = compile_policy(Path(str(bundles.__path__[0])) / bundle)
    return RemedyFinder(Assessor(policy), own_facts(policy))


def found_for(bundle: str, who: str, goal: Goal, **changes: Any) -> Found:
    used = finder(bundle)
    return used.find(facts_of(used.assessor.policy, who, **changes), AS_OF, goal)


def written(bundle: str, remedy: Remedy, lang: str = "en") -> list[str]:
    return [write_change(finder(bundle).assessor.policy, each, lang) for each in remedy.changes]


# who, what is different, the product, the amount in yuan -> each remedy's changes
TOLD: dict[str, tuple[str, str, dict[str, Any], Goal, list[list[str]]]] = {
    "too many enquiries": (
        "standard",
        "lin",
        {"enquiries_3m": 12},
        Goal("consumer-line"),
        [["enquiries for credit, 3 months: 9 or fewer (now 12)"]],
    ),
    "overdue here": ("standard", "lin", LATE, Goal("pay-later"), [["pay all that is overdue here"]]),
    "closed ten days ago": ("standard", "lin", CLOSED, Goal("consumer-line"), [["wait until 2026-07-21 (20 days)"]]),
    "a smaller line than asked": (
        "standard",
        "chen",
        {},
        Goal("consumer-line", 5_000_000),
        [
            ["monthly payments elsewhere: 1,582.00 or less (now 2,500.00)"],
            ["verified monthly income: 13,836.00 or more (now 12,000.00)"],
        ],
    ),
    "identity document run out": (
        "standard",
        "lin",
        {"document_expires": "2026-06-01"},
        Goal("consumer-line"),
        [["identity document valid until: 2026-07-01 or later (now 2026-06-01)"]],
    ),
    "one displaces the other": ("exclusive", "huang", OWES, Goal("consumer-line"), [["pay off Business loan"]]),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_turns_it_round(name: str) -> None:
    bundle, who, changes, goal, told = TOLD[name]
    found = found_for(bundle, who, goal, **changes)
    assert not found.reached and found.exhausted
    assert [written(bundle, each) for each in found.remedies] == told


def test_in_chinese() -> None:
    found = found_for("standard", "lin", Goal("consumer-line"), enquiries_3m=12)
    assert written("standard", found.remedies[0], "zh") == ["近3个月贷款审批查询次数降至9以内（目前12）"]


# what stays, until when, and what is said of that day
NONE: dict[str, tuple[str, dict[str, Any], list[str], dt.date | None]] = {
    "too young": ("lin", {"birth_date": "2009-03-12"}, ["UNDER_AGE"], dt.date(2027, 3, 12)),
    "on a list": ("lin", {"is_sanctioned": True}, ["COMPLIANCE_LIST"], None),
    "looks like fraud": ("lin", {"fraud_score": 900}, ["FRAUD_SCORE"], None),
    "a student": ("qian", {}, ["STUDENT_REVIEW"], None),
    "a score far too low": ("he", {}, ["SCORE_BELOW_600"], None),
}


@pytest.mark.parametrize("name", NONE)
def test_nothing_helps(name: str) -> None:
    who, changes, stays, until = NONE[name]
    found = found_for("standard", who, Goal("consumer-line"), **changes)
    assert (found.remedies, [each.code for each in found.stays], found.until) == ((), stays, until)
    if until is not None:
        assert found.then is not None and found.then.product("consumer-line").outcome == "approve"


def test_what_is_approved_needs_no_change() -> None:
    found = found_for("standard", "lin", Goal("consumer-line"))
    assert found.reached and not found.remedies and not found.stays


@pytest.mark.parametrize(
    ("goal", "error"),
    [(Goal("mortgage"), ProductUnknown), (Goal("consumer-line", 0), AmountNotPositive)],
    ids=["product", "amount"],
)
def test_no_goal(goal: Goal, error: type[Exception]) -> None:
    used = finder("standard")
    with pytest.raises(error):
        find_remedies(used.assessor, facts_of(used.assessor.policy, "lin"), AS_OF, goal)


def refused(bundle: str, count: int = RANDOM) -> list[tuple[Facts, Goal, Found]]:
    """Random customers with what was found for each product that they do not get, or get less of."""
    used = finder(bundle)
    policy = used.assessor.policy
    found = []
    for facts in customers(policy, count, bundle):
        got = used.assessor.assess(facts, AS_OF)
        for product in policy.bundle.products:
            answer = got.product(product)
            goal = Goal(product, answer.limit + 1_000_000 if answer.outcome == "approve" else None)
            found.append((facts, goal, used.find(facts, AS_OF, goal)))
    return found


@pytest.mark.parametrize("bundle", SHIPPED)
def test_every_remedy_turns_it_round(bundle: str) -> None:
    used = finder(bundle)
    seen = 0
    for _, goal, found in refused(bundle):
        assert len(found.remedies) <= 3
        for each in found.remedies:
            day = max([AS_OF, *(change.until for change in each.changes if change.until)])
            answer = used.assessor.assess(each.facts, day).product(goal.product)
            assert answer == each.decision.product(goal.product)
            assert answer.outcome == "approve" and answer.limit >= (goal.amount or 0)
            assert 1 <= len(each.changes) <= 3
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("bundle", SHIPPED)
def test_only_what_may_change_does_and_only_as_declared(bundle: str) -> None:
    catalogue = finder(bundle).catalogue
    for facts, _, found in refused(bundle):
        for change in (change for each in found.remedies for change in each.changes):
            column = catalogue.inputs[catalogue.place[change.fact]].column
            assert catalogue.shapes[change.fact].change != "fixed"
            if change.act is not Act.WAIT:
                assert change.before != change.after and (change.act is not None or change.before == facts[change.fact])
            if isinstance(change.after, int) and change.kind is Kind.OUTSIDE and not isinstance(change.after, bool):
                assert column.low <= change.after <= column.high  # type: ignore[operator]
                assert catalogue.changes(change.fact, "up" if change.after > int(str(change.before)) else "down")


def test_no_other_window_moves_along() -> None:
    """The turnover of three months is never told to be more than that of twelve: what has to change is what is told."""
    goal = Goal("business-loan", 90_000_000)
    found = found_for("standard", "huang", goal, turnover_12m=2_400_000, turnover_3m=650_000)
    changes = [change for each in found.remedies for change in each.changes]
    assert changes and all(change.kind is Kind.OUTSIDE and not change.follows for change in changes)
    assert all(int(str(change.after)) <= 240_000_000 for change in changes if change.fact == "turnover_3m")


@pytest.mark.parametrize("bundle", SHIPPED)
def test_nothing_can_be_left_out_of_a_remedy(bundle: str) -> None:
    used, several = finder(bundle), 0
    for facts, goal, found in refused(bundle):
        trial, levers = tried(used, facts, goal)
        for remedy in found.remedies:
            moves = moves_of(levers, remedy)
            assert trial.is_met(moves)
            several += len(moves) > 1
            for index in range(len(moves)) if len(moves) > 1 else ():
                assert not trial.is_met((*moves[:index], *moves[index + 1 :]))
    assert several


@pytest.mark.parametrize("bundle", SHIPPED)
def test_a_change_is_no_larger_than_it_must_be(bundle: str) -> None:
    """One number alone: a step nearer to what it is now, the goal is not reached."""
    used, nearer = finder(bundle), 0
    for facts, goal, found in refused(bundle):
        trial, levers = tried(used, facts, goal)
        for (lever, value), *others in (moves_of(levers, each) for each in found.remedies):
            before = facts.values_in_order[lever.place]
            if others or not lever.ordered or lever.act is not None or not isinstance(value, int) or not isinstance(before, int):
                continue
            step = 1 if value % 100 or abs(value - before) < 100 else 100
            if abs(value - before) > step:
                assert not trial.is_met(((lever, value - step if lever.up else value + step),))
                nearer += 1
    assert nearer > 5


def tried(used: RemedyFinder, facts: Facts, goal: Goal) -> tuple[Trial, Any]:
    values = used._asking(facts, goal)
    trial = Trial(used.catalogue, used._needs[goal.product], goal, values, AS_OF)
    return trial, levers_of(used.catalogue, values, AS_OF, goal.product)


def moves_of(levers: Any, remedy: Remedy) -> Moves:
    found = []
    for change in remedy.changes:
        lever = next(each for each in levers if (each.fact, each.act, each.up) == (change.fact, change.act, change.up))
        to = (change.until - AS_OF).days if change.until else change.after
        found.append((lever, to))
    return tuple(found)


@pytest.mark.parametrize("bundle", SHIPPED)
def test_no_single_change_was_overlooked(bundle: str) -> None:
    """Every lever at every one of its values alone: none that works is cheaper than the cheapest remedy."""
    used = finder(bundle)
    for facts, goal, found in refused(bundle, 25):
        if found.reached:
            continue
        trial, levers = tried(used, facts, goal)
        alone = [each.cost for each in levers if any(trial.is_met(((each, value),)) for value in each.rungs)]
        if alone:
            assert found.remedies and found.remedies[0].cost <= min(alone)


@pytest.mark.parametrize("bundle", SHIPPED)
def test_no_pair_was_overlooked(bundle: str) -> None:
    """Pairs of levers, each at the greatest change that it allows."""
    used = finder(bundle)
    for facts, goal, found in refused(bundle, 12):
        if found.reached or not found.exhausted:
            continue
        trial, levers = tried(used, facts, goal)
        for first, second in itertools.combinations(levers, 2):
            apart = first.place != second.place and not (first.touches & second.touches)
            if apart and trial.is_met(((first, first.rungs[-1]), (second, second.rungs[-1]))):
                assert found.remedies and found.remedies[0].cost <= first.cost + second.cost
