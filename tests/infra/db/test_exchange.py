"""Several statements in one exchange: values arrive, plans are few, errors leave the connection usable, or close it."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Iterator

import psycopg
import pytest

from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.exchange import exchange

pytestmark = pytest.mark.both_servers
ADDED = "INSERT INTO outbox (customer_id, sent) VALUES (%s, 0)"


class Size(enum.IntEnum):
    SMALL = 3


@pytest.fixture
def connection(database: Target) -> Iterator[Connection]:
    with connect(database.app) as opened:
        yield opened


def test_values_arrive_as_they_are(connection: Connection) -> None:
    values = (1, 70_000, 2**40, True, None, "%s 'x' $1", b"\x00\x01", dt.date(2026, 1, 5), uuid.UUID(int=7), [1, 2], Size.SMALL)
    text = "SELECT %s::int, %s::int, %s::bigint, %s::bool, %s::text, %s::text, %s::bytea, %s::date, %s::uuid, %s::int[], %s::int"
    ((row,),) = exchange(connection, [(text, values)])
    assert tuple(row) == values


def test_numbers_of_every_size_share_one_plan(connection: Connection) -> None:
    for number in (1, 40_000, 2**33, -1):
        ((row,),) = exchange(connection, [("SELECT %s::bigint + 0 AS sum_of_one", (number,))])
        assert row.sum_of_one == number
    ((found,),) = exchange(
        connection, [("SELECT count(*) AS n FROM pg_prepared_statements WHERE statement LIKE '%%sum_of_one'", ())]
    )
    assert found.n == 1


def test_each_statement_sees_what_was_committed_before_it(connection: Connection, database: Target) -> None:
    with connect(database.app) as other:
        exchange(connection, [("BEGIN", ())])
        before, _, after = (
            exchange(connection, [("SELECT count(*) AS n FROM outbox", ())]),
            exchange(
                other, [("BEGIN", ()), ("INSERT INTO outbox (customer_id, sent) VALUES (%s, 0)", (uuid.uuid4(),)), ("COMMIT", ())]
            ),
            exchange(connection, [("SELECT count(*) AS n FROM outbox", ())]),
        )
    assert after[0][0].n == before[0][0].n + 1


def test_the_first_error_is_told_and_the_rest_is_skipped(connection: Connection) -> None:
    statements = [
        ("BEGIN", ()),
        ("SELECT 1 / %s::int", (0,)),
        ("INSERT INTO outbox (customer_id, sent) VALUES (%s, 0)", (uuid.uuid4(),)),
    ]
    with pytest.raises(psycopg.errors.DivisionByZero):
        exchange(connection, statements)
    connection.rollback()
    assert exchange(connection, [("SELECT 5 %% 3 AS rest", ())])[0][0].rest == 2


def test_a_statement_that_could_not_be_prepared_is_prepared_anew(connection: Connection, database: Target) -> None:
    for _ in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable):
            exchange(connection, [("SELECT n FROM not_there_yet", ())])
    with connect(database.owner) as owner:
        owner.execute("CREATE TABLE not_there_yet AS SELECT 1 AS n")
        owner.execute("GRANT SELECT ON not_there_yet TO shouxin_app")
    assert exchange(connection, [("SELECT n FROM not_there_yet", ())])[0][0].n == 1
    with connect(database.owner) as owner:
        owner.execute("DROP TABLE not_there_yet")


def test_too_few_values_send_nothing(connection: Connection) -> None:
    with pytest.raises(psycopg.ProgrammingError, match="1 placeholders, 0 values"):
        exchange(connection, [("SELECT 1", ()), ("SELECT %s", ())])
    assert exchange(connection, [("SELECT 2 AS two", ())])[0][0].two == 2


def test_a_lost_connection_is_an_operational_error(connection: Connection, server: object, database: Target) -> None:
    ((row,),) = exchange(connection, [("SELECT pg_backend_pid() AS pid", ())])
    with connect(database.admin) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", (row.pid,))
    with pytest.raises(psycopg.OperationalError):
        exchange(connection, [("SELECT 1", ())])
    assert connection.closed
    with pytest.raises(psycopg.OperationalError):
        exchange(connection, [("SELECT 1", ())])


def test_many_rows_there_and_back(connection: Connection) -> None:
    """More than the sockets hold, in both directions at once."""
    text = "x" * 200_000
    found = exchange(connection, [("SELECT %s::text AS it, repeat(%s::text, 3) AS more", (text, text)) for _ in range(20)])
    assert all(rows[0].it == text and len(rows[0].more) == 600_000 for rows in found)
