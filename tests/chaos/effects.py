"""Whether what was done left its effects exactly once, and what was refused left none.

The principal of a request's events is its key, so each event and each posting names the request that caused it.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import namedtuple_row

from shouxin.book.ledger.chart import BANK
from shouxin.infra.db.connect import Connection
from tests.chaos.answers import answered
from tests.chaos.findings import Findings, Kind
from tests.chaos.log import Intent, Record
from tests.chaos.replay import Customer, replay

EVENTS = "SELECT number, kind, facility_id, loan_id, principal, body FROM event WHERE customer_id = %s ORDER BY number"
BANK_MOVED = """
SELECT journal, sum(CASE WHEN debit = %(bank)s THEN amount ELSE -amount END)::bigint FROM posting
WHERE customer_id = %(customer)s AND (debit = %(bank)s OR credit = %(bank)s) GROUP BY journal"""
DRAWS = "SELECT loan_id::text, status, amount FROM draw WHERE customer_id = %s"
LOANS = "SELECT loan_id::text FROM loan WHERE customer_id = %s"
FACILITIES = "SELECT facility_id, status, most, owed, reserved FROM facility WHERE customer_id = %s"
LINE = "SELECT total, owed, reserved, credit FROM customer_line WHERE customer_id = %s"

# The one event that each action always leaves.
HEAD = {
    "total": "line.set",
    "offer": "facility.offered",
    "accept": "facility.opened",
    "suspend": "facility.suspended",
    "resume": "facility.resumed",
    "close": "facility.ended",
    "limit": "facility.limit_changed",
    "renew": "facility.renewed",
    "draw": "draw.reserved",
    "instruct": "draw.instructed",
    "paid": "loan.paid_out",
    "failed": "draw.failed",
    "receive": "payment.received",
    "bounce": "payment.bounced",
    "refund": "credit.taken",
    "rate": "loan.rate_changed",
    "fee": "loan.fee_charged",
    "extend": "loan.extended",
    "pause": "loan.interest_paused",
    "restructure": "loan.restructured",
    "re_age": "loan.re_aged",
    "reverse": "loan.reversed",
    "write_off": "loan.written_off",
    "misuse": "loan.rate_changed",
}
ALIKE = {
    "loan.repaid": "money",
    "loan.recovered": "money",
    "facility.closing": "facility.ended",
    "facility.closed": "facility.ended",
}
# What may come with it.
BESIDE = {"facility.ended", "facility.closing_again", "facility.suspended", "credit.taken"}
NOT_OURS = {"close of business", "test"}  # lines that lapse; the making of customers


@dataclass(frozen=True, slots=True)
class Done:
    """A request that was answered."""

    intent: Intent
    done: bool
    body: Mapping[str, Any]


def judge_effects(connection: Connection, record: Record, findings: Findings) -> None:
    """Compare the logs with events, rows and money, customer by customer."""
    asked: dict[uuid.UUID, list[Done]] = defaultdict(list)
    for key, done, body in answered(record):
        asked[record.intents[key].customer].append(Done(record.intents[key], done, body))
    for customer, requests in asked.items():
        _judge_customer(connection, customer, requests, findings)


def _judge_customer(connection: Connection, customer: uuid.UUID, requests: Sequence[Done], findings: Findings) -> None:
    cursor = connection.cursor(row_factory=namedtuple_row)
    events: list[Any] = cursor.execute(EVENTS, (customer,)).fetchall()
    moved: dict[Any, Any] = dict(connection.execute(BANK_MOVED, {"bank": BANK, "customer": customer}))  # type: ignore[arg-type]
    of_request: dict[str, list[Any]] = defaultdict(list)
    for event in events:
        of_request[event.principal].append(event)
    amounts = _amounts(requests)
    for each in requests:
        _judge_request(each, of_request.pop(each.intent.key, []), findings)
    _judge_money(requests, {each.number: each.principal for each in events}, moved, amounts, findings)
    left = [each for key, each in of_request.items() if key not in NOT_OURS]
    findings.add(Kind.NOT_ASKED, (f"event {each.number} {each.kind} of {customer}" for group in left for each in group))
    findings.add(Kind.ROWS, _rows_differ(connection, customer, requests))
    replayed, complaints = replay(events)
    findings.add(Kind.HEADROOM, (f"{customer} {each}" for each in complaints))
    findings.add(Kind.SUMS, _sums_differ(connection, customer, replayed))


def _judge_request(each: Done, events: Sequence[Any], findings: Findings) -> None:
    name = f"{each.intent.key} {each.intent.action} of {each.intent.customer}"
    kinds = [ALIKE.get(event.kind, event.kind) for event in events]
    if not each.done:
        if kinds:
            findings.add(Kind.REFUSED_WITH_EFFECT, [f"{name}: {', '.join(kinds)}"])
        return
    wanted, found = _wanted(each), Counter(kinds)
    for beside in BESIDE - wanted.keys():
        del found[beside]
    missing, more = wanted - found, found - wanted
    if missing:
        findings.add(Kind.EFFECT_MISSING, [f"{name}: {dict(missing)}"])
    if more:
        findings.add(Kind.EFFECT_TWICE, [f"{name}: {dict(more)} beside {dict(wanted)}"])


def _wanted(each: Done) -> Counter[str]:
    """The events that a done request leaves, beside those that may come with any."""
    body, action = each.body, each.intent.action
    wanted: Counter[str] = Counter()
    if action in HEAD:
        wanted[HEAD[action]] = 1
    if action in ("repay", "receive"):
        wanted["money"] = len(body["paid"]) if action == "receive" else bool(body["paid"])
        wanted["credit.added"] = bool(body["credit"])
    if action == "bounce":
        wanted["loan.reversed"] = len(body["loans"])
    if action == "misuse" and body["recalled"]:
        wanted["loan.recalled"] = 1
    return +wanted


def _amounts(requests: Sequence[Done]) -> Mapping[object, int]:
    """What draws and payments were about: by the loan's id, and by the payment's number."""
    amounts: dict[object, int] = {}
    for each in requests:
        if each.done and each.intent.action == "draw":
            amounts[each.body["loan"]] = each.intent.args["amount"]
        if each.done and each.intent.action in ("repay", "receive"):
            amounts[each.body["payment"]] = each.intent.args["amount"]
    return amounts


def _judge_money(
    requests: Sequence[Done],
    principals: Mapping[int, str],
    moved: Mapping[Any, Any],
    amounts: Mapping[object, int],
    findings: Findings,
) -> None:
    """What the bank account moved by for each request, and what it should have."""
    found: Counter[str] = Counter()
    for journal, amount in moved.items():
        found[principals.get(journal, f"journal {journal}")] += int(amount)
    for each in requests:
        wanted, had = _money(each, amounts), found.pop(each.intent.key, 0)
        if wanted != had:
            findings.add(Kind.MONEY, [f"{each.intent.key} {each.intent.action}: {had} moved, {wanted} was acknowledged"])
    findings.add(Kind.MONEY, (f"{amount} moved by {key}, which nobody was told" for key, amount in found.items() if amount))


def _money(each: Done, amounts: Mapping[object, int]) -> int:
    """Minor units that come into the bank account."""
    action, args = each.intent.action, each.intent.args
    if not each.done:
        return 0
    if action in ("repay", "receive"):
        return int(args["amount"])
    if action == "refund":
        return -int(args["amount"])
    if action == "paid":
        return -amounts.get(args["loan"], 0)
    return -amounts.get(args["payment"], 0) if action == "bounce" else 0


def _rows_differ(connection: Connection, customer: uuid.UUID, requests: Sequence[Done]) -> Iterator[str]:
    """Draws and loans as acknowledged, and as they stand."""
    wanted: dict[str, list[Any]] = {}
    done = sorted((each for each in requests if each.done), key=lambda each: each.intent.action != "draw")
    for each in done:
        if each.intent.action == "draw":
            wanted[each.body["loan"]] = ["reserved", each.intent.args["amount"]]
    statuses = {"instruct": "instructed", "paid": "paid", "failed": "failed"}
    for each in sorted(done, key=lambda each: each.intent.action == "paid" or each.intent.action == "failed"):
        if each.intent.action in statuses:
            wanted.setdefault(each.intent.args["loan"], ["", 0])[0] = statuses[each.intent.action]
    had = {str(loan): [status, amount] for loan, status, amount in connection.execute(DRAWS, (customer,))}
    for loan in sorted(wanted.keys() | had.keys()):
        if wanted.get(loan) != had.get(loan):
            yield f"draw {loan} of {customer}: {had.get(loan)} stands there, {wanted.get(loan)} was acknowledged"
    paid = {loan for loan, (status, _) in wanted.items() if status == "paid"}
    loans = {str(row[0]) for row in connection.execute(LOANS, (customer,))}
    yield from (f"loan {loan} of {customer}: it is there, or was acknowledged, but not both" for loan in sorted(paid ^ loans))


def _sums_differ(connection: Connection, customer: uuid.UUID, replayed: Customer) -> Iterator[str]:
    """Line and facilities as replayed, and as they stand."""
    line = connection.execute(LINE, (customer,)).fetchone()
    sums = (replayed.total, replayed.owed, replayed.reserved, replayed.credit)
    if line != sums:
        yield f"line of {customer}: total, owed, reserved, credit are {line}, replayed {sums}"
    had = {row[0]: row[1:] for row in connection.execute(FACILITIES, (customer,))}
    for each in sorted(had.keys() | replayed.facilities.keys(), key=str):
        known = replayed.facilities.get(uuid.UUID(str(each)))
        told = (known.status, known.most, known.owed, known.reserved) if known else None
        if had.get(each) != told:
            yield f"facility {each} of {customer}: status, limit, owed, reserved are {had.get(each)}, replayed {told}"
