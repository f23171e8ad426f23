"""What each change does to a customer's facts: one act moves several. Read first: `carry_out`.

repay      used falls; the instalments fall in proportion; with nothing left, nothing of it is overdue
catch_up   nothing is overdue any more, of one product or of all
close      held, line, used, instalment and days overdue are nothing; closed today, by choice; one more closing in the year
wait       the day is later: days since a closing and days overdue grow, and every source says the same again, as much later
otherwise  the fact alone, with what a person is by what they do
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shouxin.desk.decisions.remedies.catalogue import (
    BY_CHOICE,
    CLOSED_BECAUSE,
    CLOSED_LATELY,
    HELD,
    INSTALMENT,
    LINE,
    OVERDUE,
    OVERDUE_NOW,
    SINCE_CLOSED,
    USED,
    Catalogue,
    as_integer,
)
from shouxin.desk.decisions.remedies.model import Act
from shouxin.engines.policy.activity import by_activity
from shouxin.engines.policy.plan import Activity
from shouxin.engines.policy.tree import Value


@dataclass
class Sheet:
    """A customer's facts while changes are carried out on them: stored values in the order of the catalogue, and the day."""

    values: list[Value]
    as_of: dt.date


def carry_out(catalogue: Catalogue, sheet: Sheet, fact: str, act: Act | None, to: Value) -> None:
    """Carry out one change.

    to: the fact's value afterwards; of a wait, the number of days
    """
    product = catalogue.member[fact][1] if act is not None and fact in catalogue.member else None
    if act is Act.REPAY:
        _repay(catalogue, sheet, product, as_integer(to))
    elif act is Act.CATCH_UP:
        _catch_up(catalogue, sheet, product)
    elif act is Act.CLOSE:
        _close(catalogue, sheet, product)
    elif act is Act.WAIT:
        let_pass(catalogue, sheet, as_integer(to))
    else:
        _become(catalogue, sheet, fact, to)


def let_pass(catalogue: Catalogue, sheet: Sheet, days: int) -> None:
    """So many days pass, and nothing is done. What sources say stays as it is, and is said again of the later day."""
    later = dt.timedelta(days=days)
    sheet.as_of += later
    for index in catalogue.observed:
        seen, highest = sheet.values[index], catalogue.inputs[index].column.high
        if isinstance(seen, dt.date) and isinstance(highest, dt.date):
            sheet.values[index] = min(seen + later, highest)
    for index in catalogue.all_of(SINCE_CLOSED):
        _grow(catalogue, sheet, index, days)
    for index in (*catalogue.all_of(OVERDUE), *_places(catalogue, OVERDUE_NOW)):
        if sheet.values[index]:
            _grow(catalogue, sheet, index, days)


def _repay(catalogue: Catalogue, sheet: Sheet, product: str | None, left: int) -> None:
    used, instalment = catalogue.of(USED, product), catalogue.of(INSTALMENT, product)
    assert used is not None
    before = as_integer(sheet.values[used])
    if instalment is not None and before > 0:  # early repayment lowers the instalment and keeps the term
        sheet.values[instalment] = -(-as_integer(sheet.values[instalment] or 0) * left // before)
    sheet.values[used] = left
    if left == 0:
        _catch_up(catalogue, sheet, product)


def _catch_up(catalogue: Catalogue, sheet: Sheet, product: str | None) -> None:
    if product is None:
        for index in (*catalogue.all_of(OVERDUE), *_places(catalogue, OVERDUE_NOW)):
            _set(sheet, index, 0)
        return
    overdue = catalogue.of(OVERDUE, product)
    if overdue is None or not sheet.values[overdue]:
        return
    sheet.values[overdue] = 0
    longest = max(as_integer(sheet.values[each] or 0) for each in catalogue.all_of(OVERDUE))
    for now in _places(catalogue, OVERDUE_NOW):
        if sheet.values[now] is not None:
            sheet.values[now] = min(as_integer(sheet.values[now]), longest)


def _close(catalogue: Catalogue, sheet: Sheet, product: str | None) -> None:
    _catch_up(catalogue, sheet, product)
    nothing: dict[str, Value] = {HELD: False, LINE: 0, USED: 0, INSTALMENT: 0, SINCE_CLOSED: 0}
    for family, value in nothing.items():
        index = catalogue.of(family, product)
        if index is not None:
            sheet.values[index] = value
    why = catalogue.of(CLOSED_BECAUSE, product)
    if why is not None and BY_CHOICE in catalogue.inputs[why].column.values:
        sheet.values[why] = BY_CHOICE
    for index in _places(catalogue, CLOSED_LATELY):
        _grow(catalogue, sheet, index, 1)


def _become(catalogue: Catalogue, sheet: Sheet, fact: str, to: Value) -> None:
    following = [each for each in catalogue.policy.plan.activities if catalogue.inputs[catalogue.place[fact]].name in each.inputs]
    before = [(each, told) for each in following if (told := _activity(catalogue, sheet, each)) is not None]
    sheet.values[catalogue.place[fact]] = to
    for activity, told in before:
        index, now = catalogue.place[activity.fact], _activity(catalogue, sheet, activity)
        if sheet.values[index] == told and now is not None:  # a company stays a company, whatever it does
            sheet.values[index] = now


def _activity(catalogue: Catalogue, sheet: Sheet, activity: Activity) -> str | None:
    values = {each.name: sheet.values[index] for index, each in enumerate(catalogue.inputs) if each.name in activity.inputs}
    told = by_activity(catalogue.policy, activity, values, sheet.as_of)
    return None if told is None else told.value


def _grow(catalogue: Catalogue, sheet: Sheet, index: int, by: int) -> None:
    if sheet.values[index] is not None:
        sheet.values[index] = min(as_integer(sheet.values[index]) + by, as_integer(catalogue.inputs[index].column.high))


def _set(sheet: Sheet, index: int, value: Value) -> None:
    if sheet.values[index] is not None:
        sheet.values[index] = value


def _places(catalogue: Catalogue, fact: str) -> tuple[int, ...]:
    return (catalogue.place[fact],) if fact in catalogue.place else ()
