"""The second half of `shouxin demo`: some of the customers who were approved get lines, and their loans live for ten weeks.

Everything goes through the commands that `shouxin book` and `shouxin cob` call, on a database of its own that is made anew.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from stdnum.cn import ric

from shouxin.book.customers.model import Kind, NewCustomer
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.work import Asker, Command
from shouxin.book.ledger.reports import trial_balance
from shouxin.book.ledger.verify import Scope, verify
from shouxin.bootstrap import Opened, open_house, put_in_force
from shouxin.desk.decisions import Assessor, Decision
from shouxin.desk.portfolio.agreement import facts_of
from shouxin.desk.servicing import closing, looking
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.jobs import Payouts
from shouxin.desk.servicing.people import create_customer
from shouxin.desk.servicing.rails import InstantRail
from shouxin.desk.servicing.vetting import vetted
from shouxin.engines.loans.payment import payoff
from shouxin.engines.policy.compile import Policy
from shouxin.faces.cli.ledger_shown import show_report, show_trial
from shouxin.faces.cli.out import results
from shouxin.foundation.money import show_amount
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.server import Server
from shouxin.infra.db.unit import in_unit

YUAN = 100
PRINCIPAL = "demo"
SEVENTY_DAYS = dt.timedelta(days=70)
PURPOSES = {"consumer-line": "renovation", "business-loan": "stock"}


@dataclass(slots=True)
class Told:
    """One customer of the demonstration. name: what is printed; loan: the one that is told of"""

    name: str
    customer_id: uuid.UUID
    facility: uuid.UUID
    loan: uuid.UUID


@dataclass(slots=True)
class Lender:
    """The lender of the demonstration, opened."""

    connection: Connection
    opened: Opened
    policy: Policy
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def ask(self, customer_id: uuid.UUID, command: Command) -> Mapping[str, Any]:
        """The body of the answer; a refusal here is a fault of the demonstration."""
        answer = perform(self.connection, Asker(customer_id, PRINCIPAL, f"demo {next(self._numbers)}"), command)
        if not answer.done:
            raise AssertionError(answer.body)
        return answer.body

    def close_until(self, day: dt.date) -> None:
        """Business days end until `day` is open."""
        for _ in closing.run(self.connection, self.opened.house, day - dt.timedelta(days=1)):
            pass

    def owed(self, told: Told, day: dt.date) -> int:
        """What settles a loan."""
        return payoff(in_unit(self.connection, lambda unit: looking.loan_on(unit, told.customer_id, told.loan, day)).loan)


def lend(folder: Path, policy: Policy, source: Path, start: dt.date) -> bool:
    """Lend for ten weeks, print what happened, the trial balance and what the verification of the chain found; whether both
    are as they should be. A repeat begins with an empty database."""
    data = folder / "lender"
    Server(data).erase()
    (folder / "keys.json").unlink(missing_ok=True)
    opened = open_house(data)
    try:
        with connect(opened.target.app) as connection:
            in_unit(connection, lambda unit: put_in_force(unit, policy.bundle, start, PRINCIPAL))
            lender = Lender(connection, opened, policy)
            _live(lender, _customers(lender, source, start), start)
            return _proven(lender, start + SEVENTY_DAYS)
    finally:
        Server(data).stop()


def _customers(lender: Lender, source: Path, start: dt.date) -> list[Told]:
    """Four people with a consumer line and one merchant with a business loan, each paid out on the first day."""
    wanted = ["consumer-line"] * 4 + ["business-loan"]
    told = []
    for row, decision in _decided(lender.policy, source, start):
        each = next((code for code in wanted if decision.product(code).outcome == "approve"), None)
        if each is not None and row["customer_type"] != "company":
            wanted.remove(each)
            told.append(_open(lender, row, decision, each))
        if not wanted:
            break
    Payouts(lender.opened.house, InstantRail()).run_once(lender.connection)
    return told


def _decided(policy: Policy, source: Path, start: dt.date) -> Iterator[tuple[dict[str, Any], Decision]]:
    """Customers of the file, with what was decided of them, in their order."""
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{source}' ORDER BY customer_id LIMIT 1000")
        columns = [each[0] for each in found.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    assessor = Assessor(policy)
    for row in rows:
        yield row, assessor.assess(facts_of(policy, row), start)


def _open(lender: Lender, row: Mapping[str, Any], decision: Decision, product: str) -> Told:
    """A customer with a total line, a facility that they have accepted, and a draw of a third of it."""
    kind = Kind.SOLE_TRADER if row["customer_type"] == "merchant" else Kind.PERSON
    name, number = str(row["customer_id"]), identity(row["birth_date"], int(str(row["customer_id"])[1:]))
    new = NewCustomer(kind, f"示例客户{name[-5:]}", number)
    house = lender.opened.house
    created = create_customer(lender.connection, house, (PRINCIPAL, f"create {name}"), new)
    customer: uuid.UUID = created.body["customer"]
    answer = decision.product(product)
    assert answer.rate_ppm is not None
    lender.ask(customer, lines.set_total_line(decision.total_line, "DECIDED"))
    offer = Offer(product, answer.limit, answer.rate_ppm, answer.terms)
    facility = lender.ask(customer, vetted(house, customer, lines.offer(lender.policy.bundle, offer)))["facility"]
    lender.ask(customer, vetted(house, customer, lines.accept(facility)))
    amount = max(answer.limit // 3 // (100 * YUAN) * 100 * YUAN, 500 * YUAN)
    wanted = Draw(facility, min(amount, 50_000 * YUAN), "equal_instalment", 6, PURPOSES[product])
    loan = lender.ask(customer, loans.draw(house, customer, wanted))["loan"]
    _say(f"{name}  {product}  limit {show_amount(answer.limit)}, drawn {show_amount(wanted.amount)}")
    return Told(name, customer, facility, loan)


def identity(born: dt.date, number: int) -> str:
    """A resident identity number with its check digit (GB 11643-1999), for somebody who does not exist.

    >>> identity(dt.date(1990, 3, 7), 123)
    '110101199003071233'
    """
    base = f"110101{born:%Y%m%d}{number % 1000:03d}"
    return base + ric.calc_check_digit(f"{base}0")


def _live(lender: Lender, told: list[Told], start: dt.date) -> None:
    """Ten weeks: one pays on time, one is late and cured, one closes, of one a payment bounces, the merchant extends."""
    on_time, late, closes, bounces, merchant = told
    first_due, second_due = start.replace(month=start.month + 1), start.replace(month=start.month + 2)
    lender.close_until(first_due)
    for each in (on_time, closes, bounces, merchant):
        _pay(lender, each, "pays the first instalment", first_due)
    lender.close_until(first_due + dt.timedelta(days=20))
    days = in_unit(lender.connection, lambda unit: looking.loan_on(unit, late.customer_id, late.loan, _today(lender)))
    _say(f"{late.name}  is {days.loan.days_past_due} days past due, penalty {show_amount(days.loan.penalty_due)}")
    _pay(lender, late, "pays what is late and is cured", _today(lender))
    lender.ask(closes.customer_id, lines.close(closes.facility, "BY_CHOICE"))
    amount = lender.owed(closes, _today(lender))
    lender.ask(closes.customer_id, loans.repay_loan(closes.customer_id, closes.loan, amount))
    _say(f"{closes.name}  repays {show_amount(amount)}; the line is closed")
    lender.ask(bounces.customer_id, lines.close(bounces.facility, "BY_CHOICE"))
    payment = lender.ask(
        bounces.customer_id, loans.repay_loan(bounces.customer_id, bounces.loan, lender.owed(bounces, _today(lender)))
    )
    lender.close_until(_today(lender) + dt.timedelta(days=2))
    lender.ask(bounces.customer_id, loans.bounce(bounces.customer_id, payment["payment"], "NO_FUNDS"))
    _say(f"{bounces.name}  the last payment bounced; the line is closing again")
    lender.close_until(second_due)
    for each in (on_time, late, bounces, merchant):
        _pay(lender, each, "pays the second instalment", second_due)
    lender.close_until(start + SEVENTY_DAYS)


def _pay(lender: Lender, told: Told, what: str, day: dt.date) -> None:
    """What is due on a loan, by a payment that names no loan."""
    seen = in_unit(lender.connection, lambda unit: looking.loan_on(unit, told.customer_id, told.loan, day)).loan
    due = seen.principal_due + sum(each.unpaid_interest for each in seen.dues) + seen.penalty_due
    order = tuple(lender.policy.bundle.exposure.order)
    lender.ask(told.customer_id, loans.receive(told.customer_id, due, order, {"source": "demo"}))
    _say(f"{told.name}  {what}: {show_amount(due)}")


def _today(lender: Lender) -> dt.date:
    return in_unit(lender.connection, lambda unit: looking.business_days(unit).open)


def _proven(lender: Lender, day: dt.date) -> bool:
    """The trial balance of the last closed day, and the chain of all of them."""
    last = day - dt.timedelta(days=1)
    trial = in_unit(lender.connection, lambda unit: trial_balance(unit, last))
    results.print()
    show_trial(trial, "en")
    difference = trial.totals.closing_debit - trial.totals.closing_credit
    _say(f"debits less credits: {show_amount(difference)}")
    report = in_unit(lender.connection, lambda unit: verify(unit, lender.opened.house.ring, Scope()))
    results.print()
    show_report(report, "en")
    return difference == 0 and report.whole


def _say(text: str) -> None:
    results.print(f"   {text}", soft_wrap=True)
