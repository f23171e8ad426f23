"""The file for the bureau, line by line: JSON, one object a line, in UTF-8. Read first: `FIELDS`, which documents each name.

header      who reports which month, how many records follow, and their control sums
account     one account of the month
correction  one account of an earlier month that was reported otherwise
trailer     how many lines came before, and the SHA-256 over all of them, line ends included
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shouxin.book.customers.model import Person
from shouxin.desk.servicing.reporting_records import Kind, Month, Record, plain
from shouxin.foundation.texts import Text

FORMAT = "shouxin-bureau-1"
CURRENCY = "CNY"
ACCOUNT, CORRECTION = "account", "correction"
# Sums of amounts over the records of a kind, by which a reader knows that nothing was lost.
SUMMED = ("limit", "balance", "due", "paid", "overdue", "claim")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record. type: of JSON, with what null means; source: where its value comes from."""

    type: str
    source: str
    text: Text


FIELDS: Mapping[str, Field] = {
    "type": Field("`account` or `correction`", "the file", Text("记录类型", "kind of line")),
    "month": Field("text YYYY-MM", "the file; of a correction, the month corrected", Text("报告月份", "month")),
    "number": Field(
        "integer, 1 and up", "table `bureau_record`", Text("记录序号", "1 for the first record, then its corrections")
    ),
    "name": Field("text", "the customer, opened", Text("姓名或名称", "name")),
    "id_number": Field("text; null for companies", "the customer, opened", Text("证件号码", "identity number (GB 11643)")),
    "credit_code": Field(
        "text; null where there is none",
        "the customer, opened",
        Text("统一社会信用代码", "unified social credit code (GB 32100)"),
    ),
    "account": Field("UUID", "the line's or the loan's id", Text("账户标识", "account")),
    "kind": Field("`line` or `loan`", "which of both it is", Text("账户类型", "revolving line under a product, or loan")),
    "line": Field("UUID; null for lines", "the loan's facility", Text("所属额度账户", "line under which the loan was drawn")),
    "product": Field("code", "the policy bundle", Text("产品", "product")),
    "opened": Field("date", "line: accepted; loan: paid out", Text("开户日期", "opened")),
    "limit": Field("amount", "line: its limit on the day; loan: what was paid out", Text("授信额度或借款金额", "limit")),
    "balance": Field(
        "amount",
        "principal owed, as in the ledger; of a line the sum over its loans",
        Text("余额", "principal owed"),
    ),
    "due": Field(
        "amount",
        "principal and interest of instalments with a due date in the month",
        Text("本月应还款", "fallen due in the month"),
    ),
    "paid": Field(
        "amount",
        "payments effective in the month, of those that did not bounce",
        Text("本月实还款", "paid in the month"),
    ),
    "overdue": Field("amount", "unpaid principal and interest of late instalments", Text("当前逾期总额", "late and unpaid")),
    "days_past_due": Field(
        "integer, days", "since the oldest late due date; of a line the most of its loans", Text("当前逾期天数", "days past due")
    ),
    "months_overdue": Field(
        "integer, 0 to 7",
        "from the days: 1 for 1-30, 2 for 31-60, … 7 for more than 180",
        Text("当前逾期期数", "months overdue"),
    ),
    "class": Field(
        "`normal`, `special_mention`, `substandard`, `doubtful`, `loss`",
        "from the days, by the scale in force; `loss` where written off",
        Text("五级分类", "asset class"),
    ),
    "status": Field(
        "`normal`, `overdue`, `written_off`, `settled`, `closed`",
        "a loan is settled, a line is closed",
        Text("账户状态", "status"),
    ),
    "claim": Field("amount", "what is still owed of what was written off", Text("核销后未收回金额", "claim after write-off")),
    "written_off": Field("date; null where not", "the event", Text("核销日期", "written off on")),
    "closed": Field("date; null while open", "loan: settled; line: closed", Text("关闭或结清日期", "closed on")),
    "closed_by": Field(
        "`customer` or `lender`; null for loans and while open",
        "the reason of the closing",
        Text("关闭发起方", "whose request closed it"),
    ),
    "disputed": Field("true or false", "a dispute of the account is open at the month's end", Text("异议标注", "under dispute")),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """A record as it goes into the file."""

    type: str
    month: Month
    number: int
    record: Record
    disputed: bool


def line_of(reported: Reported, person: Person) -> str:
    """A record as a line of the file, without its end."""
    identity = {"name": person.name, "id_number": person.id_number, "credit_code": person.credit_code}
    head = {"type": reported.type, "month": str(reported.month), "number": reported.number, **identity}
    return _line({**head, **plain(reported.record), "disputed": reported.disputed})


@dataclass(slots=True)
class Totals:
    """Counts and control sums, as the file grows. withheld: accounts that are not in it, and why."""

    accounts: Counter[str] = field(default_factory=Counter)
    corrections: int = 0
    disputed: int = 0
    sums: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in Kind})
    withheld: list[tuple[uuid.UUID, str]] = field(default_factory=list)

    def add(self, reported: Reported) -> None:
        """One more record. Corrections are counted and not summed: they are of other months."""
        self.disputed += reported.disputed
        if reported.type == CORRECTION:
            self.corrections += 1
            return
        self.accounts[reported.record.kind] += 1
        for name in SUMMED:
            self.sums[reported.record.kind][name] += getattr(reported.record, name)

    @property
    def records(self) -> int:
        """All lines between header and trailer."""
        return sum(self.accounts.values()) + self.corrections


def header_of(lender: Text, month: Month, totals: Totals) -> str:
    """The first line, without its end."""
    head = {"type": "header", "format": FORMAT, "lender": {"zh": lender.zh, "en": lender.en}, "currency": CURRENCY}
    counts = {"lines": totals.accounts[Kind.LINE], "loans": totals.accounts[Kind.LOAN], "corrections": totals.corrections}
    sums = {f"{kind}s": {name: totals.sums[kind][name] for name in SUMMED} for kind in Kind}
    days = {"month": str(month), "known_by": str(month.last)}
    return _line({**head, **days, "count": {**counts, "disputed": totals.disputed}, "sum": sums})


def trailer_of(lines: int, sha256: str) -> str:
    """The last line, without its end."""
    return _line({"type": "trailer", "lines": lines, "sha256": sha256})


def _line(plain_line: Mapping[str, Any]) -> str:
    return json.dumps(plain_line, ensure_ascii=False, separators=(",", ":"))
