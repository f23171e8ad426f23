"""What is asked of a bureau, and how its reply is read. Read first: `read_reply`. The form is in docs/reference/bureau.md.

A reply comes from outside: it is taken as text of unknown content, and nothing of it is used that the catalogue does not take.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from shouxin.book.customers.model import Person
from shouxin.book.facts import bureau_errors as errors
from shouxin.book.facts.snapshots import FOUND, NO_RECORD
from shouxin.book.facts.values import plain_value
from shouxin.engines.policy.plan import Input, Plan
from shouxin.engines.policy.read import read_value
from shouxin.foundation.days import read_day
from shouxin.foundation.errors import DayUnreadable

VERSION = 1
MOST_BYTES = 1_000_000
FIELDS = ("version", "person", "status", "date", "facts")


@dataclass(frozen=True, slots=True)
class BureauQuestion:
    """An enquiry.

    enquiry: what names it: the customer's id and the number of the event, so that a bureau can tell a repeat
    consent: number of the consent under which it is made
    day:     the business day
    """

    enquiry: str
    person: Person = field(repr=False)
    consent: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class BureauReply:
    """What came back: the text as it was received, and the token that it must carry."""

    text: bytes = field(repr=False)
    token: str = field(repr=False)


class Bureau(Protocol):
    """A bureau. `report` gives its reply, or raises a BureauFailure; it may take its time, but not for ever."""

    def report(self, asked: BureauQuestion) -> BureauReply: ...


@dataclass(frozen=True, slots=True)
class Report:
    """A reply that was read. values: fact -> value as snapshots keep it, status and day among them"""

    status: str
    observed: dt.date
    values: Mapping[str, Any] = field(repr=False)


def person_token(secret: bytes, person: Person) -> str:
    """What stands for a person between lender and bureau: HMAC-SHA-256 of the identity number (RFC 2104) under a secret that both
    have, in hexadecimal. The bureau works it out from its own record, so a reply about somebody else shows.

    >>> person_token(b"secret", Person("Li", "110101199003071233"))[:16]
    '5f24954501e5a15b'
    """
    return hmac.digest(secret, person.numbers[0].encode(), hashlib.sha256).hex()


def read_reply(plan: Plan, source: str, reply: BureauReply, today: dt.date) -> Report:
    """The report in a reply, typed by the catalogue. Raises a BureauFailure; no message holds a value of the reply."""
    plain = _object(reply.text)
    if plain["person"] != reply.token:
        raise errors.BureauReplyAboutAnother("person", "another")
    observed = _day(plain["date"], today)
    status_fact, day_fact = plan.sources[source]
    inputs = {each.fact: each for each in plan.inputs if each.source == source and each.fact not in (status_fact, day_fact)}
    if plain["status"] == NO_RECORD and plain["facts"]:
        raise errors.BureauReplyMalformed("facts", "some", right="no facts where there is no record")
    values = {fact: value for fact, value in _values(inputs, source, plain["facts"]).items() if value is not None}
    return Report(plain["status"], observed, {**values, **answered(plan, source, plain["status"], observed)})


def answered(plan: Plan, source: str, status: str, observed: dt.date) -> dict[str, Any]:
    """The facts that say how the asking ended, and of which day the answer is."""
    status_fact, day_fact = plan.sources[source]
    found = {status_fact: status, day_fact: observed.isoformat()}
    return {fact: value for fact, value in found.items() if fact is not None}


def _values(inputs: Mapping[str, Input], source: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for fact, written in facts.items():
        each = inputs.get(fact)
        if each is None:
            raise errors.BureauFactUnknown("facts", fact, source=source, known=", ".join(inputs))
        try:
            found[fact] = plain_value(each, read_value(_lenient(each), written))
        except (ValueError, ArithmeticError) as error:
            raise errors.BureauFactUnusable(fact, "unusable", right=error) from None
    return found


def _lenient(each: Input) -> Input:
    """A report may leave any fact out."""
    return replace(each, column=replace(each.column, nullable=True))


def _object(text: bytes) -> dict[str, Any]:
    """The object that a reply is, of the right form. Raises BureauReplyHuge, BureauReplyMalformed, BureauReplyNotFinite."""
    if len(text) > MOST_BYTES:
        raise errors.BureauReplyHuge("reply", len(text), most=MOST_BYTES)
    try:
        plain = json.loads(text.decode("utf-8"), parse_float=Decimal, parse_constant=_not_finite, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise errors.BureauReplyMalformed("reply", "unreadable", right="an object in UTF-8, each name once") from None
    if not isinstance(plain, dict) or set(plain) != set(FIELDS):
        raise errors.BureauReplyMalformed("reply", "another form", right=", ".join(FIELDS))
    if type(plain["version"]) is not int or plain["version"] != VERSION:
        raise errors.BureauReplyMalformed("version", "another", right=VERSION)
    if plain["status"] not in (FOUND, NO_RECORD):
        raise errors.BureauReplyMalformed("status", "another", right=f"{FOUND} or {NO_RECORD}")
    if not isinstance(plain["person"], str) or not isinstance(plain["facts"], dict):
        raise errors.BureauReplyMalformed("reply", "another form", right="person is text, facts is an object")
    return plain


def _day(written: Any, today: dt.date) -> dt.date:
    try:
        observed = read_day(written, "date")
    except DayUnreadable:
        raise errors.BureauReplyMalformed("date", "unreadable", right="YYYY-MM-DD") from None
    if observed > today:
        raise errors.BureauReplyFromLater("date", observed, today=today)
    return observed


def _not_finite(text: str) -> Any:
    raise errors.BureauReplyNotFinite("reply", text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found
