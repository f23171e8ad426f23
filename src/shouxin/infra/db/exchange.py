"""Several statements to the server and their rows back, in one exchange: one packet there, one back.

The driver's own pipeline sends each statement as it comes and looks for answers after each, which costs more than the
statements do (docs/decisions/0015). Here they are prepared on their first use, sent together, and read together, over the
driver's libpq (`psycopg.pq`) and with its adapters.
"""

from __future__ import annotations

import re
import select
from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.abc import Buffer, Transformer
from psycopg.adapt import PyFormat
from psycopg.adapt import Transformer as Adapters
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

Statement: TypeAlias = tuple[str, Sequence[Any]]
Rows: TypeAlias = list[Any]

_Names: TypeAlias = dict[tuple[str, tuple[int, ...]], bytes]


@dataclass(slots=True)
class _Session:
    """What is kept for a connection. names: by text and types of the values, the name under which the server knows a
    statement; adapters: how values and rows are written, which it learns once."""

    adapters: Transformer
    names: _Names = field(default_factory=dict)


_sessions: WeakKeyDictionary[psycopg.Connection[Any], _Session] = WeakKeyDictionary()

_numbers = count(1)

# The driver gives an integer a type by its size, and an array of them. They go as text without one: the server finds the type,
# and there is one plan for a statement and not one for each size of number.
_INTEGERS = frozenset((21, 23, 20, 1005, 1007, 1016))
_MARK = re.compile("%%|%s")
_TEXT, _AUTO = PyFormat.TEXT, PyFormat.AUTO
_ENDED = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY)
_OUT, _IN = select.POLLOUT, select.POLLIN


def exchange(connection: psycopg.Connection[Any], statements: Sequence[Statement]) -> list[Rows]:
    """The rows of each statement, as named tuples; of one that returns none an empty list.

    The statements run one after the other, each on a snapshot of its own. Raises the first error, after which the transaction
    is aborted, and OperationalError where the connection is lost; it is closed where the exchange ended in the middle.
    """
    session = _sessions.get(connection)
    if session is None:
        session = _sessions[connection] = _Session(Adapters.from_context(connection))
    asked = [_asked(session.adapters, text, values) for text, values in statements]
    try:
        connection.pgconn.enter_pipeline_mode()
        new = [_send(connection.pgconn, session.names, each) for each in asked]
        connection.pgconn.pipeline_sync()
        results = _results(connection.pgconn, asked, new)
        connection.pgconn.exit_pipeline_mode()
    except BaseException:  # what was sent cannot be taken back, and its answers would be taken for those of what comes next
        connection.close()
        raise
    for each, result in results:
        if result.status not in _ENDED:
            for unsure in (one.key for one, made in zip(asked, new, strict=True) if made):
                session.names.pop(unsure, None)
            raise psycopg.errors.error_from_result(result)
        each.rows = _rows(result, session.adapters)
    return [each.rows for each in asked]


@dataclass(slots=True)
class _Asked:
    """A statement on its way: key is its text and the types of its values."""

    key: tuple[str, tuple[int, ...]]
    query: bytes
    values: Sequence[Buffer | None]
    formats: Sequence[pq.Format] | None
    rows: Rows = field(default_factory=list)


def _asked(adapters: Transformer, text: str, values: Sequence[Any]) -> _Asked:
    query, places = _translated(text)
    if places != len(values):
        raise psycopg.ProgrammingError(f"{places} placeholders, {len(values)} values: {text}")
    dumped = adapters.dump_sequence(values, [_TEXT if type(each) is int else _AUTO for each in values])
    found = zip(adapters.types or (), adapters.formats or (), strict=True)
    types = tuple([0 if each in _INTEGERS and written == pq.Format.TEXT else each for each, written in found])
    return _Asked((text, types), query, dumped, adapters.formats)


def _send(libpq: PGconn, names: _Names, asked: _Asked) -> bool:
    """Put a statement into the packet; whether it is prepared with it."""
    name = names.get(asked.key)
    if new := name is None:
        name = names[asked.key] = b"s%d" % next(_numbers)
        libpq.send_prepare(name, asked.query, asked.key[1])
    libpq.send_query_prepared(name, asked.values, asked.formats)
    return new


@lru_cache(maxsize=2_000)
def _translated(text: str) -> tuple[bytes, int]:
    """The text as the server reads it, and how many values it takes.

    >>> _translated("SELECT %s, 5 %% 3, '%%s'")
    (b"SELECT $1, 5 % 3, '%s'", 1)
    """
    places = count(1)
    query = _MARK.sub(lambda found: "%" if found[0] == "%%" else f"${next(places)}", text)
    return query.encode(), next(places) - 1


def _results(libpq: PGconn, asked: Sequence[_Asked], new: Sequence[bool]) -> list[tuple[_Asked, PGresult]]:
    """The result of each statement, before it that of preparing it where that failed. After an error the server skips the rest,
    and says so for each."""
    _flush(libpq)
    found = []
    for each, made in zip(asked, new, strict=True):
        if made and (prepared := _answer(libpq)).status not in _ENDED:
            found.append((each, prepared))
        found.append((each, _answer(libpq)))
    end = _result(libpq)
    if end is None or end.status != ExecStatus.PIPELINE_SYNC:
        raise psycopg.OperationalError("the server's answers ended early")
    return found


def _answer(libpq: PGconn) -> PGresult:
    """The one result of a statement, and the nothing after it."""
    result = _result(libpq)
    if result is None or libpq.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError(f"the connection is lost: {libpq.error_message.decode(errors='replace').strip()}")
    if _result(libpq) is not None:
        raise psycopg.OperationalError("the server answered twice")
    return result


def _result(libpq: PGconn) -> PGresult | None:
    """The next result, waited for in a way that signals and other threads can come between."""
    while libpq.is_busy():
        _wait(libpq, _IN)
        libpq.consume_input()
    return libpq.get_result()


def _flush(libpq: PGconn) -> None:
    """Send the packet; where the server answers before it has read all of it, its answers are taken in meanwhile."""
    while libpq.flush():
        if _wait(libpq, _IN | _OUT) & _IN:
            libpq.consume_input()


def _wait(libpq: PGconn, events: int) -> int:
    poll = select.poll()
    poll.register(libpq.socket, events)
    return poll.poll()[0][1]


def _rows(result: PGresult, adapters: Transformer) -> Rows:
    """The rows of a result as named tuples."""
    if not result.ntuples:
        return []
    adapters.set_pgresult(result)
    names = tuple((result.fname(column) or b"").decode() for column in range(result.nfields))
    rows: Rows = adapters.load_rows(0, result.ntuples, _row_maker(names))
    return rows


@lru_cache(maxsize=1_000)
def _row_maker(names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    make_type: Any = namedtuple  # the columns are not known before: no type checker can follow
    make: Callable[[Sequence[Any]], Any] = make_type("Row", names, rename=True)._make
    return make
