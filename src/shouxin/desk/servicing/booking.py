"""What the ledger gets for a change of a loan: the difference of its totals as postings. Pure.

Interest and penalty are earned night by night, and close of business books that for the whole house; here they are booked when
they are paid, become principal, or leave. A loan over 90 days late is not accruing: what it pays is income only then.
"""

from __future__ import annotations

from collections.abc import Mapping

from shouxin.book.ledger import chart
from shouxin.book.ledger.model import Posting
from shouxin.engines.loans.delinquency import BUCKETS, FIVE_CLASSES
from shouxin.engines.loans.loan import Loan, Totals

MOST_ACCRUING_DAYS = 90


def accrues(days_past_due: int) -> bool:
    """Whether interest of a loan counts as income before it is paid.

    >>> accrues(90), accrues(91)
    (True, False)
    """
    return days_past_due <= MOST_ACCRUING_DAYS


def postings_for(product: str, before: Loan | None, difference: Totals, money: str) -> list[Posting]:
    """The journal of a change of a loan's totals.

    before: the loan on the day of booking, before the change; it names bucket and class
    money:  the account that money comes from or goes to

    >>> postings_for("cash-line", None, Totals(paid_out=500), chart.BANK)
    [Posting(debit='1303.cash-line', credit='1002', amount=500)]
    """
    late = before.days_past_due if before else 0
    bucket, band = BUCKETS.band(late).code, FIVE_CLASSES.band(late).code
    receivable = accrues(late)
    interest = chart.account(*((chart.INTEREST_RECEIVABLE, product, bucket) if receivable else (chart.INTEREST_INCOME, product)))
    penalty = chart.account(*((chart.PENALTY_RECEIVABLE, product, bucket) if receivable else (chart.PENALTY_INCOME, product)))
    each = difference
    debits = {
        chart.account(chart.LOANS, product): each.paid_out
        + each.capitalised
        - each.principal_repaid
        - each.written_off_principal,
        interest: -each.interest_paid - each.capitalised,
        penalty: -each.penalty_paid,
        chart.account(chart.FEES_RECEIVABLE, product): each.fees_raised - each.fees_paid - each.written_off_fees,
        chart.account(chart.FEE_INCOME, product): -each.fees_raised,
        chart.account(chart.ALLOWANCE, product, band): each.written_off_principal + each.written_off_fees - each.recovered,
        chart.CREDIT_BALANCES: -each.overpaid,
    }
    return paired(debits, money)


def paired(debits: Mapping[str, int], rest: str) -> list[Posting]:
    """Postings, each of one debit and one credit, that debit every account by its amount (a credit where it is negative);
    what is missing to balance goes to `rest`.

    >>> for each in paired({"1303.cash-line": -700, "1132.cash-line.current": -300}, "1002"):
    ...     print(each.debit, each.credit, each.amount)
    1002 1303.cash-line 700
    1002 1132.cash-line.current 300
    """
    rows = [*debits.items(), (rest, -sum(debits.values()))]
    to_debit = [(account, amount) for account, amount in rows if amount > 0]
    found: list[Posting] = []
    for account, amount in rows:
        left = -amount
        while left > 0:
            debit, most = to_debit.pop(0)
            part = min(left, most)
            found.append(Posting(debit, account, part))
            left -= part
            if most > part:
                to_debit.insert(0, (debit, most - part))
    return found
