"""Whether whoever runs the command line may do what a command does. Read first: `admit`.

Where nobody was added yet, whoever comes first is the first principal and has all roles. They are added as soon as there is a
business day; before, on an empty system, there is nothing that could be kept from anybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg

from shouxin.book.ledger.days import DAY
from shouxin.infra.access.principals import asked_principal, check_may, cli_principal, first_principal, principal_asked
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.exchange import exchange
from shouxin.infra.db.unit import Unit, in_unit


def admit(connection: Connection, action: str) -> dt.date | None:
    """The open business day, None where there is none yet; one exchange, outside any transaction.

    Raises PrincipalUnknown, ActionUnknown, PrincipalInactive, RoleMissing, in this order.
    """
    name = cli_principal()
    asked, days = exchange(connection, [principal_asked(name), DAY])
    today: dt.date | None = days[0].day if days else None
    if asked_principal(name, asked) is None and today is not None:
        in_unit(connection, partial(_admit_first, day=today))
        asked, _ = exchange(connection, [principal_asked(name), DAY])
    check_asked(asked, action)
    return today


def _admit_first(unit: Unit, day: dt.date) -> None:
    first_principal(unit, cli_principal(), day)


def check_asked(rows: Sequence[Any], action: str) -> bool:
    """Whether anybody was added yet; from the rows of `principal_asked`. Raises what `admit` raises."""
    principal = asked_principal(cli_principal(), rows)
    if principal is not None:
        check_may(principal, action)
    return principal is not None


def admit_where_set_up(target: Target, action: str) -> None:
    """`admit` for what is done with a database as such: one without tables has no principals. Raises what `admit` raises."""
    with connect(target.app) as connection:
        try:
            admit(connection, action)
        except psycopg.errors.UndefinedTable:
            return
