"""What applicants are told by notices: who decided, what they can do, in the language in which they applied."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from shouxin.desk.origination import judging
from shouxin.desk.origination.applying import apply
from shouxin.desk.origination.judging import Judgement, contest, judge
from shouxin.desk.origination.model import Asking
from shouxin.desk.origination.store import parts_of
from shouxin.desk.servicing.telling import NoticeSink
from shouxin.infra.access.cases import Verdict
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import in_unit
from shouxin.infra.messages.notices import NoticeRow, notices_of
from shouxin.infra.messages.outbox import Relay
from tests.database import Make
from tests.desk.origination.applicant import Desk, desk
from tests.desk.origination.test_judging import LI, UNPROVEN
from tests.desk.servicing.lender import YUAN

LONG = dt.timedelta(days=20)
PEOPLE: tuple[tuple[str, dict[str, Any]], ...] = (("lin", UNPROVEN), ("wang", {}), ("lin", UNPROVEN), ("wang", {}))


@dataclass(frozen=True)
class Office:
    """A lender whose events are told."""

    lender: Desk
    target: Target

    def applies(self, customer: uuid.UUID, lang: str, **amounts: int) -> list[dict[str, Any]]:
        """An application; what became of each product."""
        asked = {name.replace("_", "-"): amount * YUAN for name, amount in amounts.items()}
        found: list[dict[str, Any]] = self.lender.done(customer, apply(self.lender.house, customer, Asking(asked, lang)))[
            "products"
        ]
        return found

    def judged(self, customer: uuid.UUID, case: uuid.UUID, verdict: Verdict) -> dict[str, Any]:
        """What a person decides."""
        return self.lender.done(customer, judge(self.lender.house, customer, Judgement(LI, case, verdict, 109_500)))

    def contested(self, customer: uuid.UUID) -> uuid.UUID:
        """The case of a refusal that the customer contests."""
        (part,) = in_unit(self.lender.connection, lambda unit: parts_of(unit, customer))
        case: uuid.UUID = self.lender.done(customer, contest(part.application_id, part.product))["case"]
        return case

    def nobody_decides(self) -> None:
        """All cases run out."""
        self.lender.close_until(self.lender.today + LONG)
        judging.lapse_due(self.lender.connection, self.lender.today)

    def told(self, customer: uuid.UUID) -> dict[str, NoticeRow]:
        """The customer's notices by kind, of each one."""
        found = self.every(customer)
        assert len({each.notice.kind for each in found}) == len(found)
        return {each.notice.kind: each for each in found}

    def every(self, customer: uuid.UUID) -> tuple[NoticeRow, ...]:
        """The customer's notices, after everything was told, twice."""
        for _ in range(2):
            relay = Relay([NoticeSink(partial(connect, self.target.app))])
            while relay.run_once(self.lender.connection):
                pass
        return in_unit(self.lender.connection, lambda unit: notices_of(unit, customer))


@pytest.fixture
def office(databases: Make) -> Iterator[Office]:
    """Under `standard`."""
    target = databases()
    with desk(target) as lender:
        yield Office(lender, target)


def test_what_a_machine_declines_may_be_contested(office: Office) -> None:
    customer = office.lender.named("wang")
    assert [each["outcome"] for each in office.applies(customer, "en", consumer_line=10_000)] == ["decline"]
    (notice,) = office.told(customer).values()
    assert (notice.notice.kind, notice.notice.lang) == ("application_declined", "en")
    assert notice.text == (
        "Your application of 2026-07-01 for the Consumer line was declined. A machine alone decided. Our answer says why, and "
        "what you can do; if you disagree, you may ask for a person to look at it."
    )


def test_two_products_that_are_declined_are_two_notices(office: Office) -> None:
    customer = office.lender.named("wang")
    office.applies(customer, "zh", consumer_line=10_000, business_loan=10_000)
    assert {each.text for each in office.every(customer)} == {
        f"您于2026年7月1日申请的{name}未获批准，本结论由系统自动作出。原因及改善建议请见审批答复；如有异议，可要求人工复核。"
        for name in ("个人消费贷", "经营贷")
    }


def test_what_is_referred_and_a_person_offers_less_than_was_asked_for(office: Office) -> None:
    customer = office.lender.named("lin", **UNPROVEN)
    (part,) = office.applies(customer, "en", consumer_line=50_000)
    office.judged(customer, part["case"], Verdict("approve", 30_000 * YUAN, "工资流水已当面核对"))
    found = office.told(customer)
    assert found.keys() == {"application_referred", "facility_offered"}
    assert {each.notice.lang for each in found.values()} == {"en"}
    assert found["application_referred"].text.endswith(f"We will answer by {part['by']}.")
    assert "limit CNY 30,000.00, 10.95% a year, simple" in found["facility_offered"].text


def test_who_declined_is_told(office: Office) -> None:
    """A person, a person who was asked to look again, nobody in time, and nobody in time who was asked to look again."""
    declined, upheld, lapsed, unseen = (office.lender.named(name, **more) for name, more in PEOPLE)
    (part,) = office.applies(declined, "zh", consumer_line=50_000)
    office.judged(declined, part["case"], Verdict("decline", None, "收入无法核实"))
    office.applies(upheld, "en", consumer_line=10_000)
    office.judged(upheld, office.contested(upheld), Verdict("stands", None, "逾期属实，维持"))
    office.applies(lapsed, "en", consumer_line=50_000)
    office.applies(unseen, "zh", consumer_line=10_000)
    office.contested(unseen)
    office.nobody_decides()
    assert "经人工审批，未获批准" in office.told(declined)["application_declined_by_person"].text
    assert "a person looked at your application" in office.told(upheld)["application_upheld"].text
    assert "you may apply again at any time" in office.told(lapsed)["application_lapsed"].text
    assert "人工复核未能在期限内完成" in office.told(unseen)["contest_lapsed"].text
    assert [set(office.told(each)) for each in (declined, upheld, lapsed, unseen)] == [
        {"application_referred", "application_declined_by_person"},
        {"application_declined", "application_upheld"},
        {"application_referred", "application_lapsed"},
        {"application_declined", "contest_lapsed"},
    ]


def test_an_offer_that_nobody_took_is_no_closed_line(office: Office) -> None:
    customer = office.lender.named("huang")
    (offer,) = office.applies(customer, "en", business_loan=200_000)
    office.lender.close_until(offer["expires"] + dt.timedelta(days=2))
    found = office.told(customer)
    assert found.keys() == {"facility_offered", "offer_lapsed"}
    assert found["offer_lapsed"].text == (
        "Your application for the Business loan was approved, but you did not accept in time. The offer ended on "
        f"{offer['expires'] + dt.timedelta(days=1)}, and no line was opened; you may apply again."
    )


def test_events_of_applications_hold_nothing_personal(office: Office) -> None:
    customer = office.lender.named("wang")
    office.applies(customer, "zh", consumer_line=10_000)
    with office.lender.connection.cursor() as cursor:
        rows: list[Any] = cursor.execute(b"SELECT body FROM event WHERE kind LIKE 'application.%'").fetchall()
    office.lender.connection.rollback()
    assert {name for (body,) in rows for name in body} == {"application", "decision", "product", "lang", "asked", "by"}
