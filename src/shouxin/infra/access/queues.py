"""The queues in which cases wait, from `queues.yaml`. Read first: `Queue`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from shouxin.foundation.businessdays import EVERY_DAY, china
from shouxin.foundation.texts import Text
from shouxin.infra.access.case_errors import CaseKindUnknown, QueueUnknown

APPROVE = "approve"


class Count(StrEnum):
    """Which days count until a case expires."""

    BUSINESS = "business"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Queue:
    """Where cases of some kinds wait.

    capacity: how many may wait at once
    days:     after the day of opening, the last day on which a case can be decided
    outcomes: what a person may decide; `approve` grants an amount
    default:  what becomes of a case that nobody decides in time; None: it stays open, and is late
    """

    code: str
    name: Text
    kinds: tuple[str, ...]
    capacity: int
    days: int
    count: Count
    outcomes: tuple[str, ...]
    default: str | None

    def expires(self, opened: dt.date) -> dt.date:
        """The last day on which a case that was opened on a day can be decided."""
        calendar = china() if self.count is Count.BUSINESS else EVERY_DAY
        return calendar.add_business_days(opened, self.days)


def _load() -> Mapping[str, Queue]:
    rows = yaml.safe_load(resources.files(__package__).joinpath("queues.yaml").read_text("utf-8"))
    return MappingProxyType({code: _queue(code, row) for code, row in rows.items()})


def _queue(code: str, row: Mapping[str, Any]) -> Queue:
    lists = (tuple(row["kinds"]), row["capacity"], row["days"], Count(row["count"]), tuple(row["outcomes"]))
    return Queue(code, Text(row["zh"], row["en"]), *lists, row.get("default"))


QUEUES = _load()
KINDS: Mapping[str, Queue] = MappingProxyType({kind: queue for queue in QUEUES.values() for kind in queue.kinds})


def queue_of(code: str) -> Queue:
    """A queue by its code. Raises QueueUnknown."""
    if code not in QUEUES:
        raise QueueUnknown("queue", code, known=", ".join(QUEUES))
    return QUEUES[code]


def queue_for(kind: str) -> Queue:
    """The queue of a kind of case. Raises CaseKindUnknown.

    >>> queue_for("dispute").expires(dt.date(2026, 7, 1))
    datetime.date(2026, 7, 21)
    """
    if kind not in KINDS:
        raise CaseKindUnknown("kind", kind, known=", ".join(KINDS))
    return KINDS[kind]
