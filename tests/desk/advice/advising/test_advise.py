"""What a customer can change, really tried: each way is then carried out for real, and holds."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from shouxin.book.customers.errors import CustomerUnknown
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.errors import ProductUnknown
from shouxin.desk.advice.advising.asking import advise
from shouxin.desk.advice.advising.model import Advice, Wish
from shouxin.desk.advice.advising.told import Teller
from shouxin.desk.advice.advising.written import write_advice
from shouxin.desk.advice.quota import MOST, AdviceTooOften, Kind
from shouxin.desk.advice.whatif.errors import TooLittleKnown
from shouxin.desk.advice.whatif.steps import write_step
from shouxin.desk.decisions.remedies import Goal
from shouxin.desk.origination.applying import apply
from shouxin.desk.origination.model import Asking
from shouxin.desk.servicing import commands as loans
from shouxin.foundation.errors import AmountNotPositive
from shouxin.foundation.ids import new_id
from tests.desk.advice.whatif.tables import table_hashes
from tests.desk.origination.applicant import PEOPLE, Desk, desk
from tests.desk.servicing.lender import YUAN


@pytest.fixture
def shop(databases: Any) -> Iterator[Desk]:
    """A lender whose consumer line and business loan displace each other."""
    with desk(databases(), "exclusive") as found:
        yield found


@pytest.fixture
def bank(databases: Any) -> Iterator[Desk]:
    """A lender whose products are independent of each other."""
    with desk(databases()) as found:
        yield found


def asked(lender: Desk, customer: uuid.UUID, product: str, amount: int | None = None) -> Advice:
    goal = Goal(product, None if amount is None else amount * YUAN)
    return advise(lender.connection, lender.house, Wish(customer, goal, "test"))


def merchant(lender: Desk, owed: int = 20_000) -> uuid.UUID:
    """Has a business loan of 100,000 and owes some of it."""
    customer = lender.named("huang")
    facility = lender.opened(customer, "business-loan", 100_000)
    lender.loan(customer, facility, owed * YUAN, purpose="stock")
    return customer


def test_paying_off_opens_the_other(shop: Desk) -> None:
    customer = merchant(shop)
    before = table_hashes(shop.connection)
    found = asked(shop, customer, "consumer-line", 20_000)
    assert not found.found.reached and not found.dropped
    (way,) = found.ways
    assert way.tried is not None and way.tried.works
    assert [write_step(each.step) for each in way.tried.steps] == ["repay business-loan all", "open consumer-line 20000.00"]
    after = table_hashes(shop.connection)
    assert {name for name in after if after[name] != before.get(name)} == {"advice_use", "audit"}
    (line,) = [each for each in found.now.facilities if each.product == "business-loan"]
    shop.done(customer, loans.settle([line.id]))
    assert shop.opened(customer, "consumer-line", 20_000)
    shop.check_books()


def test_waiting_after_a_closing(bank: Desk) -> None:
    customer = bank.named("lin")
    bank.done(customer, lines.close(bank.opened(customer, "consumer-line", 20_000), "BY_CHOICE"))
    found = asked(bank, customer, "consumer-line")
    (way,) = found.ways
    assert way.tried is not None
    assert [write_step(each.step) for each in way.tried.steps] == ["wait 30d", "open consumer-line"]
    assert way.remedy.changes[0].until == bank.today + dt.timedelta(days=30)


def test_what_others_say_is_assessed_and_not_acted(bank: Desk) -> None:
    customer = bank.named("lin", enquiries_3m=12)
    found = asked(bank, customer, "consumer-line")
    assert [each.tried for each in found.ways] == [None]
    assert Teller(found, "en").ways()[0].changes == (
        "enquiries for credit, 3 months: 9 or fewer (now 12) (once a source confirms it)",
    )


def test_paying_what_is_overdue(bank: Desk) -> None:
    customer = bank.named("lin")
    facility = bank.opened(customer, "consumer-line", 50_000)
    bank.loan(customer, facility, 12_000 * YUAN)
    bank.close_until(bank.today + dt.timedelta(days=40))
    bank.know(customer, PEOPLE["lin"])
    found = asked(bank, customer, "pay-later")
    assert not found.found.reached
    tried = [[write_step(each.step) for each in way.tried.steps] for way in found.ways if way.tried]
    assert tried == [["repay consumer-line due", "open pay-later"]]


def test_the_claim_of_a_written_off_loan_is_paid_first(bank: Desk) -> None:
    """Of its principal nothing is owed any more, but it is overdue until the claim is paid."""
    customer = bank.named("lin")
    line = bank.opened(customer, "consumer-line", 50_000)
    bank.opened(customer, "pay-later", 5_000)
    loan = bank.loan(customer, line, 12_000 * YUAN)
    bank.close_until(bank.today + dt.timedelta(days=70))
    bank.know(customer, PEOPLE["lin"])
    bank.done(customer, loans.write_off(customer, loan, "UNCOLLECTABLE"))
    found = asked(bank, customer, "pay-later")
    tried = [[write_step(each.step) for each in way.tried.steps] for way in found.ways if way.tried]
    assert not found.found.reached and tried == [["repay consumer-line due"]]


def test_an_offer_that_stands_is_no_line(bank: Desk) -> None:
    customer = bank.named("lin")
    bank.done(customer, apply(bank.house, customer, Asking({"consumer-line": 20_000 * YUAN}, "zh")))
    now, offered = Teller(asked(bank, customer, "consumer-line"), "en").now()
    assert offered.startswith("Consumer line is offered already: 20,000.00, to be accepted until ")
    assert now.startswith("Consumer line can be had now: ")


def test_a_line_that_is_held_is_looked_at_anew(bank: Desk) -> None:
    customer = bank.named("chen")
    bank.opened(customer, "consumer-line", 20_000)
    found = asked(bank, customer, "consumer-line", 50_000)
    assert not found.found.reached and found.ways
    assert all(way.remedy.decision.product("consumer-line").limit >= 50_000 * YUAN for way in found.ways)
    assert "once it is decided anew" in Teller(found, "en").ways()[0].leads


def test_nothing_to_change(bank: Desk) -> None:
    found = asked(bank, bank.named("lin"), "consumer-line")
    assert found.found.reached and not found.ways
    (said,) = Teller(found, "zh").now()
    assert said.startswith("目前即可办理「个人消费贷」，额度200,000.00元，年化利率（单利）")
    assert Teller(found, "zh").heading() == ""


def test_what_is_too_old_is_told_apart_from_what_stays(bank: Desk) -> None:
    """No rule has said no: nobody knows, since the sources have to be asked again."""
    customer = bank.named("lin", enquiries_3m=12)
    bank.close_until(bank.today + dt.timedelta(days=100))
    found = asked(bank, customer, "consumer-line")
    assert found.found.stays and {each.kind for each in found.found.stays} == {"undecided"}
    assert Teller(found, "zh").heading().startswith("现在说不准怎样才能办理：")


def test_no_way_and_until_when(bank: Desk) -> None:
    found = asked(bank, bank.named("lin", birth_date="2009-03-12"), "consumer-line")
    teller = Teller(found, "en")
    assert not found.ways and teller.heading().startswith("No set of changes helps, because: ")
    assert teller.notices()[0] == "That is so until 2027-03-12; apply again from then on."


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_before_identity_is_proven_no_number_is_told(bank: Desk, lang: str) -> None:
    found = asked(bank, bank.named("lin", identity_verified=False, enquiries_3m=12), "consumer-line")
    assert not found.proven and found.ways
    told = Teller(found, lang)
    texts = [*told.now(), told.heading(), *(line for way in told.ways() for line in (*way.changes, way.leads))]
    assert not any(each in text for text in texts for each in ("12", "9", "200,000"))
    written = write_advice(found)
    assert written["limit"] is None and all(each.keys() == {"zh", "en"} for each in written["ways"])


def test_what_is_refused(bank: Desk) -> None:
    customer = bank.named("lin")
    with pytest.raises(AmountNotPositive):
        asked(bank, customer, "consumer-line", 0)
    with pytest.raises(CustomerUnknown):
        asked(bank, new_id(), "consumer-line")
    with pytest.raises(ProductUnknown):
        asked(bank, customer, "mortgage")
    with pytest.raises(TooLittleKnown) as caught:
        asked(bank, bank.customer(), "consumer-line")
    assert "dentity" in caught.value.right("en") and "核验" in caught.value.right("zh")


def test_probing_is_counted(bank: Desk) -> None:
    customer = bank.named("lin")
    for _ in range(MOST[Kind.REMEDIES]):
        asked(bank, customer, "consumer-line")
    with pytest.raises(AdviceTooOften):
        asked(bank, customer, "consumer-line")
    told = (
        "SELECT count(*) FILTER (WHERE action = 'advice.remedies'), count(*) FILTER (WHERE action = 'advice.refused') FROM audit"
    )
    assert bank.one(told) == (MOST[Kind.REMEDIES], 1)
