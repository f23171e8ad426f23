"""支用: money is asked for, reserved, given to a rail, and paid out, or not.

`draw` checks and reserves; `instruct` says that it goes to the rail now; `paid` makes the loan, on whose day interest starts;
`failed` gives the room back. The loan has the id of its draw.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from shouxin.book.customers import check_may_borrow
from shouxin.book.customers.errors import CustomerDeceased, CustomerFrozen, CustomerInsolvent, CustomerListed
from shouxin.book.customers.model import Person
from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.customers.screening import check_not_listed
from shouxin.book.facilities.errors import FacilityUnknown
from shouxin.book.facilities.model import Facility, Status, headroom
from shouxin.book.facilities.service import product_of, store_sums
from shouxin.book.facilities.work import Work
from shouxin.book.ledger import chart
from shouxin.book.ledger.journals import post
from shouxin.book.ledger.model import Entry, Posting
from shouxin.book.products import bundle_of
from shouxin.desk.servicing import errors, uses
from shouxin.desk.servicing.booking import postings_for
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.papers_kept import Borrowing, Party, Payee, keep_papers
from shouxin.desk.servicing.record import QUERIES
from shouxin.desk.servicing.rolling import roll_customers
from shouxin.desk.servicing.settling import LoanKey, keep_schedule, schedule_of
from shouxin.desk.servicing.state import Kept, column_values, write_state
from shouxin.desk.servicing.terms import agreement_for, upfront_fee
from shouxin.desk.servicing.uses import Proof, check_use
from shouxin.desk.servicing.written import write_agreement, write_event
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.record import record
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.errors import AmountNotPositive
from shouxin.foundation.ids import new_id
from shouxin.foundation.money import show_amount, write_amount
from shouxin.infra.db.keys_errors import PersonErased
from shouxin.infra.db.keys_of_customers import CustomerKey, Where
from shouxin.infra.db.unit import Statement
from shouxin.infra.messages.history import About

PAYEE = Where("draw", "payee")

# The order in which refusals are told: of a draw, of giving it to its rail, and of the rail's answer.
ORDER = (
    AmountNotPositive,
    CustomerFrozen,
    CustomerDeceased,
    CustomerInsolvent,
    FacilityUnknown,
    errors.FacilityNotDrawable,
    errors.FacilityRunOut,
    errors.TermNotOffered,
    *uses.ORDER,
    PersonErased,
    CustomerListed,
    errors.CustomerOverdue,
    errors.DrawExceedsHeadroom,
)
INSTRUCT_ORDER = (errors.DrawUnknown, errors.DrawNotUnderWay, PersonErased, CustomerListed)
ANSWER_ORDER = (errors.DrawUnknown, errors.DrawNotUnderWay)


@dataclass(frozen=True, slots=True)
class Draw:
    """What is asked for.

    amount:            minor units
    method, months:    one of the facility's terms
    purpose:           one of the product's allowed uses
    payee:             who is paid, where it is not the borrower; merchant_category: the payee's trade (ISO 18245)
    proof:             documents that prove the use, each of a kind where the product names kinds
    lang:              of the papers
    """

    facility_id: uuid.UUID
    amount: int
    method: str
    months: int
    purpose: str
    payee: Payee | None = None
    merchant_category: str | None = None
    proof: tuple[Proof, ...] = ()
    lang: str = "zh"


def draw_reads(customer_id: uuid.UUID) -> Sequence[Statement]:
    """What `draw` needs beside line and facilities."""
    return (
        person_wanted(customer_id),
        (QUERIES["oldest_late"], (customer_id,)),
    )


def draw(work: Work, house: House, wanted: Draw) -> uuid.UUID:
    """Reserve the amount, show and keep disclosure and contract; returns the id of the draw, which the loan will have.

    `work.rows` are those of `draw_reads`. Raises the refusals of `ORDER`, the first that applies.
    """
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    if type(wanted.amount) is not int or wanted.amount <= 0:
        raise AmountNotPositive("amount", wanted.amount)
    check_may_borrow(work.standing.customer)
    facility = work.facility(wanted.facility_id)
    product = product_of(work, facility)
    _check_drawable(facility, wanted, today)
    check_use(product, wanted)
    key, person = opened_person(house.ring, customer_id, work.rows[0])
    check_not_listed(house.screening, customer_id, person)
    _check_not_late(work, work.rows[1])
    room = headroom(work.standing, facility)
    if wanted.amount > room:
        raise errors.DrawExceedsHeadroom("amount", write_amount(wanted.amount), headroom=show_amount(max(0, room)))
    return _reserve(work, house, (wanted, facility, product), (key, person))


def _check_drawable(facility: Facility, wanted: Draw, today: dt.date) -> None:
    if facility.status is not Status.ACTIVE:
        raise errors.FacilityNotDrawable("facility", facility.id, status=facility.status.value)
    if facility.expires < today:
        raise errors.FacilityRunOut("facility", facility.id, expires=facility.expires)
    if wanted.months not in dict(facility.terms).get(wanted.method, ()):
        offered = "; ".join(f"{method} {', '.join(map(str, months))}" for method, months in facility.terms)
        raise errors.TermNotOffered("term", f"{wanted.method} {wanted.months}", offered=offered)


def _check_not_late(work: Work, rows: Sequence[Any]) -> None:
    """On any loan, as of today: those that close of business has not reached yet are rolled first."""
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    if rows[0].turn is not None and rows[0].turn <= today:
        roll_customers(work.unit, [customer_id], today)
        (rows,) = work.unit.read((QUERIES["oldest_late"], (customer_id,)))
    if rows[0].since is not None:
        raise errors.CustomerOverdue("customer", "overdue", since=rows[0].since)


def _reserve(work: Work, house: House, asked: tuple[Draw, Facility, ProductFile], who: tuple[CustomerKey, Person]) -> uuid.UUID:
    (wanted, facility, product), (key, person) = asked, who
    customer_id, today, loan_id = work.standing.customer.customer_id, work.standing.today, new_id()
    bundle, fee = bundle_of(work.unit, facility.bundle), upfront_fee(product, wanted.amount)
    agreement = agreement_for(bundle, facility, (wanted.amount, wanted.method, wanted.months), today)
    party = Party(house, key, person, wanted.lang)
    papers = keep_papers(work, party, Borrowing(loan_id, product, wanted.purpose, fee, agreement, wanted.payee))
    payee = key.seal(json.dumps(asdict(wanted.payee), ensure_ascii=False).encode(), PAYEE) if wanted.payee else None
    money = (wanted.amount, fee, wanted.method, wanted.months, facility.rate_ppm)
    use = (wanted.purpose, wanted.merchant_category, wanted.payee is not None, payee)
    row = (customer_id, loan_id, facility.id, *money, *use, papers.disclosure, papers.contract, house.rail, today)
    store_sums(work, replace(facility, reserved=facility.reserved + wanted.amount, used=today))
    work.unit.write(QUERIES["draw_added"], row)
    if wanted.proof:
        _keep_proof(work, loan_id, wanted.proof)
    body = {"amount": wanted.amount, "method": wanted.method, "months": wanted.months, "purpose": wanted.purpose}
    told = {**body, "disclosure": papers.disclosure.hex, "contract": papers.contract.hex}
    work.tell("draw.reserved", told, About(facility.id, loan_id))
    return loan_id


def _keep_proof(work: Work, loan_id: uuid.UUID, proof: Sequence[Proof]) -> None:
    numbers, kinds = list(range(1, len(proof) + 1)), [each.kind for each in proof]
    hashes = [bytes.fromhex(each.sha256) for each in proof]
    work.unit.write(QUERIES["proof_added"], (work.standing.customer.customer_id, loan_id, numbers, kinds, hashes))


def draw_read(customer_id: uuid.UUID, loan_id: uuid.UUID) -> Statement:
    """The statement that reads and holds a draw; its rows are `work.rows[0]` of the functions below."""
    return QUERIES["draw_held"], (customer_id, loan_id)


def instruct(work: Work, house: House, loan_id: uuid.UUID) -> Mapping[str, Any]:
    """The draw goes to its rail now, if the borrower is on no list. Raises DrawUnknown, DrawNotUnderWay where it did already,
    CustomerListed."""
    row, customer_id = _held(work, loan_id, "reserved"), work.standing.customer.customer_id
    check_not_listed(house.screening, customer_id, opened_person(house.ring, customer_id, work.rows[1])[1])
    _store(work, row, "instructed", None)
    work.tell("draw.instructed", {"amount": row.amount, "rail": row.rail}, About(row.facility_id, loan_id))
    return {"loan": loan_id}


def failed(work: Work, loan_id: uuid.UUID, why: str) -> Mapping[str, Any]:
    """The money did not go out: its room is free again. Raises DrawUnknown, DrawNotUnderWay."""
    row = _held(work, loan_id, "reserved", "instructed")
    _store(work, row, "failed", why[:200])
    facility = work.facility(row.facility_id)
    work.tell("draw.failed", {"amount": row.amount}, About(facility.id, loan_id))
    store_sums(work, replace(facility, reserved=facility.reserved - row.amount))
    return {"loan": loan_id}


def paid(work: Work, house: House, loan_id: uuid.UUID) -> Mapping[str, Any]:
    """The money went out today: the loan begins. Raises DrawUnknown, DrawNotUnderWay, and what `record` raises for a payout."""
    row = _held(work, loan_id, "instructed")
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    facility = work.facility(row.facility_id)
    bundle = bundle_of(work.unit, facility.bundle)
    agreement = agreement_for(bundle, replace(facility, rate_ppm=row.rate_ppm), (row.amount, row.method, row.months), today)
    event = ev.PaidOut(str(work.history.last + 1), today, today, agreement)
    recorded = record((), event)
    _store(work, row, "paid", None)
    loan = (customer_id, loan_id, facility.id, facility.product, facility.bundle)
    funders = json.dumps(dict(house.funders))
    work.unit.write(QUERIES["loan_added"], (*loan, json.dumps(write_agreement(agreement)), funders, today))
    keep_schedule(work.unit, LoanKey(customer_id, loan_id, int(event.id), today), schedule_of(recorded.after))
    state = write_state(recorded.after, Kept(facility.product, None, today))
    work.unit.write(QUERIES["state_added"], (customer_id, loan_id, *column_values(state)))
    number = work.tell("loan.paid_out", {**write_event(event), "fee": row.fee}, About(facility.id, loan_id))
    postings = postings_for(facility.product, None, recorded.difference, chart.BANK)
    if row.fee:  # kept back from what is paid out
        postings.append(Posting(chart.BANK, chart.account(chart.FEE_INCOME, facility.product), row.fee))
    post(work.unit, Entry(customer_id, number, today, today, loan_id), postings)
    sums = (facility.owed + row.amount, facility.reserved - row.amount, facility.loans + 1)
    store_sums(work, replace(facility, owed=sums[0], reserved=sums[1], loans=sums[2], used=today))
    return {"loan": loan_id}


def _held(work: Work, loan_id: uuid.UUID, *allowed: str) -> Any:
    rows = work.rows[0]
    if not rows:
        raise errors.DrawUnknown("loan", loan_id)
    if rows[0].status not in allowed:
        raise errors.DrawNotUnderWay("loan", loan_id, allowed=" / ".join(allowed), status=rows[0].status)
    return rows[0]


def _store(work: Work, row: Any, status: str, why: str | None) -> None:
    ended = None if status == "instructed" else work.standing.today
    work.unit.write(QUERIES["draw_stored"], (status, ended, why, work.standing.customer.customer_id, row.loan_id))
