"""The arithmetic of loans: schedules, repricing, folds and annual rates, beside plain Decimal and pyxirr, after both agree."""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pyxirr

from benchmarks.measure import Contestant, Row, micro, ratios, take_turns
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Agreement
from shouxin.engines.loans.annual_rates import Flow, monthly_irr_rate
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.growth import growth_of
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.repricing import reprice
from shouxin.engines.loans.schedule import level_rows, schedule

START, PERIODS, RATE = dt.date(2026, 1, 15), 12, 109_500
PER_ROUND, ROUNDS, QUICK_ROUNDS = 2_000, 21, 7
BOOK, BOOK_ROUNDS = 1_000_000, 7
SCHEDULES, REPRICED = 200_000, 5_000_000  # a second
SHAPE = Shape(START, PERIODS)
CENT = Decimal(1)


class Differ(Exception):
    """Two ways to one figure differ, so that there is nothing to measure."""


def measure(*, quick: bool) -> list[Row]:
    """The rows of the table. Raises Differ."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    return [*_schedules(rounds), *_rates(rounds), *_folds(rounds), *_book(BOOK // 10 if quick else BOOK)]


def _amounts(rounds: int) -> Iterator[list[int]]:
    """Principals that nobody has seen."""
    source = random.Random(20260115)
    for _ in range(rounds):
        yield [source.randrange(50_000, 100_000_000) for _ in range(PER_ROUND)]


# Schedules.


def _terms(principal: int) -> Terms:
    return Terms(principal, RATE, Method.EQUAL_INSTALMENT, SHAPE)


def _decimal_schedule() -> Callable[[int], tuple[list[int], list[int]]]:
    """The same schedule as most would write it: Decimal, 28 digits, factors worked out before."""
    days = [each.days for each in periods_of(SHAPE, _terms(1).conventions)]
    rates = [Decimal(RATE) * each / 365_000_000 for each in days]
    product, sums = Decimal(1), Decimal(0)
    for each in rates:
        product, sums = product * (1 + each), 1 + sums * (1 + each)
    level = product / sums

    def made(principal: int) -> tuple[list[int], list[int]]:
        balance, principals, interests = Decimal(principal), [], []
        instalment = (balance * level).quantize(CENT, ROUND_HALF_EVEN)
        for each in rates:
            interest = (balance * each).quantize(CENT, ROUND_HALF_EVEN)
            repaid = instalment - interest
            interests.append(int(interest))
            principals.append(int(repaid))
            balance -= repaid
        principals[-1] += int(balance)
        return principals, interests

    return made


def _schedules(rounds: int) -> list[Row]:
    conventions = _terms(1).conventions
    growth = growth_of(periods_of(SHAPE, conventions), conventions.day_count, RATE)
    plain = _decimal_schedule()
    for principal in next(_amounts(1)):
        ours = schedule(_terms(principal))
        if (list(ours.principals), list(ours.interests)) != plain(principal):
            raise Differ(f"schedule of {principal}")

    def bare(principals: Sequence[Any]) -> list[tuple[Any, ...]]:
        return [(principal, growth, 0, conventions) for principal in principals]

    found = take_turns(
        {
            "rows": Contestant(bare, level_rows),
            "schedule": Contestant(lambda principals: [(_terms(each),) for each in principals], schedule),
            "decimal": Contestant(lambda principals: [(each,) for each in principals], plain),
        },
        _amounts(rounds),
    )
    rows = []
    for name, work in (("rows", "schedule: rows of 12 instalments"), ("schedule", "the same from its terms, checked")):
        a_second = 1 / statistics.median(found[name])
        budget = f">= {SCHEDULES:,}/s" if name == "rows" else ""
        met = a_second >= SCHEDULES if name == "rows" else None
        against = f"Decimal {micro(found['decimal'])}"
        rows.append(Row(work, f"{a_second:,.0f}/s", against, ratios(found["decimal"], found[name])[1], budget, met))
    return rows


# Annual rates.


def _rates(rounds: int) -> list[Row]:
    def flows(principals: Sequence[Any]) -> list[list[int]]:
        return [[-each, *(row.total for row in schedule(_terms(each)))] for each in principals]

    def ours(amounts: list[int]) -> Any:
        paid = [Flow(amount, month) for amount, month in zip(amounts[1:], MONTHS, strict=True)]
        return monthly_irr_rate([Flow(-amounts[0], Fraction(0))], paid).value

    for amounts in flows(next(_amounts(1))[:200]):
        if abs(float(ours(amounts)) / 12 - (pyxirr.irr(amounts) or 0)) > 1e-12:
            raise Differ(f"rate of {amounts}")
    found = take_turns(
        {
            "ours": Contestant(lambda principals: [(each,) for each in flows(principals)], ours),
            "pyxirr": Contestant(lambda principals: [(each,) for each in flows(principals)], pyxirr.irr),
            "decimal": Contestant(lambda principals: [(each,) for each in flows(principals)], _decimal_rate),
        },
        (each[:200] for each in _amounts(rounds)),
    )
    a_second = 1 / statistics.median(found["ours"])
    against = f"pyxirr {micro(found['pyxirr'])}; Decimal {micro(found['decimal'])}"
    many = f"{ratios(found['decimal'], found['ours'])[1]} Decimal; takes {ratios(found['ours'], found['pyxirr'])[1]} pyxirr"
    return [Row("annual rate of 13 flows, to 15 decimals", f"{a_second:,.0f}/s", against, many)]


MONTHS = [Fraction(each) for each in range(1, PERIODS + 1)]


def _decimal_rate(amounts: list[int]) -> Decimal:
    """Bisection in Decimal, 28 digits, to 15 decimals."""
    low, high = Decimal(0), Decimal(1)
    with localcontext(prec=28):
        while high - low > Decimal("1e-15"):
            middle, value = (low + high) / 2, Decimal(0)
            for amount in reversed(amounts):
                value = value / (1 + middle) + amount
            low, high = (middle, high) if value > 0 else (low, middle)
    return low


# Folds.


def _folds(rounds: int) -> list[Row]:
    """A year's loan: paid out, five instalments paid, the sixth late, folded on the day of the seventh."""
    day = dt.date(2026, 8, 15)

    def events(principal: int) -> tuple[ev.Event, ...]:
        made: list[ev.Event] = [ev.PaidOut("out", START, START, Agreement(_terms(principal)))]
        rows = list(schedule(_terms(principal)))
        made += [ev.Repaid(str(row.number), row.due, row.due, row.total) for row in rows[:5]]
        return tuple(made)

    found = take_turns(
        {
            "fold": Contestant(lambda principals: [(events(each), day) for each in principals], fold),
            "schedule": Contestant(lambda principals: [(_terms(each),) for each in principals], schedule),
        },
        (each[:100] for each in _amounts(rounds)),
    )
    against = f"its schedule {micro(found['schedule'])}"
    many = ratios(found["fold"], found["schedule"])[1]
    return [Row("fold of a loan of 6 events, half a year", micro(found["fold"]), against, many)]


# The book.


def _book(loans: int) -> list[Row]:
    source = np.random.default_rng(20260115)
    rounds = []
    for _ in range(BOOK_ROUNDS):
        principals = source.integers(50_000, 100_000_000, loans)
        rates = source.choice(np.arange(36_000, 240_000, 3_650), loans)
        rounds.append((principals, rates, source.choice([3, 6, 12, 24, 36], loans)))
    seconds, plain = [], []
    for principals, rates, months in rounds:
        started = time.process_time()
        instalments = reprice(principals, rates, months)
        seconds.append((time.process_time() - started) / loans)
        few = range(0, loans, max(1, loans // 5_000))
        started = time.process_time()
        one_by_one = [_decimal_level(int(principals[each]), int(rates[each]), int(months[each])) for each in few]
        plain.append((time.process_time() - started) / len(few))
        if [int(instalments[each]) for each in few] != one_by_one:
            raise Differ("repricing")
    a_second = 1 / statistics.median(seconds)
    met = a_second >= REPRICED
    against = f"Decimal {micro(plain)}"
    return [
        Row(f"repricing {loans:,} loans", f"{a_second:,.0f}/s", against, ratios(plain, seconds)[1], f">= {REPRICED:,}/s", met)
    ]


def _decimal_level(principal: int, rate_ppm: int, months: int) -> int:
    monthly = Decimal(rate_ppm) / 12_000_000
    return int((principal * monthly / (1 - (1 + monthly) ** -months)).quantize(CENT, ROUND_HALF_EVEN))
