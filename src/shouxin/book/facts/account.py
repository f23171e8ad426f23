"""Account facts: what our own books knew of customers at the end of a day. `model.py` says what each fact means.

The statements of `queries.sql` define them once, for one customer and for many: they are sent as they are, with a set of
customers and the day. What is added up over a customer's lines and written in words is done here, by pure functions of rows.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from shouxin.book.facilities.acts import CLOSED_BECAUSE
from shouxin.book.facts.model import FOUND, NO_RECORD
from shouxin.engines.policy.names import column_of
from shouxin.foundation.ids import written_ids
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement, Unit

QUERIES = load_queries(__package__)
NAMES = ("lines", "payments", "conduct")
WHOLE_BP, MOST_BP = 10_000, 50_000

Values = dict[str, Any]


def account_statements(customer_ids: Sequence[uuid.UUID], as_of: dt.date) -> tuple[Statement, ...]:
    """The statements whose rows, in this order, go to `account_facts_of`."""
    values = (written_ids(customer_ids), as_of)
    return tuple((QUERIES[name], values) for name in NAMES)


def account_facts(unit: Unit, customer_ids: Sequence[uuid.UUID], as_of: dt.date) -> dict[uuid.UUID, Values]:
    """The facts of each customer by name, as known at the end of `as_of`, in one round trip.

    Money is in minor units, rates in 1/10,000; what is absent of a customer is not in the dictionary.
    """
    return account_facts_of(customer_ids, as_of, unit.read(*account_statements(customer_ids, as_of)))


def account_facts_of(customer_ids: Iterable[uuid.UUID], as_of: dt.date, rows: Sequence[Sequence[Any]]) -> dict[uuid.UUID, Values]:
    """What the rows of `account_statements` say of each customer."""
    lines, payments, conduct = rows
    of_customer: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in lines:
        of_customer[row.customer_id].append(row)
    paid, done = ({row.customer_id: row for row in some} for some in (payments, conduct))
    found: dict[uuid.UUID, Values] = {}
    for customer_id in customer_ids:
        own = of_customer.get(customer_id)
        found[customer_id] = {"book_status": NO_RECORD}
        if own:
            values = {**_of_lines(own, as_of), **_of_payments(paid.get(customer_id), as_of), **_of_conduct(done[customer_id])}
            found[customer_id] = {"book_status": FOUND, **{name: each for name, each in values.items() if each is not None}}
    return found


def _of_lines(rows: Sequence[Any], as_of: dt.date) -> Values:
    closed, by_customer = (sum(getattr(row, name) for row in rows) for name in ("closed_12m", "closed_by_customer_12m"))
    values: Values = {
        "months_on_book": full_months(min(row.opened for row in rows), as_of),
        "exposure": sum(row.exposure for row in rows),
        "owed": sum(row.owed for row in rows),
        "days_overdue_now": max(row.days_overdue for row in rows),
        "line_use_bp": _line_use([_on_day(rows, back) for back in range(3)]),
        "lines_closed_12m": closed,
        "lines_closed_by_customer_12m": by_customer,
        "lines_closed_by_us_12m": closed - by_customer,
    }
    for row in rows:
        values |= {f"{family}_{column_of(row.product)}": value for family, value in _of_product(row, as_of).items()}
    return values


def _of_product(row: Any, as_of: dt.date) -> Values:
    return {
        "held": row.held,
        "line": row.line,
        "used": row.used_0,
        "instalment": row.instalment,
        "days_overdue": row.days_overdue,
        "days_since_closed": (as_of - row.closed).days if row.closed else None,
        "closed_because": CLOSED_BECAUSE.get(row.reason or "", "for_risk") if row.closed else "none",
    }


def _on_day(rows: Sequence[Any], back: int) -> tuple[int, int, int]:
    """How many lines were open on one of the three days, what was in use of them, and their limits."""
    number, in_use, limits = (sum(getattr(row, f"{name}_{back}") for row in rows) for name in ("open", "used", "limit"))
    return number, in_use, limits


def _line_use(days: Iterable[tuple[int, int, int]]) -> int | None:
    """The mean use in 1/10,000 over the days on which a line was open.

    >>> _line_use([(1, 300, 1_000), (1, 100, 1_000), (0, 0, 0)])
    2000
    """
    uses = []
    for number, in_use, limits in days:
        if number:
            alone = WHOLE_BP if in_use else 0
            uses.append(min(WHOLE_BP * in_use // limits, MOST_BP) if limits else alone)
    return sum(uses) // len(uses) if uses else None


def _of_payments(row: Any | None, as_of: dt.date) -> Values:
    """Of a customer who never had a loan, all counts are 0."""
    counts = {
        **{f"worst_overdue_here_{months}m": f"worst_{months}m" for months in (3, 6, 12, 24)},
        **{f"payments_due_{months}m": f"due_{months}m" for months in (12, 24)},
        **{f"payments_on_time_{months}m": f"on_time_{months}m" for months in (12, 24)},
        "loans_held": "loans_held",
        "loans_ever": "loans_ever",
    }
    values: Values = {name: getattr(row, column) if row else 0 for name, column in counts.items()}
    if row:
        values["months_since_late"] = full_months(row.last_late, as_of) if row.last_late else None
        values["oldest_loan_months"] = full_months(row.oldest_loan, as_of) if row.oldest_loan else None
    return values


def _of_conduct(row: Any) -> Values:
    return {
        "total_line": row.total,
        "draws_3m": row.count_3m,
        "draws_12m": row.count_12m,
        "drawn_3m": row.amount_3m,
        "drawn_12m": row.amount_12m,
        "refused_draws_3m": row.refused_3m,
        "over_limit_days_12m": row.over_12m,
        "misuse_12m": row.misuse_12m,
        "misuse_24m": row.misuse_24m,
    }


def full_months(since: dt.date, on: dt.date) -> int:
    """Full months, as `months_elapsed` of the policy language counts them: from the same day of the month on.

    >>> full_months(dt.date(2026, 1, 31), dt.date(2026, 2, 28)), full_months(dt.date(2026, 1, 31), dt.date(2026, 3, 31))
    (0, 2)
    """
    return (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)
