"""Published test vectors: terms and events as JSON, restated; flows as JSON, as an annual rate.

The format is that of the published vectors (`conventions` in them says what each name means). It knows conventions that no
product of ours has: actual/364, down payments, several draws on one loan. They end here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.engines.loans.errors import (
    ConventionUnknown,
    DatesOutOfOrder,
    DownPaymentOutOfRange,
    DrawAfterLastDue,
    EventBeforePayout,
    FileMalformed,
    InterestExceedsDue,
    LoanSettled,
    NotSupported,
    NotTogether,
    PauseEndsBeforeItStarts,
    PayoffIncomplete,
    PrepaymentExceedsBalance,
)
from shouxin.engines.loans.growth import growth_of
from shouxin.engines.loans.model import Conventions, Method, Shape, Smoothing, Terms
from shouxin.engines.loans.periods import due_date, periods_of
from shouxin.engines.loans.reading import Reader, shown
from shouxin.engines.loans.restated import Ahead, Restatement, Rules, Until
from shouxin.engines.loans.schedule import amortise, postponed, rounded, schedule, unpostponed
from shouxin.foundation.daycount import ACTUAL_364, ACTUAL_365, THIRTY_360, DayCount, DaysInMonth, Unit
from shouxin.foundation.money import CURRENCIES, Currency, read_amount, read_positive, write_amount
from shouxin.foundation.rates import MILLION, read_percent
from shouxin.foundation.refusal import Refusal
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
TOLD = frozenset({"math_precision_digits", "loan_term", "loan_term_frequency", "kind"})  # nothing depends on them
# Conventions of published schedules that are not worked out here, and the values with which they say nothing.
NOT_SUPPORTED: Mapping[str, tuple[Any, ...]] = {
    "month_end_due_date_strategy": ("last_day_of_month",),
    "days_in_year_custom_strategy": ("full_leap_year",),
    "interest_recognition_on_disbursement_date": (False,),
    "semi_monthly_days": (),
    "interest_free_periods": (0,),
}
FIELDS = {
    "principal": "terms.principal",
    "annual_rate": "terms.annual_rate_pct",
    "paid_out": "terms.disbursement_date",
    "periods": "terms.number_of_repayments",
    "every": "terms.repayment_every",
    "first_due": "terms.first_due_date",
    "principal_grace": "terms.principal_grace_periods",
    "interest_grace": "terms.interest_payment_grace_periods",
}
MOST_EVENTS, MOST_DECIMALS = 100, 4


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

    Raises FileMalformed, ConventionUnknown, NotTogether, NotSupported, what money, rates and days raise, what `schedule` raises,
    EventBeforePayout, DatesOutOfOrder, DrawAfterLastDue, PrepaymentExceedsBalance, PayoffIncomplete, InterestExceedsDue.
    """
    file = Reader(written, "file")
    reader = Reader(file.need("terms"), "terms")
    events = [Reader(each, f"events[{index}]") for index, each in enumerate(file.rows("events") or [])]
    if len(events) > MOST_EVENTS:
        raise FileMalformed("events", len(events), right=f"at most {MOST_EVENTS}")
    loan = _Terms(reader)
    made = _without_events(loan, events) if loan.is_plain else _progressive(loan, events)
    told = [name for each in (reader, *events) for name in each.unread() if name.rsplit(".", 1)[-1] not in TOLD]
    return Published(loan.unit, made, tuple(told))


class _Terms:
    """The fields of `terms`."""

    def __init__(self, read: Reader) -> None:
        for name, harmless in NOT_SUPPORTED.items():
            if read.get(name) not in (None, *harmless):
                raise NotSupported(f"terms.{name}", shown(read.get(name)))
        self.unit = _unit(read)
        self.model = read.choice("model", MODELS, "progressive")
        self.principal = read_positive(read.need("principal"), "terms.principal", self.unit)
        self.rate_ppm = read_percent(read.need("annual_rate_pct"), "terms.annual_rate_pct")
        frequency = read.choice("repayment_frequency", UNITS)
        self.start = read.day("disbursement_date")
        begin = self.start if read.get("schedule_start_date") is None else read.day("schedule_start_date")
        first = None if read.get("first_due_date") is None else read.day("first_due_date")
        read.need("number_of_repayments")
        every = read.whole("repayment_every", default=1)
        self.shape = Shape(begin, read.whole("number_of_repayments"), every, frequency, first)
        self.flat = read.choice("interest_type", INTERESTS, "declining_balance") == "flat"
        self.method = read.choice("amortization", AMORTIZATIONS, "equal_installments")
        self.by_period = read.choice("interest_calculation_period", CALCULATIONS, "daily") != "daily"
        self.count = self._day_count(read)
        multiple = read.get("installment_multiple_of")
        self.multiple = 1 if multiple is None else read_positive(multiple, "terms.installment_multiple_of", self.unit)
        self.rounding = read.choice("rounding_mode", ROUNDINGS, "HALF_EVEN")
        self.principal_grace = read.whole("principal_grace_periods", "grace_on_principal_payment")
        self.interest_grace = read.whole("interest_payment_grace_periods", "interest_grace_periods", "grace_on_interest_payment")
        self.down_payment_ppm = _down_payment_ppm(read)
        self.partial_periods = read.flag("allow_partial_period_interest") is not False
        self.recalculates = read.flag("interest_recalculation")
        self.ahead = Ahead(read.choice("future_instalment_allocation", [*Ahead], Ahead.NEXT))
        self.until = Until(read.choice("preclosure", [*Until], Until.THE_DAY))
        self.rest = read.choice("recalculation_rest", CALCULATIONS, "daily")
        self._check()

    @property
    def is_plain(self) -> bool:
        """Whether nothing in it needs rows to be restated."""
        principal_apart = (
            self.method is not Method.EQUAL_INSTALMENT or self.interest_grace or (self.flat and self.principal_grace)
        )
        return bool(self.model == "cumulative" or principal_apart)

    def _check(self) -> None:
        try:
            unpostponed(self.terms())
        except Refusal as told:
            raise told.at(FIELDS.get(told.field, told.field)) from None
        if self.shape.paid_out > self.start or self.start >= due_date(self.shape, 1):
            right = f"on or before {self.start}, the day of the first draw, and less than one period before it"
            raise FileMalformed("terms.schedule_start_date", self.shape.paid_out, right=right)

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


def _unit(read: Reader) -> Currency:
    """The currency and its decimals; those of a known one where they are not given."""
    code = read.get("currency")
    if code is not None and not (isinstance(code, str) and len(code) == 3 and code.isalpha()):
        raise ConventionUnknown("terms.currency", shown(code), known="the three letters of ISO 4217")
    known = CURRENCIES.get(code) if isinstance(code, str) else None
    decimals = read.whole("decimals", default=known.decimals if known else 2)
    if not 0 <= decimals <= MOST_DECIMALS:
        raise FileMalformed("terms.decimals", decimals, right=f"0 to {MOST_DECIMALS}")
    return Currency(code or "CNY", decimals)


def _down_payment_ppm(read: Reader) -> int:
    down = read.get("down_payment_pct")
    if down is None:
        return 0
    try:
        ppm = read_percent(down, "terms.down_payment_pct")
    except Refusal as told:
        raise DownPaymentOutOfRange(told.field, shown(down)) from None
    if ppm >= MILLION:
        raise DownPaymentOutOfRange("terms.down_payment_pct", shown(down))
    return ppm


def _without_events(loan: _Terms, events: Sequence[Reader]) -> tuple[PublishedRow, ...]:
    """A schedule on which nothing happens.

    The instalment of an older kind (cumulative) that counts days is that of regular periods, and its year has 365 days.
    """
    if events:
        other = "model cumulative" if loan.model == "cumulative" else "its amortization and grace"
        raise NotTogether("events", f"{len(events)}", other=other)
    nominal = loan.model == "cumulative" and not loan.by_period and not loan.flat and loan.method is Method.EQUAL_INSTALMENT
    if not nominal or loan.down_payment_ppm:
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
    return divide(drawn * loan.down_payment_ppm, MILLION, loan.rounding)


def _progressive(loan: _Terms, events: Sequence[Reader]) -> tuple[PublishedRow, ...]:
    kinds = {each.choice("type", EVENTS) for each in events}
    pays = bool(kinds & {_repay, _pay_off, _see})
    recalculates = pays if loan.recalculates is None else loan.recalculates
    by_period = loan.rest != "daily" and loan.until is Until.NEXT_DUE
    rules = Rules(loan.ahead, loan.until, recalculates, by_period, loan.flat, loan.principal_grace)
    told = _Told(loan, Restatement(loan.shape, loan.rate_ppm, loan.conventions(loan.count, Smoothing.ONE_STEP), rules))
    if not any(EVENTS[each.written["type"]] is _draw and _event_day(told, each) == loan.start for each in events):
        told.draw(loan.start, loan.principal)
    last = loan.start
    for each in events:
        day = _event_day(told, each)
        if day < last:
            raise DatesOutOfOrder(f"{each.where}.date", day, after=last)
        if told.paid_off:
            raise LoanSettled(f"{each.where}.type", each.written["type"], settled=told.paid_off)
        last = day
        EVENTS[each.written["type"]](told, each)
    return told.rows()


@dataclass(slots=True)
class _Told:
    """A restatement, the down payments beside it, and the day on which everything was paid."""

    loan: _Terms
    restatement: Restatement
    downs: list[tuple[dt.date, int]] = field(default_factory=list)
    paid_off: dt.date | None = None

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
    day, last = _event_day(told, read), told.restatement.rows[-1].period.end
    if day >= last:
        raise DrawAfterLastDue(f"{read.where}.date", day, last=last)
    told.draw(day, _amount(told, read))


def _repay(told: _Told, read: Reader) -> None:
    amount, day = _amount(told, read), _event_day(told, read)
    interest, principal = (
        None if read.get(name) is None else read_amount(read.get(name), f"{read.where}.{name}", told.loan.unit)
        for name in ("interest", "principal")
    )
    if interest is not None and principal is not None and interest + principal != amount:
        raise FileMalformed(f"{read.where}.principal", read.get("principal"), right="the amount less its interest")
    owed = _check_owed(told, read, amount)
    if amount == owed and interest is None and told.restatement.rules.recalculates:
        told.restatement.pay_off(day)
        told.paid_off = day
        return
    left = told.restatement.repay(day, amount, interest)
    if left:
        raise InterestExceedsDue(f"{read.where}.interest", read.get("interest"), left=write_amount(left, told.loan.unit))


def _check_owed(told: _Told, read: Reader, amount: int) -> int:
    """What settles everything on the day of the event; no more than that may be paid."""
    day = _event_day(told, read)
    owed = told.restatement.owed(day)
    if amount > owed:
        shown_owed = write_amount(owed, told.loan.unit)
        raise PrepaymentExceedsBalance(f"{read.where}.amount", read.need("amount"), owed=shown_owed, date=day)
    return owed


def _pay_off(told: _Told, read: Reader) -> None:
    day = _event_day(told, read)
    for name in ("principal", "interest"):
        read.get(name)  # what the record says of it; the amount says the same
    if read.get("amount") is not None:
        amount = _amount(told, read)
        owed = _check_owed(told, read, amount)
        if amount < owed:
            shown_owed = write_amount(owed, told.loan.unit)
            raise PayoffIncomplete(f"{read.where}.amount", read.need("amount"), owed=shown_owed, date=day)
    told.restatement.pay_off(day)
    told.paid_off = day


def _see(told: _Told, read: Reader) -> None:
    told.restatement.see(_event_day(told, read))


def _pause(told: _Told, read: Reader) -> None:
    name = next((each for each in ("end_date", "end", "to", "until") if read.get(each) is not None), "end_date")
    end = read.day(name)
    start = _event_day(told, read)
    if end < start:
        raise PauseEndsBeforeItStarts(f"{read.where}.{name}", end, start=start - ONE_DAY)
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
