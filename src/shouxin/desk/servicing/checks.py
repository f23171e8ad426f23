"""What must always be true of lines and loans. Tests of faults and restores use it too; begin with `all_checks`.

`CHECKS` are asked of the database, one statement each. The others work out in Python what the rows should say: a loan's state is
the fold of its events (`states_are_folds`), so is what is kept of its instalments (`settlements_are_folds`), a facility too
(`facilities_are_folds`), and after close of business the house's accounts are at their targets (`accounts_at_targets`). Each
returns a sentence for every violation, and only reads.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from shouxin.book.facilities import service
from shouxin.book.facilities.model import Facility
from shouxin.book.ledger import checks as ledger
from shouxin.book.ledger.balances import balances_at
from shouxin.book.ledger.days import DAY, day_of
from shouxin.desk.servicing.accruing import Sums, classes_on, journals, targets
from shouxin.desk.servicing.record import pending_after
from shouxin.desk.servicing.settling import Settled, schedule_of, settlements
from shouxin.desk.servicing.state import Kept, State, read_state, write_state
from shouxin.desk.servicing.written import read_agreement, read_events
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Loan, compact
from shouxin.engines.loans.roll import roll
from shouxin.foundation.texts import Text
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__, "checks.sql")
Key = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Check:
    """A statement of `checks.sql` that returns what breaks it, and the sentence for a row of that; at most 100."""

    name: str
    broken: Text

    def __call__(self, unit: Unit, lang: str = "en") -> list[str]:
        """A sentence for each violation; none where it holds."""
        (rows,) = unit.read((QUERIES[self.name], ()))
        return [self.broken.in_language(lang).format_map(row._asdict()) for row in rows]


facilities_owe_what_loans_owe = Check(
    "facilities_unlike_loans",
    Text(
        "额度 {facility_id}：记欠本金 {owed}、未结清 {loans} 笔，借据合计本金 {principal}、未结清 {unsettled} 笔",
        "facility {facility_id}: owed {owed} and {loans} loans; its loans owe {principal}, and {unsettled} are not settled",
    ),
)
facilities_reserve_what_draws_ask = Check(
    "facilities_unlike_draws",
    Text(
        "额度 {facility_id}：预占 {reserved}，在途支用合计 {asked}",
        "facility {facility_id}: reserved {reserved}; draws ask for {asked}",
    ),
)
lines_are_sums = Check(
    "lines_unlike_facilities",
    Text(
        "客户 {customer_id}：已用 {owed}、预占 {reserved}，分项合计 {facilities_owed}、{facilities_reserved}",
        "customer {customer_id}: owed {owed}, reserved {reserved}; facilities have {facilities_owed} and {facilities_reserved}",
    ),
)
lines_within_total = Check(
    "lines_over",
    Text(
        "客户 {customer_id}：已用 {owed} 加预占 {reserved} 超过综合授信额度 {total}，无事件可解释",
        "customer {customer_id}: owed {owed} and reserved {reserved} exceed the total line {total}, and no event explains it",
    ),
)
facilities_within_limit = Check(
    "facilities_over",
    Text(
        "额度 {facility_id}：已用 {owed} 加预占 {reserved} 超过额度 {most}，无事件可解释",
        "facility {facility_id}: owed {owed} and reserved {reserved} exceed its limit {most}, and no event explains it",
    ),
)
pools_within_limit = Check(
    "pools_over",
    Text(
        "客户 {customer_id} 共享额度 {pool}：占用 {in_use} 超过 {most}，无事件可解释",
        "customer {customer_id}, pool {pool}: {in_use} in use exceed {most}, and no event explains it",
    ),
)
loans_are_posted = Check(
    "loans_unlike_postings",
    Text(
        "借据 {loan_id}：本金 {principal}、费用 {fees}，总账为 {principal_posted}、{fees_posted}",
        "loan {loan_id}: principal {principal}, fees {fees}; the ledger has {principal_posted} and {fees_posted}",
    ),
)
credits_are_posted = Check(
    "credits_unlike_postings",
    Text(
        "客户 {customer_id}：溢缴款 {credit}，总账为 {posted}", "customer {customer_id}: credit {credit}; the ledger has {posted}"
    ),
)
statuses_fit = Check(
    "statuses_wrong",
    Text(
        "额度 {facility_id}：状态 {status}，欠 {owed}、预占 {reserved}、未结清 {loans} 笔",
        "facility {facility_id}: {status} with {owed} owed, {reserved} reserved and {loans} loans",
    ),
)
draws_have_loans = Check(
    "draws_unlike_loans",
    Text(
        "支用 {loan_id}：状态 {status}，与借据或其余额行不对应",
        "draw {loan_id}: {status}, with loan: {loan}, with state: {state}, or of another facility",
    ),
)
answers_kept = Check(
    "answers_missing",
    Text("客户 {customer_id}：{what} 对应 {answers} 条应答", "customer {customer_id}: {what} has {answers} answers"),
)

CHECKS = (
    facilities_owe_what_loans_owe,
    facilities_reserve_what_draws_ask,
    lines_are_sums,
    lines_within_total,
    facilities_within_limit,
    pools_within_limit,
    loans_are_posted,
    credits_are_posted,
    statuses_fit,
    draws_have_loans,
    answers_kept,
)


def all_checks(unit: Unit, lang: str = "en") -> list[str]:
    """What all checks say, those of the ledger first. It reads every event: minutes for a large book."""
    folds = (states_are_folds, settlements_are_folds, facilities_are_folds)
    checks: tuple[Callable[[Unit, str], list[str]], ...] = (*CHECKS, *folds, accounts_at_targets)
    found = ledger.violations(unit, lang=lang)
    for check in checks:
        found += check(unit, lang)
    return found


def states_are_folds(unit: Unit, lang: str = "en") -> list[str]:
    """Every row of `loan_state`, brought to the open day, is the row that the fold of its events would be."""
    (days, rows) = unit.read(DAY, (QUERIES["all_states"], ()))
    if not days:
        return []
    today, events = day_of(days), _loan_events(unit)
    unlike = Text(
        "借据 {loan}：{name} 为 {kept}，按事件重算为 {folded}",
        "loan {loan}: {name} is {kept}; the fold of its events has {folded}",
    ).in_language(lang)
    found = []
    for row in rows:
        told = events[row.customer_id, row.loan_id]
        day = max(today, row.on_day)
        kept = Kept(row.product, pending_after(told, day), row.touched)
        folded = write_state(compact(fold(told, day)), kept)
        state = write_state(compact(_at(row, day, told)), kept)
        for name in _different(state, folded):
            values = {"kept": getattr(state, name), "folded": getattr(folded, name)}
            found.append(unlike.format(loan=row.loan_id, name=name, **values))
        found += [unlike.format(loan=row.loan_id, name=name, kept=one, folded=other) for name, one, other in _derived(row, told)]
    return found


def settlements_are_folds(unit: Unit, lang: str = "en") -> list[str]:
    """What is kept of every loan's instalments on the day of its state is what the fold says: settled ones, and its schedule."""
    rows, kept, latest = unit.read(*((QUERIES[name], ()) for name in ("all_states", "settlements", "schedules")))
    events, settled = _loan_events(unit), defaultdict(set)
    for each in kept:
        settled[each.customer_id, each.loan_id].add(Settled(*each[2:]))
    schedules = {(each.customer_id, each.loan_id): zip(*each[2:], strict=True) for each in latest}
    unlike = Text("借据 {loan}：{name} 为 {kept}，按事件重算为 {folded}", "loan {loan}: {name} are {kept}; its fold has {folded}")
    found = []
    for row in rows:
        key = (row.customer_id, row.loan_id)
        loan = fold(events[key], row.on_day)
        numbers = {each.instalment for each in settled[key]}
        schedule = schedule_of(loan)
        wanted = set(zip(schedule.instalments, schedule.dues, schedule.grace_ends or schedule.dues, strict=True))
        unpaid = {each for each in schedules[key] if each[0] not in numbers}
        for name, one, other in (
            ("settlements", settled[key], set(settlements(loan).values())),
            ("unpaid", unpaid, wanted),
        ):
            if one != other:
                found.append(unlike.in_language(lang).format(loan=row.loan_id, name=name, kept=one - other, folded=other - one))
    return found


def _at(row: Any, day: dt.date, events: tuple[ev.Event, ...]) -> Loan:
    """The loan of a row on a day; where an event that was booked for a later day counts by then, only the fold knows."""
    if row.pending is not None and row.pending <= day:
        return fold(events, day)
    return roll(read_state(read_agreement(row.agreement), row), day)


def _derived(row: Any, events: tuple[ev.Event, ...]) -> Iterator[tuple[str, Any, Any]]:
    """The columns that say again what others say, so that SQL finds it: they are compared on the row's own day."""
    loan = compact(read_state(read_agreement(row.agreement), row))
    own = write_state(loan, Kept(row.product, pending_after(events, row.on_day), row.touched))
    names = (
        "turn",
        "pending",
        "extra_ppm",
        "year_days",
        "to_come",
        "due_principal",
        "due_interest",
        "late_principal",
        "oldest_late",
    )
    for name in names:
        if getattr(row, name) != getattr(own, name):
            yield name, getattr(row, name), getattr(own, name)


def _different(one: State, other: State) -> list[str]:
    return [name for name, mine, its in zip(State._fields, one, other, strict=True) if mine != its]


def _loan_events(unit: Unit) -> dict[Key, tuple[ev.Event, ...]]:
    (rows,) = unit.read((QUERIES["loan_events"], ()))
    found: dict[Key, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.customer_id, row.loan_id].append(row)
    return {key: read_events(of_loan) for key, of_loan in found.items()}


def facilities_are_folds(unit: Unit, lang: str = "en") -> list[str]:
    """Every facility, without its sums, is the fold of its events."""
    rows, told = unit.read((QUERIES["all_facilities"], ()), (QUERIES["facility_events"], ()))
    bodies: dict[Key, list[Any]] = defaultdict(list)
    for event in told:
        bodies[event.customer_id, event.facility_id].append(event.body)
    unlike = Text(
        "额度 {id}：{name} 为 {kept}，按事件重算为 {folded}", "facility {id}: {name} is {kept}; its events have {folded}"
    )
    found = []
    for row in rows:
        folded = service.folded(row.facility_id, bodies[row.customer_id, row.facility_id])
        for name in (each.name for each in fields(Facility) if each.name not in (*service.SUMS, "id")):
            one, other = getattr(row, name), getattr(folded, name)
            if one != ([[method, list(months)] for method, months in other] if name == "terms" else other):
                found.append(unlike.in_language(lang).format(id=row.facility_id, name=name, kept=one, folded=other))
    return found


def accounts_at_targets(unit: Unit, lang: str = "en") -> list[str]:
    """On the last closed day every account of interest, penalty and allowance has the balance that follows from all loans, each
    folded from what was known on that day."""
    (days, rows) = unit.read((QUERIES["last_sealed"], ()), (QUERIES["all_states"], ()))
    day = days[0].day
    if day is None:
        return []
    sums, scale, events = Sums(), classes_on(day), _loan_events(unit)
    for row in rows:
        told = events[row.customer_id, row.loan_id]
        if told[0].booked <= day:
            sums.add_loan(row.product, fold(told, day, known_by=day), scale)
    missed = Text("{day} 科目 {account}：应再记 {posting}", "{day} account {account}: {posting} is missing").in_language(lang)
    wrong = journals(targets(sums, scale), balances_at(unit, day))
    return [missed.format(day=day, account=account, posting=posting) for account, posting in wrong]
