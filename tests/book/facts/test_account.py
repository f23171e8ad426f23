"""Account facts of one life, worked out by hand: no interest, so that every instalment is a thousand yuan."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.book.facts.account import account_facts
from shouxin.book.facts.model import FACTS, FAMILIES
from shouxin.desk.servicing import change
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import all_checks
from shouxin.desk.servicing.draw import Draw
from shouxin.engines.policy.load import load
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.desk.servicing.lender import FIRST_DAY, YUAN, Lender, lender


class Life(NamedTuple):
    """Whose, and the bank's."""

    bank: Lender
    customer: uuid.UUID
    other: uuid.UUID
    stranger: uuid.UUID

    def facts(self, as_of: dt.date, *customers: uuid.UUID) -> dict[uuid.UUID, dict[str, Any]]:
        asked = customers or (self.customer,)
        return in_unit(self.bank.connection, lambda unit: account_facts(unit, asked, as_of))


def on(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


@pytest.fixture(scope="module")
def life(database: Target) -> Iterator[Life]:
    with lender(database) as bank:
        customer, other, stranger = bank.customer(), bank.customer(), bank.customer()
        lived(bank, customer)
        bank.line(other, "business-loan", 100_000 * YUAN)
        yield Life(bank, customer, other, stranger)
        assert in_unit(bank.connection, all_checks) == []


def lived(bank: Lender, customer: uuid.UUID) -> None:
    """A loan of 12,000 over a year; the first instalment late, the limit lowered below its use, a payment that bounces, the
    rest paid at once, the line closed."""
    bank.done(customer, lines.set_total_line(20_000 * YUAN, "GRANTED"))
    facility = bank.facility(customer, "consumer-line", 20_000 * YUAN, rate_ppm=0)
    loan = bank.loan(customer, facility, 12_000 * YUAN)

    def pay(day: dt.date, yuan: int) -> int:
        bank.close_until(day)
        number: int = bank.done(customer, loans.repay_loan(customer, loan, yuan * YUAN))["payment"]
        return number

    pay(on(2, 15), 1_000)
    pay(on(3, 5), 1_000)
    bank.close_until(on(3, 20))
    bank.done(customer, lines.change_limit(facility, 8_000 * YUAN, "RISK"))
    pay(on(4, 5), 1_000)
    bank.close_until(on(4, 10))
    wanted = Draw(facility, 500 * YUAN, "equal_instalment", 12, "shopping")
    assert bank.refusal(customer, loans.draw(bank.house, customer, wanted)) == "DrawExceedsHeadroom"
    payment = pay(on(5, 5), 2_000)
    bank.close_until(on(5, 20))
    bank.done(customer, loans.bounce(customer, payment, "NO_FUNDS"))
    pay(on(5, 25), 9_000)
    bank.close_until(on(5, 26))
    bank.done(customer, lines.close(facility, "BY_CHOICE"))
    bank.close_until(on(5, 28))


BY_HAND = [
    (FIRST_DAY, {"book_status": "found", "months_on_book": 0, "owed": 1_200_000, "draws_3m": 1, "drawn_12m": 1_200_000}),
    (FIRST_DAY, {"held_consumer_line": True, "line_consumer_line": 2_000_000, "instalment_consumer_line": 100_000}),
    (FIRST_DAY, {"closed_because_consumer_line": "none", "line_use_bp": 6_000, "loans_held": 1, "exposure": 1_200_000}),
    (on(2, 5), {"days_overdue_now": 0, "payments_due_12m": 0, "used_consumer_line": 1_200_000}),
    (on(2, 14), {"days_overdue_now": 9, "worst_overdue_here_3m": 9, "payments_due_12m": 1, "payments_on_time_12m": 0}),
    (on(2, 15), {"days_overdue_now": 0, "worst_overdue_here_3m": 10, "owed": 1_100_000, "months_since_late": 0}),
    (on(3, 4), {"payments_due_12m": 1, "payments_on_time_12m": 0, "oldest_loan_months": 1}),
    (on(3, 5), {"payments_due_12m": 2, "payments_on_time_12m": 1, "oldest_loan_months": 2}),
    (on(3, 19), {"over_limit_days_12m": 0, "line_consumer_line": 2_000_000, "total_line": 2_000_000}),
    # 10,000 of 8,000 today, 11,000 of 20,000 on 28 February, 12,000 of 20,000 on 31 January
    (on(3, 31), {"over_limit_days_12m": 12, "line_use_bp": 8_000, "exposure": 1_000_000, "line_consumer_line": 800_000}),
    (on(4, 9), {"refused_draws_3m": 0}),
    (on(4, 10), {"refused_draws_3m": 1, "draws_3m": 0, "draws_12m": 1}),  # the only draw was on 5 January
    # before anybody knew that the payment of 5 May would bounce
    (on(5, 19), {"owed": 700_000, "days_overdue_now": 0, "over_limit_days_12m": 46, "instalment_consumer_line": 87_500}),
    (on(5, 19), {"payments_due_12m": 4, "payments_on_time_12m": 3, "worst_overdue_here_3m": 0, "worst_overdue_here_6m": 10}),
    (on(5, 20), {"owed": 900_000, "days_overdue_now": 15, "over_limit_days_12m": 47, "instalment_consumer_line": 100_000}),
    (
        on(5, 20),
        {"payments_due_12m": 4, "payments_on_time_12m": 2, "worst_overdue_here_3m": 15, "days_overdue_consumer_line": 15},
    ),
    (on(5, 25), {"owed": 0, "days_overdue_now": 0, "over_limit_days_12m": 51, "loans_held": 0, "loans_ever": 1}),
    (on(5, 25), {"worst_overdue_here_3m": 20, "held_consumer_line": True, "instalment_consumer_line": 0}),
    (on(5, 26), {"held_consumer_line": False, "line_consumer_line": 0, "closed_because_consumer_line": "by_choice"}),
    (on(5, 27), {"days_since_closed_consumer_line": 1, "lines_closed_12m": 1, "lines_closed_by_customer_12m": 1}),
    (on(5, 27), {"lines_closed_by_us_12m": 0, "exposure": 0, "misuse_12m": 0, "months_on_book": 4}),
]


@pytest.mark.parametrize(("as_of", "wanted"), BY_HAND)
def test_facts_are_those_worked_out_by_hand(life: Life, as_of: dt.date, wanted: dict[str, Any]) -> None:
    found = life.facts(as_of)[life.customer]
    assert {name: found.get(name) for name in wanted} == wanted


def test_what_does_not_apply_is_absent(life: Life) -> None:
    first, last = (life.facts(day)[life.customer] for day in (on(2, 5), on(5, 27)))
    assert not {"months_since_late", "days_since_closed_consumer_line"} & set(first)
    assert "oldest_loan_months" not in last


def test_who_never_had_a_line_has_no_record_and_nothing_else(life: Life) -> None:
    assert life.facts(on(5, 27), life.stranger)[life.stranger] == {"book_status": "no_record"}
    before = FIRST_DAY - dt.timedelta(days=1)
    assert life.facts(before)[life.customer] == {"book_status": "no_record"}


def test_many_customers_are_told_what_each_alone_is(life: Life) -> None:
    everybody = (life.customer, life.other, life.stranger)
    for day in (FIRST_DAY, on(3, 31), on(5, 27)):
        assert life.facts(day, *everybody) == {each: life.facts(day, each)[each] for each in everybody}


def test_every_fact_is_described_and_every_described_one_is_there(life: Life) -> None:
    seen = {name for day in (on(4, 10), on(5, 27)) for name in life.facts(day)[life.customer]}
    assert seen == {each.name for each in FACTS} | {f"{each.name}_consumer_line" for each in FAMILIES}


def test_the_shipped_bundle_finds_all_that_it_reads_from_the_book() -> None:
    catalogue = load("standard").facts
    read = {name for name, fact in catalogue.facts.items() if fact.source == "book"}
    assert read <= {each.name for each in FACTS}
    assert {*catalogue.families} - {"requested"} == {each.name for each in FAMILIES}


def test_misuse_counts_until_it_is_reversed(life: Life) -> None:
    bank, customer, today = life.bank, life.bank.customer(), on(5, 28)
    loan = bank.loan(customer, bank.line(customer), 1_000 * YUAN)
    bank.done(customer, loans.misused(customer, loan, recall=True))
    assert life.facts(today, customer)[customer]["misuse_12m"] == 1
    (number,) = bank.one("SELECT max(number) FROM event WHERE loan_id = %s AND kind = 'loan.rate_changed'", loan)
    bank.close_until(on(5, 29))
    bank.done(customer, loans.change_loan(customer, loan, "reversal", change.reversal(number, "MISTAKE")))
    assert [life.facts(day, customer)[customer]["misuse_24m"] for day in (today, on(5, 29))] == [1, 0]


def test_a_recalled_loan_is_overdue_from_the_day_on_which_that_is_known(life: Life) -> None:
    bank, customer = life.bank, life.bank.customer()
    (today,) = bank.one("SELECT day FROM open_day")
    loan = bank.loan(customer, bank.line(customer), 1_000 * YUAN)
    bank.done(customer, loans.misused(customer, loan, recall=True))
    bank.close_until(today + dt.timedelta(days=3))
    late = [life.facts(today + dt.timedelta(days=days), customer)[customer]["days_overdue_now"] for days in range(4)]
    assert late == [0, 1, 2, 3]
