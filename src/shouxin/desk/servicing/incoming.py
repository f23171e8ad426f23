"""来账: lines of the lender's bank statements. Each is booked once: to the customer whom it names, or into suspense (挂账).

A line names a loan or a customer by id in its text. What names nobody, or several, waits in suspense until somebody says whose
it is.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.facilities.work import Asker, ask
from shouxin.book.ledger import chart
from shouxin.book.ledger.days import DAY, day_of
from shouxin.book.ledger.journals import post
from shouxin.book.ledger.model import Entry, Posting
from shouxin.book.products import active_bundle
from shouxin.desk.servicing.commands import receive
from shouxin.desk.servicing.terms import allocation_order
from shouxin.foundation.days import read_day
from shouxin.foundation.ids import NIL
from shouxin.foundation.money import read_positive
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About

QUERIES = load_queries(__package__, "money.sql")
COLUMNS = ["reference", "day", "amount", "text"]
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)


class StatementUnreadable(Refusal):
    """A file that is no statement."""

    en = "a CSV file in UTF-8 with the columns reference,day,amount,text"
    zh = "须为 UTF-8 编码的 CSV 文件，列为 reference,day,amount,text"


class LineDiffers(Refusal):
    """A reference that was booked with another amount."""

    en = "the amount that was booked for this reference: {booked}"
    zh = "该流水号已入账，金额为 {booked}"


class LineNotInSuspense(Refusal):
    """Nothing waits under that reference."""

    en = "a line that waits in suspense"
    zh = "须为挂账中的流水"


@dataclass(frozen=True, slots=True)
class Line:
    """Money that came in. source: which account's statement; reference: the bank's, unique in it; text: what the payer wrote."""

    source: str
    reference: str
    day: dt.date
    amount: int
    text: str

    @property
    def key(self) -> str:
        """The idempotency key of its booking."""
        return f"statement {self.source} {self.reference}"[:200]


def read_statement(path: Path, source: str) -> list[Line]:
    """The lines of a statement file. Raises StatementUnreadable, and what amounts and days raise, with the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise StatementUnreadable("file", path) from None
    return list(_lines(rows, source, path))


def _lines(rows: Iterable[dict[str, str]], source: str, path: Path) -> Iterator[Line]:
    for number, row in enumerate(rows, 2):
        if list(row) != COLUMNS or None in row.values() or not row["reference"]:
            raise StatementUnreadable("file", f"line {number} of {path}")
        day, amount = read_day(row["day"], f"line {number}, day"), read_positive(row["amount"], f"line {number}, amount")
        yield Line(source, row["reference"], day, amount, row["text"])


def book_line(unit: Unit, line: Line, principal: str) -> str:
    """Book a line: `matched` or `suspense`. A repeat books nothing and says what became of it. Raises LineDiffers."""
    (owners,) = unit.read(_owners(line.text))
    owner = owners[0].customer_id if len(owners) == 1 else NIL
    hold_customer(unit, owner)  # who books the same line at once waits here, and then finds it
    (known,) = unit.read((QUERIES["line_known"], (line.source, line.reference)))
    if known:
        return _same(line, known[0].amount, known[0].status)
    if owner != NIL and _receive(unit, owner, line, principal, chart.BANK).done:
        return "matched"
    return _suspend(unit, line, principal)


def _same(line: Line, booked: int, status: str) -> str:
    if booked != line.amount:
        raise LineDiffers("amount", line.amount, booked=booked)
    return status


def _owners(text: str) -> tuple[str, tuple[list[uuid.UUID], list[uuid.UUID]]]:
    ids = [uuid.UUID(each) for each in _UUID.findall(text)]
    return QUERIES["owner_of"], (ids, ids)


def _receive(unit: Unit, customer_id: uuid.UUID, line: Line, principal: str, account: str) -> Answer:
    today = day_of(unit.read(DAY)[0])
    order = allocation_order(active_bundle(unit, today))
    command = receive(customer_id, line.amount, order, {"source": line.source, "reference": line.reference}, account)
    answer = ask(unit, Asker(customer_id, principal, line.key), command)
    if answer.done and account == chart.BANK:
        row = (line.source, line.reference, line.day, line.amount, "matched", customer_id, today)
        unit.write(QUERIES["line_added"], row)
    return answer


def _suspend(unit: Unit, line: Line, principal: str) -> str:
    house = hold_customer(unit, NIL)
    today = day_of(unit.read(DAY)[0])
    history = history_of(unit, house, principal, today)
    number = history.append(
        "suspense.added", {"source": line.source, "reference": line.reference, "amount": line.amount}, About()
    )
    post(unit, Entry(NIL, number, today, today), [Posting(chart.BANK, chart.SUSPENSE, line.amount)])
    store_events(unit, history)
    row = (line.source, line.reference, line.day, line.amount, "suspense", None, today)
    unit.write(QUERIES["line_added"], row)
    return "suspense"


def resolve(unit: Unit, source: str, reference: str, customer_id: uuid.UUID, principal: str) -> Answer:
    """Money in suspense goes to its customer. Raises LineNotInSuspense, CustomerUnknown; a repeat raises LineNotInSuspense."""
    hold_customer(unit, customer_id)
    (rows,) = unit.read((QUERIES["line_held"], (source, reference)))
    if not rows or rows[0].status != "suspense":
        raise LineNotInSuspense("reference", reference)
    line = Line(source, reference, rows[0].day, rows[0].amount, "")
    answer = _receive(unit, customer_id, line, principal, chart.SUSPENSE)
    if answer.done:
        unit.write(QUERIES["line_resolved"], (customer_id, source, reference))
    return answer
