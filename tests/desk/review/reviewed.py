"""A lender whose days end as `shouxin cob run` ends them, and what tests of the review ask of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shouxin.book.products.service import store_bundle
from shouxin.desk.review.following import follow
from shouxin.desk.review.following_due import Followed, follow_due
from shouxin.desk.servicing import closing
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.desk.origination.applicant import FIRST_DAY, Desk, desk
from tests.desk.servicing.lender import BUNDLE, DAY, YUAN


@contextmanager
def lender_under(target: Target, bundle: str) -> Iterator[Desk]:
    """A lender under a shipped bundle whose lines were granted by `standard`, so that both products may be held under any."""
    with desk(target, bundle) as found:
        in_unit(found.connection, lambda unit: store_bundle(unit, BUNDLE, FIRST_DAY))
        yield found


def end_days(lender: Desk, until: dt.date) -> Iterator[tuple[dt.date, Followed]]:
    """Business days end until one is open; each new day, and what the rules of `cross` did at its beginning."""
    for each in closing.run(lender.connection, lender.house, until - DAY):
        yield each.day + DAY, follow_due(lender.connection, lender.house, each.day + DAY)


def acted(lender: Desk, until: dt.date) -> dict[dt.date, Followed]:
    """The same, of the days on which they did something."""
    return {day: done for day, done in end_days(lender, until) if done != Followed()}


def followed(lender: Desk, customer: uuid.UUID) -> dict[str, Any]:
    """What the command does now."""
    return lender.done(customer, follow(lender.house))


def borrower(lender: Desk, borrows: str = "consumer-line") -> tuple[uuid.UUID, dict[str, uuid.UUID], uuid.UUID]:
    """A customer with a consumer line and a business loan, 12,000 drawn of one of them: customer, lines by product, loan."""
    customer = lender.customer()
    held = {"consumer-line": lender.line(customer, "consumer-line", total=150_000 * YUAN)}
    held["business-loan"] = lender.facility(customer, "business-loan", 50_000 * YUAN)
    purpose = {"consumer-line": "shopping", "business-loan": "stock"}[borrows]
    return customer, held, lender.loan(customer, held[borrows], 12_000 * YUAN, purpose=purpose)


def line(lender: Desk, facility: uuid.UUID) -> tuple[str, str | None]:
    """A line's status, and the reason of its last change."""
    found: tuple[str, str | None] = lender.one("SELECT status, reason FROM facility WHERE facility_id = %s", facility)
    return found


def events(lender: Desk, customer: uuid.UUID) -> list[tuple[str, str | None]]:
    """What was done with a customer's lines after they were opened, in order."""
    query = (
        "SELECT array_agg(kind || ' ' || coalesce(reason, '-') ORDER BY number) FROM event WHERE customer_id = %s AND kind IN "
        "('facility.suspended', 'facility.resumed', 'facility.closing', 'facility.closed', 'review.followed')"
    )
    (found,) = lender.one(query, customer)
    return [tuple(each.split(" ")) for each in found or []]
