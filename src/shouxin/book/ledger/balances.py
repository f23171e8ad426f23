"""Balances at the end of a day, for whoever brings accounts to a target."""

from __future__ import annotations

import datetime as dt

from shouxin.book.ledger.chart import QUERIES
from shouxin.infra.db.unit import Unit


def balances_at(unit: Unit, day: dt.date) -> dict[str, int]:
    """The balance of each account at the end of a day, debits positive; the day before must be sealed, or be no business day."""
    (rows,) = unit.read((QUERIES["balances_of_day"], (day, day, day)))
    return {row.account: int(row.debits - row.credits) for row in rows}
