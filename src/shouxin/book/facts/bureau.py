"""Asking a bureau about a customer. Read first: `pull`.

Three steps, and no transaction is open while the bureau takes its time: the enquiry is recorded, on a consent that counts today;
the bureau is asked; what it answered, or that it failed and why, becomes a snapshot.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from shouxin.book.customers.consents import consents_of
from shouxin.book.customers.personal import read_person
from shouxin.book.facilities.work import Asker, Command, Work, ask
from shouxin.book.facts import bureau_errors as errors
from shouxin.book.facts.bureau_reply import Bureau, BureauQuestion, Report, answered, read_reply
from shouxin.book.facts.snapshots import FOUND, NO_RECORD, NewSnapshot, add_snapshot, consent_on
from shouxin.book.products.service import store_bundle
from shouxin.engines.policy.compile import Policy
from shouxin.infra.access.requests import Answer, Request, answer_of, kept_answer
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import key_wanted, opened_key
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import About

SOURCE = "bureau"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Enquiry:
    """An enquiry that was recorded. number: of its event; consent: on which it stands"""

    number: int
    consent: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an enquiry ended. failure: the name of what went wrong, where the status is `failed`"""

    report: Report
    failure: str | None = None


def pull(connection: Connection, ring: KeyRing, bureau: Bureau, policy: Policy, asker: Asker) -> Answer:
    """Ask a bureau about the asker's customer, and keep what it says. The answer's body: enquiry, snapshot, status, and the
    failure where there was one.

    A refusal says that nobody was asked: SourceWithoutStatus, SourceConsentMissing, PersonErased. Once the bureau is asked,
    nothing that it does is an error here: the status is `failed`, and the failure is named. A repeat with the same key asks
    nobody and gives the first answer, unless the first was stopped before its reply was kept: then the bureau is asked again,
    under the same enquiry. Raises what `ask` raises.
    """
    began = in_unit(connection, lambda unit: ask(unit, asker, _enquiry(ring, policy, asker.customer_id)))
    if not began.done:
        return began
    enquiry = Enquiry(began.body["enquiry"], began.body["consent"], _day_of(began.body["day"]))
    if began.repeated:
        earlier = in_unit(connection, lambda unit: _earlier(unit, asker, enquiry))
        if earlier is not None:
            return earlier
    person = in_unit(connection, lambda unit: read_person(unit, ring, asker.customer_id))
    question = BureauQuestion(f"{asker.customer_id}:{enquiry.number}", person, enquiry.consent, enquiry.day)
    outcome = outcome_of(bureau, policy, question)
    keep = _kept(ring, policy, asker.customer_id, (enquiry, outcome))
    return in_unit(connection, lambda unit: ask(unit, _second(asker), keep))


def outcome_of(bureau: Bureau, policy: Policy, question: BureauQuestion) -> Outcome:
    """What the bureau says, or how it failed. Raises nothing."""
    try:
        reply = bureau.report(question)
        return Outcome(read_reply(policy.plan, SOURCE, reply, question.day))
    except errors.BureauFailure as failure:
        name = failure.code
    except Exception:  # an adapter is somebody else's code; what it raises may hold personal data, and is not looked at
        name = errors.BureauAdapterBroke.__name__
    values = answered(policy.plan, SOURCE, FAILED, question.day)
    return Outcome(Report(FAILED, question.day, values), name)


def _enquiry(ring: KeyRing, policy: Policy, customer_id: uuid.UUID) -> Command:
    """Record that a bureau is going to be asked."""
    return Command("bureau.ask", {"bundle": policy.bundle.hash}, partial(_ask, ring, policy), (key_wanted(customer_id),))


def _ask(ring: KeyRing, policy: Policy, work: Work) -> Mapping[str, Any]:
    check_source(policy)
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    consent = consent_on(SOURCE, today, consents_of(work.unit, customer_id))
    opened_key(ring, customer_id, work.rows[0])  # who was erased is nobody to ask about
    number = work.tell("bureau.asked", {"consent": consent}, About())
    return {"enquiry": number, "consent": consent, "day": today.isoformat()}


def check_source(policy: Policy) -> None:
    """Raises SourceWithoutStatus where the bundle's catalogue cannot say how asking the bureau ended."""
    words = (FOUND, NO_RECORD, FAILED)
    status, observed = policy.plan.sources.get(SOURCE, (None, None))
    column = next((each.column for each in policy.plan.inputs if each.fact == status), None)
    if column is None or observed is None or not set(words) <= set(column.values):
        raise errors.SourceWithoutStatus("bundle", policy.bundle.about.name, source=SOURCE, words=", ".join(words))


def _kept(ring: KeyRing, policy: Policy, customer_id: uuid.UUID, ended: tuple[Enquiry, Outcome]) -> Command:
    """Keep what the bureau said."""
    act = partial(_keep, ring, policy, ended)
    return Command("bureau.keep", _kept_body(ended[0]), act, (key_wanted(customer_id),))


def _keep(ring: KeyRing, policy: Policy, ended: tuple[Enquiry, Outcome], work: Work) -> Mapping[str, Any]:
    (enquiry, outcome), report = ended, ended[1].report
    key = opened_key(ring, work.standing.customer.customer_id, work.rows[0])
    store_bundle(work.unit, policy.bundle, work.standing.today)
    if outcome.failure:
        work.tell("bureau.failed", {"enquiry": enquiry.number, "failure": outcome.failure}, About())
    new = NewSnapshot(SOURCE, report.observed, bytes.fromhex(policy.bundle.hash), report.values, report.status)
    number = add_snapshot(work.unit, work.history, key, new, enquiry.consent)
    failure = {"failure": outcome.failure} if outcome.failure else {}
    return {"enquiry": enquiry.number, "snapshot": number, "status": report.status, **failure}


def _kept_body(enquiry: Enquiry) -> Mapping[str, Any]:
    return {"enquiry": enquiry.number}


def _second(asker: Asker) -> Asker:
    """The same request's second step has a key of its own, which is never too long."""
    return Asker(asker.customer_id, asker.principal, f"bureau.keep:{hashlib.sha256(asker.key.encode()).hexdigest()}")


def _earlier(unit: Unit, asker: Asker, enquiry: Enquiry) -> Answer | None:
    """The answer of the second step, where an earlier run came so far."""
    second = _second(asker)
    request = Request(second.principal, second.key, "bureau.keep", _kept_body(enquiry))
    return answer_of(request, unit.read(kept_answer(asker.customer_id, request))[0])


def _day_of(written: str) -> dt.date:
    return dt.date.fromisoformat(written)
