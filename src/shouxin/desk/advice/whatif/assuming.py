"""What others say of the customer, in a what-if: taken to stay as it is while days pass, or to change. Read first: `aged`.

Both are snapshots like any others, recorded in the transaction that is undone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from shouxin.book.customers.consents import consents_of
from shouxin.book.facilities.work import Command, Work
from shouxin.book.facts.known import own_facts
from shouxin.book.facts.snapshot_errors import SourceConsentMissing
from shouxin.book.facts.snapshots import CONSENTS, NewSnapshot, Snapshot, add_snapshot, consent_on, snapshots_as_of
from shouxin.book.facts.values import as_written, is_usable, plain_value
from shouxin.desk.advice.whatif.errors import AssumedValueUnusable, FactNotAssumable, NothingToChange
from shouxin.desk.advice.whatif.steps import Assume
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plan import Input
from shouxin.engines.policy.read import read_value
from shouxin.engines.policy.tree import Type
from shouxin.infra.db.keys_of_customers import CustomerKey

HUNDRED = Decimal(100)
COUNTED = (Type.INT, Type.BP, Type.PPM)
WHOLE = re.compile(r"-?[0-9]{1,15}")


def aged(key: CustomerKey, policy: Policy, since: dt.date) -> Command:
    """Every source says today what it last said by a day, of a day that is as much later. A source that may only be asked where
    the customer agreed says nothing more once the consent has ended."""

    def act(work: Work) -> Mapping[str, Any]:
        days = work.standing.today - since
        said = [_later(policy, each, days) for each in snapshots_as_of(work.unit, key, since)]
        return {"sources": [each.source for each in said if _keep(work, key, each)]}

    return Command("facts.aged", {"since": since}, act)


def _later(policy: Policy, each: Snapshot, days: dt.timedelta) -> NewSnapshot:
    observed = each.observed + days
    _, named = policy.plan.sources.get(each.source, (None, None))
    values = dict(each.values)
    if named is not None and values.get(named) is not None:  # the day of the answer is a fact, too
        values[named] = (dt.date.fromisoformat(values[named]) + days).isoformat()
    return NewSnapshot(each.source, observed, each.bundle, values)


def _keep(work: Work, key: CustomerKey, new: NewSnapshot) -> bool:
    consent = None
    if new.source in CONSENTS:
        try:
            consent = consent_on(new.source, new.observed, consents_of(work.unit, key.customer_id))
        except SourceConsentMissing:
            return False
    add_snapshot(work.unit, work.history, key, new, consent)
    return True


def assumed(key: CustomerKey, policy: Policy, assume: Assume) -> Command:
    """A fact that others tell is another from now on. Raises FactNotAssumable, NothingToChange, AssumedValueUnusable."""

    def act(work: Work) -> Mapping[str, Any]:
        known = {each.fact: each for each in assumable(policy)}
        if assume.fact not in known:
            raise FactNotAssumable("fact", assume.fact, known=", ".join(known))
        each = known[assume.fact]
        last = {one.source: one for one in snapshots_as_of(work.unit, key, work.standing.today)}.get(each.source)
        values = dict(last.values) if last else {}
        before = values.get(each.fact)
        values[each.fact] = after = _assumed(each, before, assume)
        observed, bundle = (last.observed, last.bundle) if last else (work.standing.today, bytes.fromhex(policy.bundle.hash))
        new = NewSnapshot(each.source, observed, bundle, values)
        add_snapshot(work.unit, work.history, key, new, last.consent if last else None)
        return {"fact": each.fact, "before": before, "after": after}

    return Command("facts.assumed", {"fact": assume.fact, "to": assume.to}, act)


def assumable(policy: Policy) -> Iterator[Input]:
    """The facts that others tell and that a customer can change, whichever way."""
    ours, shapes = own_facts(policy), policy.bundle.facts
    for each in policy.plan.inputs:
        shape = shapes.facts.get(each.fact)
        if each.fact not in ours and shape is not None and shape.change != "fixed":
            yield each


def _assumed(each: Input, before: Any, assume: Assume) -> Any:
    """The value as snapshots keep it."""
    written: Any = assume.to
    if assume.to.endswith("%") and assume.to[:1] in ("+", "-"):
        written = _changed(each, before, assume)
    elif each.column.type is Type.BOOL:
        written = {"yes": True, "no": False, "true": True, "false": False}.get(assume.to.lower(), assume.to)
    elif each.column.type in COUNTED and WHOLE.fullmatch(assume.to):
        written = int(assume.to)
    try:
        return plain_value(each, read_value(each, written))
    except ValueError as error:
        raise AssumedValueUnusable(assume.fact, assume.to, right=str(error)) from None


def _changed(each: Input, before: Any, assume: Assume) -> Any:
    """A value in percent of what it was, rounded to what the fact is counted in."""
    if (
        before is None
        or each.column.type not in (Type.MONEY, Type.INT, Type.BP, Type.PPM)
        or not is_usable(each, as_written(each, before))
    ):
        raise NothingToChange(assume.fact, assume.to)
    try:
        factor = 1 + Decimal(assume.to[:-1]) / HUNDRED
    except InvalidOperation:
        raise NothingToChange(assume.fact, assume.to) from None
    places = Decimal("0.01") if each.column.type is Type.MONEY else Decimal(1)
    plain = (Decimal(str(before)) * factor).quantize(places, ROUND_HALF_EVEN)
    return as_written(each, str(plain) if each.column.type is Type.MONEY else int(plain))
