"""One customer's business in one unit of work: what every command on lines and loans stands in.

`ask` is the frame of every command: hold the customer, look for an earlier answer, read the open day, line and facilities, act,
write what has changed once, keep the answer. It never commits. What is in `Work` changes as the command acts; everything in
it is a frozen value.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from shouxin.book.customers import Kind, locked, only_customer, store_events
from shouxin.book.customers.errors import CustomerUnknown
from shouxin.book.facilities import store
from shouxin.book.facilities.errors import FacilityUnknown, TotalLineMissing
from shouxin.book.facilities.model import Facility, Line, Standing
from shouxin.book.ledger.days import day_of
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.requests import Answer, Request, answer_of, keep_answer, refused
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Statement, Unit, in_unit
from shouxin.infra.messages.history import About, History


@dataclass(slots=True)
class Work:
    """What a command works with.

    rows: of the further statements that it asked for
    """

    unit: Unit
    history: History
    standing: Standing
    rows: Sequence[list[Any]] = ()
    _before: Standing = field(init=False)

    def __post_init__(self) -> None:
        self._before = self.standing

    @property
    def line(self) -> Line:
        """The total line; raises TotalLineMissing."""
        if self.standing.line is None:
            raise TotalLineMissing("customer", self.standing.customer.customer_id)
        return self.standing.line

    def facility(self, facility_id: uuid.UUID) -> Facility:
        """A facility of the customer; raises FacilityUnknown."""
        for each in self.standing.facilities:
            if each.id == facility_id:
                return each
        raise FacilityUnknown("facility", facility_id)

    def set_line(self, line: Line) -> None:
        """Another line; written by `finish`."""
        self.standing = replace(self.standing, line=line)

    def set_facility(self, changed: Facility) -> None:
        """A changed facility, or a new one, and its share of the line's sums; written by `finish`."""
        before = next((each for each in self.standing.facilities if each.id == changed.id), None)
        owed, reserved = (before.owed, before.reserved) if before else (0, 0)
        if (changed.owed, changed.reserved) != (owed, reserved):
            line = self.line
            sums = (line.owed + changed.owed - owed, line.reserved + changed.reserved - reserved)
            self.set_line(replace(line, owed=sums[0], reserved=sums[1]))
        self.standing = self.standing.with_facility(changed)

    def finish(self) -> None:
        """Write what has changed, each row once, and the versions that are known from today on."""
        customer_id, before = self.standing.customer.customer_id, self._before
        store_events(self.unit, self.history)
        line, lines_before = self.standing.line, before.line
        if line is not None and lines_before is None:
            store.add_line(self.unit, customer_id, line)
            lines_before = Line(line.total)
        known = {each.id: each for each in before.facilities}
        changed = [each for each in self.standing.facilities if each != known.get(each.id)]
        if line is not None and line != lines_before and len(changed) == 1 and changed[0].id in known:
            store.store_both(self.unit, customer_id, line, changed[0])
        else:
            if line is not None and line != lines_before:
                store.store_line(self.unit, customer_id, line)
            for each in changed:
                (store.store_facility if each.id in known else store.add_facility)(self.unit, customer_id, each)
        store.store_versions(self.unit, before, self.standing, self.history.last)
        self._before = self.standing

    def apart(self) -> Work:
        """The customer's work as it stands, for what is done within `unit.imagined()`: this one knows nothing of it."""
        history = self.history
        own = History(self.unit, self.standing.customer.customer_id, history.last, history.principal, self.standing.today)
        return Work(self.unit, own, self.standing)

    def tell(self, kind: str, body: Mapping[str, Any], about: About) -> int:
        """One more event of the customer; returns its number."""
        return self.history.append(kind, body, about)


@dataclass(frozen=True, slots=True)
class Command:
    """What a customer's request does.

    body:  what is asked, as JSON values, for the request's hash
    act:   gets the `Work`, writes through it, returns the body of the answer
    reads: statements whose rows it needs, read in the same round trip, after the customer is held
    """

    action: str
    body: Mapping[str, Any]
    act: Callable[[Work], Mapping[str, Any]]
    reads: Sequence[Statement] = ()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, for which customer, under which key: the same key again is the same request."""

    customer_id: uuid.UUID
    principal: str
    key: str


def ask(unit: Unit, asker: Asker, command: Command) -> Answer:
    """Do what is asked, once. A repeat gets the first answer; a refusal is an answer and leaves nothing else behind.

    Raises CustomerUnknown (also for the house), KeyUnusable, KeyUsedForAnother, LedgerWithoutDay, and refusals that are passing
    (`Refusal.passing`), which are no answers.
    """
    customer_id, request = asker.customer_id, Request(asker.principal, asker.key, command.action, command.body)
    held, begun, *rows = unit.read(locked(customer_id), store.begun(customer_id, request.key), *command.reads)
    customer, today = only_customer(held, customer_id), day_of(begun)
    if customer.kind is Kind.HOUSE:
        raise CustomerUnknown("customer", customer_id)
    earlier = answer_of(request, begun)
    if earlier is not None:
        return earlier
    history = History(unit, customer_id, customer.events, request.principal, today)
    work = Work(unit, history, store.standing_of(customer, begun, today), rows)
    try:
        answer = Answer(True, act_on(work, command))
    except Refusal as refusal:
        if refusal.passing:
            raise
        answer = refused(refusal)
    keep_answer(unit, customer_id, request, answer, today)
    return answer


def ask_all(connection: Connection, find: Callable[[Unit], Iterable[tuple[Asker, Command]]]) -> int:
    """Ask for all that is to be done, some at a time, each in a transaction of its own; returns how many were done.

    find: the next of what is left, so that a repeat finds nothing. Ends where nothing is left, or where all that was found is
    refused, and would be again.
    """
    total = 0
    while found := in_unit(connection, lambda unit: list(find(unit))):
        done = sum(in_unit(connection, partial(ask, asker=asker, command=command)).done for asker, command in found)
        total += done
        if not done:
            break
    return total


def act_on(work: Work, command: Command) -> Mapping[str, Any]:
    """Let a command act on a customer who is held, `work.rows` being those of its reads; returns the body of the answer.

    A refusal goes on to whoever called, and undoes what was written.
    """
    with work.unit.step():
        body = command.act(work)
        work.finish()
    return body


def begin_work(unit: Unit, customer_id: uuid.UUID, principal: str) -> Work:
    """A customer's work without a request, for what is undone in the end: the customer is held. Raises CustomerUnknown,
    LedgerWithoutDay."""
    held, begun = unit.read(locked(customer_id), store.begun(customer_id, ""))
    customer, today = only_customer(held, customer_id), day_of(begun)
    if customer.kind is Kind.HOUSE:
        raise CustomerUnknown("customer", customer_id)
    history = History(unit, customer_id, customer.events, principal, today)
    return Work(unit, history, store.standing_of(customer, begun, today))
