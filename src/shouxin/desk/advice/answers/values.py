"""What an answer's text can be filled with: typed, so that each language writes it its own way. Read first: `show`, `plain`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from shouxin.desk.decisions.explain import rate_text
from shouxin.desk.servicing.paper_words import day_text
from shouxin.engines.loans.annual_rates import RULE_TEXTS, AnnualRate
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.rounding import Rounding, divide
from shouxin.foundation.texts import Text

YEAR_DAYS = 365
DAILY_PLACES = 4


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in minor units."""

    minor: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A simple annual rate, named so wherever it is written."""

    ppm: int


@dataclass(frozen=True, slots=True)
class Daily:
    """What a simple annual rate is for one of 365 days. A text that has it has the annual rate beside it."""

    ppm: int


@dataclass(frozen=True, slots=True)
class Span:
    """So many of something that is counted: days, months, years, lines, lenders."""

    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things in a row."""

    items: tuple[Value, ...]


Value: TypeAlias = Amount | Rate | Daily | AnnualRate | Span | Listed | Text | dt.date | bool | int
Values: TypeAlias = dict[str, Value]  # by the names that a text fills in

UNITS = {
    "days": Text("天", "day"),
    "months": Text("个月", "month"),
    "years": Text("年", "year"),
    "lines": Text("个额度", "line"),
    "lenders": Text("家机构", "lender"),
}
YES, NO = Text("是", "yes"), Text("否", "no")


def days(count: int) -> Span:
    """So many days."""
    return Span(count, "days")


def months(count: int) -> Span:
    """So many months."""
    return Span(count, "months")


def years(count: int) -> Span:
    """So many years."""
    return Span(count, "years")


def show(value: Value, lang: str) -> str:
    """A value as a person reads it.

    >>> show(Amount(1_000_050), "zh"), show(Rate(109_500), "zh"), show(Daily(109_500), "en"), show(days(1), "en")
    ('10,000.50元', '年化利率（单利）10.95%', '0.03% a day', '1 day')
    >>> show(Amount(5_000_000), "en"), show(Span(2, "lines"), "zh")
    ('CNY 50,000', '2个额度')
    >>> show(Listed((Text("股票", "shares"), Text("基金", "funds"))), "zh")
    '股票、基金'
    """
    zh = lang == "zh"
    match value:
        case bool():
            return (YES if value else NO).in_language(lang)
        case int():
            return str(value)
        case dt.date():
            return day_text(value, lang)
        case Text():
            return value.in_language(lang)
        case Amount(minor):
            shown = show_amount(minor).removesuffix(".00")  # as people say it
            return f"{shown}元" if zh else f"CNY {shown}"
        case Rate(ppm):
            return rate_text(ppm, lang)
        case Daily(ppm):
            return f"日利率{_daily(ppm, '约')}" if zh else f"{_daily(ppm, 'about ')} a day"
        case AnnualRate(rule):
            name, percent = RULE_TEXTS[lang][rule], f"{value.percent(2)}%"
            return f"{name}{percent}" if zh else f"{percent} ({name})"
        case Span(count, unit):
            word = UNITS[unit].in_language(lang)
            return f"{count}{word}" if zh else f"{count} {word}{'' if count == 1 else 's'}"
        case Listed(items):
            return ("、" if zh else ", ").join(show(each, lang) for each in items)


def plain(value: Value, lang: str) -> Any:
    """A value for programs: amounts in major units and rates in percent as text, days as text, names in one language."""
    match value:
        case bool() | int():
            return value
        case dt.date():
            return value.isoformat()
        case Amount(minor):
            return write_amount(minor)
        case Rate(ppm):
            return write_percent(ppm)
        case Span(count):
            return count
        case AnnualRate():
            return str(value.percent(4))
        case Listed(items):
            return [plain(each, lang) for each in items]
        case Text() | Daily():
            return show(value, lang)


def _daily(ppm: int, about: str) -> str:
    """The percent of a day, at most four decimals; said to be rounded where it is."""
    exact = Fraction(ppm, YEAR_DAYS)
    places = 10**DAILY_PLACES
    scaled = divide(exact.numerator * places, exact.denominator * 10_000, Rounding.HALF_UP)
    whole = f"{scaled // places}.{scaled % places:0{DAILY_PLACES}}".rstrip("0").rstrip(".")
    return f"{'' if Fraction(scaled, places) * 10_000 == exact else about}{whole}%"
