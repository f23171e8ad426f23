"""Consents: which day they allow what, append-only rows, refusals in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.book.customers import errors
from shouxin.book.customers.consents import ORDER, check_consent, consents_of, give_consent, has_consent, withdraw_consent
from shouxin.book.customers.model import Consent, NewConsent, Purpose
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import in_unit
from tests.book.customers.people import TODAY, acted, events, person

DAY = dt.timedelta(days=1)
GIVEN = Consent(2, Purpose.BUREAU_QUERY, "2026-01", "zh", TODAY, TODAY + 10 * DAY, TODAY + 5 * DAY)
NEW = NewConsent(Purpose.BUREAU_QUERY, "2026-01", "zh", TODAY)

REFUSED: list[tuple[str, NewConsent, type[Refusal]]] = [
    (
        "a version that is none",
        NewConsent(Purpose.BUREAU_QUERY, "第一版", "fr", TODAY + DAY, TODAY),
        errors.TextVersionUnreadable,
    ),
    ("a language without text", NewConsent(Purpose.BUREAU_QUERY, "1", "fr", TODAY + DAY, TODAY), errors.LanguageUnknown),
    ("given tomorrow", NewConsent(Purpose.BUREAU_QUERY, "1", "zh", TODAY + DAY, TODAY), errors.ConsentNotYetGiven),
    ("over before it begins", NewConsent(Purpose.BUREAU_QUERY, "1", "zh", TODAY, TODAY - DAY), errors.ConsentEndsBeforeGiven),
]


@pytest.mark.parametrize(("asked", "refusal"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refusals_in_their_order(asked: NewConsent, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_consent(asked, TODAY)


def test_the_table_is_the_order() -> None:
    assert tuple(row[2] for row in REFUSED) == ORDER


@pytest.mark.parametrize(
    ("consent", "first", "last"),
    [
        (GIVEN, 0, 4),
        (replace(GIVEN, withdrawn_on=None), 0, 10),
        (replace(GIVEN, ends_on=TODAY), 0, 0),
        (replace(GIVEN, ends_on=None, withdrawn_on=None), 0, 20),
        (replace(GIVEN, withdrawn_on=TODAY), 1, 0),
    ],
)
def test_the_days_on_which_a_consent_counts(consent: Consent, first: int, last: int) -> None:
    counting = [each for each in range(-3, 21) if has_consent([consent], Purpose.BUREAU_QUERY, TODAY + each * DAY)]
    assert counting == list(range(first, last + 1))


days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 9))
consents = st.lists(st.builds(Consent, st.just(1), st.sampled_from(Purpose), st.just("1"), st.just("zh"), days, days, days))


@given(consents, st.sampled_from(Purpose), days)
def test_a_purpose_is_allowed_by_its_own_consents_only(given: list[Consent], purpose: Purpose, on: dt.date) -> None:
    assert has_consent(given, purpose, on) == any(has_consent([each], purpose, on) for each in given)
    assert not has_consent([each for each in given if each.purpose is not purpose], purpose, on)


def test_a_consent_is_given_and_withdrawn(connection: Connection, ring: KeyRing) -> None:
    one = person(connection, ring).customer_id
    ending = replace(NEW, given_on=TODAY - DAY, ends_on=TODAY + 9 * DAY)
    assert acted(connection, one, lambda unit, _, history: give_consent(unit, ending, history)) == 2
    assert acted(connection, one, lambda unit, _, history: give_consent(unit, NEW, history)) == 3
    acted(connection, one, lambda unit, _, history: withdraw_consent(unit, 2, history), TODAY + DAY)
    with pytest.raises(errors.ConsentAlreadyWithdrawn, match=str(TODAY + DAY)):
        acted(connection, one, lambda unit, _, history: withdraw_consent(unit, 2, history))
    with pytest.raises(errors.ConsentUnknown):
        acted(connection, one, lambda unit, _, history: withdraw_consent(unit, 1, history))
    kept = Consent(3, Purpose.BUREAU_QUERY, "2026-01", "zh", TODAY, None, None)
    withdrawn = Consent(2, Purpose.BUREAU_QUERY, "2026-01", "zh", TODAY - DAY, TODAY + 9 * DAY, TODAY + DAY)
    assert in_unit(connection, lambda unit: consents_of(unit, one)) == (withdrawn, kept)
    body = {"purpose": "bureau_query", "text_version": "2026-01", "language": "zh"}
    assert [each[1::2] for each in events(connection, one)[1:]] == [
        ("consent.given", {**body, "ends_on": "2026-03-11"}),
        ("consent.given", body),
        ("consent.withdrawn", {"consent": 2, "purpose": "bureau_query"}),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE consent SET given_on = given_on",
        "DELETE FROM consent",
        "UPDATE consent_withdrawal SET number = number",
        "DELETE FROM consent_withdrawal",
        "UPDATE contact SET sealed = sealed",
        "UPDATE linked_person SET role = role",
        "UPDATE personal_data SET sealed = sealed",
        "DELETE FROM personal_data",
        "UPDATE identity SET customer_id = customer_id",
    ],
)
def test_the_application_cannot_change_what_was_recorded(connection: Connection, change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(change)
    connection.rollback()
