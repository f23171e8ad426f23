"""What a seal says, and how it is hashed. Pure; `docs` and auditors may rely on the form, which begins with its version.

A day is sealed as a short text: the hash of the day before, the day, when it was sealed, how many rows it has, the hash of all
balances, and the hash of each part of its rows. The SHA-256 of that text is the day's hash, and is signed. A row is its key (16
bytes of customer, 8 of number, 2 of line, one letter: E event, P posting) and the first 16 bytes of the SHA-256 of its content.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

GENESIS = bytes(32)
KEY_BYTES, ROW_BYTES, PART_ROWS = 27, 43, 10_000
TABLES = {b"E": "event", b"P": "posting"}
_SIGNED = b"shouxin closed day 1\n"


class Signer(Protocol):
    """Who signs closed days; the key ring of the database is one."""

    def sign(self, message: bytes, /) -> tuple[str, bytes]:
        """The id of the key, and the signature."""


class Verifier(Protocol):
    """Who knows the keys that closed days were signed with."""

    def verify(self, key_id: str, message: bytes, signature: bytes, /) -> bool:
        """Whether this key made this signature; False for a key that is not known."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A row of `closed_day`."""

    day: dt.date
    closed_at: dt.datetime
    previous_hash: bytes
    hash: bytes
    rows: int
    key_id: str
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The message that was signed."""
        return signed(self.hash)


@dataclass(frozen=True, slots=True)
class Contents:
    """What is sealed of a day. balances: their hash; parts: the hashes of the rows, `PART_ROWS` to a part."""

    rows: int
    balances: bytes
    parts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """Which row is meant. line is 0 for an event."""

    table: str
    customer_id: uuid.UUID
    number: int
    line: int


def day_hash(previous_hash: bytes, day: dt.date, closed_at: dt.datetime, contents: Contents) -> bytes:
    """The hash of a closed day: 32 bytes."""
    lines = [
        "shouxin closed day 1",
        f"previous {previous_hash.hex()}",
        f"day {day.isoformat()}",
        f"closed {closed_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        f"rows {contents.rows}",
        f"balances {contents.balances.hex()}",
        *(f"part {number} {part.hex()}" for number, part in enumerate(contents.parts)),
    ]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).digest()


def signed(day_hash: bytes) -> bytes:
    """What is signed of a day: its hash, behind words that keep the signature from being taken for another."""
    return _SIGNED + day_hash


def balances_hash(rows: Iterable[Any]) -> bytes:
    """The hash of all balances: a line each of account, debits and credits, in the order of the accounts' bytes."""
    lines = sorted(f"{row.account} {int(row.debits)} {int(row.credits)}\n".encode() for row in rows)
    return hashlib.sha256(b"".join(lines)).digest()


def contents_of(parts: Sequence[Any], balances: Iterable[Any]) -> Contents:
    """The contents from parts (hash, bytes) in their order, and balances."""
    count = sum(part.bytes for part in parts) // ROW_BYTES
    return Contents(count, balances_hash(balances), tuple(bytes(part.hash) for part in parts))


def rows_in(parts: Iterable[Any]) -> Iterator[bytes]:
    """The rows of parts, each 43 bytes."""
    for part in parts:
        for start in range(0, len(part.rows), ROW_BYTES):
            yield part.rows[start : start + ROW_BYTES]


def key_of(row: bytes) -> Key:
    """Which row an entry of a seal is about.

    >>> key_of(bytes(15) + b"\\x01" + bytes(7) + b"\\x05" + b"\\x00\\x02P" + bytes(16))
    Key(table='posting', customer_id=UUID('00000000-0000-0000-0000-000000000001'), number=5, line=2)
    """
    number, line = int.from_bytes(row[16:24], "big", signed=True), int.from_bytes(row[24:26], "big", signed=True)
    return Key(TABLES.get(row[26:27], "?"), uuid.UUID(bytes=row[:16]), number, line)
