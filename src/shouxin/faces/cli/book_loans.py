"""`shouxin book loan`: one loan shown, and what is agreed or done while it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from shouxin.desk.servicing import change, commands, looking
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.events import Arrears
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.loans_told import shown_loan, shown_loans
from shouxin.faces.cli.session import Customer, Loan, Reason, Session, changes, shows
from shouxin.faces.cli.written import one_of, read_money
from shouxin.foundation.days import read_day
from shouxin.foundation.ids import read_id
from shouxin.foundation.rates import read_percent
from shouxin.infra.access.requests import Answer

app = typer.Typer(no_args_is_help=True)

Periods = Annotated[int, typer.Option(help="How many periods, which are months.")]
Rate = Annotated[str, typer.Option("--rate", help="Percent a year, simple.")]
ArrearsOption = Annotated[str, typer.Option(help="What becomes of unpaid interest: carried or capitalised.")]


def _change(session: Session, ids: tuple[str, str], asked: str, wanted: change.Change) -> Answer:
    """asked: the change and what it asks for, as the request's hash needs it."""
    customer_id, loan_id = read_id(ids[0], "customer"), read_id(ids[1], "loan")
    return session.ask(customer_id, commands.change_loan(customer_id, loan_id, asked, wanted))


@shows(app, "list", "customer.read")
def loans(session: Session, customer: Customer) -> Shown:
    """Show all loans of a customer, settled ones too."""
    customer_id, today = read_id(customer, "customer"), session.today
    return shown_loans(session.look(lambda unit: looking.loans_on(unit, customer_id, today)), session.lang)


@shows(app, "show", "customer.read")
def show(session: Session, customer: Customer, loan: Loan) -> Shown:
    """Show a loan today: what is due, what settles it, its instalments, what happened."""
    customer_id, loan_id, today = read_id(customer, "customer"), read_id(loan, "loan"), session.today
    return shown_loan(session.look(lambda unit: looking.loan_on(unit, customer_id, loan_id, today)), session.lang)


@changes(app, "extend", "loan.change")
def extend(session: Session, customer: Customer, loan: Loan, periods: Periods, reason: Reason) -> Answer:
    """Add periods at the end (展期) of a loan that is not overdue."""
    return _change(session, (customer, loan), f"extend {periods}", change.extension(periods, reason))


@changes(app, "renew", "loan.change")
def renew(session: Session, customer: Customer, loan: Loan, periods: Periods, rate: Rate, reason: Reason) -> Answer:
    """Give the principal a new term without repaying it first (无还本续贷)."""
    ppm = read_percent(rate, "rate")
    return _change(session, (customer, loan), f"renew {periods} {ppm}", change.renewal(periods, ppm, reason))


@changes(app, "pause", "loan.change")
def pause(
    session: Session,
    customer: Customer,
    loan: Loan,
    until: Annotated[str, typer.Option(metavar="DATE", help="The first day that bears interest again, YYYY-MM-DD.")],
    reason: Reason,
) -> Answer:
    """Let the loan bear no interest until a day (停息)."""
    day = read_day(until, "until")
    return _change(session, (customer, loan), f"pause {day}", change.pause(day, reason))


@changes(app, "rate", "loan.change")
def rate_of(
    session: Session,
    customer: Customer,
    loan: Loan,
    rate: Annotated[str, typer.Option("--to", help="Percent a year, simple.")],
    reason: Reason,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From when; the open business day where left out.")] = None,
) -> Answer:
    """Change the rate, from today, from a day to come, or from one that is past: then the difference is booked today."""
    ppm, day = read_percent(rate, "rate"), read_day(since, "since") if since else session.today
    return _change(session, (customer, loan), f"rate {ppm} {day}", change.rate_change(ppm, day, reason))


@changes(app, "restructure", "loan.change")
def restructure(
    session: Session,
    customer: Customer,
    loan: Loan,
    periods: Periods,
    rate: Rate,
    reason: Reason,
    arrears: ArrearsOption = "carried",
) -> Answer:
    """Put all principal, overdue or not, on a new term and rate (重组)."""
    ppm, kind = read_percent(rate, "rate"), one_of(Arrears, arrears, "arrears")
    wanted = change.restructuring(periods, ppm, kind, reason)
    return _change(session, (customer, loan), f"restructure {periods} {ppm} {kind}", wanted)


@changes(app, "re-age", "loan.change")
def re_age(session: Session, customer: Customer, loan: Loan, reason: Reason, arrears: ArrearsOption = "carried") -> Answer:
    """Spread what is overdue over the instalments to come (逾期重置)."""
    kind = one_of(Arrears, arrears, "arrears")
    return _change(session, (customer, loan), f"re-age {kind}", change.re_ageing(kind, reason))


@changes(app, "fee", "loan.change")
def fee(
    session: Session,
    customer: Customer,
    loan: Loan,
    amount: Annotated[str, typer.Option(help="In major units; due at once.")],
    reason: Reason,
) -> Answer:
    """Charge a fee."""
    charged = read_money(amount)
    return _change(session, (customer, loan), f"fee {charged}", change.fee(charged, reason))


@changes(app, "recall", "loan.change")
def recall(session: Session, customer: Customer, loan: Loan, reason: Reason) -> Answer:
    """Call the loan (提前收回): all principal is due today."""
    wanted = change.Change(lambda key, day: ev.Recalled(key, day, day), reason)
    return _change(session, (customer, loan), "recall", wanted)


@changes(app, "reverse", "loan.change")
def reverse(
    session: Session,
    customer: Customer,
    loan: Loan,
    event: Annotated[int, typer.Argument(metavar="EVENT", min=1, help="The number of the event, as `loan show` gives it.")],
    reason: Reason,
) -> Answer:
    """Undo an event that was a mistake (冲正). A payment that came back is bounced instead: `book bounce`."""
    return _change(session, (customer, loan), f"reverse {event}", change.reversal(event, reason))


@changes(app, "write-off", "loan.write_off")
def write_off(session: Session, customer: Customer, loan: Loan, reason: Reason) -> Answer:
    """Take the loan off the balance sheet (核销); it is still owed, and its facility is suspended."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, commands.write_off(customer_id, read_id(loan, "loan"), reason))


@changes(app, "misuse", "loan.misused")
def misuse(
    session: Session,
    customer: Customer,
    loan: Loan,
    recalled: Annotated[bool, typer.Option("--recall", help="All of it is due today, too.")] = False,
) -> Answer:
    """Record that the money was used for something else (挪用): penalty rate, and the facility is suspended."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, commands.misused(customer_id, read_id(loan, "loan"), recalled))
