"""Who may act, who may not, and what is noted of it."""

from __future__ import annotations

import datetime as dt
import os
import pwd
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest

import shouxin
from shouxin.foundation.ids import NIL, new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access import principals as access
from shouxin.infra.access.audit import Entry, audit_between, audit_of, note, note_sealed, opened
from shouxin.infra.access.principals import Kind, Principal, check_may, cli_principal, principal_of
from shouxin.infra.access.roles import ACTIONS, ROLES, roles_for
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import CustomerKey, add_key
from shouxin.infra.db.unit import Unit, in_unit

TODAY = dt.date(2026, 3, 2)
WANG = Principal("wang", Kind.PERSON, ("operations",), TODAY)
T = TypeVar("T")


@pytest.fixture
def connection(database: Target) -> Iterator[Connection]:
    """A connection as the application; nobody was added."""
    with connect(database.owner) as owner:
        owner.execute("TRUNCATE principal, audit")
    with connect(database.app) as opened_connection:
        yield opened_connection
        opened_connection.rollback()


def do(connection: Connection, work: Callable[[Unit], T]) -> T:
    return in_unit(connection, work)


def begun(connection: Connection) -> Principal:
    return do(connection, lambda unit: access.first_principal(unit, "cli:root", TODAY))


MAY: list[tuple[Principal, str, type[Refusal]]] = [
    (replace(WANG, active=False), "fly", access.ActionUnknown),
    (replace(WANG, active=False), "keys.rotate", access.PrincipalInactive),
    (WANG, "keys.rotate", access.RoleMissing),
    (replace(WANG, roles=()), "draw", access.RoleMissing),
]


@pytest.mark.parametrize(("principal", "action", "refusal"), MAY)
def test_who_may_not(principal: Principal, action: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        check_may(principal, action)
    assert refused.value.text("zh") and refused.value.text("en")


def test_who_may() -> None:
    for action in ACTIONS:
        for role in ROLES:
            if role in roles_for(action):
                check_may(replace(WANG, roles=(role,)), action)
            else:
                with pytest.raises(
                    access.RoleMissing, match=re.escape(f"roles {' / '.join(roles_for(action))}; wang has {role}")
                ):
                    check_may(replace(WANG, roles=(role,)), action)


def test_the_commands_of_the_rooms_are_actions() -> None:
    sources = [each.read_text("utf-8") for each in Path(shouxin.__file__).parent.rglob("commands.py")]
    named = {name for text in sources for name in re.findall(r'ommand\(\s*"([a-z._]+)"', text)}
    assert named and named <= ACTIONS


def test_an_auditor_changes_nothing() -> None:
    assert all(action.endswith(".read") for action in ROLES["auditor"].may)


def test_who_sets_a_lender_up_is_the_first(connection: Connection) -> None:
    root = begun(connection)
    assert root.roles == tuple(ROLES) and do(connection, lambda unit: principal_of(unit, "cli:root")) == root
    assert begun(connection) == root
    with pytest.raises(access.PrincipalUnknown):
        do(connection, lambda unit: access.first_principal(unit, "cli:other", TODAY))


def test_of_two_at_once_one_is_the_first(connection: Connection, database: Target) -> None:
    got: list[str] = []

    def work(name: str) -> None:
        with connect(database.app) as own:
            try:
                got.append(do(own, lambda unit: access.first_principal(unit, name, TODAY)).name)
            except access.PrincipalUnknown:
                own.rollback()

    workers = [threading.Thread(target=work, args=(f"cli:{number}",)) for number in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(got) == 1 == len(do(connection, access.principals))


ADDED: list[tuple[Principal, type[Refusal]]] = [
    (replace(WANG, name="Wang Xiaoming", roles=("king",)), access.PrincipalNameUnusable),
    (replace(WANG, name="cli:root", roles=("king",)), access.RoleUnknown),
    (replace(WANG, name="cli:root"), access.PrincipalExists),
]


@pytest.mark.parametrize(("new", "refusal"), ADDED)
def test_who_cannot_be_added(new: Principal, refusal: type[Refusal], connection: Connection) -> None:
    begun(connection)
    with pytest.raises(refusal) as refused:
        do(connection, lambda unit: access.add_principal(unit, new, "cli:root", TODAY))
    assert refused.value.text("zh")
    assert len(do(connection, access.principals)) == 1


def test_each_refusal_has_a_row() -> None:
    assert tuple(row[1] for row in ADDED) == access.ORDER


def test_each_change_is_noted(connection: Connection) -> None:
    begun(connection)
    twice = replace(WANG, roles=("risk", "operations", "risk"))
    assert do(connection, lambda unit: access.add_principal(unit, twice, "cli:root", TODAY)).roles == ("risk", "operations")
    do(connection, lambda unit: access.set_roles(unit, "wang", ["auditor"], "cli:root", TODAY))
    do(connection, lambda unit: access.deactivate(unit, "wang", "cli:root", TODAY))
    assert do(connection, lambda unit: principal_of(unit, "wang")) == replace(WANG, roles=("auditor",), active=False)
    do(connection, lambda unit: access.activate(unit, "wang", "cli:root", TODAY))
    assert do(connection, lambda unit: principal_of(unit, "wang")).active
    noted = [each.entry for each in do(connection, lambda unit: audit_of(unit, NIL))]
    assert [(each.about, each.action.removeprefix("principal.")) for each in noted] == [
        ("cli:root", "add"),
        ("wang", "add"),
        ("wang", "roles"),
        ("wang", "deactivate"),
        ("wang", "activate"),
    ]
    assert noted[2].detail == {"roles": ["auditor"], "active": True, "kind": "person"}


def test_somebody_can_always_change_principals(connection: Connection) -> None:
    begun(connection)
    ways: list[Callable[[Unit], Any]] = [
        lambda unit: access.deactivate(unit, "cli:root", "cli:root", TODAY),
        lambda unit: access.set_roles(unit, "cli:root", ["risk"], "cli:root", TODAY),
    ]
    for each in ways:
        with pytest.raises(access.LastPlatformPrincipal):
            do(connection, each)
    do(connection, lambda unit: access.add_principal(unit, replace(WANG, roles=("platform",)), "cli:root", TODAY))
    do(connection, ways[0])
    with pytest.raises(access.PrincipalUnknown):
        do(connection, lambda unit: access.set_roles(unit, "nobody", [], "wang", TODAY))


def test_the_command_line_acts_as_who_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert cli_principal() == f"cli:{pwd.getpwuid(os.geteuid()).pw_name}"
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    assert cli_principal() == "cli:4000000"


def key_of_new_customer(connection: Connection) -> CustomerKey:
    customer_id = new_id()

    def work(unit: Unit) -> CustomerKey:
        unit.write("INSERT INTO customer (customer_id, kind, since) VALUES (%s, 'person', %s)", (customer_id, TODAY))
        return add_key(unit, KeyRing.fresh(), customer_id)

    return do(connection, work)


def test_what_is_noted(connection: Connection) -> None:
    key = key_of_new_customer(connection)
    entry = Entry("wang", "personal.read", TODAY, key.customer_id, "contact 7", {"why": "call"})
    plain = do(connection, lambda unit: note(unit, entry))
    sealed = do(connection, lambda unit: note_sealed(unit, entry, key, {"searched": "王小明"}))
    first, second = do(connection, lambda unit: audit_of(unit, key.customer_id))
    assert (first.audit_id, first.entry, first.sealed) == (plain, entry, False)
    assert (second.audit_id, second.entry, second.sealed) == (sealed, entry, True) and second.at >= first.at
    assert do(connection, lambda unit: opened(unit, key, sealed)) == {"searched": "王小明"}
    assert do(connection, lambda unit: opened(unit, key, plain)) == {}
    assert do(connection, lambda unit: opened(unit, replace(key, customer_id=uuid.UUID(int=7)), sealed)) == {}
    assert len(do(connection, lambda unit: audit_between(unit, TODAY, TODAY))) == 2
    assert do(connection, lambda unit: audit_between(unit, TODAY + dt.timedelta(days=1), dt.date.max)) == ()
    row = connection.execute("SELECT audit::text FROM audit WHERE sealed IS NOT NULL").fetchone()
    assert row and "王小明" not in str(row[0])


@pytest.mark.parametrize("change", ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "DELETE FROM principal"])
def test_history_is_not_changed(change: str, connection: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(change.encode())
