"""The same customer's draws and loans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from shouxin.desk.servicing.written import NAMES
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Agreement, Penalty, Prepayment
from shouxin.engines.loans.loan import payable
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.loans.payment import payoff
from shouxin.engines.loans.record import Recorded, record
from tests.desk.servicing.imagined import FORBIDDEN, PRODUCTS, PROOF_ABOVE, Asked, Imagined, refuse

Event = Callable[[str, dt.date], ev.Event]


class Borrower(Imagined):
    """One customer who borrows."""

    def draw(self, number: int, asked: Asked, purpose: str) -> None:
        refuse(asked.amount <= 0, "AmountNotPositive")
        self.may_borrow()
        room = self.known(asked.room)
        terms = PRODUCTS[room.product]
        refuse(room.status != "active", "FacilityNotDrawable")
        refuse(room.expires < self.today, "FacilityRunOut")
        refuse(asked.method not in terms.methods or asked.months not in terms.months, "TermNotOffered")
        refuse(purpose in FORBIDDEN, "PurposeForbidden")
        refuse(purpose not in terms.uses, "PurposeUnknown")
        refuse(asked.amount > PROOF_ABOVE, "ProofOfUseMissing")  # these customers never bring any
        refuse(any(self.loan(each).oldest_late for each in self.loans), "CustomerOverdue")
        refuse(asked.amount > self.headroom(asked.room), "DrawExceedsHeadroom")
        self.draws[number] = asked
        self._used(asked.room)
        self.tell("draw.reserved")

    def instruct(self, number: int) -> None:
        self._under_way(number, "reserved")
        self._become(number, "instructed")

    def failed(self, number: int) -> None:
        self._under_way(number, "reserved", "instructed")
        self._become(number, "failed")
        self.settle(self.draws[number].room)

    def paid(self, number: int) -> None:
        self._under_way(number, "instructed")
        asked = self.draws[number]
        room = self.rooms[asked.room]
        terms = Terms(asked.amount, room.rate_ppm, Method(asked.method), Shape(self.today, asked.months))
        agreement = Agreement(terms, Penalty(15_000, 20_000, 240_000), PRODUCTS[room.product].grace)
        self.draws[number] = replace(asked, status="paid")
        key = str(self.tell("loan.paid_out"))
        self.loans[number] = record((), ev.PaidOut(key, self.today, self.today, agreement)).events
        self._used(asked.room)

    def repay(self, number: int, amount: int, early: Prepayment | None) -> None:
        refuse(amount <= 0, "AmountNotPositive")
        refuse(number not in self.loans, "LoanUnknown")
        refuse(self.loan(number).settled is not None, "PaidIntoNothing")
        payment = len(self.told) + 1
        parts, rest = self._pay(number, amount, early)
        self.payments[payment] = (*parts, *self._to_credit(rest))

    def receive(self, amount: int, order: tuple[str, ...]) -> None:
        refuse(amount <= 0, "AmountNotPositive")
        payment, rest = self.tell("payment.received"), amount
        parts: tuple[tuple[int | None, int], ...] = ()
        for number in sorted(
            (each for each in self.loans if not self.loan(each).settled), key=lambda each: self._turn(each, order)
        ):
            part = min(rest, self.due(number))
            if part:
                more, left = self._pay(number, part, None)
                parts, rest = parts + more, rest - part + left
        self.payments[payment] = parts + self._to_credit(rest)

    def due(self, number: int) -> int:
        loan = self.loan(number)
        return loan.claim if loan.written_off else sum(each.amount for each in payable(loan))

    def _turn(self, number: int, order: tuple[str, ...]) -> tuple[bool, int, dt.date, int]:
        loan, product = self.loan(number), self.rooms[self.draws[number].room].product
        oldest = min((each.due for each in payable(loan)), default=self.today)
        return loan.written_off is not None, order.index(product) if product in order else len(order), oldest, number

    def bounce(self, payment: int) -> None:
        refuse(payment not in self.payments, "PaymentUnknown")
        refuse(payment in self.bounced, "PaymentAlreadyBounced")
        self.tell("payment.bounced")
        for number, what in reversed(self.payments[payment]):
            if number is None:
                self._take_credit(what)
            else:
                self.happen(number, lambda key, day, what=what: ev.Reversed(key, day, day, str(what)))  # type: ignore[misc]
        self.bounced |= {payment}

    def refund(self, amount: int) -> None:
        refuse(amount <= 0, "AmountNotPositive")
        refuse(self.total is None, "TotalLineMissing")
        self._take_credit(amount)

    def change(self, number: int, make: Event) -> None:
        refuse(number not in self.loans, "LoanUnknown")
        renewed = PRODUCTS[self.rooms[self.draws[number].room].product].renewed
        refuse(isinstance(make("", self.today), ev.Renewed) and not renewed, "RenewalNotOffered")
        self.happen(number, make)

    def write_off(self, number: int) -> None:
        self.change(number, lambda key, day: ev.WrittenOff(key, day, day))
        self._stop(self.draws[number].room, "LOSS")

    def misused(self, number: int, recall: bool) -> None:
        refuse(number not in self.loans, "LoanUnknown")
        rate = self.loan(number).rate_ppm
        self._stop(self.draws[number].room, "MISUSE")
        self.happen(number, lambda key, day: ev.RateChanged(key, day, day, max(rate, min(2 * rate, 240_000))))
        if recall:
            self.happen(number, lambda key, day: ev.Recalled(key, day, day))

    def happen(self, number: int, make: Event) -> Recorded:
        """An event of a loan, folded from all its events."""
        event = make(str(len(self.told) + 1), self.today)
        done = record(self.loans[number], event)
        self.loans[number] = done.events
        self.tell(NAMES[type(event)])
        room = self.draws[number].room
        self.settle(room)
        if done.difference.changed:
            self._used(room)
        self.credit += done.difference.overpaid
        refuse(self.credit < 0, "RefundExceedsCredit")
        return done

    def _pay(self, number: int, amount: int, early: Prepayment | None) -> tuple[tuple[tuple[int | None, int], ...], int]:
        loan = self.loan(number)
        taken, event = min(amount, payoff(loan)), len(self.told) + 1
        if not taken:
            return (), amount
        if loan.written_off:
            self.happen(number, lambda key, day: ev.Recovered(key, day, day, taken))
        else:
            self.happen(number, lambda key, day: ev.Repaid(key, day, day, taken, early))
        return ((number, event),), amount - taken

    def _to_credit(self, amount: int) -> tuple[tuple[int | None, int], ...]:
        if not amount:
            return ()
        refuse(self.total is None, "TotalLineMissing")
        self.credit += amount
        self.tell("credit.added")
        return ((None, amount),)

    def _take_credit(self, amount: int) -> None:
        refuse(amount > self.credit, "RefundExceedsCredit")
        self.credit -= amount
        self.tell("credit.taken")

    def _under_way(self, number: int, *allowed: str) -> None:
        refuse(number not in self.draws, "DrawUnknown")
        refuse(self.draws[number].status not in allowed, "DrawNotUnderWay")

    def _become(self, number: int, status: str) -> None:
        self.draws[number] = replace(self.draws[number], status=status)
        self.tell(f"draw.{status}")

    def _stop(self, room: int, reason: str) -> None:
        if self.rooms[room].status == "active":
            self.suspend(room, reason)

    def _used(self, room: int) -> None:
        self.rooms[room] = replace(self.rooms[room], used=self.today)
