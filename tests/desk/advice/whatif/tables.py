"""What is in every table of the database, as one hash each."""

from __future__ import annotations

from typing import Any

from psycopg import sql

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'shouxin' ORDER BY tablename"
HASH = "SELECT count(*), coalesce(sum(('x' || md5(t::text))::bit(60)::bigint), 0) FROM shouxin.{} AS t"


def table_hashes(connection: Any) -> dict[str, tuple[Any, ...]]:
    """Table -> how many rows, and a sum over the hashes of all their values, whatever their order."""
    names = [row[0] for row in connection.execute(TABLES).fetchall()]
    found = {name: tuple(connection.execute(sql.SQL(HASH).format(sql.Identifier(name))).fetchone()) for name in names}
    connection.rollback()
    return found
