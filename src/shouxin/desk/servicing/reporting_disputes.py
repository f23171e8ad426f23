"""异议: a customer disputes what was reported of an account; a person looks into it, in time. Read first: `dispute`, `answer`.

The case goes to the queue `disputes` (`infra/access/queues.yaml`), which says until when it must be answered; what becomes of one
that is not, says `reporting_late.py`. While it is open the account's records are marked as under dispute. `corrected` needs books
that say something else than the record: the correction then goes out with the next file. `stands` needs a ground that the
customer is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shouxin.book.facilities.work import Command, Work
from shouxin.desk.servicing import reporting_errors as errors
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.reporting_reading import QUERIES, told_by
from shouxin.desk.servicing.reporting_records import Month, read_month
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.access import cases
from shouxin.infra.access.case_rules import DECIDE_ORDER
from shouxin.infra.access.principals import principal_of
from shouxin.infra.db.keys_of_customers import key_wanted, opened_key
from shouxin.infra.messages.history import About
from shouxin.infra.messages.notices import Notice, add_notice

DISPUTE, ANSWER = "bureau.dispute", "case.decide"
KIND, CORRECTED, STANDS = "dispute", "corrected", "stands"
GROUNDS: Mapping[str, Text] = {
    "BOOKS_AGREE": Text("报送内容与账务记录一致", "the record says what the books say"),
    "PAID_LATE": Text("还款晚于约定还款日到账", "the payment came after it was due"),
    "PAYMENT_FAILED": Text("还款未成功入账", "the payment did not come through"),
    "NOT_OUR_RECORD": Text("所指记录并非本机构报送", "the record meant is not ours"),
}

# The order in which refusals are told: of a dispute, and of its answer.
ORDER: tuple[type[Refusal], ...] = (errors.AccountNotReported, errors.DisputeOpen)
ANSWER_ORDER: tuple[type[Refusal], ...] = (
    cases.CaseUnknown,
    errors.DisputeUnknown,
    errors.GroundUnknown,
    errors.GroundNotNeeded,
    *(each for each in DECIDE_ORDER if each is not cases.CaseUnknown),
    errors.NothingCorrected,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person decides. outcome: `corrected` or `stands`; ground: of `GROUNDS`, where it stands; reason: in their own words,
    kept sealed."""

    outcome: str
    ground: str | None
    reason: str = field(repr=False)


def dispute(customer_id: uuid.UUID, account_id: uuid.UUID, month: Month, lang: str) -> Command:
    """A customer disputes the record of an account and a month; the answer's body has the case and its last day.

    Raises the refusals of `ORDER`; QueueFull, which is passing.
    """
    body = {"account": account_id, "month": str(month), "lang": lang}
    reads = (
        (QUERIES["record_sent"], (customer_id, account_id, month.first)),
        (QUERIES["dispute_open"], (customer_id, account_id)),
    )
    return Command(DISPUTE, body, lambda work: _begin(work, account_id, month, lang), reads)


def _begin(work: Work, account_id: uuid.UUID, month: Month, lang: str) -> Mapping[str, Any]:
    sent, disputed = work.rows
    if not sent:
        raise errors.AccountNotReported("account", f"{account_id} {month}")
    if disputed:
        raise errors.DisputeOpen("account", account_id, case=disputed[0].case_id)
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    case = cases.open_case(work.unit, cases.NewCase(customer_id, KIND, account_id, 0, lang, work.history.principal), today)
    told = {"account": str(account_id), "month": str(month), "number": sent[0].number, "case": str(case.case_id)}
    work.tell("bureau.disputed", told, About())
    facts = {"day": today.isoformat(), "due": case.expires.isoformat()}
    add_notice(work.unit, Notice(customer_id, "dispute_received", account_id, today, facts, lang))
    return {"case": case.case_id, "account": account_id, "expires": case.expires}


def answer(house: House, customer_id: uuid.UUID, case_id: uuid.UUID, answered: Answered) -> Command:
    """Decide a dispute; the customer is told. Raises the refusals of `ANSWER_ORDER`, PersonErased, PrincipalUnknown."""
    told = house.ring.blind("reason", answered.reason).hex()  # the request's hash is stored
    body = {"case": case_id, "outcome": answered.outcome, "ground": answered.ground, "reason": told}
    reads = (key_wanted(customer_id), (QUERIES["dispute_begun"], (customer_id, str(case_id))))
    return Command(ANSWER, body, lambda work: _answer(work, house, case_id, answered), reads)


def _answer(work: Work, house: House, case_id: uuid.UUID, answered: Answered) -> Mapping[str, Any]:
    keys, begun = work.rows
    unit, customer_id, today = work.unit, work.standing.customer.customer_id, work.standing.today
    case = cases.case_of(unit, customer_id, case_id)
    if case.kind != KIND or not begun:
        raise errors.DisputeUnknown("case", case_id)
    _check_ground(answered)
    key, by = opened_key(house.ring, customer_id, keys), principal_of(unit, work.history.principal)
    cases.decide(unit, case, by, cases.Verdict(answered.outcome, None, answered.reason), today, key)
    record = begun[0].body
    if answered.outcome == CORRECTED and not _corrected(work, case.subject, record):
        raise errors.NothingCorrected("case", case_id)
    told = {name: record[name] for name in ("account", "month", "case")}
    work.tell("bureau.dispute_answered", {**told, "outcome": answered.outcome}, About(reason=answered.ground))
    add_notice(unit, _notice(case, answered, today.isoformat()))
    return {"case": case_id, "account": case.subject, "outcome": answered.outcome}


def _check_ground(answered: Answered) -> None:
    if answered.outcome == STANDS and answered.ground not in GROUNDS:
        raise errors.GroundUnknown("ground", answered.ground or "", known=", ".join(GROUNDS))
    if answered.outcome != STANDS and answered.ground:
        raise errors.GroundNotNeeded("ground", answered.ground)


def _corrected(work: Work, account_id: uuid.UUID, record: Mapping[str, Any]) -> bool:
    """Whether a correction was sent since the dispute began, or the books say something else than what was sent last."""
    customer_id, today, month = work.standing.customer.customer_id, work.standing.today, read_month(record["month"])
    [[sent]] = work.unit.read((QUERIES["record_sent"], (customer_id, account_id, month.first)))
    told = told_by(work.unit, [customer_id], today, month.first)[customer_id]
    now = next((each for each in told.records(month, today) if each.account == account_id), None)
    return sent.number > record["number"] or (now is not None and now.sha256 != bytes(sent.sha256))


def _notice(case: cases.Case, answered: Answered, today: str) -> Notice:
    day = case.opened.fromisoformat(today)
    if answered.outcome == CORRECTED:
        return Notice(case.customer_id, "dispute_upheld", case.subject, day, {"day": today}, case.lang)
    ground = GROUNDS[answered.ground or ""]
    facts = {"reason": {"zh": ground.zh, "en": ground.en}}
    return Notice(case.customer_id, "dispute_rejected", case.subject, day, facts, case.lang)
