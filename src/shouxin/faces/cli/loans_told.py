"""Loans of the books as they are printed: what is owed, the instalments, what happened. For quotes see `loans_shown`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from shouxin.desk.servicing.house import OWN
from shouxin.desk.servicing.looking import Seen
from shouxin.engines.loans.delinquency import FIVE_CLASSES
from shouxin.engines.loans.disclosure import METHODS
from shouxin.engines.loans.loan import Due, Loan, payable
from shouxin.engines.loans.payment import payoff
from shouxin.faces.cli.answers_shown import Shown, show_lines, show_table
from shouxin.faces.cli.events_told import HEADS, event_dict, event_row
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text

LINES = {
    "loan": Text("借据", "loan"),
    "product": Text("产品", "product"),
    "lender": Text("出借人", "lender"),
    "day": Text("截至", "as of"),
    "status": Text("状态", "status"),
    "paid_out": Text("放款日", "paid out on"),
    "amount": Text("借款金额", "amount"),
    "method": Text("还款方式", "method"),
    "annual_rate": Text("年化利率（单利）", "annual rate (simple)"),
    "principal": Text("剩余本金", "principal owed"),
    "due": Text("当日应还", "due"),
    "payoff": Text("当日结清金额", "settles it"),
    "days_past_due": Text("逾期天数", "days past due"),
    "class": Text("五级分类", "class"),
}
INSTALMENT = (
    (Text("期次", "No."), True),
    (Text("还款日", "Due date"), False),
    (Text("本金", "Principal"), True),
    (Text("利息", "Interest"), True),
    (Text("应还", "Payment"), True),
    (Text("未还", "Unpaid"), True),
    (Text("状态", "Status"), False),
)
LOAN = (
    (Text("借据", "Loan"), False),
    (Text("产品", "Product"), False),
    (Text("放款日", "Paid out on"), False),
    (Text("借款金额", "Amount"), True),
    (Text("年化利率（单利）", "Rate a year, simple"), True),
    (Text("剩余本金", "Principal owed"), True),
    (Text("当日应还", "Due"), True),
    (Text("逾期天数", "Days past due"), True),
    (Text("状态", "Status"), False),
)
ITSELF = Text("本机构", "the lender itself")
STATUS = {
    "running": Text("未结清", "running"),
    "overdue": Text("逾期", "overdue"),
    "settled": Text("已结清", "settled"),
    "written_off": Text("已核销", "written off"),
}
INSTALMENT_STATUS = {
    "to_come": Text("未到期", "to come"),
    "due": Text("应还", "due"),
    "late": Text("逾期", "late"),
    "paid": Text("已还", "paid"),
}


def shown_loan(seen: Seen, lang: str) -> Shown:
    """One loan with its instalments and events."""
    return Shown(loan_dict(seen, lang), lambda: show_loan(seen, lang))


def show_loan(seen: Seen, lang: str) -> None:
    """For people: what is owed, the instalments, what happened."""
    show_lines([(LINES[name].in_language(lang), value) for name, value in _facts(seen, lang).items()])
    if rows := _instalment_rows(seen, lang):
        show_table(INSTALMENT, rows, lang)
    show_table(HEADS, [event_row(each, lang) for each in seen.told], lang)


def shown_loans(found: Sequence[Seen], lang: str) -> Shown:
    """All loans of a customer, one row each."""
    plain = [_loan_dict(each) for each in found]
    return Shown({"loans": plain}, lambda: show_table(LOAN, [_row(each, lang) for each in found], lang))


def loan_dict(seen: Seen, lang: str) -> dict[str, Any]:
    """One loan for programs."""
    return {
        **_loan_dict(seen),
        "instalments": [_instalment_dict(each, seen.loan.on) for each in instalments(seen)],
        "events": [event_dict(each, lang) for each in seen.told],
    }


def status_of(loan: Loan) -> str:
    """A key of `STATUS`."""
    if loan.written_off:
        return "written_off"
    if loan.settled:
        return "settled"
    return "overdue" if loan.days_past_due else "running"


def instalments(seen: Seen) -> tuple[Due, ...]:
    """All instalments: those that fell due, and those to come as they will be if all is paid on its day."""
    return (*seen.loan.dues, *seen.to_come)


def due_now(loan: Loan) -> int:
    """What is due on the loan's day and unpaid."""
    return sum(each.amount for each in payable(loan))


def _loan_dict(seen: Seen) -> dict[str, Any]:
    loan = seen.loan
    return {
        "loan": str(seen.loan_id),
        "facility": str(seen.facility_id),
        "product": seen.product,
        "lenders": {code: write_percent(ppm) for code, ppm in seen.funders.items()},
        "day": loan.on.isoformat(),
        "status": status_of(loan),
        "settled": loan.settled and loan.settled.isoformat(),
        "written_off": loan.written_off and loan.written_off.isoformat(),
        "paid_out": seen.opened.isoformat(),
        "amount": write_amount(loan.totals.paid_out),
        "method": loan.agreement.terms.method.value,
        "annual_rate": write_percent(loan.rate_ppm),
        "principal": write_amount(loan.principal),
        "due": write_amount(due_now(loan)),
        "payoff": write_amount(payoff(loan)),
        "days_past_due": loan.days_past_due,
        "class": FIVE_CLASSES.band(loan.days_past_due).code,
    }


def _facts(seen: Seen, lang: str) -> dict[str, str]:
    """The lines of `LINES`."""
    loan = seen.loan
    ended = loan.written_off or loan.settled
    band = FIVE_CLASSES.band(loan.days_past_due)
    return {
        "loan": str(seen.loan_id),
        "product": seen.product,
        "lender": _lenders(seen, lang),
        "day": str(loan.on),
        "status": f"{STATUS[status_of(loan)].in_language(lang)} {ended or ''}".rstrip(),
        "paid_out": str(seen.opened),
        "amount": show_amount(loan.totals.paid_out),
        "method": METHODS[loan.agreement.terms.method].in_language(lang),
        "annual_rate": f"{write_percent(loan.rate_ppm)}%",
        "principal": show_amount(loan.principal),
        "due": show_amount(due_now(loan)),
        "payoff": show_amount(payoff(loan)),
        "days_past_due": str(loan.days_past_due),
        "class": band.zh if lang == "zh" else band.en,
    }


def _lenders(seen: Seen, lang: str) -> str:
    """Who lends the money; with several, each one's share."""
    names = {code: ITSELF.in_language(lang) if code == OWN else code for code in seen.funders}
    if len(names) == 1:
        return next(iter(names.values()))
    return ", ".join(f"{names[code]} {write_percent(ppm)}%" for code, ppm in seen.funders.items())


def _row(seen: Seen, lang: str) -> list[str]:
    facts = _facts(seen, lang)
    names = ("loan", "product", "paid_out", "amount", "annual_rate", "principal", "due", "days_past_due", "status")
    return [facts[name] for name in names]


def _instalment_status(each: Due, on: dt.date) -> str:
    """A key of `INSTALMENT_STATUS`, on a day."""
    if each.due > on:
        return "to_come"
    if each.settled is not None:
        return "paid"
    return "late" if each.late else "due"


def _instalment_rows(seen: Seen, lang: str) -> list[list[str]]:
    on, rows = seen.loan.on, []
    for each in instalments(seen):
        amounts = (each.principal, each.interest, each.principal + each.interest, _unpaid(each))
        status = INSTALMENT_STATUS[_instalment_status(each, on)].in_language(lang)
        rows.append([str(each.number), str(each.due), *(show_amount(amount) for amount in amounts), status])
    return rows


def _unpaid(each: Due) -> int:
    return each.unpaid_principal + each.unpaid_interest


def _instalment_dict(each: Due, on: dt.date) -> dict[str, Any]:
    return {
        "n": each.number,
        "due_date": each.due.isoformat(),
        "principal": write_amount(each.principal),
        "interest": write_amount(each.interest),
        "due": write_amount(each.principal + each.interest),
        "unpaid": write_amount(_unpaid(each)),
        "paid_on": each.settled.isoformat() if each.settled and each.due <= on else None,
        "status": _instalment_status(each, on),
    }
