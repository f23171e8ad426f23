"""The steps of random lives: what customers ask for, and how days go by. Each step chooses with the `Random` that it gets."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from random import Random

import pytest

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.model import State
from shouxin.book.customers.standing import change_state
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.acts import Offer
from shouxin.desk.servicing import change, closing
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import all_checks
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.rolling import roll_book
from shouxin.engines.loans.agreement import Prepayment
from shouxin.engines.loans.events import Arrears
from shouxin.engines.loans.payment import payoff
from shouxin.engines.loans.roll import next_date
from shouxin.infra.access.requests import KeyUsedForAnother
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import About
from tests.desk.servicing.beside import Beside
from tests.desk.servicing.imagined import PRODUCTS, Asked
from tests.desk.servicing.lender import BUNDLE, DAY, Lender

NOBODY = uuid.UUID(int=7)
RATE = 109_500
RARELY = 0.04
REASONS = [*("BY_CHOICE",) * 5, "RISK", "MISUSE", ""]
CHANGES = ["rate", "rate", "pause", "fee", "extension", "renewal", "restructuring", "re_ageing", "re_ageing", "reversal"]


class Lives:
    """A lender's days, and what its customers do."""

    def __init__(self, bank: Lender, customers: list[uuid.UUID]) -> None:
        self.bank, self.customers = bank, customers
        self.both = Beside(bank, customers)

    def run(self, script: Sequence[tuple[str, int]]) -> None:
        """All steps, each with a seed of its own; then all checks."""
        self.begin(Random(0))
        for name, seed in script:
            getattr(self, name)(Random(seed))
        self.agree()
        found = in_unit(self.bank.connection, all_checks)
        assert not found, found

    def agree(self) -> None:
        for who in range(len(self.customers)):
            self.both.agree(who, in_order=False)

    # Choosing.

    def who(self, chance: Random) -> int:
        return chance.randrange(len(self.customers))

    def borrower(self, chance: Random) -> int:
        """One who has borrowed, where there is one."""
        having = [who for who, person in enumerate(self.both.people) if person.loans]
        return chance.choice(having) if having else self.who(chance)

    def one(self, chance: Random, known: Iterable[int], others: Iterable[int] = ()) -> int:
        """One that is known, else one of the others; now and then none that there is."""
        listed = list(known) if chance.random() < 0.8 else list(others)
        listed = listed or list(others)
        return chance.choice(listed) if listed and chance.random() > RARELY else -1

    def near(self, chance: Random, *amounts: int) -> int:
        return chance.choice(amounts) + chance.choice([0, 0, 0, -1, 1])

    def id(self, key: int) -> uuid.UUID:
        return self.both.real.get(key, NOBODY)

    # Lines.

    def begin(self, chance: Random) -> None:
        """A line for each, and facilities of their own and in a pool."""
        for who, products in enumerate((("consumer-line", "pay-later"), ("consumer-line", "business-loan"), ("business-loan",))):
            self._set_total(who, chance.choice([20_000_00, 50_000_00, 100_000_00]))
            for product in products:
                self._offer(who, product, chance.choice([5_000_00, 10_000_00]))
                self._accept(who, max(self.both.real))

    def _set_total(self, who: int, total: int) -> None:
        self.both.ask(who, lines.set_total_line(total, "GRANTED"), lambda: self.both.people[who].set_total(total))

    def set_total(self, chance: Random) -> None:
        who = self.who(chance)
        self._set_total(who, self.near(chance, self.both.people[who].exposure(), 60_000_00))

    def _offer(self, who: int, product: str, most: int) -> None:
        known, key = BUNDLE.products.get(product), len(self.both.real)
        terms = tuple((each.method, tuple(each.months)) for each in known.terms) if known else ()
        command = lines.offer(BUNDLE, Offer(product, most, RATE, terms))
        self.both.ask(who, command, lambda: self.both.people[who].offer(key, product, most, RATE), naming=key)

    def offer(self, chance: Random) -> None:
        product = chance.choice([*PRODUCTS, *PRODUCTS, *PRODUCTS, "mortgage"])
        self._offer(self.who(chance), product, chance.choice([5_000_00, 10_000_00, 10_050_00, 500_000_00]))

    def _accept(self, who: int, key: int) -> None:
        self.both.ask(who, lines.accept(self.id(key)), lambda: self.both.people[who].accept(key))

    def accept(self, chance: Random) -> None:
        who = self.who(chance)
        rooms = self.both.people[who].rooms
        self._accept(who, self.one(chance, (key for key, each in rooms.items() if each.status == "offered"), rooms))

    def change_status(self, chance: Random) -> None:
        who = self.who(chance)
        person, key, reason = self.both.people[who], self.one(chance, self.both.people[who].rooms), chance.choice(REASONS)
        suspend, resume, close = (lines.suspend, person.suspend), (lines.resume, person.resume), (lines.close, person.close)
        command, step = chance.choice([suspend, resume, resume, close])
        self.both.ask(who, command(self.id(key), reason), lambda: step(key, reason))

    def change_limit(self, chance: Random) -> None:
        who = self.who(chance)
        person, key, reason = self.both.people[who], self.one(chance, self.both.people[who].rooms), chance.choice(REASONS)
        most = chance.choice([0, 1_000_00, 5_000_00, 5_050_00, 20_000_00, 20_000_00, 40_000_00])
        self.both.ask(who, lines.change_limit(self.id(key), most, reason), lambda: person.limit(key, most, reason))

    def renew_line(self, chance: Random) -> None:
        who = self.who(chance)
        person, key, reason = self.both.people[who], self.one(chance, self.both.people[who].rooms), chance.choice(REASONS)
        expires = self.both.today + chance.randint(-10, 900) * DAY
        self.both.ask(who, lines.renew(self.id(key), expires, reason), lambda: person.renew(key, expires, reason))

    def freeze(self, chance: Random) -> None:
        """A few requests of a frozen customer, who is then as before."""
        who = self.who(chance)
        self._change_state(who, State.FROZEN, "court_order")
        for step in chance.sample([self.draw, self.offer, self.accept, self.change_limit, self.renew_line, self.repay], 3):
            step(chance)
        self._change_state(who, State.NORMAL, "cause_gone")

    def _change_state(self, who: int, to: State, reason: str) -> None:
        def act(unit: Unit) -> None:
            customer = hold_customer(unit, self.customers[who])
            history = history_of(unit, customer, "test", self.both.today)
            change_state(unit, customer, to, About(reason=reason), history)
            store_events(unit, history)

        in_unit(self.bank.connection, act)
        self.both.people[who].state = to.value
        self.both.people[who].tell("customer.state_changed")

    # Draws.

    def draw(self, chance: Random) -> tuple[int, int]:
        """Asked for; who asked, and the number that the loan will have."""
        who, key = self.who(chance), len(self.both.real)
        person = self.both.people[who]
        room = self.one(chance, (each for each in person.rooms if person.rooms[each].status == "active"), person.rooms)
        left = person.headroom(room) if room in person.rooms else 0
        amount = self.near(chance, max(1, left), left // 2, 1_000_00, 1_000_00, 123_45, 5_00, 0)
        use = PRODUCTS[person.rooms[room].product].uses[0] if room in person.rooms else "shopping"
        purpose, months = chance.choice([use] * 12 + ["shares", "holidays"]), chance.choice([6, 6, 12, 12, 3])
        method = chance.choice(["equal_instalment", "equal_instalment", "interest_only"])
        command = loans.draw(self.bank.house, self.customers[who], Draw(self.id(room), amount, method, months, purpose))
        self.both.ask(who, command, lambda: person.draw(key, Asked(room, amount, method, months), purpose), naming=key)
        return who, key

    def borrow(self, chance: Random) -> None:
        """Drawn and paid out."""
        who, key = self.draw(chance)
        if key in self.both.people[who].draws:
            self._rail("instruct", who, key)
            self._rail("paid", who, key)

    def rail(self, chance: Random) -> None:
        """The rail takes a draw, or answers."""
        who = self.who(chance)
        draws = self.both.people[who].draws
        under_way = [key for key, each in draws.items() if each.status in ("reserved", "instructed")]
        self._rail(chance.choice(["instruct", "paid", "failed"]), who, self.one(chance, under_way, draws))

    def _rail(self, what: str, who: int, key: int) -> None:
        person, customer, loan = self.both.people[who], self.customers[who], self.id(key)
        if what == "instruct":
            self.both.ask(who, loans.instruct(self.bank.house, customer, loan), lambda: person.instruct(key))
        elif what == "paid":
            self.both.ask(who, loans.paid(self.bank.house, customer, loan), lambda: person.paid(key))
        else:
            self.both.ask(who, loans.failed(customer, loan, "no such account"), lambda: person.failed(key))

    # Money.

    def loan_of(self, chance: Random, who: int) -> int:
        person = self.both.people[who]
        return self.one(chance, (each for each in person.loans if not person.loan(each).settled), person.loans)

    def repay(self, chance: Random) -> None:
        who = self.borrower(chance)
        person, key = self.both.people[who], self.loan_of(chance, who)
        due, whole = (person.due(key), payoff(person.loan(key))) if key in person.loans else (0, 0)
        amount = self.near(chance, *(each for each in (due, due, due, due // 2, whole, whole // 3) if each), 100_00, 1)
        early = chance.choice([None, None, *Prepayment])
        command = loans.repay_loan(self.customers[who], self.id(key), amount, early)
        self.both.ask(who, command, lambda: person.repay(key, amount, early))

    def receive(self, chance: Random) -> None:
        who = self.borrower(chance)
        person, order = self.both.people[who], tuple(chance.sample(list(PRODUCTS), 3))
        due = sum(map(person.due, person.loans))
        amount = self.near(chance, *(each for each in (due, due, due // 2) if each), due + 300_00, 1)
        command = loans.receive(self.customers[who], amount, order, {"source": "counter"})
        self.both.ask(who, command, lambda: person.receive(amount, order))

    def bounce(self, chance: Random) -> None:
        who = self.borrower(chance)
        person = self.both.people[who]
        payment = self.one(chance, list(person.payments)[-3:], person.payments)
        self.both.ask(who, loans.bounce(self.customers[who], payment, "NO_FUNDS"), lambda: person.bounce(payment))

    def refund(self, chance: Random) -> None:
        who = self.who(chance)
        person = self.both.people[who]
        amount = self.near(chance, person.credit)
        self.both.ask(who, loans.refund(amount), lambda: person.refund(amount))

    # What happens to loans.

    def change_loan(self, chance: Random) -> None:
        who = self.borrower(chance)
        person, key = self.both.people[who], self.loan_of(chance, who)
        name, wanted = self._change(chance, [int(each.id) for each in person.loans.get(key, ())])
        command = loans.change_loan(self.customers[who], self.id(key), name, wanted)
        self.both.ask(who, command, lambda: person.change(key, wanted.event))

    def _change(self, chance: Random, numbers: list[int]) -> tuple[str, change.Change]:
        kind, periods, rate = chance.choice(CHANGES), chance.choice([1, 3, 12]), chance.choice([0, 36_500, RATE, 200_000])
        arrears, days, number = chance.choice(list(Arrears)), chance.randint(-45, 45), chance.choice([*numbers[1:], 1])
        today = self.both.today
        made = {
            "rate": change.rate_change(rate, today + days * DAY, "AGREED"),
            "pause": change.pause(today + abs(days) * DAY, "AGREED"),
            "fee": change.fee(days * 100 + 2_500, "AGREED"),
            "extension": change.extension(periods, "AGREED"),
            "renewal": change.renewal(periods, rate, "AGREED"),
            "restructuring": change.restructuring(periods, rate, arrears, "AGREED"),
            "re_ageing": change.re_ageing(arrears, "AGREED"),
            "reversal": change.reversal(number, "MISTAKE"),
        }
        return f"{kind} {periods} {rate} {arrears} {days} {number}", made[kind]

    def go_wrong(self, chance: Random) -> None:
        who = self.borrower(chance)
        person, customer, key = self.both.people[who], self.customers[who], self.loan_of(chance, who)
        recall = chance.choice([True, False, None])
        if recall is None:
            self.both.ask(who, loans.write_off(customer, self.id(key), "LOSS"), lambda: person.write_off(key))
        else:
            self.both.ask(who, loans.misused(customer, self.id(key), recall), lambda: person.misused(key, recall))

    # Requests that come again.

    def ask_again(self, chance: Random) -> None:
        who, key, command, first = chance.choice(self.both.asked[-10:])
        again = self.bank.ask(self.customers[who], command, key)
        assert again.repeated and again.done == first.done
        assert json.loads(json.dumps(again.body, default=str)) == json.loads(json.dumps(first.body, default=str))
        self.both.agree(who, in_order=False)

    def ask_otherwise(self, chance: Random) -> None:
        """Another request under a key that was used."""
        who, key, *_ = chance.choice(self.both.asked[-10:])
        with pytest.raises(KeyUsedForAnother):
            self.bank.ask(self.customers[who], lines.suspend(NOBODY, "RISK"), key)
        self.both.agree(who, in_order=False)

    # Days.

    def wait(self, chance: Random) -> None:
        """Close of business, day by day."""
        self._wait_until(self.both.today + chance.choice([1, 3, 15, 28, 31, 31, chance.randint(1, 70)]) * DAY)

    def _wait_until(self, until: dt.date) -> None:
        list(closing.run(self.bank.connection, self.bank.house, until - DAY))
        while self.both.today < until:
            self._next_day(lapsing=True)
        self.agree()

    def flip(self, chance: Random) -> None:
        """A day ends, and what should follow does not come: commands meet loans of the day before, one of which turns today."""
        turns = [next_date(person.loan(each)) for person in self.both.people for each in person.loans]
        until = (
            chance.choice([each for each in turns if each and each - self.both.today < 40 * DAY] or [self.both.today + DAY]) - DAY
        )
        if until > self.both.today:
            self._wait_until(until)
        roll_book(self.bank.connection, self.both.today)
        closing.close_book(self.bank.connection, self.bank.house, self.both.today)
        self._next_day(lapsing=False)
        self.agree()
        for step in chance.sample([self.draw, self.repay, self.receive, self.change_loan, self.bounce, self.go_wrong], 3):
            step(chance)

    def _next_day(self, *, lapsing: bool) -> None:
        for who, person in enumerate(self.both.people):
            person.today += DAY
            self.both.answers[who] += person.lapse() if lapsing else 0
