"""Books that are kept for two days, somebody who may change anything in them, and what is found then, in short."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg

from shouxin.book.ledger.findings import Finding, Report, What
from shouxin.book.ledger.verify import verify
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.book.ledger.conftest import FIRST
from tests.ledgers import id_of

SECOND, THIRD = FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2)
ANN, BEN, NOBODY = id_of("ann"), id_of("ben"), id_of("nobody")


def found(report: Report) -> set[tuple[What, str, str]]:
    """What was found, where, in short: `posting ann 2/1`."""
    names = {ANN: "ann", BEN: "ben", NOBODY: "nobody", id_of("house"): "house"}

    def short(finding: Finding) -> str:
        if finding.key is None:
            return f"{finding.table} {finding.day:%d}"
        return f"{finding.table} {names[finding.key.customer_id]} {finding.key.number}/{finding.key.line}"

    return {(each.what, short(each), f"{each.day:%d}") for each in report.findings}


def changed(admin: psycopg.Connection[Any], ring: KeyRing, sql: str, *values: object) -> Report:
    """Change something, once, and verify."""
    cursor = admin.execute(sql.encode(), values)
    assert cursor.rowcount >= 1, "nothing was changed"
    return verify(Unit(admin), ring)
