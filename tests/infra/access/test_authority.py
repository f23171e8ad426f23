"""Authority by amount and the queues: what the two files say fits together."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources

import pytest

from shouxin.infra.access.authority import AUTHORITY, Authority, authority_of, most_confirmed, roles_deciding
from shouxin.infra.access.case_errors import CaseKindUnknown, QueueUnknown
from shouxin.infra.access.case_rules import DECIDE, TAKE
from shouxin.infra.access.queues import APPROVE, KINDS, QUEUES, queue_for, queue_of
from shouxin.infra.access.roles import ROLES

MIGRATION = resources.files("shouxin.infra.db").joinpath("migrations/0012_cases.sql").read_text("utf-8")


def test_every_kind_has_one_queue_and_somebody_who_decides() -> None:
    found = re.search(r"kind IN \(([^)]*)\)", MIGRATION)
    assert found
    kinds = set(re.findall(r"'(\w+)'", found[1]))
    assert kinds == set(KINDS) == set(AUTHORITY)
    assert sorted(kinds) == sorted(kind for queue in QUEUES.values() for kind in queue.kinds)


@pytest.mark.parametrize("kind", sorted(AUTHORITY))
def test_who_has_authority_may_decide(kind: str) -> None:
    for role, each in AUTHORITY[kind].items():
        assert {TAKE, DECIDE} <= ROLES[role].may, role
        assert 0 <= each.alone <= each.second, role  # who decides an amount alone can confirm it
    assert roles_deciding(kind) == tuple(AUTHORITY[kind])
    assert most_confirmed(kind) == max(each.second for each in AUTHORITY[kind].values())


def test_an_outcome_that_grants_something_has_a_limit() -> None:
    for queue in QUEUES.values():
        for kind in queue.kinds:
            assert (most_confirmed(kind) > 0) == (APPROVE in queue.outcomes), kind
        assert queue.default != APPROVE
        assert queue.capacity > 0 and queue.days > 0


def test_several_roles_allow_what_the_highest_does() -> None:
    assert authority_of(["credit_manager", "credit_officer", "risk"], "referral") == Authority(100_000_000, 500_000_000)
    assert authority_of(["risk", "auditor", "no such role"], "referral") is None
    assert authority_of([], "referral") is None


def test_until_when_a_case_can_be_decided() -> None:
    before_the_holidays = dt.date(2026, 9, 30)  # 1 to 7 October are free, Saturday the 10th is worked
    assert queue_for("referral").expires(before_the_holidays) == dt.date(2026, 10, 13)
    assert queue_for("dispute").expires(before_the_holidays) == dt.date(2026, 10, 20)


def test_what_there_is_not() -> None:
    with pytest.raises(QueueUnknown, match="referrals, contests"):
        queue_of("archive")
    with pytest.raises(CaseKindUnknown, match="referral, contest"):
        queue_for("complaint")
