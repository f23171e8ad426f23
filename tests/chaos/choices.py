"""What a client does next: it looks at a customer and chooses; by the time it asks, others may have acted."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit
from tests.chaos.intents import RATE_PPM
from tests.desk.servicing.lender import BUNDLE, YUAN

FACILITIES = "SELECT facility_id, product, status, most, expires FROM facility WHERE customer_id = %s AND status <> 'closed'"
DRAWS = "SELECT loan_id, status FROM draw WHERE customer_id = %s AND status IN ('reserved', 'instructed')"
LOANS = """
SELECT loan_id, oldest_late IS NOT NULL AS late FROM loan_state
WHERE customer_id = %s AND settled IS NULL"""
LINE = "SELECT coalesce(max(credit), 0) AS credit, max(day) AS day FROM open_day LEFT JOIN customer_line ON customer_id = %s"
LATELY = """
SELECT number, kind, loan_id, body ->> 'payment' AS payment FROM event
WHERE customer_id = %s ORDER BY number DESC LIMIT 30"""

Args: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a client sees of a customer."""

    facilities: Sequence[Any]
    draws: Sequence[Any]
    loans: Sequence[Any]
    credit: int
    today: dt.date
    lately: Sequence[Any]


def look(connection: Connection, customer: uuid.UUID) -> Sight:
    """What there is at this moment; nothing is held afterwards."""
    statements = [(text, (customer,)) for text in (FACILITIES, DRAWS, LOANS, LINE, LATELY)]
    facilities, draws, loans, [line], lately = Unit(connection).read(*statements)
    connection.rollback()
    return Sight(facilities, draws, loans, line.credit, line.day, lately)


def choose(dice: random.Random, sight: Sight) -> tuple[str, Args]:
    """An action and what it asks for."""
    while True:
        [(_, action, args_for)] = dice.choices(OPTIONS, [weight for weight, _, _ in OPTIONS])
        args = args_for(dice, sight)
        if args is not None:
            return action, args


def _facility(name: str, *statuses: str) -> Callable[[random.Random, Sight], Args | None]:
    """One of the facilities in some status; now and then one in any."""

    def args(dice: random.Random, sight: Sight) -> Args | None:
        fitting = [each for each in sight.facilities if each.status in statuses or dice.random() < 0.02]
        return {name: str(dice.choice(fitting).facility_id)} if fitting else None

    return args


def _of_loans(more: Callable[[random.Random, Sight], Args]) -> Callable[[random.Random, Sight], Args | None]:
    def args(dice: random.Random, sight: Sight) -> Args | None:
        return {"loan": str(dice.choice(sight.loans).loan_id), **more(dice, sight)} if sight.loans else None

    return args


def _of_late_loans(more: Callable[[random.Random, Sight], Args]) -> Callable[[random.Random, Sight], Args | None]:
    def args(dice: random.Random, sight: Sight) -> Args | None:
        late = [each for each in sight.loans if each.late]
        return {"loan": str(dice.choice(late).loan_id), **more(dice, sight)} if late else None

    return args


def _of_draws(*statuses: str) -> Callable[[random.Random, Sight], Args | None]:
    def args(dice: random.Random, sight: Sight) -> Args | None:
        fitting = [each for each in sight.draws if each.status in statuses or dice.random() < 0.1]
        return {"loan": str(dice.choice(fitting).loan_id)} if fitting else None

    return args


def _draw(dice: random.Random, sight: Sight) -> Args | None:
    fitting = [each for each in sight.facilities if each.status == "active" or dice.random() < 0.05]
    if not fitting:
        return None
    facility = dice.choice(fitting)
    product = BUNDLE.products[facility.product]
    term = dice.choice(product.terms)
    purpose = "shares" if dice.random() < 0.01 else dice.choice(product.uses.allowed)
    return {
        "facility": str(facility.facility_id),
        "amount": dice.randrange(10, 120) * 10 * YUAN,
        "method": str(term.method),
        "months": dice.choice(term.months),
        "purpose": purpose,
        "entrusted": dice.random() < 0.1,
    }


def _limit(dice: random.Random, sight: Sight) -> Args | None:
    facility = _facility("facility", "active", "suspended")(dice, sight)
    return {**facility, "limit": dice.choice((500, 1_000, 2_000, 2_000, 3_000)) * YUAN} if facility else None


def _close(dice: random.Random, sight: Sight) -> Args | None:
    facility = _facility("facility", "active", "suspended", "offered")(dice, sight)
    reason = "BY_CHOICE" if dice.random() < 0.1 else "DISPLACED"  # which may be opened again at once
    return {**facility, "reason": reason} if facility else None


def _offer(dice: random.Random, sight: Sight) -> Args | None:
    missing = sorted(BUNDLE.products.keys() - {each.product for each in sight.facilities if each.status != "closing"})
    return {"product": dice.choice(missing), "limit": dice.choice((1_000, 2_000)) * YUAN} if missing else None


def _renew(dice: random.Random, sight: Sight) -> Args | None:
    facility = _facility("facility", "active", "suspended")(dice, sight)
    return {**facility, "expires": str(sight.today + dt.timedelta(days=dice.randrange(300, 500)))} if facility else None


def _bounce(dice: random.Random, sight: Sight) -> Args | None:
    payments = [int(each.payment) for each in sight.lately if each.payment and each.kind != "payment.bounced"]
    return {"payment": dice.choice(payments)} if payments else None


def _refund(dice: random.Random, sight: Sight) -> Args | None:
    amount = dice.choice((sight.credit, sight.credit, sight.credit // 2, sight.credit + 1))
    return {"amount": amount} if sight.credit else None


def _reverse(dice: random.Random, sight: Sight) -> Args | None:
    changes = [each for each in sight.lately if each.kind in ("loan.rate_changed", "loan.fee_charged")]
    if not changes:
        return None
    found = dice.choice(changes)
    return {"loan": str(found.loan_id), "number": found.number}


def _in_days(dice: random.Random, sight: Sight, least: int, most: int) -> str:
    return str(sight.today + dt.timedelta(days=dice.randrange(least, most)))


def _rate(dice: random.Random) -> int:
    return dice.choice((73_000, 109_500, RATE_PPM, 180_000))


def _arrears(dice: random.Random) -> str:
    return dice.choice(("carried", "capitalised"))


# How often, what, and what it asks for; None where nothing fits.
OPTIONS: tuple[tuple[int, str, Callable[[random.Random, Sight], Args | None]], ...] = (
    (300, "draw", _draw),
    (160, "instruct", _of_draws("reserved")),
    (160, "paid", _of_draws("instructed")),
    (30, "failed", _of_draws("reserved", "instructed")),
    (220, "repay", _of_loans(lambda d, _s: {"amount": d.choice((d.randrange(1, 100), d.randrange(100, 900), 1_500)) * YUAN})),
    (60, "receive", lambda d, _s: {"amount": d.choice((d.randrange(1, 300), d.randrange(300, 3_000))) * YUAN}),
    (40, "bounce", _bounce),
    (60, "refund", _refund),
    (30, "limit", _limit),
    (20, "total", lambda d, _s: {"total": d.choice((2_000, 3_000, 3_000, 4_000)) * YUAN}),
    (10, "suspend", _facility("facility", "active")),
    (80, "resume", _facility("facility", "suspended")),
    (12, "close", _close),
    (30, "offer", _offer),
    (60, "accept", _facility("facility", "offered")),
    (10, "renew", _renew),
    (12, "rate", _of_loans(lambda d, s: {"rate_ppm": _rate(d), "since": _in_days(d, s, -10, 20)})),
    (12, "fee", _of_loans(lambda d, _s: {"amount": d.randrange(1, 20) * YUAN})),
    (8, "extend", _of_loans(lambda d, _s: {"periods": d.randrange(1, 4)})),
    (8, "pause", _of_loans(lambda d, s: {"until": _in_days(d, s, 0, 20)})),
    (4, "restructure", _of_loans(lambda d, _s: {"periods": d.choice((3, 6)), "rate_ppm": _rate(d), "arrears": _arrears(d)})),
    (40, "re_age", _of_late_loans(lambda d, _s: {"arrears": _arrears(d)})),
    (12, "reverse", _reverse),
    (20, "write_off", _of_late_loans(lambda _d, _s: {})),
    (3, "misuse", _of_loans(lambda d, _s: {"recall": d.random() < 0.5})),
)
