"""Champion and challenger: a second bundle that watches the bundle in force, or decides a share of the applications itself.

One experiment at a time. Who is in the share depends on the customer and the experiment alone, so that asking again changes
nothing; how many applications the challenger decides is capped, and counted under the experiment's row.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.products.service import store_bundle
from shouxin.desk.decisions.store import QUERIES
from shouxin.engines.policy.load import Bundle
from shouxin.foundation.ids import NIL
from shouxin.foundation.rates import write_percent
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.unit import Unit

MILLION = 1_000_000
MOST_SHARE_PPM = 500_000


class ExperimentEndsBeforeItBegins(Refusal):
    """No day on which it would run."""

    en = "a last day on or after the first, {since}"
    zh = "结束日不得早于开始日 {since}"


class ExperimentBeginsInThePast(Refusal):
    """What was decided would have been decided otherwise."""

    en = "{today} or later"
    zh = "开始日不得早于 {today}"


class ShareTooLarge(Refusal):
    """A challenger that decides more than the champion."""

    en = "from 0% (it only watches) to {most}%"
    zh = "须为 0%（仅陪跑）至 {most}% 之间"


class CapMissing(Refusal):
    """A share without a most number of applications, or a number without a share."""

    en = "how many applications it may decide at most, and 0 where the share is 0"
    zh = "按比例分流时须设置申请笔数上限；仅陪跑时上限为 0"


class ExperimentRunning(Refusal):
    """Two experiments on one day."""

    en = "days on which no other experiment runs: number {number} runs from {since} to {until}"
    zh = "与第 {number} 号实验（{since} 至 {until}）的日期重叠，同一时间只能有一个实验"


class ExperimentUnknown(Refusal):
    """No experiment of that number, or it is over."""

    en = "the number of an experiment that is not over"
    zh = "须为尚未结束的实验编号"


ORDER = (ExperimentEndsBeforeItBegins, ExperimentBeginsInThePast, ShareTooLarge, CapMissing, ExperimentRunning)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a challenger is to do.

    share_ppm: of the customers whose applications it decides; 0: it only watches
    most:      how many applications it may decide
    """

    bundle: Bundle
    since: dt.date
    until: dt.date
    share_ppm: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as it stands. decided: applications that the challenger has decided"""

    number: int
    bundle: bytes
    since: dt.date
    until: dt.date
    share_ppm: int
    most: int
    decided: int
    principal: str

    def has(self, customer_id: uuid.UUID) -> bool:
        """Whether the customer is in the challenger's share: by a hash of customer and experiment, evenly.

        >>> day = dt.date(2026, 1, 5)
        >>> half = Experiment(1, b"", day, day, 500_000, 10, 0, "test")
        >>> 400 < sum(half.has(uuid.UUID(int=number)) for number in range(1000)) < 600
        True
        """
        drawn = hashlib.sha256(self.number.to_bytes(8, "big") + customer_id.bytes).digest()
        return int.from_bytes(drawn[:8], "big") % MILLION < self.share_ppm


def challenge(unit: Unit, wanted: Challenge, principal: str, today: dt.date) -> Experiment:
    """Begin an experiment. Raises the refusals of `ORDER`. A repeat raises ExperimentRunning."""
    if wanted.until < wanted.since:
        raise ExperimentEndsBeforeItBegins("until", wanted.until, since=wanted.since)
    if wanted.since < today:
        raise ExperimentBeginsInThePast("from", wanted.since, today=today)
    if not 0 <= wanted.share_ppm <= MOST_SHARE_PPM:
        raise ShareTooLarge("share", write_percent(wanted.share_ppm), most=write_percent(MOST_SHARE_PPM))
    if (wanted.most > 0) != (wanted.share_ppm > 0) or wanted.most < 0:
        raise CapMissing("most", wanted.most)
    house = hold_customer(unit, NIL)  # one change of experiments at a time
    others = experiments(unit)
    for each in others:
        if each.since <= wanted.until and wanted.since <= each.until:
            raise ExperimentRunning("from", wanted.since, number=each.number, since=each.since, until=each.until)
    code = bytes.fromhex(wanted.bundle.hash)
    store_bundle(unit, wanted.bundle, today)
    made = Experiment(len(others) + 1, code, wanted.since, wanted.until, wanted.share_ppm, wanted.most, 0, principal)
    row = (made.number, code, made.since, made.until, made.share_ppm, made.most, principal, today)
    unit.write(QUERIES["experiment_added"], row)
    history = history_of(unit, house, principal, today)
    history.append("experiment.begun", {"number": made.number, "bundle": wanted.bundle.hash, "share_ppm": made.share_ppm})
    store_events(unit, history)
    return made


def end_experiment(unit: Unit, number: int, principal: str, today: dt.date) -> None:
    """An experiment's last day is today. Raises ExperimentUnknown, also for one that ended before."""
    house = hold_customer(unit, NIL)
    found = next((each for each in experiments(unit) if each.number == number), None)
    if found is None or found.until <= today or found.since > today:
        raise ExperimentUnknown("experiment", number)
    unit.write(QUERIES["experiment_ended"], (today, number))
    history = history_of(unit, house, principal, today)
    history.append("experiment.ended", {"number": number})
    store_events(unit, history)


def experiments(unit: Unit) -> Sequence[Experiment]:
    """All experiments, the oldest first."""
    (rows,) = unit.read((QUERIES["experiments"], ()))
    return [_experiment(each) for each in rows]


def running(unit: Unit, day: dt.date) -> Experiment | None:
    """The experiment of a day."""
    return next((each for each in experiments(unit) if each.since <= day <= each.until), None)


def taken(unit: Unit, experiment: Experiment, customer_id: uuid.UUID) -> bool:
    """Whether the challenger decides this application: the customer is in its share, and it may decide one more. Counts it."""
    if not experiment.has(customer_id):
        return False
    (rows,) = unit.read((QUERIES["experiment_taken"], (experiment.number,)))
    return bool(rows)


def _experiment(row: Any) -> Experiment:
    days = (row.since, row.until)
    return Experiment(row.number, bytes(row.hash), *days, row.share_ppm, row.most, row.decided, row.principal)
