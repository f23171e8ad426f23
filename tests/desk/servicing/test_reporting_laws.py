"""Laws of the file for the bureau, on random books: sums are the ledger's, nothing leaks back, corrections tell all the rest."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shouxin.book.facilities import commands as lines
from shouxin.desk.servicing import change, reporting_reading
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.reporting_records import plain, read_month
from shouxin.engines.loans.events import Arrears
from shouxin.infra.db.unit import in_unit
from tests.database import Make
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, Lender, lender
from tests.desk.servicing.reported import File, agree, open_first_of, reported

BOOKS = int(os.environ.get("SHOUXIN_BOOKS", "6"))  # how many random books are tried
MONTHS = ("2026-01", "2026-02", "2026-03")
LEDGER = """
SELECT coalesce(sum(CASE WHEN debit LIKE '1303.%%' THEN amount ELSE 0 END), 0)::bigint
  - coalesce(sum(CASE WHEN credit LIKE '1303.%%' THEN amount ELSE 0 END), 0)::bigint
FROM posting WHERE book_date <= %s
"""
# What happens to somebody, after so many days: what it is, to which of their loans, how much of something.
STEP = st.tuples(
    st.integers(0, 9),
    st.integers(0, 2),
    st.sampled_from(["borrow", "pay", "pay", "pay off", "bounce", "rate", "restructure", "undo", "write off", "limit", "close"]),
    st.integers(0, 7),
    st.integers(1, 40),
)


@dataclass
class Somebody:
    """A customer, and what can happen to their loans; whatever the lender refuses does not happen."""

    bank: Lender
    customer: uuid.UUID
    line: uuid.UUID
    loans: list[uuid.UUID] = field(default_factory=list)
    payments: list[int] = field(default_factory=list)

    def do(self, what: str, which: int, size: int) -> None:
        """One step."""
        if what == "borrow" or not self.loans:
            if (
                self.bank.one("SELECT status FROM facility WHERE facility_id = %s", self.line) == ("active",)
                and len(self.loans) < 4
            ):
                self.borrow(size)
            return
        customer, loan = self.customer, self.loans[which % len(self.loans)]
        if what in ("pay", "pay off"):
            amount = 60_000 * YUAN if what == "pay off" else 100 * size * YUAN
            answer = self.bank.ask(customer, loans.repay_loan(customer, loan, amount))
            self.payments += [answer.body["payment"]] if answer.done else []
        elif what == "bounce":
            if self.payments:
                payment = self.payments.pop(which % len(self.payments))
                self.bank.ask(customer, loans.bounce(customer, payment, "NO_FUNDS"))
        elif what == "write off":
            self.bank.ask(customer, loans.write_off(customer, loan, "LOSS"))
        elif what == "limit":
            self.bank.ask(customer, lines.change_limit(self.line, 1_000 * size * YUAN, "RISK"))
        elif what == "close":
            self.bank.ask(customer, lines.close(self.line, ("BY_CHOICE", "RISK")[size % 2]))
        else:
            self.change(loan, what, size)

    def borrow(self, size: int) -> None:
        """A loan, where there is room for it and nothing is late."""
        self.bank.ask(self.customer, lines.change_limit(self.line, 50_000 * YUAN, "RISK"))
        late = self.bank.one("SELECT count(*) FROM loan_state WHERE customer_id = %s AND oldest_late IS NOT NULL", self.customer)
        if late == (0,):
            self.loans.append(self.bank.loan(self.customer, self.line, 250 * size * YUAN))

    def change(self, loan: uuid.UUID, what: str, size: int) -> None:
        """A backdated rate, a restructuring, or an event undone."""
        today = self.bank.one("SELECT day FROM open_day")[0]
        (last,) = self.bank.one("SELECT max(number) FROM event WHERE loan_id = %s AND kind <> 'loan.paid_out'", loan)
        wanted = {
            "rate": change.rate_change(1_825 * size, today - size * DAY, "AGREED"),
            "restructure": change.restructuring(12, 36_500, Arrears.CAPITALISED, "AGREED"),
            "undo": change.reversal(last or 1, "MISTAKE"),
        }
        self.bank.ask(self.customer, loans.change_loan(self.customer, loan, f"{what} {size} {today}", wanted[what]))


@settings(max_examples=BOOKS, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))
@given(steps=st.lists(STEP, min_size=15, max_size=40))
def test_a_random_book(databases: Make, steps: list[tuple[int, int, str, int, int]]) -> None:
    with lender(databases()) as bank, tempfile.TemporaryDirectory() as folder:
        people = [Somebody(bank, customer, bank.line(customer)) for customer in (bank.customer() for _ in range(3))]
        for each in people:
            agree(bank, each.customer)
            each.borrow(40)
        files = live(bank, people, steps, Path(folder))
        for month, file in files.items():
            assert reported(bank, month, Path(folder)).text == file.text
        check_corrections(bank, people, latest(files))


def live(bank: Lender, people: list[Somebody], steps: list[tuple[int, int, str, int, int]], folder: Path) -> dict[str, File]:
    """The steps, while three months go by; the file of each on the day after it."""
    files: dict[str, File] = {}
    day = FIRST_DAY
    for days, who, what, which, size in [*steps, (90, 0, "limit", 0, 1)]:
        day += days * DAY
        while len(files) < len(MONTHS) and read_month(MONTHS[len(files)]).last < day:
            month = MONTHS[len(files)]
            open_first_of(bank, str(read_month(month).next))
            files[month] = reported(bank, month, folder)
            check_sums(bank, files[month], read_month(month).last)
        if len(files) == len(MONTHS):
            break
        if day > bank.one("SELECT day FROM open_day")[0]:
            bank.close_until(day)
        people[who].do(what, which, size)
    assert tuple(files) == MONTHS
    return files


def check_sums(bank: Lender, file: File, last: dt.date) -> None:
    """Of lines and of loans, what is owed is what the ledger had at the month's end."""
    owed = bank.one(LEDGER, last)[0]
    sums = file.header["sum"]
    assert (sums["loans"]["balance"], sums["lines"]["balance"]) == (owed, owed)
    own = [each for each in file.records if each["type"] == "account"]
    for line in (each for each in own if each["kind"] == "line"):
        below = [each for each in own if each["line"] == line["account"]]
        for name in ("balance", "due", "paid", "overdue", "claim"):
            assert line[name] == sum(each[name] for each in below)
        assert line["days_past_due"] == max((each["days_past_due"] for each in below), default=0)


Key = tuple[str, str]


def latest(files: dict[str, File]) -> dict[Key, dict[str, object]]:
    """What the bureau knows after all files: of each account and month the record of the highest number."""
    found: dict[Key, dict[str, object]] = {}
    for file in files.values():
        for each in file.records:
            key = (each["month"], each["account"])
            assert each["number"] == (1 if key not in found else int(str(found[key]["number"])) + 1)
            found[key] = each
    return found


def check_corrections(bank: Lender, people: list[Somebody], sent: dict[Key, dict[str, object]]) -> None:
    """The bureau knows what follows from all that was booked by the end of the last month, and of each account that was open."""
    last = read_month(MONTHS[-1]).last
    ids = [each.customer for each in people]
    told = in_unit(bank.connection, lambda unit: reporting_reading.told_by(unit, ids, last, FIRST_DAY))
    seen = 0
    for month in map(read_month, MONTHS):
        for record in (each for customer in ids for each in told[customer].records(month, last)):
            known = sent.get((str(month), str(record.account)))
            assert known is not None or not record.open_in(month)
            if known is not None:
                assert {name: known[name] for name in plain(record)} == plain(record)
                seen += 1
    assert seen == len(sent)
