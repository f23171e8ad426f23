"""The first part of close of business: customers' loans brought to a day. Idempotent for each loan, and safe to stop anywhere.

SQL turns the plain loans, set by set; Python the rest. Between turns nothing is written: interest is worked out from the state
when it is asked for. `bring_up` does it for the one customer whose command is about to look at all of their loans.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

from shouxin.book.customers import all_locked
from shouxin.desk.servicing.record import QUERIES as LOAN_QUERIES
from shouxin.desk.servicing.record import events_of, pending_after
from shouxin.desk.servicing.reminding import tell_late
from shouxin.desk.servicing.settling import LoanKey, keep, passing
from shouxin.desk.servicing.state import Kept, column_values, read_state, write_state
from shouxin.desk.servicing.turns import Turn
from shouxin.desk.servicing.written import read_agreement
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Loan, compact
from shouxin.engines.loans.roll import roll
from shouxin.foundation.ids import written_ids
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit, in_unit

QUERIES = load_queries(__package__, "rolling.sql")
BATCH = 5_000

RollSome: TypeAlias = Callable[[Unit, Sequence[uuid.UUID], dt.date], list[Turn]]


def roll_book(connection: Connection, day: dt.date, batch: int = BATCH) -> int:
    """All loans of all customers brought to a day, in units of `batch` customers; returns how many turns there were.

    First SQL turns the plain loans of all; then whoever still has a turn, the few, is left to Python. A repeat finds nothing
    to do; a run that was stopped goes on where it was.
    """
    turns = 0
    for roll_some in (_turn_plain, roll_customers):
        found = in_unit(connection, lambda unit: unit.read((QUERIES["turning_customers"], (day, day)))[0])
        ids = [row.customer_id for row in found]
        for start in range(0, len(ids), batch):
            some = partial(_hold_and_roll, ids=ids[start : start + batch], day=day, roll_some=roll_some)
            turns += in_unit(connection, some)
    return turns


def _hold_and_roll(unit: Unit, ids: Sequence[uuid.UUID], day: dt.date, roll_some: RollSome) -> int:
    unit.read(all_locked(ids))
    turns = roll_some(unit, ids, day)
    tell_late(unit, turns, day)
    return len(turns)


def roll_customers(unit: Unit, ids: Sequence[uuid.UUID], day: dt.date) -> list[Turn]:
    """The loans of customers, who are held, brought to a day; only rows of these customers are read or written.

    A repeat changes nothing. A loan without a turn is left as it is: its state of an earlier day says what it is on this one.
    """
    turns = _turn_plain(unit, ids, day)
    (left,) = unit.read((QUERIES["left"], (written_ids(ids), day, day)))
    return turns + [_turned_in_python(unit, row, day) for row in left]


def _turn_plain(unit: Unit, ids: Sequence[uuid.UUID], day: dt.date) -> list[Turn]:
    """What SQL turns: one turn of each loan at a time, until none is left."""
    turns: list[Turn] = []
    listed, more = written_ids(ids), True
    while more:
        (rows,) = unit.read((QUERIES["turned"], (listed, day, day, day)))
        turns.extend(Turn(*row[:5]) for row in rows)
        more = any(row.again for row in rows)
    return turns


def _turned_in_python(unit: Unit, row: Any, day: dt.date) -> Turn:
    agreement = read_agreement(row.agreement)
    before, pending = read_state(agreement, row), row.pending
    told = before
    if pending is not None and pending <= day:
        events = events_of(unit, row.customer_id, row.loan_id)
        told, after, pending = fold(events, before.on), fold(events, day), pending_after(events, day)
    else:
        after = roll(before, day)
    state = write_state(compact(after), Kept(row.product, pending, row.touched))
    unit.write(LOAN_QUERIES["state_stored"], (*column_values(state), row.customer_id, row.loan_id))
    keep(unit, LoanKey(row.customer_id, row.loan_id, row.events, day), passing(before, told, after))
    return Turn(row.customer_id, row.loan_id, day, after.fallen > before.fallen, _late(after) > _late(before))


def _late(loan: Loan) -> int:
    return sum(each.late for each in loan.dues if each.settled is None)
