"""What a credit report shows of a line: after it is closed, and to a mortgage lender."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.desk.advice.answers.model import Part, Question, Source, Use, say
from shouxin.desk.advice.answers.values import Amount, Listed, Span, Values, days
from shouxin.desk.advice.answers.view import View
from shouxin.desk.advice.answers.words import BOOKS, BY_CUSTOMER, BY_LENDER
from shouxin.desk.servicing.reporting_records import OWN_REASONS, Kind, Record
from shouxin.desk.servicing.reporting_records import Status as Shown

PAYMENTS, LENDERS = "payments_elsewhere", "lenders_elsewhere"


def closing_and_bureau(view: View) -> Iterator[Part]:
    """What we report each month of a line, what changes of it when the line is closed, and that what was before stays."""
    if not (view.open_lines or view.closed):
        yield say("none")
        return
    if not view.reporting_agreed:
        yield say("not_reported", _consent(view))
        return
    yield say("reported", _consent(view))
    for each in _line_records(view):
        yield _of_line(view, each)
    yield say("changes")


def _of_line(view: View, each: Record) -> Part:
    line = view.line(each.account)
    use = _record(each)
    about: Values = {"product": line.name}
    if each.status is Shown.CLOSED and each.closed:
        by = BY_CUSTOMER if line.facility.reason in OWN_REASONS else BY_LENDER
        return say("closed", use, **about, day=each.closed, by=by)
    about_line: Values = {**about, "opened": each.opened, "limit": Amount(each.limit), "balance": Amount(each.balance)}
    if line in view.usable:
        if line.late_since:
            late: Values = {"overdue": Amount(line.due), "days": days((view.today - line.late_since).days)}
            return say("line_late", use, **about_line, **late)
        return say("line", use, **about_line)
    return say("closing", use, **about, balance=Amount(each.balance))


def _line_records(view: View) -> list[Record]:
    return [each for each in view.reported if each.kind is Kind.LINE]


def _record(each: Record) -> Use:
    return Use(Source.BOOKS, "reported", None, f"{each.product} {each.account}", BOOKS["reported"])


def _consent(view: View) -> Use:
    return Use(Source.BOOKS, "consent_reporting", view.reporting_agreed, str(view.today), BOOKS["consent_reporting"])


CLOSING_AND_BUREAU = Question(
    "CLOSING_AND_BUREAU",
    {
        "none": "",
        "not_reported": "",
        "reported": "",
        "line": "product opened limit balance",
        "line_late": "product opened limit balance overdue days",
        "closing": "product balance",
        "closed": "product day by",
        "changes": "",
    },
    closing_and_bureau,
)


def mortgage_view(view: View) -> Iterator[Part]:
    """What another lender sees of the customer here: lines, limits, what is used and paid each month; what would change it."""
    if not view.open_lines:
        yield say("none")
    elif not view.reporting_agreed:
        yield say("not_reported", _consent(view))
    else:
        yield from _seen_here(view)
    yield _seen_elsewhere(view)
    yield say("no_promise")


def _seen_here(view: View) -> Iterator[Part]:
    records = [each for each in _line_records(view) if each.closed is None]
    for each in records:
        line = view.line(each.account)
        about: Values = {"product": line.name, "limit": Amount(each.limit), "balance": Amount(each.balance)}
        yield say("line_late" if line.late_since else "line", _record(each), **about)
    next_dues = [due.principal + due.interest for line in view.open_lines for due in line.next_dues]
    monthly = Amount(sum(next_dues) + sum(line.due for line in view.open_lines))
    limits, balances = Amount(sum(each.limit for each in records)), Amount(sum(each.balance for each in records))
    uses = (Use(Source.BOOKS, "next_instalments", monthly, str(view.today), BOOKS["next_instalments"]),)
    yield say("sums", *uses, count=Span(len(records), "lines"), limit=limits, balance=balances, monthly=monthly)
    unused = [line for line in view.usable if not (line.facility.in_use or line.facility.loans)]
    if unused:
        freed, names = Amount(sum(line.facility.most for line in unused)), Listed(tuple(line.name for line in unused))
        yield say(
            "closing_lowers", *(line.books("limit", Amount(line.facility.most)) for line in unused), products=names, limit=freed
        )
    if monthly.minor:
        yield say("repaying_lowers")


def _seen_elsewhere(view: View) -> Part:
    """What other lenders report, where we have a report; else that we do not know."""
    payments, lenders = view.value(PAYMENTS), view.value(LENDERS)
    if not isinstance(payments, Amount) or not isinstance(lenders, int):
        return say("unknown")
    uses = (view.fact(PAYMENTS), view.fact(LENDERS))
    if not (payments.minor or lenders):
        return say("nothing_elsewhere", *uses)
    return say("elsewhere", *uses, payments=payments, lenders=Span(lenders, "lenders"))


MORTGAGE_VIEW = Question(
    "MORTGAGE_VIEW",
    {
        "none": "",
        "not_reported": "",
        "line": "product limit balance",
        "line_late": "product limit balance",
        "sums": "count limit balance monthly",
        "closing_lowers": "products limit",
        "repaying_lowers": "",
        "nothing_elsewhere": "",
        "elsewhere": "payments lenders",
        "unknown": "",
        "no_promise": "",
    },
    mortgage_view,
)
