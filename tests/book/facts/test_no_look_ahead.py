"""Random lives: what was known of a day stays what it was, however much happens later, and it is what the loans' folds say.

At the end of each day of a life on which something was asked, the facts of that day are kept; when the life is over they are
asked again. What a loan owes and how late it is is also folded from the events that were booked by that day.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.acts import Offer
from shouxin.book.facts.account import account_facts
from shouxin.desk.servicing import change
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import settlements_are_folds
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.settling import Settled, settlements
from shouxin.desk.servicing.written import read_events
from shouxin.engines.loans.agreement import Prepayment
from shouxin.engines.loans.events import Arrears, Event
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Loan
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.desk.servicing.lender import BUNDLE, DAY, YUAN, Lender, lender

PRODUCTS = ("consumer-line", "business-loan")
USES = {"consumer-line": "shopping", "business-loan": "stock"}
TOTAL, RATE = 40_000 * YUAN, 109_500
LOANS = "SELECT loan_id, due_principal + due_interest, to_come FROM loan_state WHERE customer_id = %s AND settled IS NULL"
NEXT = """
SELECT loan_id, due_days[1] AS due FROM loan_state
WHERE customer_id = %s AND settled IS NULL AND due_days[1] <= %s ORDER BY due_days[1]
"""
EVENTS = """
SELECT loan_id, number, kind, effective, booked, body FROM event WHERE customer_id = %s AND kind LIKE 'loan.%%' ORDER BY number
"""
SETTLED = """
SELECT loan_id, instalment, due, grace_end, amount, settled FROM settlement
WHERE customer_id = %s AND booked <= %s AND (undone IS NULL OR undone > %s)
"""
STEPS = (
    "borrow",
    "borrow",
    "pay",
    "pay",
    "keep_up",
    "keep_up",
    "keep_up",
    "keep_up",
    "pay_early",
    "bounce",
    "bounce",
    "limit",
    "suspend",
    "close",
    "open",
    "change",
    "recall",
)
Facts = dict[uuid.UUID, dict[str, Any]]


class Life:
    """Two new customers of a bank, and what they ask for; refusals are part of life."""

    def __init__(self, bank: Lender) -> None:
        self.bank = bank
        self.customers = [bank.customer(), bank.customer()]
        self.kept: dict[dt.date, Facts] = {}
        for customer in self.customers:
            bank.done(customer, lines.set_total_line(TOTAL, "GRANTED"))
            for product in PRODUCTS:
                self.open(customer, product, 10_000 * YUAN)

    @property
    def today(self) -> dt.date:
        day: dt.date = self.bank.one("SELECT day FROM open_day")[0]
        return day

    def facts(self, as_of: dt.date, customers: list[uuid.UUID]) -> Facts:
        return in_unit(self.bank.connection, lambda unit: account_facts(unit, customers, as_of))

    def rows(self, query: str, *values: object) -> list[Any]:
        return in_unit(self.bank.connection, lambda unit: unit.read((query, values))[0])

    def wait(self, days: int) -> None:
        """The day ends, its facts are kept; then others go by."""
        day = self.today
        self.bank.close_until(day + DAY)
        self.kept[day] = self.facts(day, self.customers)
        if days > 1:
            self.bank.close_until(day + days * DAY)

    def step(self, name: str, chance: Random) -> None:
        customer = chance.choice(self.customers)
        if name == "open":
            self.open(customer, chance.choice(PRODUCTS), chance.choice([5_000, 10_000]) * YUAN)
        elif name in ("limit", "suspend", "close"):
            self.change_line(customer, name, chance)
        elif name == "borrow":
            self.borrow(customer, chance)
        elif name == "keep_up":
            self.keep_up(customer)
        else:
            self.of_loan(customer, name, chance)

    def open(self, customer: uuid.UUID, product: str, most: int) -> None:
        terms = tuple((each.method, tuple(each.months)) for each in BUNDLE.products[product].terms)
        offered = self.bank.ask(customer, lines.offer(BUNDLE, Offer(product, most, RATE, terms)))
        if offered.done:
            self.bank.ask(customer, lines.accept(offered.body["facility"]))

    def change_line(self, customer: uuid.UUID, name: str, chance: Random) -> None:
        facilities = self.rows("SELECT facility_id FROM facility WHERE customer_id = %s AND status <> 'closed'", customer)
        if not facilities:
            return
        facility = chance.choice(facilities)[0]
        command = {
            "limit": lines.change_limit(facility, chance.choice([1_000, 3_000, 12_000]) * YUAN, "RISK"),
            "suspend": chance.choice([lines.suspend, lines.resume])(facility, "RISK"),
            "close": lines.close(facility, chance.choice(["BY_CHOICE", "RISK"])),
        }[name]
        self.bank.ask(customer, command)

    def borrow(self, customer: uuid.UUID, chance: Random) -> None:
        open_lines = "SELECT facility_id, product FROM facility WHERE customer_id = %s AND status = 'active'"
        for facility, product in self.rows(open_lines, customer)[:1]:
            method = chance.choice(["equal_instalment", "interest_only"])
            wanted = Draw(facility, chance.choice([900, 4_000, 30_000]) * YUAN, method, 6, USES[product])
            asked = self.bank.ask(customer, loans.draw(self.bank.house, customer, wanted))
            if asked.done and chance.random() < 0.9:
                self.bank.done(customer, loans.instruct(self.bank.house, customer, asked.body["loan"]))
                end = loans.paid(self.bank.house, customer, asked.body["loan"])
                failed = loans.failed(customer, asked.body["loan"], "no such account")
                self.bank.done(customer, end if chance.random() < 0.9 else failed)

    def of_loan(self, customer: uuid.UUID, name: str, chance: Random) -> None:
        if name == "bounce":
            payments = self.rows("SELECT number FROM event WHERE customer_id = %s AND kind = 'loan.repaid'", customer)
            if payments:
                self.bank.ask(customer, loans.bounce(customer, chance.choice(payments)[0], "NO_FUNDS"))
            return
        found = self.rows(LOANS, customer)
        if not found:
            return
        loan, due, to_come = chance.choice(found)
        if name == "pay":
            self.bank.ask(customer, loans.repay_loan(customer, loan, chance.choice([due, due, due // 2, due + 1]) or 1))
        elif name == "pay_early":
            amount = due + chance.choice([to_come // 3, to_come, to_come * 2])
            self.bank.ask(customer, loans.repay_loan(customer, loan, amount or 1, chance.choice(list(Prepayment))))
        elif name == "recall":
            self.bank.ask(customer, loans.misused(customer, loan, chance.random() < 0.5))
        else:
            self.bank.ask(customer, loans.change_loan(customer, loan, f"{chance.random()}", self.changed(loan, chance)))

    def keep_up(self, customer: uuid.UUID) -> None:
        """The next instalment of a loan is paid on the day on which it falls due, where that is within two months."""
        for loan, due in self.rows(NEXT, customer, self.today + 60 * DAY)[:1]:
            self.wait((due - self.today).days)
            for found, amount, _ in self.rows(LOANS, customer):
                if found == loan and amount:
                    self.bank.ask(customer, loans.repay_loan(customer, loan, amount))

    def changed(self, loan: uuid.UUID, chance: Random) -> change.Change:
        number = chance.choice(self.rows("SELECT number FROM event WHERE loan_id = %s AND kind LIKE 'loan.%%'", loan))[0]
        back = chance.randint(-40, 40) * DAY
        made: change.Change = chance.choice(
            [
                change.extension(2, "AGREED"),
                change.restructuring(6, RATE, Arrears.CARRIED, "AGREED"),
                change.re_ageing(Arrears.CAPITALISED, "AGREED"),
                change.rate_change(72_000, self.today + back, "AGREED"),
                change.reversal(number, "MISTAKE"),
                change.reversal(number, "MISTAKE"),
            ]
        )
        return made


@pytest.fixture(scope="module")
def bank(database: Target) -> Iterator[Lender]:
    with lender(database) as found:
        yield found


moves = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 2**32), st.sampled_from([0, 0, 1, 9, 31])), min_size=8, max_size=24
)


# A life is not made smaller: each try takes a second, and years of business days would go by.
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=moves)
def test_nothing_that_is_booked_later_is_known_earlier(bank: Lender, moves: list[tuple[str, int, int]]) -> None:
    life = Life(bank)
    for name, seed, days in moves:
        life.step(name, Random(seed))
        if days:
            life.wait(days)
    life.wait(1)
    for day, facts in life.kept.items():
        assert life.facts(day, life.customers) == facts
        for customer in life.customers:
            assert life.facts(day, [customer])[customer] == facts[customer]
            check_folds(life, customer, day, facts[customer])
    assert in_unit(bank.connection, settlements_are_folds) == []


def check_folds(life: Life, customer: uuid.UUID, day: dt.date, facts: dict[str, Any]) -> None:
    """What was owed, how late it was and what was settled, beside the loans folded from what was booked by the day."""
    folded = folds(life, customer, day)
    assert facts["owed"] == sum(each.principal for each in folded.values())
    assert facts["days_overdue_now"] == max((each.days_past_due for each in folded.values()), default=0)
    assert facts["loans_held"] == sum(each.settled is None for each in folded.values())
    kept = {(row[0], Settled(*row[1:])) for row in life.rows(SETTLED, customer, day, day)}
    assert kept == {(loan, each) for loan, found in folded.items() for each in settlements(found).values()}


def folds(life: Life, customer: uuid.UUID, day: dt.date) -> dict[uuid.UUID, Loan]:
    events: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in life.rows(EVENTS, customer):
        if row.booked <= day:
            events[row.loan_id].append(row)
    told: dict[uuid.UUID, tuple[Event, ...]] = {loan: read_events(rows) for loan, rows in events.items()}
    return {loan: fold(each, day) for loan, each in told.items()}
