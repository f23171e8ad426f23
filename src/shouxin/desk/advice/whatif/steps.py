"""The steps of a plan, and how they are written. Read first: `read_step`.

repay PRODUCT all|due|AMOUNT        pay off, pay what is due, or pay so much; amounts in yuan
close PRODUCT                       end the line, by the customer's own choice
open PRODUCT [AMOUNT]               apply and accept
switch PRODUCT[,PRODUCT] to PRODUCT [AMOUNT]     close and open in one, with an approval beforehand (先批后关)
draw PRODUCT AMOUNT [MONTHS] [METHOD] [PURPOSE]  ask for money, and get it the same day
wait 30d [unpaid]                   let days pass; what falls due meanwhile is paid on its day, or not
assume FACT VALUE|+20%|-20%         what others say of the customer is taken to change; an assumption, not an act
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from shouxin.desk.advice.whatif.errors import DaysTooMany, StepUnreadable, StepWordUnknown
from shouxin.engines.loans.model import Method
from shouxin.foundation.money import read_positive, write_amount

ALL, DUE = "all", "due"
MOST_DAYS, MOST_STEPS = 400, 12  # mark: A
NAME = re.compile(r"[a-z][a-z0-9-]{0,47}")
FACT = re.compile(r"[a-z][a-z0-9_]{0,47}")
DAYS = re.compile(r"([0-9]{1,6})d?")


@dataclass(frozen=True, slots=True)
class Repay:
    """Pay on a product's loans. amount: minor units, or `all`, or `due`"""

    product: str
    amount: int | str


@dataclass(frozen=True, slots=True)
class Close:
    """End the line of a product."""

    product: str


@dataclass(frozen=True, slots=True)
class Open:
    """Apply for a product and accept what is offered. amount: minor units; None asks for what there is"""

    product: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class SwitchTo:
    """Close lines and open another, promised beforehand and carried out in one."""

    closes: tuple[str, ...]
    product: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class DrawOn:
    """Ask for money under a line. amount: minor units; what is left out is the first that the line has on offer"""

    product: str
    amount: int
    months: int | None = None
    method: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Let days pass. unpaid: what falls due meanwhile is not paid"""

    days: int
    unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Assume:
    """Take a fact that others tell to be another. to: a value as files write it, or a change in percent such as `+20%`"""

    fact: str
    to: str


Step: TypeAlias = Repay | Close | Open | SwitchTo | DrawOn | Wait | Assume


def read_step(written: str) -> Step:
    """A step from text; words are parted by spaces.

    Raises StepWordUnknown, StepUnreadable, DaysTooMany, and what `read_positive` raises for an amount.

    >>> read_step("repay business-loan all"), read_step("wait 30d")
    (Repay(product='business-loan', amount='all'), Wait(days=30, unpaid=False))
    >>> read_step("switch business-loan to consumer-line 20000")
    SwitchTo(closes=('business-loan',), product='consumer-line', amount=2000000)
    """
    word, *rest = written.split() or [""]
    reader = READERS.get(word)
    if reader is None:
        raise StepWordUnknown("step", written, known=", ".join(READERS))
    try:
        return reader(rest)
    except _Malformed:
        raise StepUnreadable("step", written, form=FORMS[word]) from None


def write_step(step: Step) -> str:
    """What `read_step` reads.

    >>> write_step(read_step("draw consumer-line 5000 12 interest_only shopping"))
    'draw consumer-line 5000.00 12 interest_only shopping'
    """
    match step:
        case Repay(product, amount):
            return f"repay {product} {amount if isinstance(amount, str) else write_amount(amount)}"
        case Close(product):
            return f"close {product}"
        case Open(product, amount):
            return f"open {product}{_more(amount)}"
        case SwitchTo(closes, product, amount):
            return f"switch {','.join(closes)} to {product}{_more(amount)}"
        case DrawOn(product, amount, months, method, purpose):
            return " ".join(f"draw {product} {write_amount(amount)} {months or ''} {method or ''} {purpose or ''}".split())
        case Wait(days, unpaid):
            return f"wait {days}d{' unpaid' if unpaid else ''}"
        case Assume(fact, to):
            return f"assume {fact} {to}"


class _Malformed(Exception):
    """The words do not fit the form."""


def _more(amount: int | None) -> str:
    return "" if amount is None else f" {write_amount(amount)}"


def _product(word: str) -> str:
    if not NAME.fullmatch(word):
        raise _Malformed
    return word


def _words(rest: list[str], least: int, most: int) -> list[str | None]:
    """So many words, those that are left out as None."""
    if not least <= len(rest) <= most:
        raise _Malformed
    return [*rest, *[None] * (most - len(rest))]


def _repay(rest: list[str]) -> Repay:
    product, amount = _words(rest, 2, 2)
    assert product is not None and amount is not None
    return Repay(_product(product), amount if amount in (ALL, DUE) else read_positive(amount))


def _close(rest: list[str]) -> Close:
    (product,) = _words(rest, 1, 1)
    assert product is not None
    return Close(_product(product))


def _open(rest: list[str]) -> Open:
    product, amount = _words(rest, 1, 2)
    assert product is not None
    return Open(_product(product), None if amount is None else read_positive(amount))


def _switch(rest: list[str]) -> SwitchTo:
    closes, to, product, amount = _words(rest, 3, 4)
    if to != "to" or closes is None or product is None:
        raise _Malformed
    named = tuple(dict.fromkeys(_product(each) for each in closes.split(",")))
    return SwitchTo(named, _product(product), None if amount is None else read_positive(amount))


def _draw(rest: list[str]) -> DrawOn:
    if len(rest) < 2:
        raise _Malformed
    product, amount, *more = rest
    months = int(more.pop(0)) if more and DAYS.fullmatch(more[0]) and more[0].isdigit() else None
    method = more.pop(0) if more and more[0] in set(Method) else None
    purpose = more.pop(0) if more else None
    if more:
        raise _Malformed
    return DrawOn(_product(product), read_positive(amount), months, method, purpose)


def _wait(rest: list[str]) -> Wait:
    days, unpaid = _words(rest, 1, 2)
    found = DAYS.fullmatch(days or "")
    if found is None or unpaid not in (None, "unpaid") or not int(found[1]):
        raise _Malformed
    if int(found[1]) > MOST_DAYS:
        raise DaysTooMany("days", found[1], most=MOST_DAYS)
    return Wait(int(found[1]), unpaid == "unpaid")


def _assume(rest: list[str]) -> Assume:
    fact, to = _words(rest, 2, 2)
    if fact is None or to is None or not FACT.fullmatch(fact):
        raise _Malformed
    return Assume(fact, to)


READERS: Mapping[str, Callable[[list[str]], Step]] = {
    "repay": _repay,
    "close": _close,
    "open": _open,
    "switch": _switch,
    "draw": _draw,
    "wait": _wait,
    "assume": _assume,
}
FORMS: Mapping[str, str] = {
    "repay": "repay PRODUCT all|due|AMOUNT",
    "close": "close PRODUCT",
    "open": "open PRODUCT [AMOUNT]",
    "switch": "switch PRODUCT[,PRODUCT] to PRODUCT [AMOUNT]",
    "draw": "draw PRODUCT AMOUNT [MONTHS] [METHOD] [PURPOSE]",
    "wait": "wait 30d [unpaid]",
    "assume": "assume FACT VALUE|+20%|-20%",
}
