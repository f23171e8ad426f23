"""What the catalogue of the database says of every table: whose it is, which keys lead with the customer, who may change it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

import shouxin
from shouxin.infra.db.connect import Connection, Target, connect

SOURCE = Path(shouxin.__file__).parent
OWNED = re.compile(r"^(\w+): ")
NOT_CUSTOMERS = "not customer-owned"
# The runner's own table, and those of one row or few that concern the house.
RUNNER = {"migration"}
# What is only ever added to.
HISTORY = {"event", "posting", "request", "loan", "bundle", "activation", "audit", "document", "consent", "closed_day", "sealed"}
HISTORY |= {"facility_version", "line_version", "schedule_version", "snapshot", "case_act", "decision"}
HISTORY |= {"application", "bureau_record", "bureau_file"}


@pytest.fixture(scope="module")
def owner(database: Target) -> Iterator[Connection]:
    with connect(database.owner) as connection:
        yield connection


def tables(owner: Connection) -> dict[str, str]:
    """Each table with its comment."""
    rows: list[Any] = owner.execute(
        "SELECT relname, obj_description(oid) FROM pg_class WHERE relnamespace = 'shouxin'::regnamespace AND relkind = 'r'"
    ).fetchall()
    return {name: comment or "" for name, comment in rows if name not in RUNNER}


def test_every_table_names_its_room(owner: Connection) -> None:
    rooms = {each.name for each in SOURCE.glob("*/*/") if each.is_dir()}
    for name, comment in tables(owner).items():
        found = OWNED.match(comment)
        assert found, name
        assert found[1] in rooms, (name, found[1])


def views(owner: Connection) -> dict[str, str]:
    """Each view with its comment."""
    rows: list[Any] = owner.execute(
        "SELECT relname, obj_description(oid) FROM pg_class WHERE relnamespace = 'shouxin'::regnamespace AND relkind = 'v'"
    ).fetchall()
    return {name: comment or "" for name, comment in rows}


def test_every_view_names_the_room_that_reads_it_and_can_only_be_read(owner: Connection) -> None:
    found = views(owner)
    assert found
    for name, comment in found.items():
        room = OWNED.match(comment)
        assert room, name
        assert name.startswith(f"{room[1]}_"), name
        row: Any = owner.execute(
            "SELECT has_table_privilege('shouxin_app', %s, 'SELECT'), has_table_privilege('shouxin_app', %s, 'INSERT'),"
            " has_table_privilege('shouxin_app', %s, 'UPDATE'), has_table_privilege('shouxin_app', %s, 'DELETE')",
            (name,) * 4,
        ).fetchone()
        assert row == (True, False, False, False), name


def test_account_facts_are_read_through_views_only(owner: Connection) -> None:
    """Other rooms' tables: what facts read of them stands in a view, with a comment that says what it means."""
    allowed = {name for name, comment in views(owner).items() if comment.startswith("facts: ")}
    seen = 0
    for room, name, text in statements():
        if room != "facts" or not name.startswith("queries.sql "):
            continue
        for tree in sqlglot.parse(text.replace("%s", "NULL"), read="postgres"):
            assert tree is not None
            own = {each.alias for each in tree.find_all(exp.CTE)}
            read = {each.name for each in tree.find_all(exp.Table) if each.name} - own
            assert read <= allowed, (name, read - allowed)
            seen += len(read)
    assert seen > 10


def test_keys_of_customers_tables_lead_with_the_customer(owner: Connection) -> None:
    """So that a distributed PostgreSQL can keep a customer on one node."""
    customers = {name for name, comment in tables(owner).items() if NOT_CUSTOMERS not in comment}
    rows: list[Any] = owner.execute(
        """
        SELECT c.relname, i.indexrelid::regclass::text, a.attname FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indrelid AND c.relnamespace = 'shouxin'::regnamespace
        LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE i.indisunique
        UNION ALL
        SELECT c.relname, k.conname, a.attname FROM pg_constraint AS k
        JOIN pg_class AS c ON c.oid = k.conrelid AND c.relnamespace = 'shouxin'::regnamespace
        JOIN pg_class AS to_class ON to_class.oid = k.confrelid
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND to_class.relname NOT IN ('bundle', 'account')
        """
    ).fetchall()
    assert len(customers) > 20
    found = [(table, key, first) for table, key, first in rows if table in customers]
    assert {table for table, _, _ in found} == customers  # each has a key
    assert [each for each in found if each[2] != "customer_id"] == []


def test_the_application_owns_nothing(owner: Connection) -> None:
    row = owner.execute("SELECT count(*) FROM pg_class WHERE relowner = 'shouxin_app'::regrole").fetchone()
    assert row == (0,)


@pytest.mark.parametrize("name", sorted(HISTORY))
def test_the_application_cannot_change_history(owner: Connection, name: str) -> None:
    row: Any = owner.execute(
        "SELECT has_table_privilege('shouxin_app', %s, 'UPDATE'), has_any_column_privilege('shouxin_app', %s, 'UPDATE'),"
        " has_table_privilege('shouxin_app', %s, 'DELETE'), has_table_privilege('shouxin_app', %s, 'TRUNCATE')",
        (name,) * 4,
    ).fetchone()
    assert row == (False, False, name == "request", False)  # answers are forgotten after 400 days


def statements() -> Iterator[tuple[str, str, str]]:
    """Room, name and text of every statement that a room keeps."""
    for path in SOURCE.glob("*/*/*.sql"):
        text = path.read_text("utf-8")
        for found in re.finditer(r"^-- ([a-z_0-9]+): .*?\n(.*?)(?=^-- [a-z_0-9]+: |\Z)", text, re.MULTILINE | re.DOTALL):
            yield path.parent.name, f"{path.name} {found[1]}", found[2]


def written(text: str) -> set[str]:
    """The tables that a statement inserts into, updates or deletes from."""
    plain = text.replace("%%", "%").replace("%s", "NULL")
    found: set[str] = set()
    for tree in sqlglot.parse(plain, read="postgres"):
        for each in tree.find_all(exp.Insert, exp.Update, exp.Delete, exp.Merge) if tree else ():
            target = each.find(exp.Table)
            assert target is not None
            found.add(target.name)
    return found


def test_only_its_room_writes_a_table(owner: Connection) -> None:
    rooms = {name: OWNED.match(comment) for name, comment in tables(owner).items()}
    owners = {name: found[1] for name, found in rooms.items() if found}
    seen = 0
    for room, name, text in statements():
        if room == "db" and name.startswith("schema.sql"):
            continue
        for table in written(text):
            seen += 1
            assert owners[table] == room, (room, name, table)
    assert seen > 40


def test_sql_stands_in_sql_files_only() -> None:
    """A table is not written past `queries.sql`: no Python file of a room has a statement that changes a table."""
    changing = re.compile(r"\b(INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b")
    found = [path for path in SOURCE.glob("*/*/*.py") if changing.search(path.read_text("utf-8"))]
    allowed = {"migrate.py", "sealing.py"}  # the runner's own table; texts composed of the room's own statements
    assert {each.name for each in found} <= allowed
