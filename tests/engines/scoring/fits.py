"""Made-up applications whose outcome is known by formula, as a table to fit on, and real files as tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from shouxin.engines.scoring.fitting.profile import draft
from shouxin.engines.scoring.fitting.spec import Spec
from shouxin.engines.scoring.fitting.table import Table

TOWNS = np.array(["Changsha", "Dali", "Jinan", "Wuxi", "Yantai"], dtype=object)


def made_up(rows: int = 3000, seed: int = 7) -> Table:
    """Applications: late (counts, 99 is a code), use (a share), income (missing for some), town, owner; whether they went bad.

    Risk rises with `late` and `use`, falls with `income`; a code 99 is worse than any count; a missing income is bad. In the
    town of Wuxi it falls with `use`, which only a pair can say.
    """
    draw = np.random.default_rng(seed)
    late = np.minimum(draw.poisson(0.5, rows), 5).astype(np.float64)
    late[draw.random(rows) < 0.03] = 99
    use = np.round(draw.random(rows), 3)
    income = np.round(draw.lognormal(8.5, 0.5, rows), 0)
    income[draw.random(rows) < 0.1] = np.nan
    town = TOWNS[draw.integers(0, 5, rows)]
    owner = (draw.random(rows) < 0.4).astype(np.float64)
    log_odds = -2.2 + np.where(late == 99, 3.0, 0.8 * late) - 0.6 * owner
    log_odds += np.where(np.isnan(income), 1.0, -0.8 * (np.log(np.nan_to_num(income, nan=1.0)) - 8.5))
    log_odds += np.where(town == "Wuxi", -4.0, 4.0) * (use - 0.5)
    bad = (draw.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    numbers = {"late": late, "use": use, "income": income, "owner": owner, "bad": bad}
    return Table(
        rows,
        numbers,
        {"town": town},
        {},
        frozenset({"owner"}),
        ("late", "use", "income", "town", "owner", "bad"),
        "made.up",
        "0" * 64,
    )


def with_column(table: Table, name: str, values: Any) -> Table:
    """The table with one more column of numbers."""
    numbers = {**table.numbers, name: np.asarray(values, dtype=np.float64)}
    return Table(table.rows, numbers, table.texts, table.days, table.flags, (*table.names, name), table.name, table.fingerprint)


def drafted(table: Table, **changes: Any) -> Spec:
    """The drafted specification of a table whose target is `bad`, with changes at the top level."""
    return changed(draft(table, "bad", None).spec, **changes)


def changed(spec: Spec, **changes: Any) -> Spec:
    """A specification with changes at the top level, checked anew."""
    return Spec.model_validate({**spec.model_dump(by_alias=True), **changes})


def column(spec: Spec, name: str, **changes: Any) -> Spec:
    """A specification with changes to one column."""
    columns = {**spec.columns, name: spec.columns[name].model_copy(update=changes)}
    return spec.model_copy(update={"columns": columns})
