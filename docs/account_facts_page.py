"""docs/reference/account-facts.md, written from `book/facts/model.py`."""

from __future__ import annotations

from docs.page import table
from shouxin.book.facts.model import FACTS, FAMILIES, AccountFact

PAGE = """\
# Account facts

<!-- Written by docs/generate.py from book/facts/model.py. Change that, then run `.venv/bin/python -m docs.generate`. -->

What our own books say of a customer, by the names under which a policy bundle may read it (`source: book`, and the families
over its products). `book/facts/queries.sql` defines them once, for one customer and for many.

- Every fact has a day, and is what was known at its end: what was booked on that day is in it, what was booked later is not. A
  payment that bounced in May still counts as paid in the facts of April.
- Money is in minor units, `bp` in 1/10,000. A window of n months ends with the day and begins after the same day n months
  before. Full months count from the same day of the month on, as `months_elapsed` does.
- What the customer never had is absent, unless 0 is said below. One who never had a line has `book_status` alone.
- `reads` names the views of `0010_facts.sql`, without `facts_`; each has a comment that says what its rows are.
- Refused draws are known for 400 days, as long as answers are kept. Of a book that is older than these tables, instalments that
  were settled before are not known.

## Of the customer

{facts}

## Of each product

One for each product of which the customer ever had a line: `held_consumer_line`.

{families}
"""


def account_facts_page() -> str:
    """The whole page."""
    return PAGE.format(facts=_table(FACTS), families=_table(FAMILIES))


def _table(facts: tuple[AccountFact, ...]) -> str:
    return table(["fact", "unit", "is", "reads"], [(f"`{each.name}`", each.unit, each.says, each.reads) for each in facts])
