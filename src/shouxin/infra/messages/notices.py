"""Notices: what a customer is to be told. Commands and close of business write them; `sending.py` sends them.

Read first: `add_notice`. A notice has a natural key (customer, kind, what it is about, day): to write it again does nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import QUERIES
from shouxin.infra.messages.notice_texts import text_of


@dataclass(frozen=True, slots=True)
class Notice:
    """What a customer is to be told.

    kind:   one of `notice_texts.yaml`
    about:  a loan, a facility, or the customer
    on_day: the business day on which it is written
    facts:  what its text names, as JSON values without personal data: amounts in minor units, rates in ppm, days YYYY-MM-DD
    """

    customer_id: uuid.UUID
    kind: str
    about: uuid.UUID
    on_day: dt.date
    facts: Mapping[str, Any]
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as it stands. status: waiting, sent, expired (too late to be worth sending), unreachable (the customer has no
    contact that may be used, or it failed too often), withheld (the customer may not be contacted, or the text has a fault)."""

    notice: Notice
    status: str
    failures: int = field(default=0)

    @property
    def text(self) -> str:
        """As the customer reads it. Raises what `text_of` raises."""
        return text_of(self.notice.kind, self.notice.about, self.notice.facts, self.notice.lang)


def add_notice(unit: Unit, notice: Notice) -> None:
    """Let a customer be told something; the customer's row is held. A repeat does nothing.

    Raises NoticeKindUnknown, NoticeFactMissing, NoticeFactUnreadable, in this order.
    """
    text_of(notice.kind, notice.about, notice.facts, notice.lang)
    facts = json.dumps(notice.facts, ensure_ascii=False, separators=(",", ":"))
    unit.write(QUERIES["notice_added"], (notice.customer_id, notice.kind, notice.about, notice.on_day, notice.lang, facts))


def add_notices_from(unit: Unit, select: str, values: Sequence[Any]) -> None:
    """Let many customers be told, by one statement: `select` gives customer_id, kind, about, on_day, facts (jsonb).

    It is the caller's own named query, never text from outside; its rows are not checked here: one that has no text is withheld
    when it is to be sent. A repeat does nothing. In Chinese, as nothing else is known of them.
    """
    unit.write(f"WITH found AS ({select}) {QUERIES['notices_found']}", values)


def notices_of(unit: Unit, customer_id: uuid.UUID) -> tuple[NoticeRow, ...]:
    """All notices of a customer, the newest day first."""
    (rows,) = unit.read((QUERIES["notices_of"], (customer_id,)))
    return tuple(_notice(row) for row in rows)


def _notice(row: Any) -> NoticeRow:
    notice = Notice(row.customer_id, row.kind, row.about, row.on_day, row.facts, row.lang)
    return NoticeRow(notice, row.status, row.failures)
