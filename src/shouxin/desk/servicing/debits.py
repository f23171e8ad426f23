"""代扣: what is due is debited from an account that the customer has named, and tried again where that fails.

A debit goes in two steps, as a payout does: instructed, then paid or failed. Commands take the `Work`; `work.rows` are those of
the functions named `..._reads`.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from shouxin.book.facilities.work import Work
from shouxin.book.ledger import chart
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.papers_kept import Payee
from shouxin.desk.servicing.record import held_loans, open_loans_read, up_to_today
from shouxin.desk.servicing.repay import receive
from shouxin.engines.loans.loan import payable
from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys_of_customers import Where, key_wanted, opened_key
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement
from shouxin.infra.messages.history import About

QUERIES = load_queries(__package__, "money.sql")
ACCOUNT = Where("mandate", "account")
# After the first, second and third failure; then staff take over. mark: A
AGAIN_AFTER_DAYS = (1, 2, 4)


class MandateMissing(Refusal):
    """No account from which may be debited."""

    en = "a customer who has named an account for auto-debit"
    zh = "该客户尚未签约代扣账户"


class NothingDue(Refusal):
    """Nothing to debit."""

    en = "a customer who owes something that is due"
    zh = "该客户当前没有到期应还款项"


class DebitUnderWay(Refusal):
    """One debit for each customer and day."""

    en = "one debit a day, and none while another is under way"
    zh = "同一客户每日仅代扣一次，且不得有未回盘的代扣"


class DebitUnknown(Refusal):
    """No debit that waits for an answer."""

    en = "a debit of that day that waits for its answer"
    zh = "须为当日尚未回盘的代扣"


def sign_reads(customer_id: uuid.UUID) -> Sequence[Statement]:
    """What `sign` needs."""
    return key_wanted(customer_id), (QUERIES["mandate_held"], (customer_id,))


def sign(work: Work, house: House, account: Payee) -> Mapping[str, Any]:
    """签约: from now on what is due is debited from this account, and no more from the one before."""
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    key, mandate_id = opened_key(house.ring, customer_id, work.rows[0]), new_id()
    for row in work.rows[1]:
        work.unit.write(QUERIES["mandate_ended"], (today, customer_id, row.mandate_id))
    sealed = key.seal(json.dumps(asdict(account), ensure_ascii=False).encode(), ACCOUNT)
    work.unit.write(QUERIES["mandate_added"], (customer_id, mandate_id, sealed, today))
    work.tell("mandate.signed", {"mandate": str(mandate_id)}, About())
    return {"mandate": mandate_id}


def debit_reads(customer_id: uuid.UUID) -> Sequence[Statement]:
    """What the functions below need."""
    return (
        open_loans_read(customer_id),
        (QUERIES["mandate_held"], (customer_id,)),
        (QUERIES["debits_of"], (customer_id,)),
    )


def instruct(work: Work) -> Mapping[str, Any]:
    """Debit all that is due today. Raises MandateMissing, DebitUnderWay, NothingDue."""
    loans, mandates, debits = work.rows
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    if not mandates:
        raise MandateMissing("customer", customer_id)
    last = debits[0] if debits else None
    if last is not None and (last.day == today or last.status == "instructed"):
        raise DebitUnderWay("customer", customer_id)
    held = [up_to_today(work, each) for each in held_loans(loans)]
    amount = sum(item.amount for each in held for item in payable(each.loan))
    if not amount:
        raise NothingDue("customer", customer_id)
    attempt = last.attempt + 1 if last is not None and last.again is not None else 1
    work.unit.write(QUERIES["debit_added"], (customer_id, today, mandates[0].mandate_id, amount, attempt))
    work.tell("debit.instructed", {"amount": amount, "attempt": attempt}, About())
    return {"amount": amount, "attempt": attempt}


def paid(work: Work, day: dt.date, order: tuple[str, ...]) -> Mapping[str, Any]:
    """The bank has debited: the money pays what is due. Raises DebitUnknown."""
    row = _open(work, day)
    work.unit.write(QUERIES["debit_ended"], ("paid", None, None, work.standing.customer.customer_id, day))
    return receive(work, row.amount, order, {"source": "debit", "reference": day.isoformat()}, chart.BANK)


def failed(work: Work, day: dt.date, why: str) -> Mapping[str, Any]:
    """The bank could not debit: it is tried again after some days, three times. Raises DebitUnknown."""
    row, customer_id = _open(work, day), work.standing.customer.customer_id
    more = row.attempt <= len(AGAIN_AFTER_DAYS)
    again = work.standing.today + dt.timedelta(days=AGAIN_AFTER_DAYS[row.attempt - 1]) if more else None
    work.unit.write(QUERIES["debit_ended"], ("failed", again, why[:200], customer_id, day))
    work.tell("debit.failed", {"amount": row.amount, "attempt": row.attempt}, About())
    return {"again": again}


def _open(work: Work, day: dt.date) -> Any:
    for row in work.rows[2]:
        if row.day == day and row.status == "instructed":
            return row
    raise DebitUnknown("day", day)
