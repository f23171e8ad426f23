"""The two roles, and the database that they meet in.

`shouxin_owner` owns the schema and runs the migrations. `shouxin_app` owns nothing: it is what commands run as, and it may do
what a migration grants it.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from shouxin.infra.db.errors import RolesMissing

DATABASE, SCHEMA = "shouxin", "shouxin"
OWNER, APP, SUPERUSER = "shouxin_owner", "shouxin_app", "postgres"

# For a new embedded server; one statement a line, as single-user mode reads them.
CREATION = f"""\
CREATE ROLE {OWNER} LOGIN
CREATE ROLE {APP} LOGIN
ALTER ROLE {OWNER} SET search_path = {SCHEMA}
ALTER ROLE {APP} SET search_path = {SCHEMA}
CREATE DATABASE {DATABASE} OWNER {OWNER}
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC
GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}
"""

_MISSING = "SELECT name FROM unnest(%s::text[]) AS name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)"
_IS_MEMBER = "SELECT pg_has_role(rolname, %s, 'MEMBER') FROM pg_roles WHERE rolname = %s"
_MAY_CREATE = "SELECT has_database_privilege(%s, current_database(), 'CREATE')"


def ensure_roles(admin: psycopg.Connection[Any], app_login: str | None = None) -> None:
    """Make what is missing of the two roles on a real server, without login: the logins of the URLs become their members.

    app_login: the login of commands, where it is another one than the connection's

    Begins and ends a transaction of its own. A repeat does nothing.
    Raises RolesMissing, with the SQL for an administrator, where the connection has not the rights.
    """
    steps = _steps(admin, app_login)
    try:
        for step in steps:
            admin.execute(step)
        admin.commit()
    except psycopg.errors.InsufficientPrivilege:
        admin.rollback()
        raise RolesMissing("roles", OWNER, sql=";\n".join(each.as_string(admin) for each in steps) + ";") from None
    except BaseException:
        admin.rollback()
        raise


def _steps(admin: psycopg.Connection[Any], app_login: str | None) -> list[sql.Composed]:
    missing = [row[0] for row in admin.execute(_MISSING, ([OWNER, APP],))]
    login, database = admin.info.user, admin.info.dbname
    steps: list[sql.Composed] = [sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)) for role in missing]
    for role, member in ((OWNER, login), (APP, app_login or login)):
        if role in missing or not _is_member(admin, member, role):
            steps.append(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(member)))
    if OWNER in missing or not _one(admin, _MAY_CREATE, OWNER):
        steps.append(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(sql.Identifier(database), sql.Identifier(OWNER)))
    return steps


def _is_member(admin: psycopg.Connection[Any], member: str, role: str) -> bool:
    return member == role or _one(admin, _IS_MEMBER, role, member)


def _one(admin: psycopg.Connection[Any], query: str, *values: str) -> bool:
    row = admin.execute(query.encode(), values).fetchone()
    return bool(row and row[0])
