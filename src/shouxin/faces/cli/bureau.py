"""`shouxin bureau`: the monthly file for the credit bureau (征信报送), and disputes of what it says (异议)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shouxin.desk.servicing import reporting_disputes as disputes
from shouxin.desk.servicing.reporting import report
from shouxin.desk.servicing.reporting_records import read_month
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.bureau_shown import shown_file
from shouxin.faces.cli.session import Customer, Session, changes, shows
from shouxin.faces.cli.whole_file import FileNotWritten
from shouxin.foundation.ids import read_id
from shouxin.infra.access.requests import Answer

app = typer.Typer(no_args_is_help=True)

MonthOption = Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="A month whose last day is closed.")]


@shows(app, "report", "bureau.report")
def report_month(
    session: Session,
    month: MonthOption,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Personal data in clear: it is readable by you alone.")],
) -> Shown:
    """Write the records of a month, and corrections of earlier ones. The same month again gives the same file."""
    wanted = read_month(month)
    try:
        made = report(session.connection, session.house, wanted, out, session.principal)
    except OSError as error:
        raise FileNotWritten("--out", out, why=error.strerror) from None
    return shown_file(made, out, session.lang)


@changes(app, "dispute", disputes.DISPUTE)
def dispute(
    session: Session,
    customer: Customer,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The line's or the loan's id, as the file has it.")],
    month: MonthOption,
) -> Answer:
    """Record that the customer disputes (异议) what was reported of an account; it must be answered within 20 days."""
    customer_id, account_id = read_id(customer, "customer"), read_id(account, "account")
    return session.ask(customer_id, disputes.dispute(customer_id, account_id, read_month(month), session.lang))


@changes(app, "answer", disputes.ANSWER)
def answer(
    session: Session,
    customer: Customer,
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case of the dispute.")],
    outcome: Annotated[str, typer.Option(help=f"{disputes.CORRECTED} or {disputes.STANDS}.")],
    reason: Annotated[str, typer.Option(help="Why, in your own words; kept sealed.")],
    ground: Annotated[
        str | None, typer.Option(help=f"What the customer is told where it stands: {', '.join(disputes.GROUNDS)}.")
    ] = None,
) -> Answer:
    """Answer a dispute: the record was wrong and the books are corrected, or it stands. The customer is told."""
    customer_id = read_id(customer, "customer")
    answered = disputes.Answered(outcome, ground, reason)
    return session.ask(customer_id, disputes.answer(session.house, customer_id, read_id(case, "case"), answered))
