"""What a customer agreed to: rows of consents and rows of withdrawals, neither ever changed. Read first: `has_consent`."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from typing import Any

from shouxin.book.customers import errors
from shouxin.book.customers.model import Consent, NewConsent, Purpose
from shouxin.book.customers.store import QUERIES
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import LANGUAGES
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About, History

_VERSION = re.compile(r"[a-z0-9][a-z0-9.-]{0,49}")


def has_consent(consents: Iterable[Consent], purpose: Purpose, on: dt.date) -> bool:
    """Whether one of the consents allows the purpose on that day: from the day on which it was given to the day on which it ends,
    both included, and before the day on which it was withdrawn."""
    return any(each.purpose is purpose and each.counts(on) for each in consents)


def give_consent(unit: Unit, new: NewConsent, history: History) -> int:
    """Record that the held customer agreed; event `consent.given`, whose number is returned: the consent's own.

    Raises the refusals of `ORDER`. A repeat is one more consent: somebody who agrees twice has agreed twice.
    """
    check_consent(new, history.today)
    body = {"purpose": new.purpose, "text_version": new.text_version, "language": new.language}
    ends = {"ends_on": new.ends_on.isoformat()} if new.ends_on else {}
    number = history.append("consent.given", {**body, **ends}, About(effective=new.given_on))
    row = (history.customer_id, number, new.purpose, new.text_version, new.language, new.given_on, new.ends_on)
    unit.write(QUERIES["consent_added"], row)
    return number


def check_consent(new: NewConsent, today: dt.date) -> None:
    """Raises the refusals of `ORDER`."""
    if not _VERSION.fullmatch(new.text_version):
        raise errors.TextVersionUnreadable("text_version", new.text_version)
    if new.language not in LANGUAGES:
        raise errors.LanguageUnknown("language", new.language, known=", ".join(LANGUAGES))
    if new.given_on > today:
        raise errors.ConsentNotYetGiven("given_on", new.given_on, today=today)
    if new.ends_on is not None and new.ends_on < new.given_on:
        raise errors.ConsentEndsBeforeGiven("ends_on", new.ends_on, given_on=new.given_on)


def withdraw_consent(unit: Unit, number: int, history: History) -> None:
    """From today on the consent does not count; event `consent.withdrawn`. What was done with it before stays lawful.

    Raises ConsentUnknown, ConsentAlreadyWithdrawn (a repeat too), in this order. One that has ended may still be withdrawn.
    """
    found = next((each for each in consents_of(unit, history.customer_id) if each.number == number), None)
    if found is None:
        raise errors.ConsentUnknown("consent", number)
    if found.withdrawn_on:
        raise errors.ConsentAlreadyWithdrawn("consent", number, withdrawn_on=found.withdrawn_on)
    ended = history.append("consent.withdrawn", {"consent": number, "purpose": found.purpose})
    unit.write(QUERIES["consent_withdrawn"], (history.customer_id, number, ended, history.today))


def consents_of(unit: Unit, customer_id: uuid.UUID) -> tuple[Consent, ...]:
    """All consents that a customer ever gave, in their order."""

    def one(row: Any) -> Consent:
        given = (row.number, Purpose(row.purpose), row.text_version, row.language, row.given_on)
        return Consent(*given, row.ends_on, row.withdrawn_on)

    return tuple(one(row) for row in unit.read((QUERIES["consents_read"], (customer_id,)))[0])


# The order in which `give_consent` tells its refusals.
ORDER: tuple[type[Refusal], ...] = (
    errors.TextVersionUnreadable,
    errors.LanguageUnknown,
    errors.ConsentNotYetGiven,
    errors.ConsentEndsBeforeGiven,
)
