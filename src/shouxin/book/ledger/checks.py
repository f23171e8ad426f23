"""What must always be true of the ledger, each asked of the database in one statement. Tests of faults and restores use them too.

A check is called with a unit of work, the first book date to look at and a language, and returns a sentence for each violation,
at most 100. It only reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shouxin.foundation.texts import Text
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__, "checks.sql")
BEGINNING = dt.date.min


@dataclass(frozen=True, slots=True)
class Check:
    """A statement of `checks.sql` that returns what breaks it, and the sentence for a row of that."""

    name: str
    broken: Text

    def __call__(self, unit: Unit, since: dt.date = BEGINNING, lang: str = "en") -> list[str]:
        """A sentence for each violation; none where it holds."""
        statement = QUERIES[self.name]
        [rows] = unit.read((statement, (since,) * statement.count("%s")))
        return [self.broken.in_language(lang).format_map(_shown(row)) for row in rows]


def _shown(row: Any) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = row._asdict()
    return shown


accounts_named_rightly = Check(
    "accounts_misnamed",
    Text("科目 {account}：名称与编号、产品、分段不一致", "account {account}: not named by its code, product and part"),
)
postings_sound = Check(
    "postings_unsound",
    Text(
        "分录 {customer_id} {journal}/{line}：借贷同科目、金额不为正或币种不一",
        "posting {customer_id} {journal}/{line}: one account twice, an amount not above zero, or another currency",
    ),
)
journals_have_events = Check(
    "journals_dangling",
    Text(
        "凭证 {customer_id} {journal}（{book_date}）：没有同日入账的事件",
        "journal {customer_id} {journal} of {book_date}: no event of that number and book date",
    ),
)
reversals_mirror = Check(
    "reversals_unlike",
    Text(
        "冲正凭证 {customer_id} {journal}/{line}：与被冲正的凭证 {reverses} 不对应",
        "reversal {customer_id} {journal}/{line}: not the mirror image of journal {reverses}",
    ),
)
events_without_gaps = Check(
    "events_missing",
    Text(
        "客户 {customer_id}：应有 {told} 个事件，实有 {found} 个，最大编号 {last}",
        "customer {customer_id}: {told} events are told, {found} are there, the last is number {last}",
    ),
)
closed_balances_are_sums = Check(
    "closed_balances_wrong",
    Text(
        "{day} 科目 {account}：封账累计借 {debits} 贷 {credits}，分录合计借 {debits_posted} 贷 {credits_posted}",
        "{day} account {account}: closed with debits {debits}, credits {credits}; posted are {debits_posted}, {credits_posted}",
    ),
)
closed_days_balance = Check(
    "closed_days_unbalanced",
    Text("{day}：封账累计借方 {debits}，贷方 {credits}，不平", "{day}: closed with debits {debits} and credits {credits}"),
)

CHECKS = (
    accounts_named_rightly,
    postings_sound,
    journals_have_events,
    reversals_mirror,
    events_without_gaps,
    closed_balances_are_sums,
    closed_days_balance,
)


def violations(unit: Unit, since: dt.date = BEGINNING, lang: str = "en") -> list[str]:
    """What all checks say, in their order."""
    return [sentence for check in CHECKS for sentence in check(unit, since, lang)]
