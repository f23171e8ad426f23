"""`shouxin staff`: who may act for the lender, and in which roles. Changing somebody is an act of the role platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from shouxin.desk.servicing.own_requests import perform_own
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.session import Session, changes, shows
from shouxin.faces.cli.staff_shown import principal_dict, shown_roles, shown_staff
from shouxin.faces.cli.written import one_of
from shouxin.infra.access import principals as access
from shouxin.infra.access.principals import Kind, Principal
from shouxin.infra.access.requests import Answer, Request
from shouxin.infra.access.roles import ROLES
from shouxin.infra.db.unit import Unit

app = typer.Typer(no_args_is_help=True)

READ, CHANGE = "principal.read", "principal.change"
Name = Annotated[str, typer.Argument(metavar="NAME", help="On the command line people are `cli:` and their user name.")]
RoleNames = Annotated[list[str], typer.Option("--role", metavar="ROLE", help=f"{', '.join(ROLES)}. May be given again.")]


@shows(app, "list", READ)
def listed(session: Session) -> Shown:
    """Show everybody who was added, also those who may not act any more."""
    return shown_staff(session.look(access.principals), session.lang)


@shows(app, "authority", READ)
def authority(session: Session) -> Shown:
    """Show the roles, and how much each decides; with --json also what each may do."""
    return shown_roles(session.lang)


@changes(app, "add", CHANGE)
def add(
    session: Session,
    name: Name,
    role: RoleNames,
    kind: Annotated[str, typer.Option(help=", ".join(Kind))] = Kind.PERSON,
) -> Answer:
    """Add somebody, or a service, who may act."""
    new = Principal(name, one_of(Kind, kind, "kind"), tuple(role), session.today)
    body = {"add": name, "kind": new.kind, "roles": sorted(set(role))}
    return _changed(session, body, lambda unit: access.add_principal(unit, new, session.principal, session.today))


@changes(app, "roles", CHANGE)
def roles(session: Session, name: Name, role: RoleNames) -> Answer:
    """Give somebody other roles, in place of all they have."""
    body = {"roles": sorted(set(role)), "of": name}
    return _changed(session, body, lambda unit: access.set_roles(unit, name, role, session.principal, session.today))


@changes(app, "deactivate", CHANGE)
def deactivate(session: Session, name: Name) -> Answer:
    """Let somebody act no more. What they did keeps their name."""
    body = {"deactivate": name}
    return _changed(session, body, lambda unit: access.deactivate(unit, name, session.principal, session.today))


@changes(app, "activate", CHANGE)
def activate(session: Session, name: Name) -> Answer:
    """Let somebody act again."""
    return _changed(session, {"activate": name}, lambda unit: access.activate(unit, name, session.principal, session.today))


def _changed(session: Session, body: dict[str, Any], act: Callable[[Unit], Principal]) -> Answer:
    request = Request(session.principal, session.key, CHANGE, body)
    return perform_own(session.connection, request, lambda unit: principal_dict(act(unit)), session.today)
