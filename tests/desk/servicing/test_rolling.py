"""Loans in the database, rolled by SQL and by Python: on random books both say the same, however the days are jumped."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.book.customers import hold_customer
from shouxin.desk.servicing.record import QUERIES
from shouxin.desk.servicing.rolling import roll_book, roll_customers
from shouxin.desk.servicing.state import Kept, State, column_values, read_state, write_state
from shouxin.desk.servicing.written import NAMES, read_agreement, read_event, write_agreement, write_event
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Agreement, EarlyInterest, Grace, Penalty, Prepayment
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import TOTALS, Loan, compact
from shouxin.engines.loans.model import Conventions, Method, Shape, Smoothing, Terms
from shouxin.engines.loans.payment import payoff
from shouxin.engines.loans.record import record
from shouxin.engines.loans.roll import roll
from shouxin.foundation.businessdays import EVERY_DAY, Adjustment, china
from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import Unit, in_unit
from tests.desk.servicing.lender import DAY, Lender, lender
from tests.engines.loans.streams import lives

LAWS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
BOOKS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
KEPT = Kept("consumer-line", None, dt.date(2026, 1, 5))
LAST_DAY = dt.date(2028, 3, 1)
Life = tuple[ev.Event, ...]


@st.composite
def plain_lives(draw: st.DrawFn) -> tuple[Life, dt.date]:
    """A loan as the shipped products make them, paid early and late, and a day in its life."""
    adjusted = draw(st.booleans())
    conventions = Conventions(
        multiple=draw(st.sampled_from([1, 1, 100])),
        smoothing=draw(st.sampled_from(list(Smoothing))),
        adjustment=Adjustment.FOLLOWING if adjusted else Adjustment.NONE,
        calendar=china() if adjusted else EVERY_DAY,
    )
    day = draw(st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 31)))
    methods = [Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.FLEXIBLE]
    shape = Shape(day, draw(st.sampled_from([1, 3, 6, 12])))
    halves = st.sampled_from([5_000, 15_000, 25_000])  # at 3.65%, 31 nights of these earn half a fen more
    amount = draw(st.integers(1, 30) | halves | st.integers(1_000, 10**8))
    rate = draw(st.sampled_from([0, 36_500, 36_500, 109_500, 240_000]))
    terms = Terms(amount, rate, draw(st.sampled_from(methods)), shape, conventions)
    grace = Grace(draw(st.sampled_from([0, 0, 3, 10, 40])), draw(st.sampled_from([EVERY_DAY, china()])))
    early = draw(st.sampled_from(list(EarlyInterest)))
    events: Life = (ev.PaidOut("1", day, day, Agreement(terms, Penalty(cap_ppm=360_000), grace, early_interest=early)),)
    for number in range(draw(st.integers(0, 4))):
        day += draw(st.integers(0, 70)) * DAY
        loan = fold(events, day)
        dues = sum(each.unpaid_interest + each.unpaid_principal for each in loan.dues)
        part = draw(st.sampled_from([dues, payoff(loan), dues // 2, dues + 1, max(0, payoff(loan) - 1)]))
        event = ev.Repaid(str(number + 2), day, day, part, draw(st.sampled_from([Prepayment.REDUCE_INSTALMENT, *Prepayment])))
        try:
            events = record(events, event).events
        except Refusal:
            continue
    return events, day + draw(st.integers(0, 20)) * DAY


def collected(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """Many examples at once: rolling is tried on books, not on single loans."""
    found: list[Any] = []

    @BOOKS
    @given(strategy)
    def collect(one: Any) -> None:
        found.append(one)

    collect()
    return found


@pytest.fixture(scope="module")
def plain() -> list[Loan]:
    """Loans on different days, most of which SQL rolls."""
    loans = [loan_on(events, day) for events, day in collected(plain_lives())]
    assert sum(write_state(each, KEPT).rare is None for each in loans) > len(loans) // 2
    return loans


@pytest.fixture(scope="module")
def wild() -> list[Loan]:
    """Loans of all conventions, to which anything has happened."""
    return [loan_on(events, max(each.booked for each in events)) for events in collected(lives())]


def loan_on(events: Life, day: dt.date) -> Loan:
    """The loan as it is kept: a grace of no days needs no calendar."""
    loan = compact(fold(events, day))
    return loan if loan.agreement.grace.days else replace(loan, agreement=replace(loan.agreement, grace=Grace()))


@pytest.fixture(scope="module")
def bank(database: Target) -> Iterator[Lender]:
    with lender(database) as found:
        yield found


def booked(bank: Lender, loans: Sequence[Loan]) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """All loans in the book of one customer; the customer, and the ids in their order."""
    customer = bank.customer()
    facility = bank.line(customer)
    (bundle,) = bank.one("SELECT bundle FROM facility WHERE facility_id = %s", facility)
    ids = [new_id() for _ in loans]

    def act(unit: Unit) -> None:
        for loan_id, loan in zip(ids, loans, strict=True):
            agreement = json.dumps(write_agreement(loan.agreement))
            unit.write(QUERIES["loan_added"], (customer, loan_id, facility, KEPT.product, bundle, agreement, "{}", loan.on))
            unit.write(QUERIES["state_added"], (customer, loan_id, *column_values(write_state(loan, KEPT))))

    in_unit(bank.connection, act)
    return customer, ids


def rows_of(bank: Lender, customer: uuid.UUID) -> dict[uuid.UUID, Any]:
    text = "SELECT l.agreement, s.* FROM loan_state AS s JOIN loan AS l USING (customer_id, loan_id) WHERE s.customer_id = %s"
    (rows,) = in_unit(bank.connection, lambda unit: unit.read((text, (customer,))))
    return {row.loan_id: row for row in rows}


def rolled(bank: Lender, customer: uuid.UUID, days: Sequence[dt.date]) -> None:
    for day in days:
        in_unit(bank.connection, partial(_roll, customer=customer, day=day))


def _roll(unit: Unit, customer: uuid.UUID, day: dt.date) -> None:
    hold_customer(unit, customer)
    roll_customers(unit, [customer], day)


def on_day(row: Any, day: dt.date) -> Loan:
    """The loan of a row, on a day: between turns nothing is written."""
    return compact(roll(read_state(read_agreement(row.agreement), row), day))


def check_rolled(rows: dict[uuid.UUID, Any], ids: Sequence[uuid.UUID], loans: Sequence[Loan], day: dt.date) -> None:
    """Each row is its loan rolled in Python, and its columns agree with each other."""
    for loan_id, loan in zip(ids, loans, strict=True):
        row = rows[loan_id]
        assert on_day(row, day) == compact(roll(loan, max(day, loan.on)))
        assert row.turn is None or row.turn > day
        own = write_state(read_state(read_agreement(row.agreement), row), KEPT)
        assert as_columns(row) == as_columns(as_row(own))


def as_row(state: State) -> Any:
    """A state as the database gives it back."""
    rare = json.loads(state.rare) if state.rare else None
    totals = dict(zip(TOTALS, state.totals, strict=True))
    return SimpleNamespace(**{**state._asdict(), "dues": json.loads(state.dues), "rare": rare, **totals})


def as_columns(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*State._fields, *TOTALS) if name != "totals"}


@pytest.mark.parametrize("which", ["plain", "wild"])
def test_sql_rolls_as_python_does(bank: Lender, request: pytest.FixtureRequest, which: str) -> None:
    loans: list[Loan] = request.getfixturevalue(which)
    customer, ids = booked(bank, loans)
    rolled(bank, customer, [LAST_DAY])
    check_rolled(rows_of(bank, customer), ids, loans, LAST_DAY)


@pytest.mark.parametrize("which", ["plain", "wild"])
def test_two_steps_are_one_and_a_repeat_is_none(bank: Lender, request: pytest.FixtureRequest, which: str) -> None:
    loans: list[Loan] = request.getfixturevalue(which)
    customer, ids = booked(bank, loans)
    half_way = dt.date(2026, 8, 15)
    for day in (half_way, LAST_DAY):
        rolled(bank, customer, [day])
        rows = rows_of(bank, customer)
        rolled(bank, customer, [day, half_way])
        assert rows_of(bank, customer) == rows
    check_rolled(rows, ids, loans, LAST_DAY)
    roll_book(bank.connection, LAST_DAY)
    assert roll_book(bank.connection, LAST_DAY) == 0 and rows_of(bank, customer) == rows


def test_day_by_day_is_a_jump(bank: Lender, plain: list[Loan]) -> None:
    day, last = dt.date(2026, 1, 1), dt.date(2026, 12, 1)
    walking, ids = booked(bank, plain)
    jumping, others = booked(bank, plain)
    rolled(bank, walking, [day + number * DAY for number in range((last - day).days + 1)])
    rolled(bank, jumping, [last])
    walked, jumped = rows_of(bank, walking), rows_of(bank, jumping)
    for one, other in zip(ids, others, strict=True):
        assert on_day(walked[one], last) == on_day(jumped[other], last)
    check_rolled(walked, ids, plain, last)


@LAWS
@given(lives(), st.integers(0, 40))
def test_a_state_that_was_written_is_read(life: Life, more: int) -> None:
    loan = loan_on(life, max(each.booked for each in life) + more * DAY)
    agreement = read_agreement(json.loads(json.dumps(write_agreement(loan.agreement))))
    assert agreement == loan.agreement
    assert read_state(agreement, as_row(write_state(loan, KEPT))) == loan


@LAWS
@given(lives())
def test_an_event_that_was_written_is_read(life: Life) -> None:
    for number, each in enumerate(life, 1):
        written = json.loads(json.dumps(write_event(each)))
        read = read_event(NAMES[type(each)], number, (each.effective, each.booked), written)
        assert type(read) is type(each)
        assert write_event(read) == write_event(each)
        assert (read.id, read.effective, read.booked) == (str(number), each.effective, each.booked)
