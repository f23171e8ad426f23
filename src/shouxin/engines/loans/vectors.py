"""Published test vectors: terms and events as JSON, restated; flows as JSON, as an annual rate.

The format is that of the published vectors (`conventions` in them says what each name means). It knows conventions that no
product of ours has: actual/364, down payments, several draws on one loan. They end here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouxin.engines.loans.errors import (
    EventBeforePayout,
    EventsOutOfOrder,
    FileMalformed,
    PauseEndsBeforeItStarts,
    PayoffIncomplete,
    PrepaymentExceedsBalance,
)
from shouxin.engines.loans.growth import growth_of
from shouxin.engines.loans.model import Conventions, Method, Shape, Smoothing, Terms
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.reading import Reader
from shouxin.engines.loans.restated import Ahead, Restatement, Rules, Until
from shouxin.engines.loans.schedule import amortise, check_terms, postponed, rounded, schedule
from shouxin.foundation.daycount import ACTUAL_364, ACTUAL_365, THIRTY_360, DayCount, DaysInMonth, Unit
from shouxin.foundation.days import read_day
from shouxin.foundation.money import Currency, read_amount, read_positive, write_amount
from shouxin.foundation.rates import read_percent
from shouxin.foundation.rounding import Rounding, divide

ONE_DAY = dt.timedelta(days=1)
YEARS: Mapping[str, int | None] = {"360": 360, "364": 364, "365": 365, "ACTUAL": None}
MONTHS = {"30": DaysInMonth.THIRTY, "ACTUAL": DaysInMonth.ACTUAL}
UNITS = {"DAYS": Unit.DAYS, "WEEKS": Unit.WEEKS, "MONTHS": Unit.MONTHS}
ROUNDINGS = {"HALF_EVEN": Rounding.HALF_EVEN, "HALF_UP": Rounding.HALF_UP}
AMORTIZATIONS = {"equal_installments": Method.EQUAL_INSTALMENT, "equal_principal": Method.EQUAL_PRINCIPAL}
INTERESTS = ("declining_balance", "flat")
CALCULATIONS = ("daily", "same_as_repayment_period")
MODELS = ("progressive", "cumulative")
TOLD = frozenset({"currency", "decimals", "math_precision_digits", "loan_term", "loan_term_frequency"})  # nothing depends on them


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One row as vectors have it. `paid` is the day on which nothing of it was left, where events say so."""

    due: dt.date
    principal: int
    interest: int
    balance: int
    down_payment: bool = False
    paid: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A schedule as vectors have it, and the names in the terms that nothing reads."""

    unit: Currency
    rows: tuple[PublishedRow, ...]
    ignored: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """`installments` and `totals`, in the vectors' shape."""
        rows = [self._row(number, each) for number, each in enumerate(self.rows, 1)]
        principal, interest = sum(each.principal for each in self.rows), sum(each.interest for each in self.rows)
        totals = {"principal": principal, "interest": interest, "due": principal + interest}
        return {"installments": rows, "totals": {name: write_amount(each, self.unit) for name, each in totals.items()}}

    def _row(self, number: int, row: PublishedRow) -> dict[str, Any]:
        amounts = {"principal": row.principal, "interest": row.interest, "due": row.principal + row.interest}
        written = {name: write_amount(each, self.unit) for name, each in amounts.items()}
        shown: dict[str, Any] = {"n": number, "due_date": row.due.isoformat(), **written}
        shown["balance_after"] = write_amount(row.balance, self.unit)
        if row.down_payment:
            shown["down_payment"] = True
        if row.paid:
            shown["paid_date"] = row.paid.isoformat()
        return shown


def read_schedule(written: Any) -> Published:
    """The schedule of one vector's `terms`, restated after its `events`.

    Raises FileMalformed, ConventionUnknown, what money, rates and days raise, what `schedule` raises, EventBeforePayout,
    PrepaymentExceedsBalance.
    """
    file = Reader(written, "file")
    reader = Reader(file.need("terms"), "terms")
    events = file.get("events") or []
    if not isinstance(events, list):
        raise FileMalformed("events", type(events).__name__, right="a list")
    loan = _Terms(reader)
    made = _cumulative(loan) if loan.model == "cumulative" else _progressive(loan, events)
    ignored = [name for name, value in reader.written.items() if name not in reader.read | TOLD and value not in (None, False, 0)]
    return Published(loan.unit, made, tuple(ignored))


class _Terms:
    """The fields of `terms`."""

    def __init__(self, read: Reader) -> None:
        self.unit = Currency(str(read.get("currency") or "CNY"), read.whole("decimals", default=2))
        self.model = read.choice("model", MODELS, "progressive")
        self.principal = read_positive(read.need("principal"), "terms.principal", self.unit)
        self.rate_ppm = read_percent(read.need("annual_rate_pct"), "terms.annual_rate_pct")
        frequency = read.choice("repayment_frequency", UNITS)
        self.start = read.day("disbursement_date")
        first = read.get("first_due_date")
        self.shape = Shape(
            read_day(read.get("schedule_start_date") or self.start.isoformat(), "terms.schedule_start_date"),
            read.whole("number_of_repayments"),
            read.whole("repayment_every", default=1),
            frequency,
            read_day(first, "terms.first_due_date") if first is not None else None,
        )
        self.flat = read.choice("interest_type", INTERESTS, "declining_balance") == "flat"
        self.method = read.choice("amortization", AMORTIZATIONS, "equal_installments")
        self.by_period = read.choice("interest_calculation_period", CALCULATIONS, "daily") != "daily"
        self.count = self._day_count(read)
        multiple = read.get("installment_multiple_of")
        self.multiple = 1 if multiple is None else read_positive(multiple, "terms.installment_multiple_of", self.unit)
        self.rounding = read.choice("rounding_mode", ROUNDINGS, "HALF_EVEN")
        self.principal_grace = read.whole("principal_grace_periods", "grace_on_principal_payment")
        self.interest_grace = read.whole("interest_payment_grace_periods", "interest_grace_periods", "grace_on_interest_payment")
        down = read.get("down_payment_pct")
        self.down_payment_ppm = 0 if down is None else read_percent(down, "terms.down_payment_pct")
        self.partial_periods = read.get("allow_partial_period_interest") is not False
        self.recalculates = read.get("interest_recalculation")
        self.ahead = Ahead(read.choice("future_instalment_allocation", [*Ahead], Ahead.NEXT))
        self.until = Until(read.choice("preclosure", [*Until], Until.THE_DAY))
        self.rest = read.choice("recalculation_rest", CALCULATIONS, "daily")
        check_terms(self.terms())

    def _day_count(self, read: Reader) -> DayCount:
        year, month = read.choice("days_in_year", YEARS), read.choice("days_in_month", MONTHS)
        if self.by_period and self.shape.unit is not Unit.DAYS:  # a twelfth or a fifty-second of the rate
            return THIRTY_360 if self.shape.unit is Unit.MONTHS else ACTUAL_364
        return DayCount("as published", year, month)

    def conventions(self, count: DayCount, smoothing: Smoothing) -> Conventions:
        return Conventions(count, self.rounding, self.multiple, smoothing)

    def terms(self) -> Terms:
        method = Method.FLAT if self.flat else self.method
        conventions = self.conventions(self.count, Smoothing.NONE)
        graces = self.principal_grace, self.interest_grace
        return Terms(self.principal, self.rate_ppm, method, self.shape, conventions, *graces)


def _cumulative(loan: _Terms) -> tuple[PublishedRow, ...]:
    """An older kind of schedule: the instalment is that of regular periods, to whole units; a year has 365 days."""
    if loan.down_payment_ppm or loan.by_period or loan.flat or loan.method is not Method.EQUAL_INSTALMENT:
        return _rows_with_down_payment(loan)
    conventions = loan.conventions(ACTUAL_365 if loan.count.year is None else loan.count, Smoothing.NONE)
    regular = DayCount("regular", conventions.day_count.year, DaysInMonth.THIRTY)
    periods = periods_of(loan.shape, conventions)
    numerator, denominator = growth_of(periods, regular, loan.rate_ppm).since(loan.principal_grace).level
    growth = growth_of(periods, conventions.day_count, loan.rate_ppm)
    instalment = rounded(loan.principal * numerator, denominator, conventions)
    principals, interests = amortise(loan.principal, instalment, growth, loan.principal_grace, loan.rounding)
    if loan.interest_grace:
        interests = postponed(loan.terms(), growth, principals, interests)
    dues = [each.end for each in periods]
    return _published(list(zip(dues, principals, interests, strict=True)), loan.principal)


def _rows_with_down_payment(loan: _Terms) -> tuple[PublishedRow, ...]:
    down = _down_payment(loan, loan.principal)
    terms = loan.terms()
    rows = schedule(Terms(loan.principal - down, *(getattr(terms, name) for name in terms.__slots__[1:])))
    first = [(loan.start, down, 0)] if down else []
    made = _published([*first, *((row.due, row.principal, row.interest) for row in rows)], loan.principal)
    return (PublishedRow(loan.start, down, 0, loan.principal - down, down_payment=True), *made[1:]) if down else made


def _published(rows: Sequence[tuple[dt.date, int, int]], balance: int) -> tuple[PublishedRow, ...]:
    made = []
    for due, principal, interest in rows:
        balance -= principal
        made.append(PublishedRow(due, principal, interest, balance))
    return tuple(made)


def _down_payment(loan: _Terms, drawn: int) -> int:
    return divide(drawn * loan.down_payment_ppm, 1_000_000, loan.rounding)


def _progressive(loan: _Terms, events: list[Any]) -> tuple[PublishedRow, ...]:
    readers = [Reader(each, f"events[{index}]") for index, each in enumerate(events)]
    kinds = {each.choice("type", EVENTS) for each in readers}
    pays = bool(kinds & {_repay, _pay_off, _see})
    recalculates = pays if loan.recalculates is None else bool(loan.recalculates)
    by_period = loan.rest != "daily" and loan.until is Until.NEXT_DUE
    rules = Rules(loan.ahead, loan.until, recalculates, by_period, loan.flat, loan.principal_grace)
    told = _Told(loan, Restatement(loan.shape, loan.rate_ppm, loan.conventions(loan.count, Smoothing.ONE_STEP), rules))
    if not any(EVENTS[each.written["type"]] is _draw and _event_day(told, each) == loan.start for each in readers):
        told.draw(loan.start, loan.principal)
    last = loan.start
    for each in readers:
        day = _event_day(told, each)
        if day < last:
            raise EventsOutOfOrder(f"{each.where}.date", day, after=last)
        last = day
        EVENTS[each.written["type"]](told, each)
    return told.rows()


@dataclass(slots=True)
class _Told:
    """A restatement, and the down payments beside it."""

    loan: _Terms
    restatement: Restatement
    downs: list[tuple[dt.date, int]]

    def __init__(self, loan: _Terms, restatement: Restatement) -> None:
        self.loan, self.restatement, self.downs = loan, restatement, []

    def draw(self, day: dt.date, amount: int) -> None:
        down = _down_payment(self.loan, amount)
        if down:
            self.downs.append((day, down))
        if not self.loan.partial_periods and self.loan.by_period:
            day = self.restatement.start_of_period(day)
        self.restatement.draw(day, amount - down)

    def rows(self) -> tuple[PublishedRow, ...]:
        table = self.restatement.instalments()
        paid = [each.paid_on for each in self.restatement.rows]
        made = [
            PublishedRow(each.due, each.principal, each.interest, each.balance, paid=day)
            for each, day in zip(table, paid, strict=True)
        ]
        drawn = sum(amount for _, amount in self.restatement.draws)
        for day, down in self.downs:
            balance = sum(amount for when, amount in self.restatement.draws if when <= day)
            balance -= sum(each.principal for each in made if each.due <= day and not each.down_payment)
            made.append(PublishedRow(day, down, 0, min(balance, drawn), down_payment=True))
        return tuple(sorted(made, key=lambda each: (each.due, not each.down_payment)))


def _event_day(told: _Told, read: Reader) -> dt.date:
    day = read.day("date")
    if day < told.loan.start:
        raise EventBeforePayout(f"{read.where}.date", day, payout=told.loan.start)
    return day


def _amount(told: _Told, read: Reader) -> int:
    return read_positive(read.need("amount"), f"{read.where}.amount", told.loan.unit)


def _draw(told: _Told, read: Reader) -> None:
    told.draw(_event_day(told, read), _amount(told, read))


def _repay(told: _Told, read: Reader) -> None:
    interest, amount, day = read.get("interest"), _amount(told, read), _event_day(told, read)
    _check_owed(told, read, amount)
    split = None if interest is None else read_amount(interest, f"{read.where}.interest", told.loan.unit)
    told.restatement.repay(day, amount, split)


def _check_owed(told: _Told, read: Reader, amount: int) -> int:
    """What settles everything on the day of the event; no more than that may be paid."""
    day = _event_day(told, read)
    owed = told.restatement.owed(day)
    if told.restatement.rules.recalculates and amount > owed:
        shown = write_amount(owed, told.loan.unit)
        raise PrepaymentExceedsBalance(f"{read.where}.amount", read.need("amount"), owed=shown, date=day)
    return owed


def _pay_off(told: _Told, read: Reader) -> None:
    if read.get("amount") is not None:
        amount = _amount(told, read)
        owed = _check_owed(told, read, amount)
        if told.restatement.rules.recalculates and amount < owed:
            shown = write_amount(owed, told.loan.unit)
            raise PayoffIncomplete(f"{read.where}.amount", read.need("amount"), owed=shown, date=_event_day(told, read))
    told.restatement.pay_off(_event_day(told, read))


def _see(told: _Told, read: Reader) -> None:
    told.restatement.see(_event_day(told, read))


def _pause(told: _Told, read: Reader) -> None:
    end = read_day(read.get("end_date", "end", "to", "until"), f"{read.where}.end_date")
    start = _event_day(told, read)
    if end < start:
        raise PauseEndsBeforeItStarts(f"{read.where}.end_date", end, start=start - ONE_DAY)
    told.restatement.pause(start, end)


def _change_rate(told: _Told, read: Reader) -> None:
    rate = read_percent(read.get("annual_rate_pct", "rate_pct", "new_rate_pct"), f"{read.where}.annual_rate_pct")
    told.restatement.change_rate(_event_day(told, read), rate)


EVENTS: dict[str, Callable[[_Told, Reader], None]] = {
    "repayment": _repay,
    "payoff": _pay_off,
    "as_of": _see,
    **dict.fromkeys(("disbursement", "drawdown", "drawing", "draw"), _draw),
    **dict.fromkeys(("interest_pause", "pause"), _pause),
    **dict.fromkeys(("rate_change", "interest_rate_change"), _change_rate),
}
