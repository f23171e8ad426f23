"""A ledger as text: tests write journals in lines, and compare balances as lines.

    2026-03-01 ann loan.paid_out loan car
      1303.consumer-line  1002  1000.00
    2026-03-02 ann loan.repaid value 2026-03-01 loan car
      1002  1303.consumer-line  400.00
    close 2026-03-01

A journal is a date, a customer (or `house`), the kind of its event and what else is said of it (`value`, `loan`, `reverses`);
below it stand debit, credit and amount. `close` ends a day and seals it. `#` begins a comment.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shouxin.book.ledger.chart import accounts_for
from shouxin.book.ledger.days import open_first_day, open_next_day
from shouxin.book.ledger.journals import mirrored, post, postings_of
from shouxin.book.ledger.model import Entry, Posting
from shouxin.book.ledger.reports import TrialBalance
from shouxin.book.ledger.seal import Signer
from shouxin.book.ledger.sealing import seal_day
from shouxin.foundation.ids import NIL
from shouxin.foundation.money import read_amount, write_amount
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About, History

PRODUCTS, BUCKETS, CLASSES = ("business-loan", "consumer-line"), ("m0", "m1"), ("1", "2", "3")
ACCOUNTS = [each[0] for each in accounts_for(PRODUCTS, BUCKETS, CLASSES)]
_HEAD = re.compile(r"(?P<day>\S+) (?P<customer>\S+) (?P<kind>\S+)(?P<rest>( (value|loan|reverses) \S+)*)")


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as it was written."""

    day: dt.date
    customer: str
    kind: str
    said: dict[str, str]
    postings: list[Posting]


@dataclass(frozen=True, slots=True)
class Close:
    """The end of a day."""

    day: dt.date


def id_of(name: str) -> uuid.UUID:
    """The id that stands for a name in a ledger of text."""
    return NIL if name == "house" else uuid.uuid5(uuid.NAMESPACE_OID, name)


def read_ledger(text: str) -> Iterator[Journal | Close]:
    """The journals and closes of a text. Raises ValueError for a line that is neither."""
    journal: Journal | None = None
    for written in text.splitlines():
        words = written.split("#")[0].split()
        if not words:
            continue
        if journal is not None and len(words) == 3 and words[0] in ACCOUNTS:
            journal.postings.append(Posting(words[0], words[1], read_amount(words[2])))
            continue
        if journal is not None:
            yield journal
            journal = None
        if words[0] == "close":
            yield Close(dt.date.fromisoformat(words[1]))
            continue
        head = _HEAD.fullmatch(" ".join(words))
        if head is None:
            raise ValueError(written)
        pairs = head["rest"].split()
        said = dict(zip(pairs[::2], pairs[1::2], strict=True))
        journal = Journal(dt.date.fromisoformat(head["day"]), head["customer"], head["kind"], said, [])
    if journal is not None:
        yield journal


def set_up(unit: Unit, first_day: dt.date) -> None:
    """The accounts that texts may name, and the first business day."""
    columns = zip(*accounts_for(PRODUCTS, BUCKETS, CLASSES), strict=True)
    unit.write(
        "INSERT INTO account SELECT a, c, nullif(p, ''), nullif(b, '') FROM"
        " unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS x (a, c, p, b) ON CONFLICT DO NOTHING",
        [list(each) for each in columns],
    )
    open_first_day(unit, first_day)


def keep(unit: Unit, ring: Signer, text: str) -> None:
    """Write a ledger of text: customers where they are new, events, postings; end and seal the days that it closes."""
    for each in read_ledger(text):
        if isinstance(each, Close):
            open_next_day(unit, each.day)
            seal_day(unit, ring, each.day)
        else:
            _write(unit, each)


def _write(unit: Unit, journal: Journal) -> None:
    customer = id_of(journal.customer)
    unit.write(
        "INSERT INTO customer (customer_id, kind, since) VALUES (%s, 'person', %s) ON CONFLICT DO NOTHING",
        (customer, journal.day),
    )
    [[row]] = unit.read(("SELECT events FROM customer WHERE customer_id = %s FOR NO KEY UPDATE", (customer,)))
    history = History(unit, customer, row.events, "test", journal.day)
    value = dt.date.fromisoformat(journal.said.get("value", journal.day.isoformat()))
    loan = id_of(journal.said["loan"]) if "loan" in journal.said else None
    number = history.append(journal.kind, {}, About(loan_id=loan, effective=value))
    reverses = int(journal.said["reverses"]) if "reverses" in journal.said else None
    postings = journal.postings or (mirrored(postings_of(unit, customer, reverses)) if reverses else [])
    if postings:
        post(unit, Entry(customer, number, journal.day, value, loan, reverses), postings)
    unit.write("UPDATE customer SET events = %s WHERE customer_id = %s", (history.last, customer))


def trial_lines(trial: TrialBalance) -> list[str]:
    """Account, opening balance, debits, credits and closing balance; less than zero is a credit balance."""
    return [
        " ".join((row.account, *(write_amount(each) for each in (row.opening, row.debits, row.credits, row.closing))))
        for row in trial.rows
    ]


def lines_of(text: str) -> list[str]:
    """The lines of a text, to be compared with `trial_lines`: without empty ones, and with one space between words."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def written(journals: Iterable[Journal]) -> str:
    """Journals as text, which `read_ledger` reads back."""
    lines = []
    for each in journals:
        lines.append(" ".join((each.day.isoformat(), each.customer, each.kind, *(f"{k} {v}" for k, v in each.said.items()))))
        lines += [f"  {one.debit}  {one.credit}  {write_amount(one.amount)}" for one in each.postings]
    return "\n".join(lines)
