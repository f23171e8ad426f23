"""What reporting reads of customers, some hundred at a time, each of them as they were known at the end of a day.

Events are only ever added, and those of a closed day are sealed: what is read in several transactions fits together.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.book.customers.model import Person
from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.facilities.service import folded
from shouxin.desk.servicing.reporting_records import LoanTold, Month, Record, line_record, loan_record
from shouxin.desk.servicing.written import read_events
from shouxin.foundation.ids import NIL, written_ids
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import PersonErased
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement, Unit

QUERIES = load_queries(__package__, "reporting.sql")
STEP = 500  # customers that are read at once
BEFORE_ALL = NIL  # the house comes before all customers and is none


@dataclass(slots=True)
class Told:
    """What happened to a customer's accounts. lines: the bodies of each line's events with their book dates;
    disputed: accounts of which a record is under dispute."""

    lines: dict[uuid.UUID, list[tuple[dt.date, Mapping[str, Any]]]] = field(default_factory=dict)
    loans: list[LoanTold] = field(default_factory=list)
    disputed: set[uuid.UUID] = field(default_factory=set)

    def records(self, month: Month, known_by: dt.date) -> Iterator[Record]:
        """The records of the customer's accounts at the end of a month, each line before its loans, in the order of opening."""
        loans = [made for each in self.loans if (made := loan_record(each, month, known_by))]
        of_line = _grouped((each.line, each) for each in loans)
        for facility_id, bodies in self.lines.items():
            known = [body for booked, body in bodies if booked <= min(month.last, known_by)]
            own = of_line.get(facility_id, [])
            made = line_record(folded(facility_id, known), own, month) if known else None
            if made:
                yield made
                yield from sorted(own, key=lambda each: (each.opened, each.account))


def told_by(unit: Unit, customers: Sequence[uuid.UUID], known_by: dt.date, since: dt.date) -> Mapping[uuid.UUID, Told]:
    """What is known of customers by the end of a day. since: loans settled before it and not touched since are left out."""
    ids = written_ids(customers)
    lines, loans, disputes = unit.read(
        (QUERIES["lines_told"], (ids, known_by)),
        (QUERIES["loans_told"], (ids, known_by, since, since)),
        (QUERIES["disputes_open"], (ids, known_by, known_by)),
    )
    found = {each: Told() for each in customers}
    for row in lines:
        found[row.customer_id].lines.setdefault(row.facility_id, []).append((row.booked, row.body))
    for (customer_id, loan_id), rows in _grouped(((row.customer_id, row.loan_id), row) for row in loans).items():
        first = rows[0]
        found[customer_id].loans.append(LoanTold(loan_id, first.facility_id, first.product, read_events(rows)))
    for row in disputes:
        found[row.customer_id].disputed.add(row.subject)
    return found


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def allowed(unit: Unit, customers: Sequence[uuid.UUID], month: Month, today: dt.date) -> set[uuid.UUID]:
    """The customers whose consent to reporting counts on the last day of the month, as it was known then, and counts today."""
    until = max(month.last, today)
    values = (written_ids(customers), month.last, month.last, until, until)
    return {row.customer_id for row in unit.read((QUERIES["reporting_allowed"], values))[0]}


def persons(unit: Unit, ring: KeyRing, customers: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Person]:
    """Who the customers are; those who were erased are not among them. Raises SealBroken, MasterKeyUnknown."""
    found: dict[uuid.UUID, Person] = {}
    for customer_id, rows in zip(customers, unit.read(*(person_wanted(each) for each in customers)), strict=True):
        try:
            found[customer_id] = opened_person(ring, customer_id, rows)[1]
        except PersonErased:
            continue
    return found


def customers_open(after: uuid.UUID, month: Month) -> Statement:
    """The statement that reads the next customers with accounts that may have been open in a month."""
    return QUERIES["customers_open"], (after, month.last, month.first, STEP)


def customers_changed(after: uuid.UUID, before: Month, month: Month) -> Statement:
    """The statement that reads the next customers of whom an earlier month may say something else than when it was reported.

    before: the last month that was reported; what was booked since then, by the end of `month`, is new
    """
    return QUERIES["customers_changed"], (after, before.last, month.last, before.last, STEP)
