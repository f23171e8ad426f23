"""What time alone mends: the first day from which on an obstacle is gone while all else stays as it is. Read first: `first_day`.

A policy reads the day in few ways, and between two days on which one of them turns, nothing changes. So only these are looked
at: monthly returns of a day (age_years, months_elapsed), a day that is compared with the assessment's, days since a closing at
a constant, days that stand in the bundle, and days of the year at which something begins or ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from shouxin.desk.decisions.remedies.acts import Sheet, let_pass
from shouxin.desk.decisions.remedies.catalogue import SINCE_CLOSED, Catalogue, as_day
from shouxin.desk.decisions.remedies.levers import MOST_DAYS
from shouxin.desk.decisions.remedies.needs import AS_OF, Need
from shouxin.desk.decisions.remedies.trying import Raw, Trial
from shouxin.engines.policy.stage_facts import AS_OF as DAYS
from shouxin.engines.policy.tree import Arith, Cmp, DatePart, Lit, Node, Type, refs, walk

ONE_DAY = dt.timedelta(days=1)
MONTHS = range(MOST_DAYS // 30)


def first_day(trial: Trial, turning: TurningDays, is_gone: Callable[[Raw], bool]) -> Sheet | None:
    """The customer on the first day on which something is so, within ten years; None where on none."""
    for day in turning.of(trial):
        sheet = Sheet(list(trial.values), trial.as_of)
        let_pass(trial.catalogue, sheet, (day - trial.as_of).days)
        if is_gone(trial.evaluate(sheet)):
            return sheet
    return None


class TurningDays:
    """The days on which something may turn, of one policy."""

    def __init__(self, catalogue: Catalogue) -> None:
        plan = catalogue.policy.plan
        nodes = [*catalogue.policy.columns.values(), *(rule.node for rule in plan.rules)]
        parts = [part for node in nodes for part in walk(node)]
        read = {name for part in parts if isinstance(part, DatePart) for name in refs(part)}
        compared = {name for part in parts if isinstance(part, Cmp) and AS_OF in refs(part) for name in refs(part)}
        days = [each for index, each in enumerate(catalogue.inputs) if each.column.type is Type.DATE]
        self._returning = [catalogue.place[each.fact] for each in days if {each.fact, each.name} & read]
        self._compared = [catalogue.place[each.fact] for each in days if {each.fact, each.name} & compared]
        self._compared = [index for index in self._compared if index not in catalogue.observed]
        self._closed = [(index, catalogue.cuts[catalogue.inputs[index].fact]) for index in catalogue.all_of(SINCE_CLOSED)]
        self._fixed = [day for day in catalogue.cuts_of_day if isinstance(day, dt.date)]
        self._yearly = sorted({value for node in nodes for value in _days_of_year(node)})
        self._monthly = bool(self._yearly) or AS_OF in read

        self.facts = frozenset({AS_OF, *(catalogue.inputs[index].fact for index, _ in self._closed)})

    def can_mend(self, need: Need) -> bool:
        """Whether time moves anything that an obstacle rests on."""
        return bool(need.roots & self.facts)

    def of(self, trial: Trial) -> list[dt.date]:
        """The days after today, the first first."""
        last = min(trial.as_of + dt.timedelta(days=min(MOST_DAYS, (dt.date.max - trial.as_of).days)), as_day(DAYS.high))
        return sorted({day for day in self._all(trial) if trial.as_of < day <= last})

    def _all(self, trial: Trial) -> Iterator[dt.date]:
        today = trial.as_of
        firsts = [_first_of_month(today, month) for month in MONTHS]
        returning = [day for index in self._returning if isinstance(day := trial.values[index], dt.date)]
        if returning or self._monthly:
            yield from firsts
        for first in firsts:
            for day in {each.day for each in returning}:
                with_day = first + dt.timedelta(days=day - 1)
                if with_day.month == first.month:
                    yield with_day
        for index in self._compared:
            if isinstance(day := trial.values[index], dt.date):
                yield from (day, day + ONE_DAY if day < dt.date.max else day)
        for day in self._fixed:
            yield from (day, day + ONE_DAY)
        for index, cuts in self._closed:
            if isinstance(gone := trial.values[index], int):
                yield from (
                    today + dt.timedelta(days=cut - gone + more) for cut in cuts if isinstance(cut, int) for more in (0, 1)
                )
        for year in range(today.year, today.year + 12):
            for month, day_of_month in self._yearly:
                day = _first_of_month(dt.date(year, 1, 1), month - 1) + dt.timedelta(days=day_of_month - 1)
                yield from (day, day + ONE_DAY)


def _days_of_year(node: Node) -> Iterator[tuple[int, int]]:
    """Constants that `MONTH(as_of) * 100 + DAY(as_of)` is compared with: (month, day)."""
    for part in walk(node):
        match part:
            case Cmp(left=Arith() as left, right=Lit(value=int(value))) if refs(left) == {AS_OF} and 101 <= value <= 1231:
                if 1 <= value % 100 <= 31 and value // 100 <= 12:
                    yield divmod(value, 100)
            case _:
                pass


def _first_of_month(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + year, month + 1, 1)
