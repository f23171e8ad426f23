"""日终: close of business, in two parts that may each be stopped and run again.

`close_book` ends a day: it commits the flip to the next one, waits for the transactions that may still book on the day that
ends, works out what all loans owe, posts the house's journals, and seals the day. `rolling.roll_book` brings loans to a day.
`run` does both, for each day up to the one that is asked for.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.ledger.balances import balances_at
from shouxin.book.ledger.days import DAY, ONE_DAY, day_of, open_next_day
from shouxin.book.ledger.journals import post
from shouxin.book.ledger.model import Entry
from shouxin.book.ledger.sealing import seal_day
from shouxin.desk.servicing import lapsing
from shouxin.desk.servicing.accruing import Owed, Sums, classes_on, journals, targets
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.record import events_of
from shouxin.desk.servicing.reminding import tell_soon
from shouxin.desk.servicing.rolling import roll_book
from shouxin.desk.servicing.state import read_state
from shouxin.desk.servicing.written import read_agreement
from shouxin.engines.loans.delinquency import BUCKETS
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Loan
from shouxin.engines.loans.roll import roll
from shouxin.foundation.ids import NIL
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import About
from shouxin.infra.messages.jobs import DONE, begin, finish, is_unfinished

QUERIES = load_queries(__package__, "closing.sql")
PRINCIPAL = "close of business"
POLL_SECONDS = 0.02
AT_ONCE = dt.timedelta(0)
MILLION = 1_000_000


class DayAlreadyClosed(Refusal):
    """A day that was closed before; days are closed in order."""

    en = "{open} or later: that is the open day, and days are closed in order"
    zh = "须为 {open} 及以后：当前营业日为 {open}，日终须按日期顺序进行"


@dataclass(frozen=True, slots=True)
class Closed:
    """What close of business did for a day.

    turns:  instalments that fell due and graces that ended, on the day and at the beginning of the next
    loans:  open loans; journals: of the house; lapsed: facilities that expired or were not used for too long
    """

    day: dt.date
    turns: int
    loans: int
    journals: int
    lapsed: int


def run(connection: Connection, house: House, until: dt.date) -> Iterable[Closed]:
    """Close each day from the open one to `until`, the last included. Raises DayAlreadyClosed.

    A run that was stopped is started again with the same date, and goes on where it was: a day that was flipped and not sealed
    is finished first.
    """
    open_day = in_unit(connection, lambda unit: day_of(unit.read(DAY)[0]))
    first = open_day - ONE_DAY if in_unit(connection, lambda unit: _is_unfinished(unit, open_day - ONE_DAY)) else open_day
    if until < first:
        raise DayAlreadyClosed("date", until, open=open_day)
    day = first
    while day <= until:
        yield close_day(connection, house, day)
        day += ONE_DAY


def _is_unfinished(unit: Unit, day: dt.date) -> bool:
    """Flipped and not sealed, or sealed by a run that was stopped before its end."""
    (rows,) = unit.read((QUERIES["flipped"], (day, day)))
    return bool(rows[0].unfinished) or is_unfinished(unit, PRINCIPAL, day.isoformat())


def close_day(connection: Connection, house: House, day: dt.date) -> Closed:
    """Both parts for one day: loans are brought to it, it is closed, loans are brought to the next, and lines lapse.

    Whoever comes last carries it on: each part does only what is left to do, so two at once do no harm. Raises JobDone for a
    day on which nothing is left, and JobTakenOver, at its end, for whoever was overtaken.
    """
    job = in_unit(connection, lambda unit: begin(unit, PRINCIPAL, day.isoformat(), AT_ONCE))
    closed = _close_day(connection, house, day)
    detail = {"turns": closed.turns, "loans": closed.loans, "journals": closed.journals, "lapsed": closed.lapsed}
    in_unit(connection, lambda unit: finish(unit, job, DONE, detail))
    return closed


def _close_day(connection: Connection, house: House, day: dt.date) -> Closed:
    turns = roll_book(connection, day)
    loans, count = close_book(connection, house, day)
    turns += roll_book(connection, day + ONE_DAY)
    in_unit(connection, lambda unit: tell_soon(unit, day + ONE_DAY))
    return Closed(day, turns, loans, count, lapsing.lapse(connection, day + ONE_DAY))


def close_book(connection: Connection, house: House, day: dt.date) -> tuple[int, int]:
    """The second part: returns how many loans are open, and how many journals were posted.

    A repeat on a day that is sealed does nothing and returns nought.
    """
    in_unit(connection, lambda unit: open_next_day(unit, day))
    wait_for_older(connection)
    return in_unit(connection, lambda unit: _close(unit, house, day))


def wait_for_older(connection: Connection) -> None:
    """Until every transaction has ended that had an id when this was called.

    A command takes its id with its first lock and reads the open day after that: one that is younger reads the new day.
    """
    next_id = in_unit(connection, lambda unit: unit.read((QUERIES["older_transactions"], ()))[0][0].next)
    while in_unit(connection, lambda unit: unit.read((QUERIES["oldest_running"], ()))[0][0].oldest) < next_id:
        time.sleep(POLL_SECONDS)


def _close(unit: Unit, house: House, day: dt.date) -> tuple[int, int]:
    unit.write(QUERIES["one_snapshot"])
    house_row = hold_customer(unit, NIL)
    if unit.read((QUERIES["sealed"], (day,)))[0]:
        return 0, 0
    unit.write(QUERIES["roomy"])
    sums, scale = standing(unit, day), classes_on(day)
    history = history_of(unit, house_row, PRINCIPAL, day)
    count = 0
    for account, posting in journals(targets(sums, scale), balances_at(unit, day)):
        number = history.append("book.adjusted", {"account": account}, About())
        post(unit, Entry(NIL, number, day, day), [posting])
        count += 1
    store_events(unit, history)
    seal_day(unit, house.ring, day)
    return sum(each.loans for each in sums.by_kind.values()), count


def standing(unit: Unit, day: dt.date) -> Sums:
    """What all loans owe at the end of a day, as it was known on that day: by SQL where the state says it, else by folding."""
    scale, sums = classes_on(day), Sums()
    buckets, classes = ([each.from_days for each in bands[1:]] for bands in (BUCKETS.bands, scale.bands))
    values = (day, buckets, day, classes, day, day, day, day, day, day)
    rows, others = unit.read((QUERIES["standing_sums"], values), (QUERIES["standing_others"], (day, day, day, day, day)))
    for row in rows:
        late = max(BUCKETS.bands[row.bucket].from_days, scale.bands[row.band].from_days)
        basis = row.year_days * MILLION
        interest, penalty = Fraction(int(row.earned), basis) + row.unpaid, Fraction(int(row.penalty), basis) - row.penalty_paid
        sums.add(row.product, late, scale, Owed(row.loans, row.principal, interest, penalty))
    for row in others:
        sums.add_loan(row.product, _as_known(unit, row, day), scale)
    return sums


def _as_known(unit: Unit, row: Any, day: dt.date) -> Loan:
    """A loan at the end of a day, from its state where nothing later is in it, else from the events that were booked by then."""
    if row.touched <= day and row.on_day <= day and (row.pending is None or row.pending > day):
        return roll(read_state(read_agreement(row.agreement), row), day)
    return fold(events_of(unit, row.customer_id, row.loan_id), day, known_by=day)
