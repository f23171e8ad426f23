"""Writing journals. Rows are only ever added: a reversal is a journal of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from shouxin.book.ledger.chart import QUERIES
from shouxin.book.ledger.errors import AmountNotWhole, JournalEmpty, SameAccountTwice
from shouxin.book.ledger.model import Entry, Posting
from shouxin.foundation.errors import AmountNotPositive, AmountTooLarge
from shouxin.foundation.money import MOST_MINOR
from shouxin.infra.db.unit import Unit

MOST_ROWS = 8  # in one statement: so there are few texts to prepare, and a journal of a customer is one statement
ORDER = (JournalEmpty, AmountNotWhole, AmountNotPositive, AmountTooLarge, SameAccountTwice)

_ROW = "(1, %s, %s, %s::bigint)"


def _with_rows(count: int) -> str:
    return QUERIES["journal_posted"].replace(_ROW, ", ".join(_ROW.replace("1", str(line), 1) for line in range(1, count + 1)))


_STATEMENTS = [_with_rows(count) for count in range(MOST_ROWS + 1)]


def post(unit: Unit, entry: Entry, postings: Iterable[Posting]) -> None:
    """Write a journal. The event of its number is written first, in the same unit of work.

    Raises what `ORDER` lists, for the first posting that breaks it, before anything is written. An account that is not open, a
    number that was posted before, and a journal that is reversed a second time are faults, and the database stops them.
    """
    rows = tuple(postings)
    if not rows:
        raise JournalEmpty("postings", "")
    for each in rows:
        if type(each.amount) is not int or not 0 < each.amount <= MOST_MINOR or each.debit == each.credit:
            raise _broken(each)
    head = (entry.customer_id, entry.journal, entry.currency, entry.book_date, entry.value_date, entry.loan_id, entry.reverses)
    for before in range(0, len(rows), MOST_ROWS):
        written = rows[before : before + MOST_ROWS]
        values = (value for each in written for value in (each.debit, each.credit, each.amount))
        unit.write(_STATEMENTS[len(written)], (*head, before, *values))


def _broken(posting: Posting) -> AmountNotWhole | AmountNotPositive | AmountTooLarge | SameAccountTwice:
    if type(posting.amount) is not int:
        return AmountNotWhole("amount", posting.amount)
    if posting.amount <= 0:
        return AmountNotPositive("amount", posting.amount)
    if posting.amount > MOST_MINOR:
        return AmountTooLarge("amount", posting.amount, most=MOST_MINOR)
    return SameAccountTwice("credit", posting.credit)


def postings_of(unit: Unit, customer_id: uuid.UUID, journal: int) -> list[Posting]:
    """The postings of a journal in the order of their lines; none where it has none."""
    [rows] = unit.read((QUERIES["journal"], (customer_id, journal)))
    return [Posting(*row) for row in rows]


def mirrored(postings: Iterable[Posting]) -> list[Posting]:
    """What undoes a journal, line by line: to be posted with `reverses`.

    >>> mirrored([Posting("1303.pay-later", "1002", 500)])
    [Posting(debit='1002', credit='1303.pay-later', amount=500)]
    """
    return [each.mirrored for each in postings]
