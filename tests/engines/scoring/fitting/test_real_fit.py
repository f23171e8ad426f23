"""A card fitted on a real file, as drafted: it ranks better than the classical card, and scores alike on every engine."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shouxin.desk.portfolio.scored import ScoreJob, score_file
from shouxin.desk.portfolio.tables import table_of
from shouxin.engines.policy.sql_text import SPARK
from shouxin.engines.scoring.cards.card_sql import card_sql
from shouxin.engines.scoring.cards.score_one import Scored, score_one
from shouxin.engines.scoring.fitting.fit import Fitted, Wish, fit
from shouxin.engines.scoring.fitting.fit_story import BASELINE, on_test_rows
from shouxin.engines.scoring.fitting.profile import draft
from shouxin.engines.scoring.fitting.table import Table
from shouxin.engines.scoring.pmml.importing import import_pmml
from shouxin.engines.scoring.pmml.write import write_pmml
from tests.datasets import dataset

EVERY = 60


@pytest.fixture(scope="module")
def data() -> Path:
    return dataset("hmeq")


@pytest.fixture(scope="module")
def table(data: Path) -> Table:
    return table_of(data)


@pytest.fixture(scope="module")
def fitted(table: Table) -> Fitted:
    return fit(table, draft(table, "Default", None).spec, Wish(pairs=2))


@pytest.fixture(scope="module")
def in_duckdb(fitted: Fitted, data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, int]]:
    """(score, probability of default) of every row of the file."""
    out = tmp_path_factory.mktemp("scored") / "scores.parquet"
    score_file(ScoreJob(fitted.card, data, out))
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT score, pd_ppm FROM '{out}'").fetchall()


def rows_of(data: Path) -> list[dict[str, Any]]:
    """Every so many of the file's rows."""
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{data}'")
        names = [each[0] for each in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()[::EVERY]]


def by_one(fitted: Fitted, data: Path) -> list[Scored]:
    return [score_one(fitted.card, row) for row in rows_of(data)]


def test_it_ranks_better_than_the_classical_card(fitted: Fitted, table: Table) -> None:
    found = on_test_rows(fitted, table, 20)
    assert found.others[0].name == BASELINE
    assert found.measures.auc > found.others[0].intervals.auc.value
    assert len(fitted.card.shape.pairs) == 2 and max(len(each.bins) for each in fitted.card.shape.characteristics.values()) <= 10


def test_duckdb_and_python(fitted: Fitted, data: Path, in_duckdb: list[tuple[int, int]]) -> None:
    assert len(in_duckdb) == 5960 and len(set(in_duckdb)) > 100
    assert in_duckdb[::EVERY] == [(each.score, each.pd_ppm) for each in by_one(fitted, data)]


@pytest.mark.spark
def test_spark(fitted: Fitted, data: Path, in_duckdb: list[tuple[int, int]], spark: Any) -> None:
    frame = spark.read.parquet(str(data))
    frame.createOrReplaceTempView("home_loans")
    found = spark.sql(card_sql(fitted.card, SPARK, "home_loans", dict(frame.dtypes))).collect()
    assert sorted((row["score"], row["pd_ppm"]) for row in found) == sorted(in_duckdb)


def test_pmml(fitted: Fitted, data: Path, schema: Any, backend: Any) -> None:
    text = write_pmml(fitted.card)
    schema.assertValid(importlib.import_module("lxml.etree").fromstring(text.encode()))
    engine = importlib.import_module("jpmml_evaluator").make_evaluator(text.encode(), backend=backend).verify()
    names = [each.name for each in engine.getOutputFields()]
    for row, ours in zip(rows_of(data), by_one(fitted, data), strict=True):
        said = engine.evaluate(row)
        assert [said[name] for name in names[1:3]] == [ours.score, ours.pd_ppm], row
    assert import_pmml(text.encode(), "home.pmml").card.text == fitted.card.text
