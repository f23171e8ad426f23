"""Our card in a process of its own: fitted on the one part of a set, scored on the other by DuckDB.

`python -m benchmarks.scoring_card TRAIN TEST OUT --pairs N [--text COLUMN ...]` writes the scores of the test part, negated so
that higher is worse, to OUT (.npy), and prints as its last line what it took, as JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import most_memory
from benchmarks.scoring_data import TARGET
from shouxin.desk.portfolio.data_file import open_data
from shouxin.desk.portfolio.running import duckdb_session
from shouxin.desk.portfolio.tables import table_of
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_sql import card_sql
from shouxin.engines.scoring.fitting.fit import Wish, fit
from shouxin.engines.scoring.fitting.profile import draft
from shouxin.engines.scoring.fitting.spec import SplitSpec

THREADS = 2
CELLS, MOST_ROWS, SCORING_SECONDS = 40_000_000, 4_000_000, 1.0


def fitted_card(train: Path, text: list[str], pairs: int, true_bad_rate: str | None) -> Card:
    """The card that `shouxin score fit` makes of the training part with the specification that `profile` drafts of it.

    Some things are not as drafted, so that every contestant is told the same: no rows are set aside once more, no direction is
    declared, and no column is left out, neither as protected (sex and marriage in `taiwan_credit_card`) nor as a suspected
    leak. The true bad rate moves the base only, and with it how many scores the scale's ends cut off.
    """
    table = table_of(train, as_text=text)
    drafted = draft(table, TARGET, "1").spec
    all_used = {"use": True, "why": None, "leak": False, "direction": "either"}
    columns = {name: each.model_copy(update=all_used) for name, each in drafted.columns.items()}
    changes = {"columns": columns, "protected": [], "split": SplitSpec(method="none")}
    rate = None if true_bad_rate is None else Decimal(true_bad_rate)
    spec = drafted.model_copy(update={**changes, "true_bad_rate": rate})
    return fit(table, spec, Wish(pairs=pairs, allowed=tuple(columns))).card


def scores(card: Card, path: Path) -> NDArray[np.float64]:
    """The scores of a file's rows, in their order."""
    with duckdb_session(THREADS) as connection:
        data = open_data(path, connection)
        found = connection.execute(card_sql(card, DUCKDB, data.table, data.types)).fetchnumpy()
    return np.asarray(found["score"], dtype=float)


def rows_a_second(card: Card, path: Path) -> float:
    """How many rows DuckDB scores in a second: a table in memory with the file's rows over and over, for at least a second.

    Score and probability of default of every row are worked out, and summed.
    """
    with duckdb_session(THREADS) as connection:
        data = open_data(path, connection)
        rows = int(connection.execute(f"SELECT count(*) FROM {data.table}").fetchall()[0][0])
        times = max(1, min(MOST_ROWS, CELLS // len(data.types)) // rows)
        connection.execute(f"CREATE TABLE many AS SELECT data.* FROM {data.table} AS data, range({times})")
        statement = f"SELECT sum(score), sum(pd_ppm) FROM ({card_sql(card, DUCKDB, 'many', data.types)})"
        return _repeated(connection, statement) * rows * times


def _repeated(connection: duckdb.DuckDBPyConnection, statement: str) -> float:
    """How often a statement runs in a second, after a first time that is not counted."""
    connection.execute(statement).fetchall()
    times, started = 0, time.perf_counter()
    while (seconds := time.perf_counter() - started) < SCORING_SECONDS:
        connection.execute(statement).fetchall()
        times += 1
    return times / seconds


def main() -> None:
    """Fit, score, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pairs", type=int, required=True)
    parser.add_argument("--text", nargs="*", default=[])
    parser.add_argument("--true-bad-rate")
    chosen = parser.parse_args()
    started = time.perf_counter()
    card = fitted_card(chosen.train, chosen.text, chosen.pairs, chosen.true_bad_rate)
    seconds = time.perf_counter() - started
    np.save(chosen.out, -scores(card, chosen.test))
    memory = most_memory()
    print(json.dumps({"fit": seconds, "rows_a_second": rows_a_second(card, chosen.test), "memory": memory}))


if __name__ == "__main__":
    main()
