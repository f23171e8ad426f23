"""Made-up customers for the tests of answers: a view without a database. Amounts in yuan, days as ISO text."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shouxin.book.customers.model import Customer, Kind, State
from shouxin.book.facilities.model import Facility, Line, Standing, Status
from shouxin.book.facts.snapshots import Given
from shouxin.desk.advice.answers.values import Value
from shouxin.desk.advice.answers.view import Assessed, Change, Held, Lender, View
from shouxin.desk.advice.whatif.model import Outcome, Taken, WhatIf
from shouxin.desk.advice.whatif.model import State as Then
from shouxin.desk.advice.whatif.steps import Close, Repay, Step
from shouxin.desk.decisions import Assessor
from shouxin.desk.servicing.looking import Seen
from shouxin.desk.servicing.reporting_records import LoanTold, Record, line_record, loan_record, month_of
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Agreement
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.read import read_facts
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text

YUAN = 100
TODAY = dt.date(2026, 7, 1)
LENDER = Text("授信示范银行", "Shouxin Demonstration Bank")
CUSTOMER = uuid.UUID(int=7)
_numbers = itertools.count(1)


@functools.cache
def policy_named(name: str) -> Policy:
    """A shipped bundle, compiled."""
    return compile_policy(name)


def facility(product: str, status: str = "active", most: int = 50_000, **changes: Any) -> Facility:
    """A line that was opened on 2026-01-05. most: in yuan; reserved too"""
    bundle = policy_named("standard").bundle
    shape = bundle.products[product]
    terms = tuple((each.method, tuple(each.months)) for each in shape.terms)
    leads = shape.pool is not None and bundle.exposure.pools[shape.pool].lead == product
    days: dict[str, Any] = {
        name: dt.date.fromisoformat(changes.pop(name)) for name in ("opened", "used", "ended", "expires") if name in changes
    }
    opened = days.pop("opened", dt.date(2026, 1, 5))
    head = (uuid.UUID(int=next(_numbers)), product, bytes.fromhex(bundle.hash), shape.pool, leads, Status(status))
    money = {"reserved": changes.pop("reserved", 0) * YUAN}
    dated: dict[str, Any] = {"opened": opened, "used": days.pop("used", opened), **days}
    return replace(
        Facility(*head, most * YUAN, changes.pop("rate_ppm", 109_500), terms, opened, dt.date(2027, 1, 5)),
        **{**dated, **money, **changes},
    )


def loan(
    line: Facility, amount: int, opened: str = "2026-03-01", paid: Mapping[str, int] | None = None, **terms: Any
) -> tuple[Facility, tuple[ev.Event, ...]]:
    """The events of a loan: paid out, and repaid on some days. amount, paid: yuan"""
    day = dt.date.fromisoformat(opened)
    method, months = Method(terms.pop("method", "equal_instalment")), terms.pop("months", 12)
    agreement = Agreement(Terms(amount * YUAN, terms.pop("rate_ppm", line.rate_ppm), method, Shape(day, months)), **terms)
    events: list[ev.Event] = [ev.PaidOut("1", day, day, agreement)]
    for number, (on, money) in enumerate((paid or {}).items(), 2):
        events.append(ev.Repaid(str(number), dt.date.fromisoformat(on), dt.date.fromisoformat(on), money * YUAN))
    return line, tuple(events)


def view(
    *lines: Facility,
    loans: Sequence[tuple[Facility, tuple[ev.Event, ...]]] = (),
    facts: Mapping[str, Any] | None = None,
    bundle: str = "standard",
    **changes: Any,
) -> View:
    """The view of Lin on 2026-07-01 with these lines and loans.

    bundle: in force; lines of products that it does not have were opened under `standard`; facts: changed; changes: of the view
    """
    policy, today = policy_named(bundle), changes.pop("today", TODAY)
    kind = changes.pop("kind", Kind.PERSON)
    profiles = policy.bundle.profiles
    given = {**(profiles["lin"] if "lin" in profiles else next(iter(profiles.values()))), **(facts or {})}
    read = read_facts(policy.plan, given)
    seen = [_seen(line, events, today) for line, events in loans]
    held = [_held(each, [one for one in seen if one.facility_id == each.id], policy) for each in lines]
    facilities = tuple(each.facility for each in held)
    total = Line(1_000_000 * YUAN, sum(each.owed for each in facilities), sum(each.reserved for each in facilities))
    customer = Customer(CUSTOMER, kind, State.NORMAL, 9, dt.date(2026, 1, 1))
    standing = Standing(customer, total if lines else None, facilities, today)
    known = {name: Given(value, "profile", today, today) for name, value in given.items()}
    agreed = changes.pop("reporting_agreed", True)
    return View(
        today=today,
        lender=changes.pop("lender", Lender(LENDER, {"self": 1_000_000})),
        policy=policy,
        assessed=Assessed(Assessor(policy).assess(read, today), read),
        given=known,
        standing=standing,
        lines=tuple(held),
        reporting_agreed=agreed,
        reported=tuple(_records(held, loans, today)) if agreed else (),
        **changes,
    )


def _seen(line: Facility, events: tuple[ev.Event, ...], today: dt.date) -> Seen:
    made = fold(events, today)
    return Seen(uuid.UUID(int=next(_numbers)), line.id, line.product, events[0].effective, {"self": 1_000_000}, made, ())


def _held(each: Facility, loans: list[Seen], policy: Policy) -> Held:
    owed = sum(one.loan.principal for one in loans)
    open_loans = sum(one.loan.settled is None for one in loans)
    bundle = policy.bundle if each.product in policy.bundle.products else policy_named("standard").bundle
    return Held(replace(each, owed=owed, loans=open_loans), bundle, tuple(loans))


def _records(held: Sequence[Held], loans: Sequence[tuple[Facility, tuple[ev.Event, ...]]], today: dt.date) -> list[Record]:
    found = []
    for each in held:
        events_of = [events for line, events in loans if line.id == each.facility.id]
        told = [LoanTold(uuid.UUID(int=1), each.facility.id, each.code, events) for events in events_of]
        own = [made for one in told if (made := loan_record(one, month_of(today), today))]
        if made := line_record(each.facility, own, month_of(today)):
            found.append(made)
    return found


def values(parts: Sequence[Any], case: str) -> list[dict[str, Value]]:
    """What the paragraphs of a case are filled with, in order."""
    return [dict(each.values) for each in parts if each.case == case]


def decided(made: View, **facts: Any) -> Assessed:
    """What the policy says of the same customer with other facts."""
    read = read_facts(made.policy.plan, {**{name: each.value for name, each in made.given.items()}, **facts})
    return Assessed(Assessor(made.policy).assess(read, made.today), read)


def with_closing(made: View, refusal: Refusal | None = None, repaid: Mapping[str, Any] | None = None, **then: Any) -> View:
    """The same customer, of whom it was tried to settle and close the only line.

    refusal: of the first step; repaid: facts that are different once it is repaid; then: once it is closed, too
    """
    (held,) = made.usable
    before = _state(made, Assessed(made.decision, made.facts))
    steps: tuple[Step, Step] = (Repay(held.code, "all"), Close(held.code))
    if refusal is not None:
        taken = (Taken(steps[0], Outcome.REFUSED, (), refusal), Taken(steps[1], Outcome.NOT_REACHED))
    else:
        states = [_state(made, decided(made, **facts)) for facts in (repaid or {}, {**(repaid or {}), **then})]
        first, second = (Taken(step, Outcome.DONE, after=state) for step, state in zip(steps, states, strict=True))
        taken = (first, second)
    return replace(made, imagined_lines=((held, WhatIf(CUSTOMER, before, taken)),))


def _state(made: View, assessed: Assessed) -> Then:
    about = (made.policy, assessed.decision, assessed.facts, made.standing.line, made.standing.facilities)
    return Then(made.today, None, *about, None, {})


def changed(made: View, *changes: Change) -> View:
    """The same customer, to whose only line something has happened."""
    (held,) = made.lines
    return replace(made, lines=(replace(held, changes=changes),))
