"""Every command that is refused says so in its documented order, and leaves nothing behind but the answer.

Each test is a ladder: at its foot everything is wrong at once, and each rung mends what was told before. So every refusal is seen
while all later ones apply as well.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest

from shouxin.book.customers.screening import Hit
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.service import ORDERS as LINE_ORDERS
from shouxin.book.facilities.work import Command
from shouxin.desk.servicing import change
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.commands import ORDERS as LOAN_ORDERS
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.papers_kept import Payee
from shouxin.desk.servicing.uses import Proof
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.keys_of_customers import destroy_key
from shouxin.infra.db.unit import in_unit
from tests.database import Make
from tests.desk.servicing.lender import BUNDLE, DAY, FIRST_DAY, YUAN, Lender, lender

ORDERS: Mapping[str, tuple[type[Refusal], ...]] = {**LINE_ORDERS, **LOAN_ORDERS}
NOBODY = uuid.UUID(int=7)
HASH = "a" * 64
TERMS = tuple((each.method, tuple(each.months)) for each in BUNDLE.products["consumer-line"].terms)
BORROWING = [("frozen", "CustomerFrozen"), ("deceased", "CustomerDeceased"), ("insolvent", "CustomerInsolvent")]


@dataclass
class EverybodyOrNobody:
    """A list on which everybody stands, or nobody."""

    everybody: bool = False

    def check(self, name: str, id_number: str | None) -> Hit | None:
        return Hit("test", FIRST_DAY, "name") if self.everybody else None


@dataclass
class Desk:
    """A lender, the owner of its tables, a customer, and what has been told of each action so far."""

    bank: Lender
    owner: Connection
    listed: EverybodyOrNobody
    customer: uuid.UUID
    told: list[str] = field(default_factory=list)

    def refuses(self, command: Command, code: str) -> None:
        """Refused so, in both languages, with nothing written but the answer."""
        before = self.everything()
        answer = self.bank.ask(self.customer, command)
        assert (answer.done, answer.body.get("code")) == (False, code), answer.body
        assert answer.body["en"] and answer.body["zh"] and "{" not in answer.body["en"] + answer.body["zh"]
        assert self.everything() == before
        self.told.append(code)

    def everything(self) -> dict[str, str]:
        """What stands in each table but that of answers: a hash of all its rows."""
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'shouxin' AND tablename <> 'request'"
        found = self.owner.execute(tables).fetchall()
        hashed = {}
        for (table,) in found:
            text = f"SELECT md5(coalesce(string_agg(each::text, ';' ORDER BY each::text), '')) FROM {table} AS each"
            row = self.owner.execute(text.encode()).fetchone()
            assert row is not None
            hashed[str(table)] = str(row[0])
        self.owner.rollback()
        return hashed

    def state(self, state: str) -> None:
        self.change("UPDATE customer SET state = %s WHERE customer_id = %s", state, self.customer)

    def change(self, text: str, *values: object) -> None:
        """What would be tedious to reach otherwise."""
        self.owner.execute(text.encode(), values)
        self.owner.commit()

    def cannot_borrow(self, command: Callable[[], Command]) -> None:
        """The three states in which nobody may borrow; then the normal one."""
        for state, code in BORROWING:
            self.state(state)
            self.refuses(command(), code)
        self.state("normal")

    def ends(self, command: Command, *left_out: str) -> None:
        """At the top the command is done, and all that it can refuse was told, in its order."""
        codes = [each.__new__(each).code for each in ORDERS[command.action]]
        assert [each for each in codes if each not in left_out] == self.told
        self.bank.done(self.customer, command)
        self.told.clear()


@pytest.fixture
def desk(databases: Make) -> Iterator[Desk]:
    target, listed = databases(), EverybodyOrNobody()
    with lender(target) as bank, connect(target.owner) as owner:
        bank.house = replace(bank.house, screening=listed)
        yield Desk(bank, owner, listed, bank.customer())


def test_a_line(desk: Desk) -> None:
    desk.bank.line(desk.customer, most=1_000 * YUAN, total=5_000 * YUAN)
    desk.bank.facility(desk.customer, "business-loan", 2_000 * YUAN)
    desk.refuses(lines.set_total_line(2_000 * YUAN - 1, "GRANTED"), "TotalLineBelowExposure")
    desk.ends(lines.set_total_line(2_000 * YUAN, "GRANTED"))


def test_an_offer(desk: Desk) -> None:
    product, most = "mortgage", 50 * YUAN
    bank, customer = desk.bank, desk.customer

    def offer() -> Command:
        return lines.offer(BUNDLE, Offer(product, most, 109_500, TERMS))

    facility = bank.line(customer, "business-loan", 2_000 * YUAN, 3_000 * YUAN)
    desk.cannot_borrow(offer)
    desk.refuses(offer(), "ProductUnknown")
    product = "business-loan"
    desk.refuses(offer(), "ProductHeld")
    bank.done(customer, lines.close(facility, "RISK"))
    desk.refuses(offer(), "ReopeningTooEarly")
    bank.close_until(FIRST_DAY + 90 * DAY)
    desk.refuses(offer(), "LimitOutsideProduct")
    most = 4_000 * YUAN
    new = bank.customer()
    desk.customer, old = new, customer
    desk.refuses(offer(), "TotalLineMissing")
    desk.customer = old
    desk.refuses(offer(), "ExposureExceedsTotalLine")
    most = 3_000 * YUAN
    desk.ends(offer())


def test_an_acceptance(desk: Desk) -> None:
    bank, customer, facility = desk.bank, desk.customer, NOBODY

    def accept() -> Command:
        return lines.accept(facility)

    desk.state("frozen")
    desk.refuses(accept(), "FacilityUnknown")
    desk.state("normal")
    bank.done(customer, lines.set_total_line(2_000 * YUAN, "GRANTED"))
    offered = bank.done(customer, lines.offer(BUNDLE, Offer("business-loan", 2_000 * YUAN, 109_500, TERMS)))
    facility = offered["facility"]
    desk.change("UPDATE facility SET status = 'suspended', expires = %s", FIRST_DAY - DAY)
    desk.change("UPDATE customer_line SET total = 1")
    desk.cannot_borrow(accept)
    desk.refuses(accept(), "StatusForbids")
    desk.change("UPDATE facility SET status = 'offered'")
    desk.refuses(accept(), "FacilityExpired")
    desk.change("UPDATE facility SET expires = %s", FIRST_DAY)
    desk.refuses(accept(), "ExposureExceedsTotalLine")
    desk.change("UPDATE customer_line SET total = %s", 2_000 * YUAN)
    desk.ends(accept())


@pytest.mark.parametrize("act", [lines.suspend, lines.close])
def test_an_end(desk: Desk, act: Callable[[uuid.UUID, str], Command]) -> None:
    facility = desk.bank.line(desk.customer)
    desk.change("UPDATE facility SET status = 'closing'")
    desk.refuses(act(NOBODY, ""), "FacilityUnknown")
    desk.refuses(act(facility, ""), "StatusForbids")
    desk.change("UPDATE facility SET status = 'active'")
    desk.refuses(act(facility, "lower"), "ReasonMissing")
    desk.ends(act(facility, "RISK"))


def test_a_resumption(desk: Desk) -> None:
    facility = desk.bank.line(desk.customer)
    desk.change("UPDATE facility SET expires = %s", FIRST_DAY - DAY)
    desk.state("frozen")
    desk.refuses(lines.resume(NOBODY, ""), "FacilityUnknown")
    desk.cannot_borrow(lambda: lines.resume(facility, ""))
    desk.refuses(lines.resume(facility, ""), "StatusForbids")
    desk.change("UPDATE facility SET status = 'suspended'")
    desk.refuses(lines.resume(facility, ""), "FacilityExpired")
    desk.change("UPDATE facility SET expires = %s", FIRST_DAY)
    desk.refuses(lines.resume(facility, ""), "ReasonMissing")
    desk.ends(lines.resume(facility, "RISK"))


def test_another_limit(desk: Desk) -> None:
    facility = desk.bank.line(desk.customer, "business-loan", 5_000 * YUAN)
    desk.change("UPDATE facility SET status = 'closing'")
    desk.state("frozen")
    desk.refuses(lines.change_limit(NOBODY, 5_500 * YUAN, ""), "FacilityUnknown")
    desk.cannot_borrow(lambda: lines.change_limit(facility, 5_500 * YUAN, ""))
    desk.refuses(lines.change_limit(facility, 5_500 * YUAN, ""), "StatusForbids")
    desk.change("UPDATE facility SET status = 'active'")
    desk.refuses(lines.change_limit(facility, 5_500 * YUAN, ""), "ReasonMissing")
    desk.refuses(lines.change_limit(facility, 5_500 * YUAN, "RISK"), "LimitOutsideProduct")
    desk.refuses(lines.change_limit(facility, 6_000 * YUAN, "RISK"), "ExposureExceedsTotalLine")
    desk.state("frozen")
    desk.ends(lines.change_limit(facility, 4_000 * YUAN, "RISK"))


def test_a_later_end(desk: Desk) -> None:
    facility = desk.bank.line(desk.customer)
    (expires,) = desk.bank.one("SELECT expires FROM facility")
    desk.change("UPDATE facility SET status = 'closing'")
    desk.state("frozen")
    desk.refuses(lines.renew(NOBODY, expires, ""), "FacilityUnknown")
    desk.cannot_borrow(lambda: lines.renew(facility, expires, ""))
    desk.refuses(lines.renew(facility, expires, ""), "StatusForbids")
    desk.change("UPDATE facility SET status = 'active'")
    desk.refuses(lines.renew(facility, expires, ""), "ReasonMissing")
    desk.refuses(lines.renew(facility, expires, "REVIEWED"), "ExpiryNotLater")
    desk.ends(lines.renew(facility, expires + DAY, "REVIEWED"))


def test_a_draw(desk: Desk) -> None:
    bank, customer = desk.bank, desk.customer
    facility = bank.line(customer)
    loan = bank.loan(customer, facility, 1_000 * YUAN)
    bank.close_until(dt.date(2026, 2, 7))
    desk.change("UPDATE facility SET status = 'suspended', expires = %s", FIRST_DAY)
    desk.listed.everybody = True
    wanted = Draw(NOBODY, 0, "equal_instalment", 7, "shares", None, "0001", (Proof("no hash", "invoice"),))

    def draw() -> Command:
        return loans.draw(bank.house, customer, wanted)

    desk.state("frozen")
    desk.refuses(draw(), "AmountNotPositive")
    wanted = replace(wanted, amount=600_000 * YUAN)
    desk.cannot_borrow(draw)
    desk.refuses(draw(), "FacilityUnknown")
    wanted = replace(wanted, facility_id=facility)
    desk.refuses(draw(), "FacilityNotDrawable")
    desk.change("UPDATE facility SET status = 'active'")
    desk.refuses(draw(), "FacilityRunOut")
    desk.change("UPDATE facility SET expires = %s", dt.date(2027, 1, 5))
    desk.refuses(draw(), "TermNotOffered")
    wanted = replace(wanted, months=12)
    for mended, code in (
        (replace(wanted, purpose="shares"), "PurposeForbidden"),
        (replace(wanted, purpose="holidays"), "PurposeUnknown"),
        (replace(wanted, purpose="household"), "MerchantCategoryUnknown"),
        (replace(wanted, purpose="household", merchant_category="7995"), "MerchantCategoryForbidden"),
        (replace(wanted, purpose="household", merchant_category="5411"), "ProofOfUseMissing"),
        (replace(wanted, purpose="household", merchant_category="5411", proof=(Proof(HASH, "invoice"),)), "ProofKindNotNamed"),
    ):
        wanted = mended
        desk.refuses(draw(), code)
    desk.change("UPDATE facility SET product = 'consumer-line-emergency'")  # it names papers
    desk.refuses(draw(), "ProofKindUnknown")
    wanted = replace(wanted, proof=())
    desk.refuses(draw(), "ProofKindMissing")
    wanted = replace(wanted, proof=(Proof(HASH, "repair_bill"),))
    desk.refuses(draw(), "PayeeMissing")
    desk.change("UPDATE facility SET product = 'consumer-line'")
    wanted = replace(wanted, proof=(Proof(HASH),))
    wanted = replace(wanted, payee=Payee("家电商场", "6222020200012345678"))
    desk.refuses(draw(), "StaffNeeded")
    desk.listed.everybody = False
    desk.refuses(draw(), "CustomerOverdue")
    bank.done(customer, loans.repay_loan(customer, loan, 500 * YUAN))
    desk.refuses(draw(), "DrawExceedsHeadroom")
    wanted = replace(wanted, amount=1_000 * YUAN)
    desk.ends(draw(), "PersonErased")
    in_unit(bank.connection, lambda unit: destroy_key(unit, customer))
    desk.listed.everybody = True
    desk.refuses(draw(), "PersonErased")


def test_giving_a_draw_to_its_rail(desk: Desk) -> None:
    bank, customer = desk.bank, desk.customer
    facility = bank.line(customer)
    draw, erased = (bank.draw(customer, facility, 100 * YUAN) for _ in range(2))
    desk.change("UPDATE draw SET status = 'failed', ended = asked")
    desk.listed.everybody = True
    desk.refuses(loans.instruct(bank.house, customer, NOBODY), "DrawUnknown")
    desk.refuses(loans.instruct(bank.house, customer, draw), "DrawNotUnderWay")
    desk.change("UPDATE draw SET status = 'reserved', ended = NULL")
    desk.refuses(loans.instruct(bank.house, customer, draw), "StaffNeeded")
    desk.listed.everybody = False
    desk.ends(loans.instruct(bank.house, customer, draw), "PersonErased")
    in_unit(bank.connection, lambda unit: destroy_key(unit, customer))
    desk.listed.everybody = True
    desk.refuses(loans.instruct(bank.house, customer, erased), "PersonErased")


@pytest.mark.parametrize("what", ["paid", "failed"])
def test_the_answer_of_a_rail(desk: Desk, what: str) -> None:
    bank, customer = desk.bank, desk.customer
    draw = bank.draw(customer, bank.line(customer), 100 * YUAN)

    def answer(loan: uuid.UUID) -> Command:
        return loans.paid(bank.house, customer, loan) if what == "paid" else loans.failed(customer, loan, "closed account")

    desk.refuses(answer(NOBODY), "DrawUnknown")
    if what == "failed":
        bank.done(customer, loans.instruct(bank.house, customer, draw))
        bank.done(customer, loans.paid(bank.house, customer, draw))
    desk.refuses(answer(draw), "DrawNotUnderWay")
    draw = draw if what == "paid" else bank.draw(customer, bank.one("SELECT facility_id FROM facility")[0], 100 * YUAN)
    bank.done(customer, loans.instruct(bank.house, customer, draw))
    desk.ends(answer(draw))


def test_a_repayment(desk: Desk) -> None:
    bank, customer = desk.bank, desk.customer
    facility = bank.line(customer)
    paid, owing = (bank.loan(customer, facility, 100 * YUAN) for _ in range(2))
    bank.done(customer, loans.repay_loan(customer, paid, 100 * YUAN))
    desk.refuses(loans.repay_loan(customer, NOBODY, 0), "AmountNotPositive")
    desk.refuses(loans.repay_loan(customer, NOBODY, 1), "LoanUnknown")
    desk.refuses(loans.repay_loan(customer, paid, 1), "PaidIntoNothing")
    desk.ends(loans.repay_loan(customer, owing, 1))


def test_money_that_names_no_loan(desk: Desk) -> None:
    desk.refuses(loans.receive(desk.customer, 0, (), {"source": "counter"}), "AmountNotPositive")
    desk.refuses(loans.receive(desk.customer, 1, (), {"source": "counter"}), "TotalLineMissing")
    desk.bank.line(desk.customer)
    desk.ends(loans.receive(desk.customer, 1, (), {"source": "counter"}))


def test_a_bounce(desk: Desk) -> None:
    """A payment in two parts, the first of which was reversed by hand, the second paid out again."""
    bank, customer = desk.bank, desk.customer
    facility = bank.line(customer)
    loan, other = (bank.loan(customer, facility, 100 * YUAN) for _ in range(2))
    first = bank.done(customer, loans.repay_loan(customer, other, 10 * YUAN))["payment"]
    payment = bank.done(customer, loans.repay_loan(customer, loan, 150 * YUAN))["payment"]
    bank.done(customer, loans.bounce(customer, first, "NO_FUNDS"))
    bank.done(customer, loans.change_loan(customer, loan, f"reversal {payment}", change.reversal(payment, "MISTAKE")))
    bank.done(customer, loans.refund(50 * YUAN))
    desk.refuses(loans.bounce(customer, 10_000, "NO_FUNDS"), "PaymentUnknown")
    desk.refuses(loans.bounce(customer, first, "NO_FUNDS"), "PaymentAlreadyBounced")
    desk.refuses(loans.bounce(customer, payment, "NO_FUNDS"), "RefundExceedsCredit")
    bank.done(customer, loans.receive(customer, 50 * YUAN, (), {"source": "counter"}))
    desk.refuses(loans.bounce(customer, payment, "NO_FUNDS"), "ReversedEventUnknown")
    desk.ends(loans.bounce(customer, bank.done(customer, loans.repay_loan(customer, other, 1))["payment"], "NO_FUNDS"))


def test_a_refund(desk: Desk) -> None:
    desk.refuses(loans.refund(0), "AmountNotPositive")
    desk.refuses(loans.refund(1), "TotalLineMissing")
    desk.bank.line(desk.customer)
    desk.bank.done(desk.customer, loans.receive(desk.customer, 100, (), {"source": "counter"}))
    desk.refuses(loans.refund(101), "RefundExceedsCredit")
    desk.ends(loans.refund(100))


def test_a_change_of_a_loan(desk: Desk) -> None:
    """What a loan refuses by itself comes after: tests/engines/loans/test_record.py."""
    bank, customer = desk.bank, desk.customer
    loan = bank.loan(customer, bank.line(customer), 100 * YUAN)
    renewal = change.renewal(0, 109_500, "AGREED")
    desk.refuses(loans.change_loan(customer, NOBODY, "renewal", renewal), "LoanUnknown")
    desk.refuses(loans.change_loan(customer, loan, "renewal", renewal), "RenewalNotOffered")
    desk.ends(loans.change_loan(customer, loan, "extension 3", change.extension(3, "AGREED")))
    desk.refuses(loans.change_loan(customer, loan, "extension 0", change.extension(0, "AGREED")), "PeriodsNotPositive")


def test_a_write_off(desk: Desk) -> None:
    bank, customer = desk.bank, desk.customer
    facility = bank.line(customer)
    gone, paid, owing = (bank.loan(customer, facility, 100 * YUAN) for _ in range(3))
    bank.done(customer, loans.repay_loan(customer, paid, 100 * YUAN))
    bank.done(customer, loans.write_off(customer, gone, "LOSS"))
    bank.done(customer, lines.resume(facility, "RISK"))
    desk.refuses(loans.write_off(customer, NOBODY, ""), "LoanUnknown")
    desk.refuses(loans.write_off(customer, gone, ""), "LoanWrittenOff")
    desk.refuses(loans.write_off(customer, paid, ""), "LoanSettled")
    desk.refuses(loans.write_off(customer, owing, ""), "ReasonMissing")
    desk.ends(loans.write_off(customer, owing, "LOSS"))


def test_misuse(desk: Desk) -> None:
    bank, customer = desk.bank, desk.customer
    facility = bank.line(customer)
    gone, paid, owing, recalled = (bank.loan(customer, facility, 100 * YUAN) for _ in range(4))
    bank.done(customer, loans.repay_loan(customer, paid, 100 * YUAN))
    bank.done(customer, loans.write_off(customer, gone, "LOSS"))
    bank.done(customer, loans.misused(customer, recalled, recall=True))
    bank.done(customer, lines.resume(facility, "RISK"))
    desk.refuses(loans.misused(customer, NOBODY, recall=True), "LoanUnknown")
    desk.refuses(loans.misused(customer, gone, recall=True), "LoanWrittenOff")
    desk.refuses(loans.misused(customer, paid, recall=True), "LoanSettled")
    desk.refuses(loans.misused(customer, recalled, recall=True), "NoInstalmentToCome")
    desk.ends(loans.misused(customer, owing, recall=True), "FlatRateFixed")  # no product ships that is flat


def test_the_comparison_sees_what_is_written(desk: Desk) -> None:
    before = desk.everything()
    desk.bank.done(desk.customer, lines.set_total_line(1, "GRANTED"))
    changed = {table for table, rows in desk.everything().items() if rows != before[table]}
    assert changed == {"customer", "customer_line", "line_version", "event"}  # and the outbox had the customer before
