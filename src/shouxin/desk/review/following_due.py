"""After close of business: the rules of `cross` act on all customers whom they may concern. Read first: `follow_due`.

Whom: customers with several lines that are not closed, or with one that is suspended, who are late with something or to whom
something happened since this was done last. That is enough, since facts of our own books change by events and by days overdue
alone, and what others say comes as an event, too; a rule that reads a fact which time alone moves (an age, data that grow old)
counts for others from their next event on.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import Any

from shouxin.book.facilities.model import Facility, Status
from shouxin.book.facilities.work import Asker, ask
from shouxin.book.ledger.days import ONE_DAY
from shouxin.desk.review.following import QUERIES, follow
from shouxin.desk.servicing.house import House
from shouxin.foundation.ids import NIL
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.jobs import DONE, JobDone, Run, beat, begin, finish

NAME, PRINCIPAL = "cross rules", "close of business"
BATCH = 50
AT_ONCE = dt.timedelta(0)
AFTER = "after"
COUNTED = {"suspend": "suspended", "close": "ended", "resume": "resumed"}


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of it. suspended, ended, resumed: lines, those that end once all is repaid among the ended; undecided: customers
    of whom a rule could not be decided; refused: customers who could not be looked at, as somebody erased"""

    suspended: int = 0
    ended: int = 0
    resumed: int = 0
    undecided: int = 0
    refused: int = 0

    def __add__(self, other: Followed) -> Followed:
        return Followed(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def follow_due(connection: Connection, house: House, day: dt.date) -> Followed:
    """What the close of the day before has for consequences: `day` is the one that is open now.

    Some customers at a time. A run that was stopped is carried on by the next for the same day, or for a later one, which looks
    at what happened since the last run that was done. A repeat does nothing. Raises JobTakenOver for whoever was overtaken.
    """
    try:
        job = in_unit(connection, lambda unit: begin(unit, NAME, day.isoformat(), AT_ONCE))
    except JobDone:
        return Followed()
    after, done = _so_far(job.detail)
    ids = in_unit(connection, lambda unit: _concerned(unit, after))
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        done = in_unit(connection, partial(_follow_some, house=house, job=job, ids=some, before=done))
    in_unit(connection, lambda unit: finish(unit, job, DONE, asdict(done)))
    return done


def is_left(unit: Unit, day: dt.date) -> bool:
    """Whether it is still to be done for a day, or to be carried on."""
    ((row,),) = unit.read((QUERIES["followed"], (NAME,)))
    return bool(row.last != day.isoformat())


def is_concerned(lines: Sequence[Facility]) -> bool:
    """Whether one line of a customer may have consequences for another, as the query `concerned` has it for all customers."""
    left = [each for each in lines if each.status is not Status.CLOSED]
    return len(left) > 1 or any(each.status is Status.SUSPENDED for each in left)


def _so_far(detail: Mapping[str, Any]) -> tuple[uuid.UUID, Followed]:
    """After whom to go on, and what was done by then."""
    counts = {name: value for name, value in detail.items() if name != AFTER}
    return uuid.UUID(detail[AFTER]) if AFTER in detail else NIL, Followed(**counts)


def _concerned(unit: Unit, after: uuid.UUID) -> list[uuid.UUID]:
    ((row,),) = unit.read((QUERIES["followed"], (NAME,)))
    since = dt.date.fromisoformat(row.last) if row.last else dt.date.fromisoformat(row.first) - ONE_DAY
    (rows,) = unit.read((QUERIES["concerned"], (since, after)))
    return [each.customer_id for each in rows]


def _follow_some(unit: Unit, house: House, job: Run, ids: Sequence[uuid.UUID], before: Followed) -> Followed:
    """One step of the job: its heartbeat, and how far it is, are committed together with what was done."""
    beat(unit, job, {})
    answers = [ask(unit, Asker(each, PRINCIPAL, f"follow {job.key}"), follow(house)) for each in ids]
    done = sum((_counted(each) for each in answers), before)
    beat(unit, job, {AFTER: ids[-1].hex, **asdict(done)})
    return done


def _counted(answer: Answer) -> Followed:
    if not answer.done:
        return Followed(refused=1)
    acts = Counter(COUNTED[each["act"]] for each in answer.body["lines"])
    return Followed(**acts, undecided=int(bool(answer.body["undecided"])))
