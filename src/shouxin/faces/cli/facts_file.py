"""A file of facts, read and checked as a whole. Read first: `read_facts_file`.

A Parquet or CSV file is checked by the statements that check the input of `shouxin decide batch`; a file of JSON lines by
`engines/policy/read.py`, as `shouxin decide one` reads a customer. Either way the values are those that a policy computes with.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from shouxin.book.facts.known import own_facts
from shouxin.book.facts.loading import Row
from shouxin.book.facts.snapshots import FOUND, NewSnapshot
from shouxin.book.facts.values import plain_value
from shouxin.desk.portfolio import InputRefused
from shouxin.desk.portfolio.checking import KEY, ROW, SHOWN, check_file, open_source
from shouxin.desk.portfolio.job import Job
from shouxin.desk.portfolio.running import duckdb_session
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plan import Input
from shouxin.engines.policy.read import read_value
from shouxin.engines.policy.tree import Value

JSON_LINES = (".jsonl", ".ndjson")
FETCHED = 5_000

Progress = Callable[[str, float], None]
ReadRow = tuple[int, str, Mapping[str, Value]]  # line, key as written, fact -> value


@dataclass(frozen=True)
class Asked:
    """What is to be read.

    source: the only source whose facts the file may hold; None: all but our own books
    as_of:  the day that the file speaks of, where a row does not say
    """

    path: Path
    policy: Policy
    as_of: dt.date
    source: str | None = None

    @cached_property
    def ours(self) -> frozenset[str]:
        """The facts that may not come from outside."""
        return own_facts(self.policy)


@dataclass(frozen=True, slots=True)
class FactsFile:
    """A checked file. code: what stands for its load; lines: customer -> the line or row of the file"""

    asked: Asked
    code: bytes
    lines: Mapping[uuid.UUID, int]

    def rows(self) -> Iterator[Row]:
        """The customers with their snapshots, read again. Raises InputRefused, also where the file is not what was checked."""
        if load_code(self.asked) != self.code:
            raise InputRefused(f"{self.asked.path}: it changed while it was read")
        for _, written, values in _reader(self.asked, lambda _what, _share: None):
            yield uuid.UUID(written), _snapshots(self.asked, self.code, values)


def read_facts_file(asked: Asked, progress: Progress) -> FactsFile:
    """Read a file and check every cell of it.

    Raises InputRefused with file, line, column, value and what would be right.
    """
    if not asked.path.is_file():
        raise InputRefused(f"{asked.path}: no such file")
    code, key = load_code(asked), asked.policy.bundle.facts.key
    lines: dict[uuid.UUID, int] = {}
    faults: list[str] = []
    for line, written, _ in _reader(asked, progress):
        try:
            customer_id = uuid.UUID(written)
        except ValueError:
            faults.append(told(line, written, key, written, "a customer's id, a UUID"))
            continue
        if customer_id in lines:
            faults.append(told(line, written, key, written, "this key stands in several rows"))
        lines[customer_id] = line
    if faults:
        raise refused(asked.path, faults)
    return FactsFile(asked, code, lines)


def _reader(asked: Asked, progress: Progress) -> Iterator[ReadRow]:
    return _json_lines(asked) if asked.path.suffix in JSON_LINES else _table(asked, progress)


def refused(path: Path, faults: Sequence[str], total: int | None = None) -> InputRefused:
    """A file with faults, of which the first are told. total: how many rows are at fault, where they are not all in `faults`"""
    count = len(faults) if total is None else total
    return InputRefused(f"{path}: {count:,} rows cannot be used; nothing was loaded", list(faults[:SHOWN]), count)


def load_code(asked: Asked) -> bytes:
    """What stands for a load: the same file for the same day by the same bundle is the same load."""
    with asked.path.open("rb") as file:
        of_file = hashlib.file_digest(file, "sha256").hexdigest()
    parts = (of_file, asked.as_of.isoformat(), asked.policy.bundle.hash)
    return hashlib.sha256("\0".join(parts).encode()).digest()


def _snapshots(asked: Asked, code: bytes, values: Mapping[str, Value]) -> tuple[NewSnapshot, ...]:
    """The facts of a row by source; a source of which the row says nothing has no snapshot."""
    plan = asked.policy.plan
    by_source: dict[str, dict[str, Any]] = {}
    for each in plan.inputs:
        if values.get(each.fact) is not None:
            by_source.setdefault(each.source, {})[each.fact] = plain_value(each, values[each.fact])
    found = []
    for source, plain in by_source.items():
        status, observed = plan.sources[source]
        day = dt.date.fromisoformat(plain[observed]) if observed in plain else asked.as_of
        answer = str(plain.get(status, FOUND)) if status else FOUND
        found.append(NewSnapshot(source, day, bytes.fromhex(asked.policy.bundle.hash), plain, answer, code))
    return tuple(found)


def _wanted(asked: Asked, columns: Sequence[str], by_column: Mapping[str, Input]) -> list[Input]:
    """The facts that a file has; raises InputRefused for columns that are no facts, and facts that may not come from outside."""
    key, faults, found = asked.policy.bundle.facts.key, [], []
    for name in columns:
        each = by_column.get(name)
        if name == key:
            continue
        right = _objection(asked, each, name, by_column)
        if right:
            faults.append(f"{name}: {right}")
        elif each is not None:
            found.append(each)
    if faults:
        raise InputRefused(f"{asked.path}: columns do not fit the bundle", faults)
    if not found:
        raise InputRefused(f"{asked.path}: no column is a fact of the bundle {asked.policy.bundle.about.name}")
    return found


def _objection(asked: Asked, each: Input | None, name: str, known: Mapping[str, Input]) -> str | None:
    if each is None:
        close = difflib.get_close_matches(name, list(known), n=1)
        return f"no such fact in this bundle{f'; did you mean {close[0]}?' if close else ''}"
    if each.fact in asked.ours:
        return "a fact of our own books, which are asked themselves: leave the column out"
    if asked.source is not None and each.source != asked.source:
        return f"a fact of the source {each.source}; only facts of {asked.source} were asked for"
    return None


def _table(asked: Asked, progress: Progress) -> Iterator[ReadRow]:
    """The rows of a Parquet or CSV file, checked."""
    policy = asked.policy
    by_column = {each.source_column: each for each in policy.plan.inputs}
    with duckdb_session() as connection:
        columns = open_source(asked.path, policy.bundle.facts.key, connection)[1]
        part = replace(policy, plan=replace(policy.plan, inputs=tuple(_wanted(asked, list(columns), by_column))))
        try:
            checked = check_file(Job(part, asked.path, asked.path, asked.as_of), connection, progress)
        except InputRefused as error:
            if not error.total:
                raise
            raise refused(asked.path, error.faults, error.total) from None
        facts, cells = [each.each.fact for each in checked.readings], ", ".join(each.value for each in checked.readings)
        found = connection.execute(f"SELECT {ROW}, CAST({KEY} AS VARCHAR), {cells} FROM {checked.relation} ORDER BY 1")
        while some := found.fetchmany(FETCHED):
            for line, key, *values in some:
                yield line, key, dict(zip(facts, values, strict=True))


def _json_lines(asked: Asked) -> Iterator[ReadRow]:
    """The rows of a file of JSON lines: an object in each, the customer's key and facts by name. Refused at the end."""
    key_name, inputs = asked.policy.bundle.facts.key, {each.fact: each for each in asked.policy.plan.inputs}
    faults: list[str] = []
    count = 0
    for number, line in enumerate(_lines(asked.path), 1):
        if not line.strip():
            continue
        count += 1
        plain = _object(line)
        key = plain.pop(key_name, None) if plain else None
        if plain is None or not isinstance(key, str):
            right = f"a JSON object with the customer's id as {key_name}, each name once, finite numbers"
            faults.append(told(number, "-", "line", line[:40], right))
            continue
        values, wrong = _line_values(asked, inputs, plain)
        faults += [told(number, key, fact, plain[fact], right) for fact, right in wrong]
        yield number, key, values
    if faults:
        raise refused(asked.path, faults)
    if not count:
        raise InputRefused(f"{asked.path}: the file holds no rows")


def _line_values(
    asked: Asked, inputs: Mapping[str, Input], plain: Mapping[str, Any]
) -> tuple[dict[str, Value], list[tuple[str, str]]]:
    """The values of a line, and the facts that cannot be used with what would be right."""
    values: dict[str, Value] = {}
    wrong: list[tuple[str, str]] = []
    for fact, written in plain.items():
        right = _objection(asked, inputs.get(fact), fact, inputs)
        if right:
            wrong.append((fact, right))
            continue
        try:
            values[fact] = read_value(inputs[fact], written)
        except (ValueError, ArithmeticError) as error:
            wrong.append((fact, str(error)))
    return values, wrong


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from file
    except OSError as error:
        raise InputRefused(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputRefused(f"{path}: cannot be read: not UTF-8") from None


def _object(line: str) -> dict[str, Any] | None:
    try:
        plain = json.loads(line, parse_float=Decimal, parse_constant=_not_finite, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None


def _not_finite(text: str) -> Any:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def told(line: int, key: str, column: str, value: object, right: str) -> str:
    """A fault in one line, as those of a table are told."""
    return f"row {line}, key {key}, {column}: {repr(value)[:60]}: {right}"
