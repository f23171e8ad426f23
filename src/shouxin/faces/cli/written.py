"""How the values of options are read: money, methods, terms, files. Each function raises a refusal that names the option."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from shouxin.book.facilities.acts import Terms
from shouxin.desk.servicing.uses import Proof
from shouxin.engines.loans.errors import ConventionUnknown, FileMalformed
from shouxin.engines.loans.model import Method
from shouxin.foundation.money import CNY, currency, read_positive
from shouxin.foundation.refusal import Refusal

W = TypeVar("W", bound=StrEnum)
KIND = re.compile("[a-z][a-z0-9_]{0,47}")
KNOWN = ", ".join(each.value for each in Method)


class CurrencyNotOfLender(Refusal):
    """An amount in another currency than the lender's."""

    en = "{ours}, or no currency at all: a lender lends in one"
    zh = "本机构只以 {ours} 放贷，可不写币种"


class WordUnknown(Refusal):
    """A word that is not among those that are known."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class TermUnreadable(Refusal):
    """A term that is not a method with months."""

    en = "METHOD:MONTHS,MONTHS such as equal_instalment:6,12"
    zh = "格式须为 还款方式:月数,月数，例如 equal_instalment:6,12"


class FileUnreadable(Refusal):
    """A file that cannot be read."""

    en = "a file that can be read: {why}"
    zh = "须为可读取的文件：{why}"


def one_of(words: type[W], written: str, field: str) -> W:
    """The word of an enumeration. Raises WordUnknown."""
    try:
        return words(written)
    except ValueError:
        raise WordUnknown(field, written, known=", ".join(words)) from None


def read_money(written: str, field: str = "amount") -> int:
    """An amount more than zero in minor units, from major units, with the lender's currency behind it or without any.

    Raises CurrencyUnknown, CurrencyNotOfLender, and what `read_positive` raises, in this order.

    >>> read_money("10000.50"), read_money("7 CNY")
    (1000050, 700)
    """
    digits, _, code = written.partition(" ")
    if code and currency(code, field) is not CNY:
        raise CurrencyNotOfLender(field, written, ours=CNY.code)
    return read_positive(digits if code else written, field)


def read_method(written: str, field: str = "method") -> str:
    """A method of repayment, with hyphens or underscores. Raises ConventionUnknown.

    >>> read_method("equal-instalment")
    'equal_instalment'
    """
    try:
        return Method(written.replace("-", "_")).value
    except ValueError:
        raise ConventionUnknown(field, written, known=KNOWN) from None


def read_terms(written: list[str], field: str = "term") -> Terms:
    """Methods with their months. Raises TermUnreadable, ConventionUnknown.

    >>> read_terms(["equal_instalment:6,12", "interest-only:12"])
    (('equal_instalment', (6, 12)), ('interest_only', (12,)))
    """
    found = []
    for each in written:
        method, _, months = each.partition(":")
        counts = months.split(",")
        if not all(count.isascii() and count.isdigit() and 0 < int(count) <= 600 for count in counts):
            raise TermUnreadable(field, each)
        found.append((read_method(method, field), tuple(int(count) for count in counts)))
    return tuple(found)


def hash_of(path: Path, field: str = "proof") -> str:
    """The SHA-256 of a file, in hexadecimal digits. Raises FileUnreadable."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileUnreadable(field, path, why=error.strerror) from None


def read_proof(written: str, field: str = "proof") -> Proof:
    """A document that proves a use, from KIND=FILE or FILE; a file with such a name is written ./NAME. Raises FileUnreadable."""
    kind, equals, path = written.partition("=")
    if equals and KIND.fullmatch(kind):
        return Proof(hash_of(Path(path), field), kind)
    return Proof(hash_of(Path(written), field))


def text_of(path: Path, field: str, most_bytes: int) -> str:
    """The text of a file in UTF-8. Raises FileUnreadable, FileMalformed where it is too long or no text."""
    try:
        if path.stat().st_size > most_bytes:
            raise FileMalformed(field, f"{path}: {path.stat().st_size:,} bytes", right=f"at most {most_bytes:,} bytes")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileUnreadable(field, path, why=error.strerror) from None
    except UnicodeDecodeError:
        raise FileMalformed(field, path, right="UTF-8") from None
