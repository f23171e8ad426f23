"""What close of business tells customers, set by set: what falls due soon, what fell late, which lines end soon.

Loans with something rare are not reminded by it: staff speak with customers whose loan was paused or restructured.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shouxin.desk.servicing.turns import Turn
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.notices import add_notices_from

QUERIES = load_queries(__package__, "reminding.sql")
# How many days before. mark: A
DUE_SOON_DAYS, ENDING_SOON_DAYS = 3, 30


def tell_late(unit: Unit, turns: Sequence[Turn], day: dt.date) -> None:
    """Tell customers whose instalments fell late. A repeat tells nothing new."""
    late = [each for each in turns if each.late]
    if late:
        customers, loans = [each.customer_id for each in late], [each.loan_id for each in late]
        add_notices_from(unit, QUERIES["late"], (day, day, day, customers, loans))


def tell_soon(unit: Unit, day: dt.date) -> None:
    """Tell customers what falls due in three days, and which lines end in thirty. A repeat tells nothing new."""
    add_notices_from(unit, QUERIES["due_soon"], (day, day + dt.timedelta(days=DUE_SOON_DAYS)))
    add_notices_from(unit, QUERIES["ending_soon"], (day, day + dt.timedelta(days=ENDING_SOON_DAYS)))
