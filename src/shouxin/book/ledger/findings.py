"""What a verification finds, and how it is said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shouxin.book.ledger.seal import Key
from shouxin.foundation.texts import Text


class What(StrEnum):
    """What is wrong with a row, a seal or a day."""

    CHANGED = "changed"
    MISSING = "missing"
    NOT_SEALED = "not sealed"
    NO_BUSINESS_DAY = "no business day"
    BALANCES_CHANGED = "balances changed"
    SEAL_CHANGED = "seal changed"
    CHAIN_BROKEN = "chain broken"
    SIGNATURE_WRONG = "signature wrong"
    NOT_AS_NOTED = "not as noted"
    NOT_CLOSED = "not closed"
    CLOSED_TOO_EARLY = "closed too early"


TEXTS = {
    What.CHANGED: Text("封账后被改动", "changed since the day was sealed"),
    What.MISSING: Text("封账后被删除，或已改到别处", "missing: it was there when the day was sealed"),
    What.NOT_SEALED: Text("不在封账内容中", "not sealed: it was not there when the day was sealed"),
    What.NO_BUSINESS_DAY: Text("入账日不是营业日", "booked on a day that never was a business day"),
    What.BALANCES_CHANGED: Text("余额封账后被改动", "the balances were changed since the day was sealed"),
    What.SEAL_CHANGED: Text("封账内容被改动", "the seal was changed"),
    What.CHAIN_BROKEN: Text("与前一日的封账不衔接", "the seal does not continue that of the day before"),
    What.SIGNATURE_WRONG: Text("签名不符", "the signature is not that of the seal"),
    What.NOT_AS_NOTED: Text("与另行记录的封账值不一致", "the seal is not the one that was noted elsewhere"),
    What.NOT_CLOSED: Text(
        "该日已结束但未封账：日终未完成，或封账记录被删除",
        "over and not sealed: close of business has not ended, or the seal was removed",
    ),
    What.CLOSED_TOO_EARLY: Text("该日不应有封账记录", "sealed, though it is not over or was before the first business day"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. key: the row, where it is about one; otherwise it is about the day's row in `table`."""

    what: What
    day: dt.date
    table: str
    key: Key | None = None

    def text(self, lang: str) -> str:
        """One line for people."""
        place = f"{self.day} {self.table}"
        if self.key is not None:
            place += f" {self.key.customer_id} {self.key.number}" + (f"/{self.key.line}" if self.key.line else "")
        return f"{place}{'：' if lang == 'zh' else ': '}{TEXTS[self.what].in_language(lang)}"

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        made: dict[str, Any] = {"what": str(self.what), "day": self.day.isoformat(), "table": self.table}
        if self.key is not None:
            made |= {"customer_id": str(self.key.customer_id), "number": self.key.number}
            made |= {"line": self.key.line} if self.key.line else {}
        return made


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification saw.

    days, rows: how many sealed days were compared, and the rows sealed in them
    head:       the last sealed day and its hash; note it elsewhere, and a later verification can be held to it
    violations: what the checks of `checks.py` say, in `lang` of the verification
    """

    days: int
    rows: int
    head: tuple[dt.date, bytes] | None
    findings: tuple[Finding, ...]
    violations: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings and not self.violations

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "whole": self.whole,
            "days": self.days,
            "rows": self.rows,
            "head": {"day": self.head[0].isoformat(), "hash": self.head[1].hex()} if self.head else None,
            "findings": [each.to_dict() for each in self.findings],
            "violations": list(self.violations),
        }
