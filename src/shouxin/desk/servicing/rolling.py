"""The first part of close of business: customers' loans brought to a day. Idempotent for each loan, and safe to stop anywhere.

SQL turns the plain loans, set by set; Python the rest. Between turns nothing is written: interest is worked out from the state
when it is asked for. `bring_up` does it for the one customer whose command is about to look at all of their loans.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from shouxin.book.customers import all_locked
from shouxin.desk.servicing.record import QUERIES as LOAN_QUERIES
from shouxin.desk.servicing.record import pending_after
from shouxin.desk.servicing.reminding import tell_late
from shouxin.desk.servicing.state import Kept, column_values, read_state, write_state
from shouxin.desk.servicing.turns import Turn
from shouxin.desk.servicing.written import read_agreement, read_event
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Loan, compact
from shouxin.engines.loans.roll import roll
from shouxin.foundation.ids import NIL
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit, in_unit

QUERIES = load_queries(__package__, "rolling.sql")
BATCH = 5_000


def roll_book(connection: Connection, day: dt.date, batch: int = BATCH) -> int:
    """All loans of all customers brought to a day, in units of `batch` customers; returns how many turns there were.

    A repeat finds nothing to do; a run that was stopped goes on where it was.
    """
    after, turns = NIL, 0
    while True:
        last, count = in_unit(connection, partial(_roll_some, day=day, after=after, batch=batch))
        if last is None:
            return turns
        after, turns = last, turns + count


def _roll_some(unit: Unit, day: dt.date, after: uuid.UUID, batch: int) -> tuple[uuid.UUID | None, int]:
    """The next customers; returns the last of them, and the turns; None where there are no more."""
    (found,) = unit.read((QUERIES["turning_customers"], (day, after, day, after, batch)))
    if not found:
        return None, 0
    ids = [row.customer_id for row in found]
    unit.read(all_locked(ids))
    turns = roll_customers(unit, ids, day)
    tell_late(unit, turns, day)
    return ids[-1], len(turns)


def roll_customers(unit: Unit, ids: Sequence[uuid.UUID], day: dt.date) -> list[Turn]:
    """The loans of customers, who are held, brought to a day; only rows of these customers are read or written.

    A repeat changes nothing. A loan without a turn is left as it is: its state of an earlier day says what it is on this one.
    """
    turns: list[Turn] = []
    listed = list(ids)
    while rows := unit.read((QUERIES["turned"], (listed, day, day)))[0]:
        turns.extend(Turn(*row) for row in rows)
    (left,) = unit.read((QUERIES["left"], (listed, day, day)))
    turns.extend(_turned_in_python(unit, row, day) for row in left)
    return turns


def _turned_in_python(unit: Unit, row: Any, day: dt.date) -> Turn:
    agreement = read_agreement(row.agreement)
    before, pending = read_state(agreement, row), row.pending
    if pending is not None and pending <= day:
        (events,) = unit.read((LOAN_QUERIES["loan_events"], (row.customer_id, row.loan_id)))
        known = [read_event(each.kind, each.number, (each.effective, each.booked), each.body) for each in events]
        after, pending = fold(known, day), pending_after(known, day)
    else:
        after = roll(before, day)
    state = write_state(compact(after), Kept(row.product, pending, row.touched))
    unit.write(LOAN_QUERIES["state_stored"], (*column_values(state), row.customer_id, row.loan_id))
    return Turn(row.customer_id, row.loan_id, day, after.fallen > before.fallen, _late(after) > _late(before))


def _late(loan: Loan) -> int:
    return sum(each.late for each in loan.dues if each.settled is None)
