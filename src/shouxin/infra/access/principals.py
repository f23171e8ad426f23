"""Principals: who acts for the lender, a person or a service, and whether they may.

Read first: `check_may`. A principal is never deleted: what they did names them. Each change is in the audit. Authority by amount
is in `authority.py`.
"""

from __future__ import annotations

import datetime as dt
import os
import pwd
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.access.requests import QUERIES
from shouxin.infra.access.roles import ACTIONS, ROLES, roles_for
from shouxin.infra.db.unit import Statement, Unit

PLATFORM = "platform"
_NAME = re.compile(r"[a-z0-9][a-z0-9._:@-]{0,99}")


class PrincipalUnknown(Refusal):
    """Nobody of that name."""

    en = "a principal who was added; somebody with the role platform adds one"
    zh = "须为已登记的操作主体，请由系统管理角色登记"
    passing = True  # they may be added


class ActionUnknown(Refusal):
    """An action under no role."""

    en = "an action that a role has"
    zh = "没有任何角色拥有该操作权限"


class PrincipalInactive(Refusal):
    """Somebody who may not act any more."""

    en = "a principal who is active"
    zh = "该操作主体已停用"
    passing = True  # they may be activated again


class RoleMissing(Refusal):
    """None of the principal's roles has the action."""

    en = "somebody with one of the roles {roles}; {name} has {own}"
    zh = "须具备以下角色之一：{roles}；{name} 当前角色：{own}"
    passing = True  # they may be given the role


class PrincipalNameUnusable(Refusal):
    """A name that cannot be one."""

    en = "1 to 100 small letters, digits and . _ : @ -, beginning with a letter or digit"
    zh = "须为 1 至 100 位小写字母、数字或 . _ : @ -，且以字母或数字开头"


class RoleUnknown(Refusal):
    """A role that there is not."""

    en = "some of {known}"
    zh = "须为以下角色：{known}"


class PrincipalExists(Refusal):
    """A name that is taken."""

    en = "a name that nobody has; change the roles of this one instead"
    zh = "该名称已登记，如需调整请修改其角色"


class LastPlatformPrincipal(Refusal):
    """Afterwards nobody could change principals any more."""

    en = "somebody else with the role platform first: this is the last one"
    zh = "这是最后一个具备系统管理角色的主体，请先登记另一个"


class Kind(StrEnum):
    """What a principal is."""

    PERSON = "person"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. name: such as `cli:wang` or `portal`; roles: of `roles.yaml`; since: the business day of their being added."""

    name: str
    kind: Kind
    roles: tuple[str, ...]
    since: dt.date
    active: bool = True


def cli_principal() -> str:
    """Who acts on the command line: `cli:` and the user whom this process runs as. The environment is not asked: it may lie."""
    number = os.geteuid()
    try:
        return f"cli:{pwd.getpwuid(number).pw_name.lower()}"
    except KeyError:  # a container may run as a user without a name
        return f"cli:{number}"


def check_may(principal: Principal, action: str) -> None:
    """Raises ActionUnknown, PrincipalInactive, RoleMissing, in this order."""
    if action not in ACTIONS:
        raise ActionUnknown("action", action)
    if not principal.active:
        raise PrincipalInactive("principal", principal.name)
    if not any(action in ROLES[role].may for role in principal.roles):
        roles, own = " / ".join(roles_for(action)), ", ".join(principal.roles) or "-"
        raise RoleMissing("action", action, roles=roles, name=principal.name, own=own)


def principal_of(unit: Unit, name: str) -> Principal:
    """A principal by name. Raises PrincipalUnknown."""
    (rows,) = unit.read((QUERIES["principal_read"], (name,)))
    if not rows:
        raise PrincipalUnknown("principal", name)
    row = rows[0]
    return Principal(row.name, Kind(row.kind), tuple(row.roles), row.since, row.active)


def principal_asked(name: str) -> Statement:
    """The statement that looks for a principal, to be sent with others; its rows go to `asked_principal`."""
    return QUERIES["principal_asked"], (name,)


def asked_principal(name: str, rows: Sequence[Any]) -> Principal | None:
    """The principal from the rows of `principal_asked`; None where nobody was added yet. Raises PrincipalUnknown."""
    row = rows[0]
    if not row.anybody:
        return None
    if row.kind is None:
        raise PrincipalUnknown("principal", name)
    return Principal(name, Kind(row.kind), tuple(row.roles), row.since, row.active)


def principals(unit: Unit) -> tuple[Principal, ...]:
    """All principals by name."""
    (rows,) = unit.read((QUERIES["principals_read"], ()))
    return tuple(Principal(row.name, Kind(row.kind), tuple(row.roles), row.since, row.active) for row in rows)


def first_principal(unit: Unit, name: str, today: dt.date) -> Principal:
    """Where there is no principal yet, this one, with all roles: who sets a lender up. Else the principal of that name.

    Of several at once one is the first. Raises PrincipalNameUnusable, PrincipalUnknown.
    """
    unit.write(QUERIES["principals_locked"])
    (rows,) = unit.read((QUERIES["principals_read"], ()))
    if rows:
        return principal_of(unit, name)
    made = Principal(name, Kind.PERSON, tuple(ROLES), today)
    return add_principal(unit, made, name, today)


def add_principal(unit: Unit, new: Principal, by: str, today: dt.date) -> Principal:
    """Somebody more who may act; `by` is who adds them. Raises the refusals of `ORDER`; a repeat raises PrincipalExists."""
    if not _NAME.fullmatch(new.name):
        raise PrincipalNameUnusable("name", new.name)
    roles = checked_roles(new.roles)
    (rows,) = unit.read((QUERIES["principal_added"], (new.name, new.kind, list(roles), new.active, new.since)))
    if not rows:
        raise PrincipalExists("name", new.name)
    _note(unit, "principal.add", replace(new, roles=roles), (by, today))
    return replace(new, roles=roles)


ORDER: tuple[type[Refusal], ...] = (PrincipalNameUnusable, RoleUnknown, PrincipalExists)


def set_roles(unit: Unit, name: str, roles: Iterable[str], by: str, today: dt.date) -> Principal:
    """Other roles. Raises RoleUnknown, PrincipalUnknown, LastPlatformPrincipal, in this order. A repeat changes nothing more."""
    wanted = checked_roles(roles)
    return _change(unit, replace(_held(unit, name), roles=wanted), "principal.roles", (by, today))


def deactivate(unit: Unit, name: str, by: str, today: dt.date) -> Principal:
    """Somebody who may not act any more. Raises PrincipalUnknown, LastPlatformPrincipal. A repeat changes nothing more."""
    return _change(unit, replace(_held(unit, name), active=False), "principal.deactivate", (by, today))


def activate(unit: Unit, name: str, by: str, today: dt.date) -> Principal:
    """Somebody who may act again. Raises PrincipalUnknown. A repeat changes nothing more."""
    return _change(unit, replace(_held(unit, name), active=True), "principal.activate", (by, today))


def checked_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """The roles, each once, in the order of `roles.yaml`. Raises RoleUnknown."""
    wanted = set(roles)
    if unknown := sorted(wanted - ROLES.keys()):
        raise RoleUnknown("roles", ", ".join(unknown), known=", ".join(ROLES))
    return tuple(role for role in ROLES if role in wanted)


def _held(unit: Unit, name: str) -> Principal:
    """A principal whom nobody else changes until the end of the transaction."""
    unit.write(QUERIES["principals_locked"])
    return principal_of(unit, name)


def _change(unit: Unit, after: Principal, action: str, who: tuple[str, dt.date]) -> Principal:
    others = [each for each in principals(unit) if each.active and PLATFORM in each.roles and each.name != after.name]
    if not others and not (after.active and PLATFORM in after.roles):
        raise LastPlatformPrincipal("principal", after.name)
    unit.write(QUERIES["principal_changed"], (list(after.roles), after.active, after.name))
    _note(unit, action, after, who)
    return after


def _note(unit: Unit, action: str, after: Principal, who: tuple[str, dt.date]) -> None:
    by, today = who
    detail = {"roles": list(after.roles), "active": after.active, "kind": after.kind.value}
    note(unit, Entry(by, action, today, about=after.name, detail=detail))
