"""Sending notices: claim, send, record. Read first: `send_notices`.

A customer's notices are claimed with the customer's row held, so that two workers never count the day's contacts at once. The
claim is committed before anything is sent: an attempt that was begun counts as a contact until it is known to have failed, so a
worker that dies between sending and recording can make the day's number too low, never too high. It is tried again when its
claim has run out, with the same key.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys_errors import PersonErased, SealBroken
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.channels import Channel, Message
from shouxin.infra.messages.contact_rules import NOT_TOLD, Reach, Waiting, chosen, may_contact_at, next_morning, own_reach
from shouxin.infra.messages.history import QUERIES
from shouxin.infra.messages.notice_texts import text_of

NOTICES = 200  # looked at in a round
CLAIM = dt.timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=5), dt.timedelta(hours=4)
MOST_FAILURES = 6
ZONE = "Asia/Shanghai"


class Contacts(Protocol):
    """Who knows how customers are reached; wired from the customers room."""

    def reaches(self, unit: Unit, customer_id: UUID, day: dt.date) -> Sequence[Reach]:
        """The contacts that hold on a day. Raises PersonErased, SealBroken."""


@dataclass(frozen=True, slots=True)
class NoticeJob:
    """A job that sends notices. zone: the lender's time zone, as the database knows it."""

    channel: Channel
    contacts: Contacts
    zone: str = ZONE
    name: str = field(default="notices", init=False)

    def run_once(self, connection: Connection) -> int:
        """One round now, by the clock of the database. Commits on its own."""
        ((row,),) = in_unit(connection, lambda unit: unit.read((QUERIES["local_time"], (self.zone,))))
        offset = row.local - row.utc
        return send_notices(connection, self.channel, self.contacts, row.local.replace(tzinfo=dt.timezone(offset)))


def send_notices(connection: Connection, channel: Channel, contacts: Contacts, now: dt.datetime) -> int:
    """One round: send what waits and may be sent; returns how many notices it dealt with, 0 where nothing may be done now.

    now: with the lender's offset from UTC; its local time is what the rules are about
    Commits on its own: the claim, then each message's outcome. Never raises for a channel: the notice waits and is tried again.
    """
    if not may_contact_at(now):
        return 0

    def claim(unit: Unit) -> _Claim:
        made = _Claim(unit, channel.contact, contacts, now)
        made.take()
        return made

    done = in_unit(connection, claim)
    for each in done.claimed:
        try:
            channel.send(each.message)
        except Exception as error:  # whatever a channel raises is its own
            in_unit(connection, partial(_failed, each=each, trouble=type(error).__name__, now=now))
        else:
            in_unit(connection, partial(_delivered, each=each, now=now))
    return len(done.claimed) + done.ended


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message to send, and what records how that went."""

    message: Message
    failures: int
    contact: int
    local_day: dt.date

    @property
    def key(self) -> tuple[Any, ...]:
        each = self.message
        return each.customer_id, each.kind, each.about, each.on_day


@dataclass(slots=True)
class _Claim:
    """What one round takes upon itself. ended: how many notices end without a message."""

    unit: Unit
    contact: str
    contacts: Contacts
    now: dt.datetime
    claimed: list[_Claimed] = field(default_factory=list)
    ended: int = 0

    def take(self) -> None:
        """Look at the customers with the longest waiting notices whom no command holds."""
        now, today = self.now, self.now.date()
        (due,) = self.unit.read((QUERIES["notices_due"], (now, NOTICES)))
        (held,) = self.unit.read((QUERIES["customers_held_if_free"], (list({row.customer_id for row in due}),)))
        ids = [row.customer_id for row in held]
        rows, counts = self.unit.read((QUERIES["notices_waiting"], (ids, now)), (QUERIES["contacts_made"], (ids, today)))
        waiting: dict[UUID, list[Waiting]] = defaultdict(list)
        for row in rows:
            waiting[row.customer_id].append(Waiting(*row))
        made = {row.customer_id: row.made for row in counts}
        for customer in held:
            self._customer(customer, waiting[customer.customer_id], made.get(customer.customer_id, 0))

    def _customer(self, customer: Any, waiting: Sequence[Waiting], made: int) -> None:
        each = chosen(waiting, made, self.now.date())
        self._end("expired", each.expired)
        for later in each.tomorrow:
            self.unit.write(QUERIES["notice_postponed"], (next_morning(self.now), *_key(later)))
        if not each.told:
            return
        if customer.state in NOT_TOLD:
            self._end("withheld", each.told)
            return
        try:
            reaches = self.contacts.reaches(self.unit, customer.customer_id, self.now.date())
        except SealBroken:
            self._end("withheld", each.told)
            return
        except PersonErased:
            reaches = ()
        reach = own_reach(customer.customer_id, self.contact, reaches)
        if reach is None:
            self._end("unreachable", each.told)
            return
        for notice in each.told:
            self._begin(notice, reach)

    def _begin(self, notice: Waiting, reach: Reach) -> None:
        try:
            text = text_of(notice.kind, notice.about, notice.facts, notice.lang)
        except Refusal:
            self._end("withheld", [notice])
            return
        key, attempt = _key(notice), notice.attempts + 1
        each = _Claimed(Message(*key, attempt, reach.text, text), notice.failures, reach.number, self.now.date())
        self.unit.write(QUERIES["notice_postponed"], (self.now + CLAIM, *key))
        self.unit.write(QUERIES["attempt_added"], _attempt(each, "begun", self.now, None))
        self.claimed.append(each)

    def _end(self, status: str, notices: Sequence[Waiting]) -> None:
        for each in notices:
            self.unit.write(QUERIES["notice_ended"], (status, *_key(each)))
        self.ended += len(notices)


def _key(each: Waiting) -> tuple[UUID, str, UUID, dt.date]:
    return each.customer_id, each.kind, each.about, each.on_day


def _attempt(each: _Claimed, step: str, now: dt.datetime, detail: str | None) -> tuple[Any, ...]:
    return (*each.key, each.message.attempt, step, now, each.local_day, each.contact, detail)


def _delivered(unit: Unit, each: _Claimed, now: dt.datetime) -> None:
    unit.write(QUERIES["attempt_added"], _attempt(each, "delivered", now, None))
    unit.write(QUERIES["notice_ended"], ("sent", *each.key))


def _failed(unit: Unit, each: _Claimed, trouble: str, now: dt.datetime) -> None:
    """Try again after a pause that doubles; after 6 failures the customer counts as unreachable."""
    unit.write(QUERIES["attempt_added"], _attempt(each, "failed", now, trouble))
    pause = min(FIRST_PAUSE * 2**each.failures, LONGEST_PAUSE)
    unit.write(QUERIES["notice_failed"], (now + pause, *each.key))
    if each.failures + 1 >= MOST_FAILURES:
        unit.write(QUERIES["notice_ended"], ("unreachable", *each.key))
