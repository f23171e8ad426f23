"""What is still to come of a loan that is paid as agreed: read by statements, and by whoever asks what paying early saves."""

from __future__ import annotations

from shouxin.engines.loans.agreement import Prepayment
from shouxin.engines.loans.loan import Due, Loan, due_today
from shouxin.engines.loans.payment import pay
from shouxin.engines.loans.roll import roll


def instalments_to_come(loan: Loan) -> tuple[Due, ...]:
    """The instalments that have not fallen due, as they will be if what is due is paid today and each of them on its day."""
    found: list[Due] = []
    while loan.is_open and loan.plan:
        loan = pay(loan, due_today(loan), Prepayment.REDUCE_INSTALMENT)  # nothing is paid early, so that any would do
        if not loan.plan:
            break
        planned = loan.plan[0]
        loan = roll(loan, planned.period.end)
        found.append(next(each for each in loan.dues if each.number == planned.number))
    return tuple(found)
