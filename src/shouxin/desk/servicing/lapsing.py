"""Lines that end by themselves: offers that nobody took, lines whose last day is over, lines that were not used for too long.

SQL finds the customers; what lapses of each is decided under their lock, by `lapsed`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shouxin.book.facilities import service
from shouxin.book.facilities.model import Facility, Status
from shouxin.book.facilities.work import Asker, Command, Work, ask
from shouxin.book.products import active_bundle
from shouxin.engines.policy.load import Bundle
from shouxin.foundation.days import add_months
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit, in_unit

QUERIES = load_queries(__package__, "closing.sql")
PRINCIPAL = "close of business"
BATCH = 100
OFFER_LAPSED, EXPIRED, UNUSED = "LAPSED", "EXPIRED", "UNUSED"


def lapse(connection: Connection, day: dt.date) -> int:
    """Close what has lapsed by the beginning of a day, some customers at a time; returns how many lines there were.

    A repeat finds nothing: a line that is closing or closed is not looked for.
    """
    found = sorted(in_unit(connection, lambda unit: _having_lapsed(unit, day)))
    starts = range(0, len(found), BATCH)
    return sum(in_unit(connection, partial(_lapse_some, ids=found[start : start + BATCH], day=day)) for start in starts)


def _lapse_some(unit: Unit, ids: Sequence[uuid.UUID], day: dt.date) -> int:
    answers = [ask(unit, Asker(each, PRINCIPAL, f"lapse {day}"), lapse_lines()) for each in ids]
    return sum(len(each.body["lapsed"]) for each in answers if each.done)


def _having_lapsed(unit: Unit, day: dt.date) -> set[uuid.UUID]:
    months = _unused_months(active_bundle(unit, day))
    since = [add_months(day, -each) for each in months.values()]
    expired, unused = unit.read((QUERIES["expired"], (day,)), (QUERIES["unused"], (list(months), since)))
    return {row.customer_id for row in (*expired, *unused)}


def _unused_months(bundle: Bundle) -> dict[str, int]:
    return {code: product.unused_months for code, product in bundle.products.items() if product.unused_months}


def lapse_lines() -> Command:
    """Close those of a customer's lines that have lapsed by today. A repeat under another key finds nothing."""

    def act(work: Work) -> Mapping[str, Any]:
        today = work.standing.today
        found = list(lapsed(work.standing.facilities, active_bundle(work.unit, today), today))
        for each, reason in found:
            service.close(work, each.id, reason)
        return {"lapsed": [each.id for each, _ in found]}

    return Command("facility.lapse", {}, act)


def lapsed(facilities: Sequence[Facility], bundle: Bundle, day: dt.date) -> Iterator[tuple[Facility, str]]:
    """The lines that have lapsed by the beginning of a day, each with the reason."""
    for each in facilities:
        if ends(each, bundle) <= day:
            expired = each.expires < day
            yield each, (OFFER_LAPSED if each.status is Status.OFFERED else EXPIRED) if expired else UNUSED


def ends(facility: Facility, bundle: Bundle) -> dt.date:
    """The first day on which a line has lapsed, if nothing happens to it until then; `date.max` for one that ends already."""
    if not facility.commits:
        return dt.date.max
    over = facility.expires + dt.timedelta(days=1)
    months = _unused_months(bundle).get(facility.product)
    in_use = facility.owed or facility.reserved or facility.loans
    if not months or facility.status is not Status.ACTIVE or in_use or facility.used is None:
        return over
    return min(over, _first_unused(facility.used, months))


def _first_unused(used: dt.date, months: int) -> dt.date:
    """The first day of which the same day, some months before, is after the last use; months differ in length.

    >>> _first_unused(dt.date(2026, 1, 5), 6), _first_unused(dt.date(2025, 8, 31), 6)
    (datetime.date(2026, 7, 6), datetime.date(2026, 3, 1))
    """
    day = add_months(used, months)
    while add_months(day, -months) <= used:
        day += dt.timedelta(days=1)
    return day
