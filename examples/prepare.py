"""Write the rows that an example's card is fitted on, as its query says: what the bundle derives, derived once more in SQL.

    python -m examples.prepare give-me-some-credit ../shared/data/gmsc/data.parquet var/gmsc-rows.parquet

The queries stand beside the bundles, `NAME.sql`; tests hold that query and bundle read the file alike.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent


def literal(path: Path) -> str:
    """A file name as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def prepare(name: str, data: Path, out: Path) -> int:
    """Write a Parquet file of the rows, in the order of their key; returns how many."""
    query = (FOLDER / f"{name}.sql").read_text(encoding="utf-8").replace("'{data}'", literal(data))
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO {literal(out)} (FORMAT parquet, COMPRESSION zstd)")
        found = connection.execute(f"SELECT count(*) FROM {literal(out)}").fetchone()
    assert found is not None, "a count gives a row"
    return int(found[0])


def main(arguments: list[str]) -> int:
    """Prepare the rows of an example; 2 on wrong usage."""
    names = sorted(each.stem for each in FOLDER.glob("*.sql"))
    if len(arguments) != 3 or arguments[0] not in names:
        print(f"usage: python -m examples.prepare {'|'.join(names)} DATA.parquet OUT.parquet", file=sys.stderr)
        return 2
    print(f"{prepare(arguments[0], Path(arguments[1]), Path(arguments[2])):,} rows: {arguments[2]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
