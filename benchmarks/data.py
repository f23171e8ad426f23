"""Makes customers: as many rows as asked for, the same for the same number, by DuckDB alone.

Every value is a function of the customer's number and the column. About 6% of the values that can be missing are, the
bureau's and the account's mostly together, as when a source does not answer. About half of the customers are declined, 8%
referred. DuckDB's `hash` may change with its version, and the customers then change with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

AS_OF = dt.date(2026, 7, 1)
KEY = "customer_id"


def _one_of(**shares: float) -> str:
    """SQL of one of the words, each with its share; the last one takes the rest."""
    *words, last = shares
    upto = [sum(list(shares.values())[: index + 1]) for index in range(len(words))]
    whens = " ".join(f"WHEN {{u}} < {bound:.4f} THEN '{word}'" for word, bound in zip(words, upto, strict=True))
    return f"CASE {whens} ELSE '{last}' END"


# The uniform number in [0, 1) of this column is {u}; what is NULL together shares a group; `each` is on its own.
COLUMNS: tuple[tuple[str, str, str | None], ...] = (
    ("birth_date", "DATE '1950-01-01' + CAST({u} * 21600 AS INTEGER)", None),
    ("residency", _one_of(citizen=0.9, resident=0.07, permit=0.027, none=0.003), None),
    (
        "employment",
        _one_of(full_time=0.62, part_time=0.09, self_employed=0.14, retired=0.08, student=0.04, none=0.03),
        None,
    ),
    ("employment_months", "CAST(power({u}, 2) * 600 AS BIGINT)", "each"),
    ("net_income", "CAST(85000 + power({u}, 2) * 2000000 AS BIGINT)", None),
    ("other_income", "CAST(greatest(0, {u} - 0.6) * 500000 AS BIGINT)", None),
    ("dependants", "CAST(power({u}, 3) * 5 AS BIGINT)", None),
    ("housing", _one_of(owned=0.3, mortgaged=0.3, rented=0.25, family=0.11, other=0.04), None),
    ("housing_cost", "CAST(power({u}, 5) * 180000 AS BIGINT)", None),
    ("debt_payments", "CAST(power({u}, 5) * 200000 AS BIGINT)", None),
    ("bureau_hit", "{u} < 0.96", None),
    ("bureau_score", "CAST(250 + power({u}, 0.35) * 650 AS BIGINT)", "bureau"),
    ("enquiries_6m", "CAST(power({u}, 9) * 18 AS BIGINT)", "bureau"),
    ("open_accounts", "CAST(power({u}, 1.5) * 20 AS BIGINT)", "bureau"),
    ("oldest_account_months", "CAST(power({u}, 1.3) * 400 AS BIGINT)", "bureau"),
    ("revolving_balance", "CAST(power({u}, 6) * 2500000 AS BIGINT)", "bureau"),
    ("revolving_limit", "CAST(power({u}, 1.5) * 6000000 AS BIGINT)", "bureau"),
    ("worst_overdue_12m", "CAST(power({u}, 20) * 180 AS BIGINT)", "bureau"),
    ("worst_overdue_24m", "CAST(power({u}, 12) * 180 AS BIGINT)", "bureau"),
    ("overdue_30_times_12m", "CAST(power({u}, 20) * 9 AS BIGINT)", "bureau"),
    ("overdue_90_times_24m", "CAST(power({u}, 12) * 6 AS BIGINT)", "bureau"),
    ("judgment", "{u} < 0.01", None),
    ("judgment_date", "DATE '2014-01-01' + CAST({u} * 4500 AS INTEGER)", "each"),
    ("fraud_flag", "{u} < 0.004", None),
    ("public_office", "{u} < 0.01", None),
    ("sanctions_hit", "{u} < 0.001", None),
    ("device_risk", "CAST(power({u}, 3) * 1000 AS BIGINT)", None),
    ("email_age_days", "CAST(power({u}, 1.5) * 4500 AS BIGINT)", "each"),
    ("phone_months", "CAST({u} * 240 AS BIGINT)", "each"),
    ("existing_exposure", "CAST(power({u}, 5) * 4000000 AS BIGINT)", None),
    ("internal_overdue_days", "CAST(power({u}, 25) * 120 AS BIGINT)", None),
    ("months_on_book", "CAST(power({u}, 2) * 200 AS BIGINT)", "account"),
    ("average_balance", "CAST(power({u}, 4) * 1500000 AS BIGINT) - 3000", "account"),
    ("salary_paid_here", "{u} < 0.55", None),
    ("returned_debits_6m", "CAST(power({u}, 20) * 9 AS BIGINT)", "account"),
    ("gambling_share_bp", "CAST(power({u}, 20) * 7000 AS BIGINT)", "account"),
    ("model_pd", "round(power({u}, 4) * 0.45, 4)", "each"),
    ("region", _one_of(north=0.2, south=0.25, east=0.3, west=0.15, centre=0.1), None),
    ("channel", _one_of(web=0.3, app=0.5, branch=0.12, broker=0.08), None),
    ("requested_amount", "CAST(5 + power({u}, 2) * 300 AS BIGINT) * 10000", None),
    ("requested_months", "CAST(6 + {u} * 54 AS BIGINT)", None),
)
GROUPS = ("bureau", "account")
MISSING_TOGETHER, MISSING_ALONE, MISSING_EACH = 0.05, 0.01, 0.06


def customers_sql(rows: int) -> str:
    """A query for customers 0 to rows - 1."""
    uniform = "(hash({key} * 128 + {salt}) / 18446744073709551616.0)".replace("{key}", KEY)
    missing = {name: uniform.replace("{salt}", str(100 + number)) for number, name in enumerate(GROUPS)}
    columns = []
    for number, (name, expression, group) in enumerate(COLUMNS):
        value = expression.replace("{u}", f"_u{number}")
        if group is not None:
            alone = uniform.replace("{salt}", str(50 + number))
            share = MISSING_EACH if group == "each" else MISSING_ALONE
            together = f"{missing[group]} < {MISSING_TOGETHER} OR " if group in missing else ""
            value = f"CASE WHEN {together}{alone} < {share} THEN NULL ELSE {value} END"
        columns.append(f"{value} AS {name}")
    uniforms = ", ".join(f"{uniform.replace('{salt}', str(number))} AS _u{number}" for number in range(len(COLUMNS)))
    return f"SELECT {KEY}, {', '.join(columns)} FROM (SELECT {KEY}, {uniforms} FROM (SELECT range AS {KEY} FROM range({rows})))"


def write_customers(rows: int, path: Path) -> None:
    """The customers as a Parquet file, in rows of about 120,000 to a group."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"COPY ({customers_sql(rows)}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def read_customers(rows: int) -> list[dict[str, Any]]:
    """Customers as mappings fact -> value, dates as `datetime.date`, with their key."""
    with duckdb.connect() as connection:
        found = connection.execute(f"{customers_sql(rows)} ORDER BY {KEY}")
        names = [each[0] for each in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def facts_of(customers: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same without the key and with dates as text, as they come in by JSON."""
    for each in customers:
        yield {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in each.items() if name != KEY}
