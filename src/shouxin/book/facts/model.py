"""The account facts by name: what each says of a customer, in which unit, and what it is read from.

`account.py` works them out; docs/reference/account-facts.md is written from this table. All are as known at the end of a
business day: nothing that was booked later counts. A window of n months ends with that day and begins after the same day n months
before.
"""

from __future__ import annotations

from dataclasses import dataclass

NO_RECORD, FOUND = "no_record", "found"


@dataclass(frozen=True, slots=True)
class AccountFact:
    """One fact.

    unit:  of its value: int, money (minor units), bp (1/10,000), days, months, bool, or the values of an enum
    says:  its definition
    reads: the views that it is read from, without `facts_`
    """

    name: str
    unit: str
    says: str
    reads: str


FACTS = (
    AccountFact(
        "book_status", "found, no_record", "whether a line was ever opened here; without one there is no other fact", "facility"
    ),
    AccountFact("months_on_book", "months", "full months since the first line was opened", "facility"),
    AccountFact("total_line", "money", "the total line", "line_version"),
    AccountFact(
        "exposure",
        "money",
        "of each active or suspended line without a pool its limit, or more where more is in use; of all others what is in use; "
        "offers that wait are not in it",
        "facility_version, principal, draw",
    ),
    AccountFact("owed", "money", "outstanding principal over all lines, without what was written off", "principal"),
    AccountFact(
        "line_use_bp",
        "bp",
        "what is in use of all lines over the limits of active and suspended ones, a pool's once: the mean of today and of the "
        "same day one and two months before, of those on which a line was open; rounded down, each at most 50,000; 10,000 where "
        "something is in use without any limit",
        "facility_version, principal, draw",
    ),
    AccountFact(
        "days_overdue_now",
        "days",
        "since the oldest unpaid due date whose grace is over, of all loans; 0 where there is none",
        "schedule, settlement",
    ),
    *(
        AccountFact(
            f"worst_overdue_here_{months}m",
            "days",
            "the most days from a due date to its settlement, or to today, of instalments that were late on a day "
            f"of the last {months} months",
            "schedule, settlement",
        )
        for months in (3, 6, 12, 24)
    ),
    AccountFact(
        "months_since_late",
        "months",
        "full months since the last day on which an instalment was late; absent where none was",
        "schedule, settlement",
    ),
    *(
        AccountFact(
            f"payments_due_{months}m",
            "int",
            f"instalments that fell due in the last {months} months, and are settled or out of grace; none of nothing",
            "schedule, settlement",
        )
        for months in (12, 24)
    ),
    *(
        AccountFact(
            f"payments_on_time_{months}m",
            "int",
            f"those of payments_due_{months}m that were settled by the end of their grace, whether paid or taken into a new term",
            "settlement",
        )
        for months in (12, 24)
    ),
    AccountFact("loans_held", "int", "loans paid out and not settled; written-off ones are among them", "loan, settlement"),
    AccountFact("loans_ever", "int", "loans ever paid out", "loan"),
    AccountFact(
        "oldest_loan_months",
        "months",
        "full months since the payout of the oldest loan held; absent where none is",
        "loan, settlement",
    ),
    *(
        AccountFact(f"draws_{months}m", "int", f"draws asked for in the last {months} months that have not failed", "draw")
        for months in (3, 12)
    ),
    *(AccountFact(f"drawn_{months}m", "money", f"their amount, {months} months", "draw") for months in (3, 12)),
    AccountFact("refused_draws_3m", "int", "draws refused in the last 3 months since they exceeded the headroom", "refused_draw"),
    AccountFact(
        "over_limit_days_12m",
        "days",
        "days of the last 12 months at whose end more was in use of some line than its limit",
        "over_limit",
    ),
    AccountFact("lines_closed_12m", "int", "lines closed in the last 12 months that are still closed", "facility_version"),
    AccountFact("lines_closed_by_customer_12m", "int", "those of lines_closed_12m with the reason BY_CHOICE", "facility_version"),
    AccountFact("lines_closed_by_us_12m", "int", "the others of lines_closed_12m", "facility_version"),
    *(
        AccountFact(
            f"misuse_{months}m",
            "int",
            f"findings of misused money in the last {months} months that were not reversed",
            "misuse, reversal",
        )
        for months in (12, 24)
    ),
)

# One for each product of which the customer ever had a line, such as held_consumer_line.
FAMILIES = (
    AccountFact("held", "bool", "whether a line is active or suspended", "facility_version"),
    AccountFact("line", "money", "its limit, where it is active or suspended; else 0", "facility_version"),
    AccountFact("used", "money", "principal owed and reserved under it, also while it is closing", "principal, draw"),
    AccountFact(
        "instalment",
        "money",
        "what the next instalment of each loan takes that has one to come, as worked out when its schedule was last made; of "
        "loans that repay all principal at the end a month's interest",
        "schedule",
    ),
    AccountFact("days_overdue", "days", "days_overdue_now of its loans alone", "schedule, settlement"),
    AccountFact(
        "days_since_closed",
        "days",
        "since the last closing of a line that is still closed; absent where none is",
        "facility_version",
    ),
    AccountFact(
        "closed_because",
        "none, displaced, by_choice, for_risk, cured, misuse",
        "why that line was closed, by the reason of the closing; none where none is closed",
        "facility_version",
    ),
)
