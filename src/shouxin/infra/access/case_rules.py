"""What an act makes of a case, and what it refuses: pure. Read first: `decided`, `DECIDE_ORDER`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from shouxin.foundation.ids import new_id
from shouxin.foundation.money import show_amount
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access import case_errors as errors
from shouxin.infra.access.authority import Authority, authority_of, most_confirmed, roles_deciding
from shouxin.infra.access.case_model import Case, CaseStatus, NewCase, Verdict
from shouxin.infra.access.principals import Kind, Principal, PrincipalInactive, RoleMissing, check_may
from shouxin.infra.access.queues import APPROVE, QUEUES, queue_for

TAKE, DECIDE, REASSIGN = "case.take", "case.decide", "case.reassign"
LEAST_REASON, MOST_REASON = 5, 2_000

# The order in which refusals are told.
_STANDING: tuple[type[Refusal], ...] = (errors.CaseUnknown, errors.CaseNotOpen, errors.CaseExpired, errors.CaseTaken)
_REASON: tuple[type[Refusal], ...] = (errors.ReasonMissing, errors.ReasonTooShort, errors.ReasonTooLong)
_PERSON: tuple[type[Refusal], ...] = (errors.PrincipalNotPerson, PrincipalInactive, RoleMissing)
_VERDICT: tuple[type[Refusal], ...] = (
    errors.OutcomeUnknown,
    errors.GrantedMissing,
    errors.GrantedForNothing,
    errors.GrantedAboveAsked,
)
TAKE_ORDER = (*_STANDING, *_PERSON, errors.MakerIsChecker)
RELEASE_ORDER: tuple[type[Refusal], ...] = (errors.CaseUnknown, errors.CaseNotOpen, PrincipalInactive, RoleMissing)
DECIDE_ORDER = (
    *_STANDING,
    *_REASON,
    *_VERDICT,
    *_PERSON,
    errors.MakerIsChecker,
    errors.VerdictDiffers,
    errors.AuthorityExceeded,
)
SEND_BACK_ORDER = (*_STANDING, errors.CaseNotProposed, *_REASON, *_PERSON, errors.MakerIsChecker)
EXPIRE_ORDER: tuple[type[Refusal], ...] = (errors.CaseUnknown, errors.CaseNotOpen, errors.CaseNotDue, errors.CaseKeptOpen)
LATE_ORDER: tuple[type[Refusal], ...] = (errors.CaseUnknown, errors.CaseNotOpen, errors.CaseNotDue, errors.CaseHasDefault)


def opened(new: NewCase, today: dt.date) -> Case:
    """A new case. Raises CaseKindUnknown."""
    queue = queue_for(new.kind)
    asked = (new.kind, queue.code, new.subject, new.amount, new.lang)
    return Case(new.customer_id, new_id(), *asked, today, queue.expires(today), queue.default)


def taken(case: Case, by: Principal, today: dt.date) -> Case:
    """A case on which somebody works; a proposal stays one. Raises the refusals of `TAKE_ORDER`, but for CaseUnknown."""
    _check_workable(case, by, today)
    check_person(by, TAKE, case.kind)
    _check_not_maker(case, by)
    status = CaseStatus.PROPOSED if case.status is CaseStatus.PROPOSED else CaseStatus.TAKEN
    return replace(case, status=status, taken_by=by.name)


def released(case: Case, by: Principal) -> Case:
    """A case on which nobody works. Raises the refusals of `RELEASE_ORDER`, but for CaseUnknown."""
    _check_not_ended(case)
    if case.taken_by is None:
        return case
    check_may(by, TAKE if case.taken_by == by.name else REASSIGN)
    status = CaseStatus.PROPOSED if case.status is CaseStatus.PROPOSED else CaseStatus.OPEN
    return replace(case, status=status, taken_by=None)


def decided(case: Case, by: Principal, verdict: Verdict, today: dt.date) -> Case:
    """A case that is decided, or proposed for a second person. Raises the refusals of `DECIDE_ORDER`, but for CaseUnknown."""
    _check_workable(case, by, today)
    check_reason(verdict.reason)
    check_verdict(case, verdict)
    authority = check_person(by, DECIDE, case.kind)
    if case.status is CaseStatus.PROPOSED:
        return _confirmed(case, (by, authority), verdict, today)
    amount, made = verdict.granted or 0, replace(case, taken_by=None, maker=by.name, outcome=verdict.outcome)
    made = replace(made, granted=verdict.granted)
    if amount <= authority.alone:
        return replace(made, status=CaseStatus.DECIDED, ended=today)
    most = max(authority.alone, most_confirmed(case.kind))
    if amount > most:
        raise errors.AuthorityExceeded("granted", show_amount(amount), most=show_amount(most), name=by.name)
    return replace(made, status=CaseStatus.PROPOSED)


def _confirmed(case: Case, by: tuple[Principal, Authority], verdict: Verdict, today: dt.date) -> Case:
    (person, authority), amount = by, verdict.granted or 0
    _check_not_maker(case, person)
    if (verdict.outcome, verdict.granted) != (case.outcome, case.granted):
        was = {"maker": case.maker, "outcome": case.outcome, "granted": _shown(case.granted)}
        raise errors.VerdictDiffers("verdict", f"{verdict.outcome} {_shown(verdict.granted)}", **was)
    if amount > authority.second:
        raise errors.AuthorityExceeded("granted", show_amount(amount), most=show_amount(authority.second), name=person.name)
    return replace(case, status=CaseStatus.DECIDED, taken_by=None, checker=person.name, ended=today)


def sent_back(case: Case, by: Principal, reason: str, today: dt.date) -> Case:
    """A case of which the proposal is gone. Raises the refusals of `SEND_BACK_ORDER`, but for CaseUnknown."""
    _check_workable(case, by, today)
    if case.status is not CaseStatus.PROPOSED:
        raise errors.CaseNotProposed("case", case.case_id, status=case.status.value)
    check_reason(reason)
    check_person(by, DECIDE, case.kind)
    _check_not_maker(case, by)
    return replace(case, status=CaseStatus.OPEN, taken_by=None, maker=None, outcome=None, granted=None)


def expired(case: Case, today: dt.date) -> Case:
    """A case that nobody decided: its default is the outcome. Raises the refusals of `EXPIRE_ORDER`, but for CaseUnknown."""
    _check_due(case, today)
    if case.default is None:
        raise errors.CaseKeptOpen("case", case.case_id, queue=case.queue)
    ended = replace(case, status=CaseStatus.EXPIRED, outcome=case.default, granted=None, ended=today)
    return replace(ended, taken_by=None, maker=None)


def late(case: Case, today: dt.date) -> Case:
    """A case that nobody decided in time and that stays open: who held it holds it no more. A proposal still waits for its second
    person. Raises the refusals of `LATE_ORDER`, but for CaseUnknown."""
    _check_due(case, today)
    if case.default is not None:
        raise errors.CaseHasDefault("case", case.case_id, queue=case.queue, default=case.default)
    if case.late is not None:
        return case
    status = CaseStatus.PROPOSED if case.status is CaseStatus.PROPOSED else CaseStatus.OPEN
    return replace(case, status=status, taken_by=None, late=today)


def check_reason(reason: str) -> None:
    """Raises ReasonMissing, ReasonTooShort, ReasonTooLong. The value is not told: it may be about a person."""
    length = len(reason.strip())
    if not length:
        raise errors.ReasonMissing("reason", "", least=LEAST_REASON, most=f"{MOST_REASON:,}")
    if length < LEAST_REASON:
        raise errors.ReasonTooShort("reason", "***", least=LEAST_REASON, length=length)
    if len(reason) > MOST_REASON:
        raise errors.ReasonTooLong("reason", "***", most=f"{MOST_REASON:,}", length=len(reason))


def check_verdict(case: Case, verdict: Verdict) -> None:
    """Raises OutcomeUnknown, GrantedMissing, GrantedForNothing, GrantedAboveAsked."""
    outcomes, granted = QUEUES[case.queue].outcomes, verdict.granted
    if verdict.outcome not in outcomes:
        raise errors.OutcomeUnknown("outcome", verdict.outcome, known=", ".join(outcomes))
    if verdict.outcome == APPROVE and (granted is None or granted <= 0):
        raise errors.GrantedMissing("granted", _shown(granted), outcome=verdict.outcome)
    if verdict.outcome != APPROVE and granted is not None:
        raise errors.GrantedForNothing("granted", _shown(granted), outcome=verdict.outcome)
    if granted is not None and 0 < case.amount < granted:
        raise errors.GrantedAboveAsked("granted", _shown(granted), asked=show_amount(case.amount))


def check_person(by: Principal, action: str, kind: str) -> Authority:
    """What a person may decide of a kind of case. Raises PrincipalNotPerson, PrincipalInactive, RoleMissing."""
    if by.kind is not Kind.PERSON:
        raise errors.PrincipalNotPerson("principal", by.name)
    check_may(by, action)
    authority = authority_of(by.roles, kind)
    if authority is None:
        roles, own = " / ".join(roles_deciding(kind)), ", ".join(by.roles) or "-"
        raise RoleMissing("kind", kind, roles=roles, name=by.name, own=own)
    return authority


def _check_workable(case: Case, by: Principal, today: dt.date) -> None:
    _check_not_ended(case)
    if today > case.expires and case.default is not None:
        raise errors.CaseExpired("case", case.case_id, expires=case.expires)
    if case.taken_by not in (None, by.name):
        raise errors.CaseTaken("case", case.case_id, taken_by=case.taken_by)


def _check_due(case: Case, today: dt.date) -> None:
    _check_not_ended(case)
    if today <= case.expires:
        raise errors.CaseNotDue("case", case.case_id, expires=case.expires)


def _check_not_ended(case: Case) -> None:
    if case.status.ended:
        raise errors.CaseNotOpen("case", case.case_id, status=case.status.value, ended=case.ended)


def _check_not_maker(case: Case, by: Principal) -> None:
    if case.maker == by.name:
        raise errors.MakerIsChecker("principal", by.name, maker=case.maker)


def _shown(granted: int | None) -> str:
    return "-" if granted is None else show_amount(granted)
