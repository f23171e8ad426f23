"""What people decide: referrals within and above their authority, contested refusals, and what nobody decides in time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest

from shouxin.desk.origination import judging
from shouxin.desk.origination.judging import Judgement, contest, judge
from shouxin.desk.origination.model import By, Status
from shouxin.desk.origination.store import parts_of
from shouxin.foundation.ids import new_id
from shouxin.infra.access.cases import NewCase, Verdict, case_of, open_case
from shouxin.infra.access.principals import Kind, Principal
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.desk.origination.applicant import FIRST_DAY, Desk, desk
from tests.desk.servicing.lender import YUAN

LI = Principal("li", Kind.PERSON, ("credit_officer",), FIRST_DAY)
SUN = Principal("sun", Kind.PERSON, ("credit_manager",), FIRST_DAY)
UNPROVEN = {"monthly_income": None, "income_date": None, "income_proof": None}


@pytest.fixture
def lender(database: Target) -> Iterator[Desk]:
    """A lender under `standard`."""
    with desk(database) as found:
        yield found


def referred(lender: Desk, amount: int) -> tuple[uuid.UUID, uuid.UUID]:
    """A customer without a proven income, and the case of the application."""
    customer = lender.named("lin", **UNPROVEN)
    (part,) = lender.apply(customer, consumer_line=amount)
    assert part["outcome"] == "refer"
    return customer, part["case"]


def test_one_person_decides_within_their_authority(lender: Desk) -> None:
    customer, case = referred(lender, 50_000)
    verdict = Verdict("approve", 30_000 * YUAN, "工资流水已当面核对")
    offer = lender.done(customer, judge(lender.house, customer, Judgement(LI, case, verdict)))
    assert (offer["status"], offer["limit"], offer["rate_ppm"]) == ("decided", 30_000 * YUAN, 109_500)
    assert lender.accept(customer, offer)["limit"] == 30_000 * YUAN
    (part,) = in_unit(lender.connection, lambda unit: parts_of(unit, customer))
    assert (part.status, part.by) == (Status.ACCEPTED, By.PERSON)
    lender.check_books()


def test_two_persons_decide_what_is_above_it(lender: Desk) -> None:
    customer, case = referred(lender, 250_000)
    verdict = Verdict("approve", 250_000 * YUAN, "房产和收入已核实")
    first = lender.done(customer, judge(lender.house, customer, Judgement(LI, case, verdict)))
    assert first["status"] == "proposed" and "facility" not in first
    assert lender.refusal(customer, judge(lender.house, customer, Judgement(LI, case, verdict))) == "MakerIsChecker"
    other = Judgement(SUN, case, Verdict("approve", 200_000 * YUAN, "可以同意放款"))
    assert lender.refusal(customer, judge(lender.house, customer, other)) == "VerdictDiffers"
    confirmed = Judgement(SUN, case, Verdict("approve", 250_000 * YUAN, "复核后同意"))
    assert lender.done(customer, judge(lender.house, customer, confirmed))["limit"] == 250_000 * YUAN


def test_what_a_person_declines(lender: Desk) -> None:
    customer, case = referred(lender, 50_000)
    verdict = Verdict("decline", None, "收入无法核实")
    assert lender.done(customer, judge(lender.house, customer, Judgement(LI, case, verdict)))["status"] == "decided"
    (part,) = in_unit(lender.connection, lambda unit: parts_of(unit, customer))
    assert (part.status, part.by) == (Status.DECLINED, By.PERSON)
    assert lender.refusal(customer, contest(part.application_id, part.product)) == "NotContestable"


def test_a_machines_refusal_is_contested_once_and_a_person_may_approve(lender: Desk) -> None:
    customer = lender.named("wang")
    (part,) = lender.apply(customer, consumer_line=10_000)
    assert part["outcome"] == "decline"
    (kept,) = in_unit(lender.connection, lambda unit: parts_of(unit, customer))
    opened = lender.done(customer, contest(kept.application_id, kept.product))
    assert lender.refusal(customer, contest(kept.application_id, kept.product)) == "NotContestable"
    verdict = Verdict("approve", 5_000 * YUAN, "逾期系银行系统故障，已有证明")
    priceless = Judgement(LI, opened["case"], verdict)
    assert lender.refusal(customer, judge(lender.house, customer, priceless)) == "RateNotKnown"
    priced = Judgement(LI, opened["case"], verdict, rate_ppm=146_000)
    offer = lender.done(customer, judge(lender.house, customer, priced))
    assert (offer["limit"], offer["rate_ppm"]) == (5_000 * YUAN, 146_000)
    assert lender.accept(customer, offer)["limit"] == 5_000 * YUAN


def test_what_nobody_decides_in_time_is_declined(lender: Desk) -> None:
    customer, _ = referred(lender, 50_000)
    assert judging.lapse_due(lender.connection, lender.today) == 0
    assert judging.lapse_due(lender.connection, lender.today + dt.timedelta(days=30)) == 0  # the open day counts
    lender.close_until(lender.today + dt.timedelta(days=12))
    assert judging.lapse_due(lender.connection, lender.today) == 1
    assert judging.lapse_due(lender.connection, lender.today) == 0
    (part,) = in_unit(lender.connection, lambda unit: parts_of(unit, customer))
    assert (part.status, part.by) == (Status.DECLINED, By.DEFAULT)


def test_an_adjustment_by_hand_that_nobody_decides_is_not_made(lender: Desk) -> None:
    customer = lender.named("lin")
    new = NewCase(customer, "overlay", new_id(), 10_000 * YUAN, "zh")
    case = in_unit(lender.connection, lambda unit: open_case(unit, new, lender.today))
    assert judging.lapse_due(lender.connection, case.expires) == 0
    lender.close_until(case.expires + dt.timedelta(days=1))
    assert [judging.lapse_due(lender.connection, lender.today) for _ in range(2)] == [1, 0]
    found = in_unit(lender.connection, lambda unit: case_of(unit, customer, case.case_id))
    assert (found.status, found.outcome) == ("expired", "decline")
    body = {"case": case.case_id.hex, "kind": "overlay", "outcome": "decline"}
    assert lender.one("SELECT body FROM event WHERE customer_id = %s AND kind = 'case.expired'", customer) == (body,)
