"""What is known of a customer on a day, for a policy: all sources joined, each value with its origin. Read first: `facts_of`.

What persons are (customer type) follows from what they do, as the bundle's `activity` says, before what others say of it. What
nobody gives stays absent: the bundle says what holds then (`if_absent`, missing bins, knock-outs that refer).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.book.customers.model import Consent, Kind, Purpose
from shouxin.book.facts.account import account_facts, account_facts_of, account_statements
from shouxin.book.facts.model import FACTS, FAMILIES
from shouxin.book.facts.snapshots import BOOK, CONSENTS, QUERIES, Given, Snapshot, given_by, opened_snapshots, snapshots_wanted
from shouxin.book.facts.values import as_written, came_in, is_usable, plain_value
from shouxin.engines.policy.activity import by_activity
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.names import column_of
from shouxin.engines.policy.plan import Activity, Input
from shouxin.engines.policy.read import MISSING
from shouxin.infra.db.keys_of_customers import CustomerKey
from shouxin.infra.db.unit import Unit

RECORD, ACTIVITY = "record", "activity"
NOT_ASKED, NO_CONSENT = "not_asked", "no_consent"
LINKED_EXPOSURE = "linked_exposure"
CONSENT_GIVEN, CUSTOMER_TYPE, CUSTOMER_STATE = "consent_given", "customer_type", "customer_state"
TYPES: Mapping[Kind, str] = {Kind.PERSON: "consumer", Kind.SOLE_TRADER: "merchant", Kind.COMPANY: "company"}
NORMAL = "normal"
PERSONS = (Kind.PERSON, Kind.SOLE_TRADER)

Consents = tuple[tuple[Consent, dt.date], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a customer on a day.

    given:    fact -> value and where it came from, for the facts of one bundle
    unusable: facts that were given once and that this bundle cannot read: of another type, out of its range
    """

    customer_id: uuid.UUID
    as_of: dt.date
    given: Mapping[str, Given] = field(repr=False)
    unusable: tuple[str, ...] = ()

    @property
    def written(self) -> dict[str, Any]:
        """Fact -> value, as `read_facts` takes it."""
        return {fact: each.value for fact, each in self.given.items()}


def facts_of(unit: Unit, key: CustomerKey, policy: Policy, customer_id: uuid.UUID, as_of: dt.date) -> Known:
    """All that is known of a customer on a day, as the bundle writes it. key: that customer's.

    What our own books say goes before what others say of it, and so do the consents on record for `consent_given`. Where no
    snapshot says who the customer is and in which state, the customer's record does. A source that was never asked is
    `no_consent` where the customer would have to agree first, else `not_asked`, where its status has these words.
    Raises SealBroken. Nothing that was recorded after the day is seen. One round trip, and one more where others are linked to
    the customer.
    """
    _, consents_rows, rows, record, links, *account = unit.read(
        (QUERIES["planned_once"], ()),
        (QUERIES["consents_known"], (customer_id, as_of)),
        snapshots_wanted(customer_id, as_of),
        (QUERIES["record_known"], (as_of, customer_id, as_of)),
        (QUERIES["links_known"], (customer_id, as_of)),
        *account_statements([customer_id], as_of),
    )
    inputs, consents = {each.fact: each for each in policy.plan.inputs}, _consents(consents_rows)
    said, unusable = _said(policy, opened_snapshots(key, rows))
    given = {**_record(record), **said}
    given.update(_never_asked(policy, given, consents, as_of))
    given.update(_own(inputs, account_facts_of([customer_id], as_of, account)[customer_id], as_of))
    if links and LINKED_EXPOSURE in inputs:
        given[LINKED_EXPOSURE] = _linked(unit, inputs[LINKED_EXPOSURE], [row.other for row in links], as_of)
    given[CONSENT_GIVEN] = _agreed(consents, as_of)
    fitting = {fact: each for fact, each in given.items() if fact in inputs and _fits(inputs[fact], each)}
    if any(Kind(row.kind) in PERSONS for row in record):
        fitting.update(_by_activity(policy, fitting, as_of))
    return Known(customer_id, as_of, fitting, tuple(sorted(unusable)))


def own_facts(policy: Policy) -> frozenset[str]:
    """The facts of a catalogue that only our own books tell, whatever source the catalogue names: those of the source `book`,
    and those that `account.py` works out, such as `held_consumer_line`."""
    families = {f"{each.name}_{column_of(code)}" for each in FAMILIES for code in policy.bundle.products}
    ours = families | {each.name for each in FACTS}
    return frozenset(each.fact for each in policy.plan.inputs if each.source == BOOK or each.fact in ours)


def _fits(each: Input, given: Given) -> bool:
    """Whether the bundle can take it; what our own books say goes in as it is, and is refused loudly where it cannot be."""
    return given.source == BOOK or is_usable(each, given.value)


def _said(policy: Policy, snapshots: Sequence[Snapshot]) -> tuple[dict[str, Given], set[str]]:
    """What the sources of the catalogue said, and the facts of it that the catalogue cannot read."""
    found: dict[str, Given] = {}
    unusable: set[str] = set()
    said = {each.source: (each, given_by(each)) for each in snapshots}
    ours = own_facts(policy)
    for each in policy.plan.inputs:
        if each.source not in said or each.fact in ours:
            continue
        snapshot, values = said[each.source]
        given = values.get(each.fact)
        if given is None and each.fact == policy.plan.sources[each.source][1]:  # the day of the answer, where it does not say
            given = Given(snapshot.observed.isoformat(), snapshot.source, snapshot.observed, snapshot.booked, snapshot.consent)
        if given is None or given.value is None:
            continue
        written = Given(as_written(each, given.value), given.source, given.observed, given.booked, given.consent)
        if is_usable(each, written.value):
            found[each.fact] = written
        else:
            unusable.add(each.fact)
    return found, unusable


def _by_activity(policy: Policy, given: Mapping[str, Given], as_of: dt.date) -> Iterator[tuple[str, Given]]:
    """What a person is by what they do, of the facts that are known. Whoever is given as neither of the two stays as given."""
    inputs = {each.name: each for each in policy.plan.inputs}
    for each in policy.plan.activities:
        read = {name: inputs[name] for name in each.inputs}
        values = {name: came_in(one, given[one.fact].value if one.fact in given else MISSING) for name, one in read.items()}
        told = by_activity(policy, each, values, as_of)
        if told is not None and _is_either(each, given.get(each.fact)):
            yield each.fact, _because(told.value, [given[fact] for fact in told.because if fact in given], as_of)


def _is_either(each: Activity, said: Given | None) -> bool:
    return said is None or said.value in (each.then, each.otherwise)


def _because(value: str, of: Sequence[Given], as_of: dt.date) -> Given:
    """A value that follows from others: it speaks of the oldest day of these, and is known since the last of them is."""
    observed = min((each.observed for each in of), default=as_of)
    return Given(value, ACTIVITY, observed, max((each.booked for each in of), default=as_of))


def _own(inputs: Mapping[str, Input], values: Mapping[str, Any], as_of: dt.date) -> Iterator[tuple[str, Given]]:
    """What our own books say, of the facts that the catalogue has."""
    for fact, value in values.items():
        if fact in inputs and value is not None:
            each = inputs[fact]
            yield fact, Given(as_written(each, plain_value(each, value)), BOOK, as_of, as_of)


def _linked(unit: Unit, each: Input, others: Sequence[uuid.UUID], as_of: dt.date) -> Given:
    """What we have at stake with persons who are linked to the customer, in either direction."""
    facts = account_facts(unit, others, as_of)
    exposure = sum(facts[other].get("exposure", 0) for other in others)
    return Given(as_written(each, plain_value(each, exposure)), BOOK, as_of, as_of)


def _record(rows: Sequence[Any]) -> dict[str, Given]:
    """Who the customer is, and in which state, by the customer's record as it was on a day."""
    found: dict[str, Given] = {}
    for row in rows:
        if Kind(row.kind) in TYPES:
            found[CUSTOMER_TYPE] = Given(TYPES[Kind(row.kind)], RECORD, row.since, row.since)
        days = (row.effective, row.booked) if row.state else (row.since, row.since)
        found[CUSTOMER_STATE] = Given(row.state or NORMAL, RECORD, *days)
    return found


def _never_asked(policy: Policy, given: Mapping[str, Given], consents: Consents, as_of: dt.date) -> Iterator[tuple[str, Given]]:
    """How the asking of a source ended that nobody asked: its status, where that has a word for it."""
    columns = {each.fact: each.column for each in policy.plan.inputs}
    for source, (status, _) in policy.plan.sources.items():
        if status is None or status in given or source == BOOK:
            continue
        agreed = source not in CONSENTS or any(each.purpose is CONSENTS[source] and each.counts(as_of) for each, _ in consents)
        word = NOT_ASKED if agreed else NO_CONSENT
        if word in columns[status].values:
            yield status, Given(word, RECORD, as_of, as_of)


def _agreed(consents: Consents, as_of: dt.date) -> Given:
    """Whether the customer agreed that data about them be queried and used."""
    counting = [(each, booked) for each, booked in consents if each.purpose is Purpose.BUREAU_QUERY and each.counts(as_of)]
    if not counting:
        return Given(False, RECORD, as_of, as_of)
    latest, booked = max(counting, key=lambda each: each[0].number)
    return Given(True, RECORD, latest.given_on, booked, latest.number)


def _consents(rows: Sequence[Any]) -> Consents:
    """The consents that were on record by a day, each with the day since which it was. A withdrawal counts from the day on which
    it was recorded, so one that came later changes nothing of that day."""

    def one(row: Any) -> Consent:
        given = (row.number, Purpose(row.purpose), row.text_version, row.language, row.given_on)
        return Consent(*given, row.ends_on, row.withdrawn_on)

    return tuple((one(row), row.booked) for row in rows)
