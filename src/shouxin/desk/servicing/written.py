"""Agreements and events of loans as JSON and back. What stands in the usual way is left out, so that a line stays short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import (
    Agreement,
    Component,
    EarlyInterest,
    Grace,
    Order,
    Penalty,
    PenaltyBase,
    Prepayment,
    Sorting,
)
from shouxin.engines.loans.model import STANDARD, Conventions, Method, Shape, Smoothing, Terms
from shouxin.foundation.businessdays import EVERY_DAY, Adjustment, BusinessCalendar, china
from shouxin.foundation.daycount import DAY_COUNTS, Unit
from shouxin.foundation.rounding import Rounding

Plain = dict[str, Any]


def calendar_named(name: str) -> BusinessCalendar:
    """The calendar that an agreement names."""
    return {EVERY_DAY.name: EVERY_DAY, china().name: china()}[name]


def write_agreement(agreement: Agreement) -> Plain:
    """An agreement as JSON values.

    >>> terms = Terms(1_000_000, 109_500, Method.EQUAL_INSTALMENT, Shape(dt.date(2026, 1, 5), 12))
    >>> write_agreement(Agreement(terms))
    {'principal': 1000000, 'rate_ppm': 109500, 'method': 'equal_instalment', 'paid_out': '2026-01-05', 'periods': 12}
    """
    terms = agreement.terms
    plain: Plain = {"principal": terms.principal, "rate_ppm": terms.rate_ppm, "method": terms.method.value}
    plain |= write_shape(terms.shape)
    for name in ("principal_grace", "interest_grace"):
        if value := getattr(terms, name):
            plain[name] = value
    if terms.conventions is not STANDARD and terms.conventions != STANDARD:
        plain["conventions"] = _write_conventions(terms.conventions)
    return plain | _write_conditions(agreement)


def write_shape(shape: Shape) -> Plain:
    """When a loan falls due."""
    plain: Plain = {"paid_out": shape.paid_out.isoformat(), "periods": shape.periods}
    if shape.every != 1:
        plain["every"] = shape.every
    if shape.unit is not Unit.MONTHS:
        plain["unit"] = shape.unit.value
    if shape.first_due:
        plain["first_due"] = shape.first_due.isoformat()
    return plain


def read_shape(plain: Mapping[str, Any]) -> Shape:
    """The shape that `write_shape` wrote."""
    first = plain.get("first_due")
    return Shape(
        dt.date.fromisoformat(plain["paid_out"]),
        plain["periods"],
        plain.get("every", 1),
        Unit(plain["unit"]) if "unit" in plain else Unit.MONTHS,
        dt.date.fromisoformat(first) if first else None,
    )


def read_agreement(plain: Mapping[str, Any]) -> Agreement:
    """The agreement that `write_agreement` wrote."""
    terms = Terms(
        plain["principal"],
        plain["rate_ppm"],
        Method(plain["method"]),
        read_shape(plain),
        _read_conventions(tuple(plain["conventions"])) if "conventions" in plain else STANDARD,
        plain.get("principal_grace", 0),
        plain.get("interest_grace", 0),
    )
    return Agreement(
        terms,
        _read_penalty(*plain["penalty"]) if "penalty" in plain else Penalty(),
        _read_grace(*plain["grace"]) if "grace" in plain else Grace(),
        _read_order(*plain["order"]) if "order" in plain else Order(),
        Prepayment(plain["prepayment"]) if "prepayment" in plain else Prepayment.REDUCE_INSTALMENT,
        EarlyInterest(plain["early_interest"]) if "early_interest" in plain else EarlyInterest.TO_THE_DAY,
    )


def _write_conventions(each: Conventions) -> list[Any]:
    return [
        each.day_count.name,
        each.rounding.value,
        each.multiple,
        each.smoothing.value,
        each.adjustment.value,
        each.calendar.name,
    ]


@lru_cache(maxsize=256)
def _read_conventions(row: tuple[Any, ...]) -> Conventions:
    day_count, rounding, multiple, smoothing, adjustment, calendar = row
    return Conventions(
        DAY_COUNTS[day_count],
        Rounding(rounding),
        multiple,
        Smoothing(smoothing),
        Adjustment(adjustment),
        calendar_named(calendar),
    )


def _write_conditions(agreement: Agreement) -> Plain:
    """All but the terms."""
    plain: Plain = {}
    if (penalty := agreement.penalty) != Penalty():
        plain["penalty"] = [penalty.multiple_bp, penalty.misuse_bp, penalty.cap_ppm, penalty.base.value]
    if (grace := agreement.grace).days:
        plain["grace"] = [grace.days, grace.calendar.name]
    if (order := agreement.order) != Order():
        plain["order"] = [",".join(order.components), order.sorting.value]
    if agreement.prepayment is not Prepayment.REDUCE_INSTALMENT:
        plain["prepayment"] = agreement.prepayment.value
    if agreement.early_interest is not EarlyInterest.TO_THE_DAY:
        plain["early_interest"] = agreement.early_interest.value
    return plain


@lru_cache(maxsize=256)
def _read_penalty(multiple_bp: int, misuse_bp: int, cap_ppm: int, base: str) -> Penalty:
    return Penalty(multiple_bp, misuse_bp, cap_ppm, PenaltyBase(base))


@lru_cache(maxsize=256)
def _read_grace(days: int, calendar: str) -> Grace:
    return Grace(days, calendar_named(calendar))


@lru_cache(maxsize=256)
def _read_order(components: str, sorting: str) -> Order:
    return Order(tuple(Component(each) for each in components.split(",")), Sorting(sorting))


KINDS: dict[str, type[ev.Event]] = {
    "loan.paid_out": ev.PaidOut,
    "loan.repaid": ev.Repaid,
    "loan.fee_charged": ev.FeeCharged,
    "loan.reversed": ev.Reversed,
    "loan.interest_paused": ev.InterestPaused,
    "loan.rate_changed": ev.RateChanged,
    "loan.extended": ev.Extended,
    "loan.renewed": ev.Renewed,
    "loan.re_aged": ev.ReAged,
    "loan.restructured": ev.Restructured,
    "loan.recalled": ev.Recalled,
    "loan.written_off": ev.WrittenOff,
    "loan.recovered": ev.Recovered,
}
NAMES = {kind: name for name, kind in KINDS.items()}
_COMMON = {each.name for each in fields(ev.Event)}
_READERS: dict[str, Any] = {
    "agreement": read_agreement,
    "early": Prepayment,
    "until": dt.date.fromisoformat,
    "arrears": ev.Arrears,
}


def write_event(event: ev.Event) -> Plain:
    """What an event has beside its id and its dates.

    >>> day = dt.date(2026, 1, 5)
    >>> write_event(ev.Repaid("7", day, day, 50_000))
    {'amount': 50000}
    """
    plain: Plain = {}
    for each in fields(event):
        value = getattr(event, each.name)
        if each.name not in _COMMON and value is not None:
            plain[each.name] = _written(value)
    return plain


def _written(value: Any) -> Any:
    if isinstance(value, Agreement):
        return write_agreement(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def read_event(kind: str, number: int, dates: tuple[dt.date, dt.date], body: Mapping[str, Any]) -> ev.Event:
    """The event of a row: `kind` as in `KINDS`, its number, its effective and book dates, and what `write_event` wrote."""
    found = KINDS[kind]
    values: Plain = {}
    for each in fields(found):
        if each.name in body and each.name not in _COMMON:
            reader = _READERS.get(each.name)
            values[each.name] = reader(body[each.name]) if reader else body[each.name]
    return found(str(number), *dates, **values)


def read_events(rows: Iterable[Any]) -> tuple[ev.Event, ...]:
    """The events of rows of a loan, which have number, kind, effective, booked and body."""
    return tuple(read_event(row.kind, row.number, (row.effective, row.booked), row.body) for row in rows)
