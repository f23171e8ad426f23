"""The chart of accounts: `chart.csv`, and how the accounts that it splits are named.

An account is a code and what it is split by, such as `1303.business-loan` or `1132.consumer-line.m1`. In the file's column
`source`, V stands for a rule that was read on secondary pages, K for common knowledge still to be checked, A for our own choice.
"""

from __future__ import annotations

import csv
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from types import MappingProxyType

from shouxin.book.ledger.errors import AccountCodeUnknown, AccountPartUnreadable, AccountSplitWrong
from shouxin.foundation.texts import Text
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__)
ORDER = (AccountCodeUnknown, AccountSplitWrong, AccountPartUnreadable)

BANK = "1002"
FEES_RECEIVABLE = "1124"
INTEREST_RECEIVABLE = "1132"
PENALTY_RECEIVABLE = "1133"
LOANS = "1303"
ALLOWANCE = "1304"
SUSPENSE = "2241"
CREDIT_BALANCES = "2242"
CAPITAL = "4001"
INTEREST_INCOME = "6011"
PENALTY_INCOME = "6012"
FEE_INCOME = "6021"
IMPAIRMENT = "6701"
OTHER_LOSSES = "6711"

_PART = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}", re.ASCII)


class Kind(StrEnum):
    """What an account holds; assets and expenses grow on the debit side, the others on the credit side."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class Head:
    """A row of the chart. split: the names of the parts that follow the code, such as ("product", "bucket")."""

    code: str
    name: Text
    kind: Kind
    split: tuple[str, ...]
    source: str

    @property
    def form(self) -> str:
        """How its accounts are written, such as `1303.product`."""
        return ".".join((self.code, *self.split))


def read_chart(lines: Iterable[str]) -> Mapping[str, Head]:
    """The chart by code, from the lines of a file such as `chart.csv`."""
    made = {}
    for row in csv.DictReader(lines):
        split = tuple(row["split"].split("+")) if row["split"] else ()
        made[row["code"]] = Head(row["code"], Text(row["zh"], row["en"]), Kind(row["kind"]), split, row["source"])
    return MappingProxyType(made)


CHART = read_chart(resources.files(__package__).joinpath("chart.csv").read_text("utf-8").splitlines())


@functools.lru_cache(maxsize=10_000)
def account(code: str, *split: str) -> str:
    """The name of an account. Whether it is open is the database's knowledge: a posting to one that is not is a fault.

    Raises AccountCodeUnknown, AccountSplitWrong, AccountPartUnreadable.

    >>> account(LOANS, "business-loan"), account(INTEREST_RECEIVABLE, "consumer-line", "m1")
    ('1303.business-loan', '1132.consumer-line.m1')
    """
    head = CHART.get(code)
    written = ".".join((code, *split))
    if head is None:
        raise AccountCodeUnknown("account", written, known=", ".join(CHART))
    if len(split) != len(head.split):
        raise AccountSplitWrong("account", written, form=head.form)
    for part, name in zip(split, head.split, strict=True):
        if not _PART.fullmatch(part):
            raise AccountPartUnreadable(name, part)
    return written


def read_account(written: str) -> str:
    """An account from its text; raises as `account` does.

    >>> read_account("1303.business-loan")
    '1303.business-loan'
    """
    return account(*written.split("."))


def name_of(written: str, lang: str) -> str:
    """What people call an account; its bare text where the chart does not have its code.

    >>> name_of("1303.business-loan", "en"), name_of("1132.consumer-line.m1", "zh")
    ('loans, principal (business-loan)', '应收利息（consumer-line，m1）')
    """
    code, *split = written.split(".")
    head = CHART.get(code)
    if head is None:
        return written
    name = head.name.in_language(lang)
    if not split:
        return name
    return f"{name}（{'，'.join(split)}）" if lang == "zh" else f"{name} ({', '.join(split)})"


def accounts_for(products: Sequence[str], buckets: Sequence[str], classes: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """All accounts that the products need, those without a split included: account, code, product and part ('' for none).

    Raises AccountPartUnreadable.

    >>> [each[0] for each in accounts_for(["pay-later"], ["m0"], ["1"])][:4]
    ['1002', '1124.pay-later', '1132.pay-later.m0', '1133.pay-later.m0']
    """
    parts = {"product": products, "bucket": buckets, "class": classes}
    for head in CHART.values():
        for split in itertools.product(*(parts[each] for each in head.split)):
            product, part = (*split, "", "")[:2]
            yield account(head.code, *split), head.code, product, part


def open_accounts(unit: Unit, products: Sequence[str], buckets: Sequence[str], classes: Sequence[str]) -> None:
    """Open the accounts that products need, for each bucket and class. A repeat changes nothing, and none is ever closed.

    Raises AccountPartUnreadable.
    """
    columns = zip(*accounts_for(products, buckets, classes), strict=True)
    unit.write(QUERIES["accounts_opened"], [list(each) for each in columns])
