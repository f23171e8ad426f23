"""What is left to do of what follows: pure, over made-up standings; and what a missing fact does, with real ones."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.book.customers.model import Customer, Kind, State
from shouxin.book.facilities.model import Facility, Line, Standing, Status
from shouxin.book.products import activate
from shouxin.desk.review.following import Step, steps
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.cross import Consequence, Consequences
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.bundles import copy_bundle, shipped
from tests.desk.origination.applicant import FIRST_DAY, desk
from tests.desk.review.reviewed import borrower, followed, line
from tests.desk.servicing.lender import DAY, YUAN

TODAY = dt.date(2026, 7, 1)
POLICY = shipped("standard")
CODES = [rule.code for rule in POLICY.plan.cross]
OVERDUE, BUSINESS, PERSONAL = CODES
NOTHING = Consequences((), ())
SUSPENDS = Consequences((Consequence("consumer-line", "suspend", (OVERDUE,)),), ())
CLOSES = Consequences((Consequence("consumer-line", "close", (BUSINESS,)),), ())


def facility(status: Status, product: str = "consumer-line", number: int = 1) -> Facility:
    ended = TODAY if status is Status.CLOSED else None
    days = (TODAY, TODAY + 300 * DAY)
    return Facility(uuid.UUID(int=number), product, b"", None, False, status, 500, 0, (), *days, ended=ended)


def standing(*facilities: Facility, state: State = State.NORMAL) -> Standing:
    customer = Customer(uuid.UUID(int=9), Kind.PERSON, state, 0, TODAY)
    return Standing(customer, Line(1_000), facilities, TODAY)


def acts(found: Consequences, held: Standing, because: str | None = None) -> list[str]:
    return [each.act for each in steps(POLICY, found, held, {each.id: because for each in held.facilities})]


@pytest.mark.parametrize(
    ("status", "suspending", "closing"),
    [
        (Status.OFFERED, [], []),
        (Status.ACTIVE, ["suspend"], ["close"]),
        (Status.SUSPENDED, [], ["close"]),
        (Status.CLOSING, [], []),
        (Status.CLOSED, [], []),
    ],
)
def test_what_is_so_already_is_left(status: Status, suspending: list[str], closing: list[str]) -> None:
    held = standing(facility(status))
    assert (acts(SUSPENDS, held, OVERDUE), acts(CLOSES, held, OVERDUE)) == (suspending, closing)


RESUMING = [
    ("a rule of the bundle had suspended it", NOTHING, {}, OVERDUE, ["resume"]),
    ("another rule of it", NOTHING, {}, PERSONAL, ["resume"]),
    ("a person had", NOTHING, {}, "RISK", []),
    ("nobody knows who had", NOTHING, {}, None, []),
    ("it still follows", SUSPENDS, {}, OVERDUE, []),
    ("it may still follow", Consequences((), (OVERDUE,)), {}, OVERDUE, []),
    ("it may be closed", Consequences((), (BUSINESS,)), {}, OVERDUE, []),
    ("another product may be closed", Consequences((), (PERSONAL,)), {}, OVERDUE, ["resume"]),
    ("its last day is today", NOTHING, {"expires": TODAY}, OVERDUE, ["resume"]),
    ("its last day is over", NOTHING, {"expires": TODAY - DAY}, OVERDUE, []),
    ("the bundle does not know it", NOTHING, {"product": "cash-line"}, OVERDUE, []),
    ("it is not suspended", NOTHING, {"status": Status.CLOSING}, OVERDUE, []),
]


@pytest.mark.parametrize(
    ("found", "change", "because", "told"), [each[1:] for each in RESUMING], ids=[each[0] for each in RESUMING]
)
def test_a_line_is_resumed(found: Consequences, change: dict[str, object], because: str | None, told: list[str]) -> None:
    assert acts(found, standing(replace(facility(Status.SUSPENDED), **change)), because) == told  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [State.FROZEN, State.DECEASED, State.INSOLVENT])
def test_who_may_not_borrow_gets_nothing_back_and_is_suspended_all_the_same(state: State) -> None:
    assert acts(NOTHING, standing(facility(Status.SUSPENDED), state=state), OVERDUE) == []
    assert acts(SUSPENDS, standing(facility(Status.ACTIVE), state=state)) == ["suspend"]


def test_steps_stand_in_the_order_of_the_lines_with_all_their_reasons() -> None:
    first, second = facility(Status.SUSPENDED, "business-loan", 1), facility(Status.ACTIVE, number=2)
    found = Consequences((Consequence("consumer-line", "close", (BUSINESS, OVERDUE)),), ())
    assert steps(POLICY, found, standing(first, second), {first.id: PERSONAL}) == (
        Step(first.id, "business-loan", "resume", (PERSONAL,)),
        Step(second.id, "consumer-line", "close", (BUSINESS, OVERDUE)),
    )


@given(
    st.lists(st.sampled_from(list(Status)), max_size=3),
    st.lists(st.sampled_from([None, "suspend", "close"]), min_size=3, max_size=3),
    st.sets(st.sampled_from(CODES)),
    st.sampled_from([*CODES, "RISK", None]),
)
def test_no_line_is_touched_twice_and_none_opened_against_a_rule(
    statuses: list[Status], told: list[str | None], undecided: set[str], because: str | None
) -> None:
    products = list(POLICY.bundle.products)[:3]
    held = standing(*(facility(each, products[at], at + 1) for at, each in enumerate(statuses)))
    follows = [Consequence(code, act, (OVERDUE,)) for code, act in zip(products, told, strict=True) if act]  # type: ignore[arg-type]
    done = steps(POLICY, Consequences(tuple(follows), tuple(undecided)), held, {each.id: because for each in held.facilities})
    assert len({each.facility for each in done}) == len(done)
    concerned = {each.product for each in follows}
    assert all(each.product not in concerned for each in done if each.act == "resume")
    assert not any(each.act == "resume" for each in done if OVERDUE in undecided)  # it suspends all


def test_what_a_missing_fact_leaves_undecided_opens_nothing(database: Target, tmp_path: Path) -> None:
    """A rule on what the bureau says, whose report grows too old: the line stays suspended until another report comes."""
    change = {"exposure.yaml": ("  - when: days_overdue_now > 30", "  - when: days_overdue_elsewhere > 30")}
    policy = compile_policy(copy_bundle(tmp_path, change, "standard"))
    with desk(database) as lender:
        in_unit(lender.connection, lambda unit: activate(unit, policy.bundle, FIRST_DAY, "test", FIRST_DAY))
        customer, held, _loan = borrower(lender)
        report = {"bureau_status": "found", "bureau_date": FIRST_DAY}
        assert followed(lender, customer) == {"lines": [], "undecided": [OVERDUE]}  # nobody asked the bureau yet
        lender.know(customer, {**report, "days_overdue_elsewhere": 60})
        assert {each["act"] for each in followed(lender, customer)["lines"]} == {"suspend"}
        lender.close_until(FIRST_DAY + 31 * DAY)
        assert followed(lender, customer) == {"lines": [], "undecided": [OVERDUE]}
        assert line(lender, held["business-loan"]) == ("suspended", OVERDUE)
        lender.know(customer, {**report, "days_overdue_elsewhere": 0})
        assert {each["act"] for each in followed(lender, customer)["lines"]} == {"resume"}
        lender.draw(customer, held["business-loan"], 1_000 * YUAN, purpose="stock")
        lender.check_books()
