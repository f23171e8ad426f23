"""What an act makes of a case, and what it refuses, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from shouxin.foundation.refusal import Refusal
from shouxin.infra.access import case_errors as errors
from shouxin.infra.access import case_rules as rules
from shouxin.infra.access.case_errors import CaseUnknown
from shouxin.infra.access.case_model import Case, CaseStatus, Verdict
from shouxin.infra.access.principals import Principal, PrincipalInactive, RoleMissing
from tests.infra.access.staff import (
    AUDITOR,
    CLERK,
    GONE,
    MANAGER,
    OFFICER,
    ONE_DAY,
    PROGRAM,
    SECOND,
    TODAY,
    WHY,
    approve,
    case,
    ended,
    proposed,
    taken_by,
)

CASE = case()
LATE = CASE.expires + ONE_DAY
DISPUTE = case("dispute")
AFTER = DISPUTE.expires + ONE_DAY
OTHERS = taken_by("other", CASE)
PROPOSED = proposed(CASE, 400_000)
FLY = Verdict("fly", 7, "")

# Each row breaks, where it can, what comes after it too.
DECIDED: list[tuple[Case, Principal, Verdict, dt.date, type[Refusal]]] = [
    (taken_by("other", ended(CASE)), PROGRAM, FLY, LATE, errors.CaseNotOpen),
    (OTHERS, PROGRAM, FLY, LATE, errors.CaseExpired),
    (OTHERS, PROGRAM, FLY, TODAY, errors.CaseTaken),
    (CASE, PROGRAM, replace(FLY, reason=" \n"), TODAY, errors.ReasonMissing),
    (CASE, PROGRAM, replace(FLY, reason="同意  "), TODAY, errors.ReasonTooShort),
    (CASE, PROGRAM, replace(FLY, reason="好" * 2_001), TODAY, errors.ReasonTooLong),
    (CASE, PROGRAM, replace(FLY, reason=WHY), TODAY, errors.OutcomeUnknown),
    (CASE, PROGRAM, Verdict("unanswered", None, WHY), TODAY, errors.OutcomeUnknown),
    (CASE, PROGRAM, Verdict("approve", None, WHY), TODAY, errors.GrantedMissing),
    (CASE, PROGRAM, approve(0), TODAY, errors.GrantedMissing),
    (CASE, PROGRAM, Verdict("decline", 1, WHY), TODAY, errors.GrantedForNothing),
    (case(yuan=100), PROGRAM, approve(101), TODAY, errors.GrantedAboveAsked),
    (CASE, PROGRAM, approve(1), TODAY, errors.PrincipalNotPerson),
    (CASE, GONE, approve(1), TODAY, PrincipalInactive),
    (CASE, AUDITOR, approve(1), TODAY, RoleMissing),
    (replace(PROPOSED, maker="clerk"), CLERK, approve(600_000), TODAY, RoleMissing),
    (PROPOSED, OFFICER, approve(600_000), TODAY, errors.MakerIsChecker),
    (PROPOSED, SECOND, approve(600_000), TODAY, errors.VerdictDiffers),
    (PROPOSED, SECOND, Verdict("decline", None, WHY), TODAY, errors.VerdictDiffers),
    (proposed(CASE, 500_001), SECOND, approve(500_001), TODAY, errors.AuthorityExceeded),
    (CASE, MANAGER, approve(5_000_001), TODAY, errors.AuthorityExceeded),
]


@pytest.mark.parametrize(("found", "by", "verdict", "today", "refusal"), DECIDED)
def test_what_cannot_be_decided(found: Case, by: Principal, verdict: Verdict, today: dt.date, refusal: type[Refusal]) -> None:
    with pytest.raises(Refusal) as refused:
        rules.decided(found, by, verdict, today)
    assert type(refused.value) is refusal
    assert refused.value.text("zh") and refused.value.text("en")
    assert not verdict.reason.strip() or verdict.reason.strip() not in str(refused.value.to_dict())


OTHER_ACTS: list[tuple[Callable[[], Case], type[Refusal]]] = [
    (lambda: rules.taken(taken_by("other", ended(CASE)), PROGRAM, LATE), errors.CaseNotOpen),
    (lambda: rules.taken(OTHERS, PROGRAM, LATE), errors.CaseExpired),
    (lambda: rules.taken(OTHERS, PROGRAM, TODAY), errors.CaseTaken),
    (lambda: rules.taken(CASE, PROGRAM, TODAY), errors.PrincipalNotPerson),
    (lambda: rules.taken(CASE, GONE, TODAY), PrincipalInactive),
    (lambda: rules.taken(proposed(CASE, 1, "clerk"), CLERK, TODAY), RoleMissing),
    (lambda: rules.taken(PROPOSED, OFFICER, TODAY), errors.MakerIsChecker),
]
RELEASED: list[tuple[Callable[[], Case], type[Refusal]]] = [
    (lambda: rules.released(taken_by("other", ended(CASE)), GONE), errors.CaseNotOpen),
    (lambda: rules.released(OTHERS, GONE), PrincipalInactive),
    (lambda: rules.released(OTHERS, OFFICER), RoleMissing),
]
SENT_BACK: list[tuple[Callable[[], Case], type[Refusal]]] = [
    (lambda: rules.sent_back(taken_by("other", ended(CASE)), PROGRAM, "", LATE), errors.CaseNotOpen),
    (lambda: rules.sent_back(OTHERS, PROGRAM, "", LATE), errors.CaseExpired),
    (lambda: rules.sent_back(OTHERS, PROGRAM, "", TODAY), errors.CaseTaken),
    (lambda: rules.sent_back(CASE, PROGRAM, "", TODAY), errors.CaseNotProposed),
    (lambda: rules.sent_back(PROPOSED, PROGRAM, "", TODAY), errors.ReasonMissing),
    (lambda: rules.sent_back(PROPOSED, PROGRAM, "no", TODAY), errors.ReasonTooShort),
    (lambda: rules.sent_back(PROPOSED, PROGRAM, "no" * 1001, TODAY), errors.ReasonTooLong),
    (lambda: rules.sent_back(PROPOSED, PROGRAM, WHY, TODAY), errors.PrincipalNotPerson),
    (lambda: rules.sent_back(PROPOSED, GONE, WHY, TODAY), PrincipalInactive),
    (lambda: rules.sent_back(replace(PROPOSED, maker="clerk"), CLERK, WHY, TODAY), RoleMissing),
    (lambda: rules.sent_back(PROPOSED, OFFICER, WHY, TODAY), errors.MakerIsChecker),
]
EXPIRED: list[tuple[Callable[[], Case], type[Refusal]]] = [
    (lambda: rules.expired(ended(CASE), CASE.expires), errors.CaseNotOpen),
    (lambda: rules.expired(CASE, CASE.expires), errors.CaseNotDue),
    (lambda: rules.expired(DISPUTE, DISPUTE.expires), errors.CaseNotDue),
    (lambda: rules.expired(DISPUTE, AFTER), errors.CaseKeptOpen),
]
FOUND_LATE: list[tuple[Callable[[], Case], type[Refusal]]] = [
    (lambda: rules.late(ended(CASE), CASE.expires), errors.CaseNotOpen),
    (lambda: rules.late(CASE, CASE.expires), errors.CaseNotDue),
    (lambda: rules.late(DISPUTE, DISPUTE.expires), errors.CaseNotDue),
    (lambda: rules.late(CASE, LATE), errors.CaseHasDefault),
]


@pytest.mark.parametrize(("act", "refusal"), [*OTHER_ACTS, *RELEASED, *SENT_BACK, *EXPIRED, *FOUND_LATE])
def test_what_cannot_be_done(act: Callable[[], Case], refusal: type[Refusal]) -> None:
    with pytest.raises(Refusal) as refused:
        act()
    assert type(refused.value) is refusal
    assert refused.value.text("zh") and refused.value.text("en")


ORDERS = [
    ([row[-1] for row in DECIDED], rules.DECIDE_ORDER),
    ([row[-1] for row in OTHER_ACTS], rules.TAKE_ORDER),
    ([row[-1] for row in RELEASED], rules.RELEASE_ORDER),
    ([row[-1] for row in SENT_BACK], rules.SEND_BACK_ORDER),
    ([row[-1] for row in EXPIRED], rules.EXPIRE_ORDER),
    ([row[-1] for row in FOUND_LATE], rules.LATE_ORDER),
]


@pytest.mark.parametrize(("told", "order"), ORDERS)
def test_each_refusal_has_a_row(told: list[type[Refusal]], order: tuple[type[Refusal], ...]) -> None:
    """Only an unknown case has none: there is nothing to act on (`test_cases.py`)."""
    assert (CaseUnknown, *dict.fromkeys(told)) == order


def test_what_one_person_decides_alone() -> None:
    done = rules.decided(taken_by("officer", CASE), OFFICER, approve(200_000), CASE.expires)
    assert (done.status, done.maker, done.checker, done.granted) == (CaseStatus.DECIDED, "officer", None, 20_000_000)
    assert done.taken_by is None and done.ended == CASE.expires
    above = rules.decided(CASE, OFFICER, approve(200_001), TODAY)
    assert (above.status, above.maker, above.ended) == (CaseStatus.PROPOSED, "officer", None)


def test_who_refuses_needs_no_second_person() -> None:
    done = rules.decided(case(yuan=9_000_000), OFFICER, Verdict("decline", None, WHY), TODAY)
    assert (done.status, done.outcome, done.granted) == (CaseStatus.DECIDED, "decline", None)


def test_a_second_person_confirms_the_same() -> None:
    done = rules.decided(taken_by("second", PROPOSED), SECOND, approve(400_000, "复核无异议，同意"), TODAY)
    assert (done.status, done.maker, done.checker) == (CaseStatus.DECIDED, "officer", "second")
    most = rules.decided(CASE, OFFICER, approve(5_000_000), TODAY)
    assert rules.decided(most, MANAGER, approve(5_000_000), TODAY).checker == "manager"


def test_a_proposal_is_taken_released_and_sent_back() -> None:
    held = rules.taken(PROPOSED, SECOND, TODAY)
    assert (held.status, held.taken_by) == (CaseStatus.PROPOSED, "second")
    assert rules.released(held, SECOND) == PROPOSED
    assert rules.sent_back(held, SECOND, WHY, TODAY) == CASE


def test_who_reassigns_releases_the_case_of_another() -> None:
    assert rules.released(OTHERS, MANAGER) == CASE
    assert rules.released(CASE, AUDITOR) == CASE  # nobody works on it: nothing is done


def test_what_becomes_of_a_case_that_nobody_decides() -> None:
    for kind, outcome in (("referral", "decline"), ("contest", "stands"), ("overlay", "decline")):
        found = proposed(case(kind), 10)
        done = rules.expired(found, found.expires + ONE_DAY)
        assert (done.status, done.outcome, done.granted, done.maker) == (CaseStatus.EXPIRED, outcome, None, None)


def test_a_dispute_that_nobody_answers_is_late_and_free_and_can_still_be_answered() -> None:
    late = rules.late(taken_by("clerk", DISPUTE), AFTER)
    assert late == replace(DISPUTE, late=AFTER)
    assert rules.late(late, AFTER + ONE_DAY) is late
    taken = rules.taken(late, MANAGER, AFTER)
    done = rules.decided(taken, MANAGER, Verdict("corrected", None, WHY), AFTER + 9 * ONE_DAY)
    assert (done.status, done.outcome, done.late) == (CaseStatus.DECIDED, "corrected", AFTER)


def test_a_dispute_is_for_operations() -> None:
    done = rules.decided(case("dispute"), CLERK, Verdict("corrected", None, WHY), TODAY)
    assert (done.status, done.maker) == (CaseStatus.DECIDED, "clerk")
    with pytest.raises(RoleMissing):
        rules.decided(case("dispute"), OFFICER, Verdict("corrected", None, WHY), TODAY)
