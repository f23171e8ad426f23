"""Money: integers in minor units with a currency. Text becomes money here, and money text; floats are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouxin.foundation.errors import (
    AmountFinerThanMinorUnit,
    AmountNegative,
    AmountNotPositive,
    AmountTooLarge,
    AmountUnreadable,
    CurrencyUnknown,
)

MOST_MINOR = 10**15  # ten thousand milliards in major units of two decimals: far above any loan, far below 64 bits
_AMOUNT = re.compile(r"(-?)([0-9]{1,30})(?:\.([0-9]{1,30}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency and how many decimals its minor unit has."""

    code: str
    decimals: int


_ALL = (Currency("CNY", 2), Currency("EUR", 2), Currency("USD", 2), Currency("GBP", 2), Currency("JPY", 0))
CURRENCIES = {each.code: each for each in _ALL}
CNY = CURRENCIES["CNY"]


def currency(code: object, field: str = "currency") -> Currency:
    """The currency of a code; raises CurrencyUnknown."""
    found = CURRENCIES.get(code) if isinstance(code, str) else None
    if found is None:
        raise CurrencyUnknown(field, code, known=", ".join(CURRENCIES))
    return found


def read_amount(written: Any, field: str = "amount", unit: Currency = CNY) -> int:
    """An amount in minor units, from digits: an int, a Decimal or text in major units.

    Raises AmountUnreadable (floats too: they have already lost what was written), AmountNegative, AmountFinerThanMinorUnit,
    AmountTooLarge.

    >>> read_amount("10000.5"), read_amount(10000), read_amount("7.00")
    (1000050, 1000000, 700)
    """
    text = str(written) if isinstance(written, int | Decimal) and not isinstance(written, bool) else written
    found = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise AmountUnreadable(field, written)
    sign, whole, part = found[1], found[2], (found[3] or "").rstrip("0")
    if sign and (int(whole) or part):
        raise AmountNegative(field, written)
    if len(part) > unit.decimals:
        raise AmountFinerThanMinorUnit(field, written, decimals=unit.decimals, currency=unit.code)
    minor = int(whole + part.ljust(unit.decimals, "0"))
    if minor > MOST_MINOR:
        raise AmountTooLarge(field, written, most=write_amount(MOST_MINOR, unit))
    return minor


def read_positive(written: Any, field: str = "amount", unit: Currency = CNY) -> int:
    """As `read_amount`, and more than zero: raises AmountNotPositive for zero and for less.

    >>> read_positive("0.01")
    1
    """
    try:
        minor = read_amount(written, field, unit)
    except AmountNegative:
        raise AmountNotPositive(field, written) from None
    if minor == 0:
        raise AmountNotPositive(field, written)
    return minor


def write_amount(minor: int, unit: Currency = CNY) -> str:
    """An amount as programs exchange it: digits and a point.

    >>> write_amount(1000050), write_amount(-5)
    ('10000.50', '-0.05')
    """
    return f"{Decimal(minor).scaleb(-unit.decimals):.{unit.decimals}f}"


def show_amount(minor: int, unit: Currency = CNY) -> str:
    """An amount as people read it, with separators.

    >>> show_amount(1000050)
    '10,000.50'
    """
    return f"{Decimal(minor).scaleb(-unit.decimals):,.{unit.decimals}f}"
