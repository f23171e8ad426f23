"""How the books are printed: tables for people, plain values for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from rich.table import Table

from shouxin.book.ledger.chart import name_of
from shouxin.book.ledger.findings import Report
from shouxin.book.ledger.reports import AccountLedger, Line, Statement, TrialBalance, sides
from shouxin.faces.cli.out import print_whole, results
from shouxin.foundation.money import Currency, show_amount, write_amount
from shouxin.foundation.texts import Text

BOOK_DATE, VALUE_DATE = Text("入账日", "Booked"), Text("起息日", "Value date")
ACCOUNT, OTHER, NAME = Text("科目", "Account"), Text("对方科目", "Other account"), Text("名称", "Name")
CUSTOMER, JOURNAL, LOAN, KIND = Text("客户", "Customer"), Text("凭证号", "Journal"), Text("借据", "Loan"), Text("事件", "Event")
DEBIT, CREDIT, BALANCE = Text("借方", "Debit"), Text("贷方", "Credit"), Text("余额", "Balance")
OPENING, CLOSING, TOTAL = Text("期初余额", "Opening balance"), Text("期末余额", "Closing balance"), Text("合计", "Total")
TRIAL_HEADS = (
    Text("期初借方", "Opening debit"),
    Text("期初贷方", "Opening credit"),
    Text("本日借方", "Debits"),
    Text("本日贷方", "Credits"),
    Text("期末借方", "Closing debit"),
    Text("期末贷方", "Closing credit"),
)
NOTHING = Text("没有分录。", "Nothing is booked.")


def show_trial(trial: TrialBalance, lang: str) -> None:
    """A trial balance: balances on the side on which they are, sums below."""
    results.print(f"试算平衡表 {trial.day}" if lang == "zh" else f"Trial balance of {trial.day}", style="bold")
    table = _table((ACCOUNT, NAME), TRIAL_HEADS, lang)
    for row in trial.rows:
        amounts = (*sides([row.opening]), row.debits, row.credits, *sides([row.closing]))
        table.add_row(row.account, name_of(row.account, lang), *(_amount(each, trial.currency) for each in amounts))
    table.add_section()
    totals = (show_amount(each, trial.currency) for each in astuple(trial.totals))
    table.add_row(TOTAL.in_language(lang), "", *totals)
    print_whole(table)


def trial_dict(trial: TrialBalance, lang: str) -> dict[str, Any]:
    """A trial balance for programs; balances below zero are credit balances."""
    unit = trial.currency
    rows = [
        {
            "account": row.account,
            "name": name_of(row.account, lang),
            "opening": write_amount(row.opening, unit),
            "debits": write_amount(row.debits, unit),
            "credits": write_amount(row.credits, unit),
            "closing": write_amount(row.closing, unit),
        }
        for row in trial.rows
    ]
    totals = trial.totals
    sums = {name: write_amount(getattr(totals, name), unit) for name in totals.__dataclass_fields__}
    return {"day": trial.day.isoformat(), "currency": unit.code, "rows": rows, "totals": sums}


def show_account(book: AccountLedger, lang: str) -> None:
    """The ledger of an account: opening balance, lines with the running balance, closing balance."""
    results.print(f"{book.account} {name_of(book.account, lang)}  {book.first} – {book.last}", style="bold", soft_wrap=True)
    table = _table((BOOK_DATE, VALUE_DATE, CUSTOMER, JOURNAL, OTHER), (DEBIT, CREDIT, BALANCE), lang)
    table.add_row(OPENING.in_language(lang), "", "", "", "", "", "", _balance(book.opening, book.currency, lang))
    for line in book.lines:
        place = (str(line.book_date), str(line.value_date), str(line.customer_id), _number(line), line.other)
        table.add_row(*place, *_sides(line, book.currency, lang))
    table.add_row(CLOSING.in_language(lang), "", "", "", "", "", "", _balance(book.closing, book.currency, lang))
    print_whole(table)


def account_dict(book: AccountLedger, lang: str) -> dict[str, Any]:
    """The ledger of an account for programs; amounts below zero are credits."""
    return {
        "account": book.account,
        "name": name_of(book.account, lang),
        "from": book.first.isoformat(),
        "until": book.last.isoformat(),
        "currency": book.currency.code,
        "opening": write_amount(book.opening, book.currency),
        "lines": [_line_dict(each, book.currency) for each in book.lines],
        "closing": write_amount(book.closing, book.currency),
    }


def show_statement(made: Statement, lang: str) -> None:
    """The statement of a customer: each side of each posting, with the balance of its loan and account."""
    results.print(f"对账单 {made.customer_id}" if lang == "zh" else f"Statement of {made.customer_id}", style="bold")
    if not made.lines:
        results.print(NOTHING.in_language(lang))
        return
    table = _table((BOOK_DATE, VALUE_DATE, JOURNAL, KIND, LOAN, ACCOUNT), (DEBIT, CREDIT, BALANCE), lang)
    for line in made.lines:
        place = (
            str(line.book_date),
            str(line.value_date),
            _number(line),
            line.kind or "?",
            str(line.loan_id or ""),
            line.account,
        )
        table.add_row(*place, *_sides(line, made.currency, lang))
    print_whole(table)


def statement_dict(made: Statement) -> dict[str, Any]:
    """The statement of a customer for programs; amounts below zero are credits."""
    return {
        "customer_id": str(made.customer_id),
        "currency": made.currency.code,
        "lines": [{"kind": each.kind, **_line_dict(each, made.currency)} for each in made.lines],
    }


def show_report(report: Report, lang: str) -> None:
    """What a verification saw: what is wrong, line by line, and the head to note elsewhere."""
    zh = lang == "zh"
    for sentence in (*(each.text(lang) for each in report.findings), *report.violations):
        results.print(sentence, soft_wrap=True, style="red")
    compared = (
        f"已核对 {report.days:,} 个封账日、{report.rows:,} 行。" if zh else f"{report.days:,} closed days, {report.rows:,} rows."
    )
    count = len(report.findings) + len(report.violations)
    if report.whole:
        results.print(f"{compared}账簿完整。" if zh else f"{compared} The books are whole.")
    else:
        results.print(f"{compared}发现 {count:,} 处异常。" if zh else f"{compared} Faults: {count:,}.", style="bold red")
    if report.head:
        day, hashed = report.head
        note = "请另行记录" if zh else "note elsewhere"
        results.print(f"{note}{'：' if zh else ': '}{day}={hashed.hex()}", soft_wrap=True)


def _line_dict(line: Line, unit: Currency) -> dict[str, Any]:
    return {
        "book_date": line.book_date.isoformat(),
        "value_date": line.value_date.isoformat(),
        "customer_id": str(line.customer_id),
        "journal": line.journal,
        "line": line.line,
        "loan_id": str(line.loan_id) if line.loan_id else None,
        "reverses": line.reverses,
        "account": line.account,
        "other": line.other,
        "amount": write_amount(line.amount, unit),
        "balance": write_amount(line.balance, unit),
    }


def _table(heads: Sequence[Text], amounts: Sequence[Text], lang: str) -> Table:
    table = Table()
    for head in heads:
        table.add_column(head.in_language(lang))
    for head in amounts:
        table.add_column(head.in_language(lang), justify="right")
    return table


def _number(line: Line) -> str:
    return f"{line.journal}/{line.line}" + (f" (-{line.reverses})" if line.reverses else "")


def _sides(line: Line, unit: Currency, lang: str) -> tuple[str, str, str]:
    debit, credit = sides([line.amount])
    return _amount(debit, unit), _amount(credit, unit), _balance(line.balance, unit, lang)


def _amount(amount: int, unit: Currency) -> str:
    return show_amount(amount, unit) if amount else ""


def _balance(balance: int, unit: Currency, lang: str) -> str:
    """A balance with the side on which it is."""
    if not balance:
        return show_amount(0, unit)
    side = Text("借", "Dr") if balance > 0 else Text("贷", "Cr")
    return f"{show_amount(abs(balance), unit)} {side.in_language(lang)}"
