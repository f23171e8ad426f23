"""One applicant in Python, many in DuckDB, many in Spark: the same cells."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouxin.desk.decisions import Assessor
from shouxin.desk.portfolio import Job, decide_file, decide_file_on_spark
from shouxin.desk.portfolio.agreement import facts_of
from shouxin.engines.policy.compile import Policy
from tests.bundles import Change, compiling, policy_of, shipped
from tests.customers import AS_OF, cell, random_facts, row_of, write_parquet
from tests.engines.policy.cards import fitted_policy

COUNT, ON_SPARK = 4_000, 1_500


def read(path: Path | str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT * FROM '{path}' ORDER BY 1").fetchall()


def online(policy: Policy, facts: list[Any]) -> list[tuple[Any, ...]]:
    assessor = Assessor(policy)
    return [row_of(f"K{index:06}", assessor.assess(each, AS_OF)) for index, each in enumerate(facts)]


def check_same(expected: list[tuple[Any, ...]], found: list[tuple[Any, ...]], facts: list[Any]) -> None:
    assert len(expected) == len(found)
    for one, other, given in zip(expected, found, facts, strict=True):
        assert one == other, dict(given)


@pytest.mark.parametrize("name", compiling())
def test_python_and_duckdb(tmp_path: Path, name: str) -> None:
    policy = shipped(name)
    facts = random_facts(policy, COUNT, seed=11)
    source, out = write_parquet(policy, facts, tmp_path / "in.parquet"), tmp_path / "out.parquet"
    report = decide_file(Job(policy, source, out, AS_OF))
    expected = online(policy, facts)
    check_same(expected, read(out), facts)
    assert report.rows == COUNT and report.refused == 0
    for place, product in enumerate(policy.plan.products):
        outcomes = [row[5 + 5 * place] for row in expected]
        if product.code not in policy.bundle.variants:  # few random customers may have a scenario: see below
            assert {"decline", "refer", "approve"} == set(outcomes), f"too few kinds of {product.code} to compare"
        assert report.summary.products[place].outcomes == {each: outcomes.count(each) for each in ("decline", "refer", "approve")}


@pytest.mark.parametrize("name", ["standard", "exclusive"])
def test_python_and_duckdb_within_every_window(tmp_path: Path, name: str) -> None:
    window = ("from: 10-01, until: 11-11", "from: 06-15, until: 07-15")
    policy = policy_of(tmp_path, {"products/business-loan.yaml": shipped_text("business-loan", window)}, name)
    facts = random_facts(policy, COUNT, seed=12)
    decide_file(Job(policy, write_parquet(policy, facts, tmp_path / "in.parquet"), tmp_path / "out.parquet", AS_OF))
    expected = online(policy, facts)
    check_same(expected, read(tmp_path / "out.parquet"), facts)
    place = [each.code for each in policy.plan.products].index("business-loan-stocking")
    assert {"decline", "refer", "approve"} == {row[5 + 5 * place] for row in expected}


def shipped_text(product: str, change: tuple[str, str]) -> str:
    """The file of a product of `standard`, with one change."""
    text = shipped("standard").bundle.texts[f"products/{product}.yaml"]
    assert change[0] in text
    return text.replace(*change)


@pytest.mark.spark
@pytest.mark.parametrize("name", [name for name in compiling() if name in ("starter", "standard")])
def test_python_and_spark(tmp_path: Path, name: str, spark: Any) -> None:
    policy = shipped(name)
    facts = random_facts(policy, ON_SPARK, seed=13)
    source = write_parquet(policy, facts, tmp_path / "in.parquet")
    decide_file_on_spark(Job(policy, source, tmp_path / "out", AS_OF), session=spark)
    check_same(online(policy, facts), read(tmp_path / "out" / "*.parquet"), facts)


def many_rules(tmp_path: Path) -> Policy:
    """130 rules, so that three masks are needed; every second one refers."""
    rules, reasons = ["rules:"], []
    for number in range(130):
        effect = "refer" if number % 2 else "decline"
        rules.append(f"  - {{code: R{number:03}, when: 'months_employed = {number}', effect: {effect}}}")
        reasons.append(f"  R{number:03}: {{rank: {1000 - number}, zh: x, en: x}}")
    names: dict[str, Change] = {
        "rules.yaml": "\n".join(rules),
        "reasons.yaml": ("reasons:", "reasons:\n" + "\n".join(reasons) + "\n  #"),
    }
    return policy_of(tmp_path, names)


def test_many_rules_in_duckdb(tmp_path: Path) -> None:
    policy = many_rules(tmp_path)
    facts = random_facts(policy, 1_500, seed=3)
    source = write_parquet(policy, facts, tmp_path / "in.parquet")
    decide_file(Job(policy, source, tmp_path / "out.parquet", AS_OF))
    expected = online(policy, facts)
    check_same(expected, read(tmp_path / "out.parquet"), facts)
    assert len({row[-1] for row in expected}) > 100
    assert any(row[-1].count("?") > 100 for row in expected), "a missing fact leaves every rule open"


@pytest.mark.spark
def test_many_rules_in_spark(tmp_path: Path, spark: Any) -> None:
    policy = many_rules(tmp_path)
    facts = random_facts(policy, 1_500, seed=3)
    source = write_parquet(policy, facts, tmp_path / "in.parquet")
    decide_file_on_spark(Job(policy, source, tmp_path / "out", AS_OF), session=spark)
    check_same(online(policy, facts), read(tmp_path / "out" / "*.parquet"), facts)


def test_a_fitted_card_in_duckdb(tmp_path: Path) -> None:
    """Special values, inline pairs and words that are not listed."""
    policy = fitted_policy(tmp_path)
    facts = random_facts(policy, COUNT, seed=17)
    decide_file(Job(policy, write_parquet(policy, facts, tmp_path / "in.parquet"), tmp_path / "out.parquet", AS_OF))
    expected = online(policy, facts)
    check_same(expected, read(tmp_path / "out.parquet"), facts)
    told = {code for row in expected for code in row[4].split(",")}
    assert told >= {"OVERDUE_UNSAID", "OVERDUE_MISSING", "OVERDUE_BY_USE", "PURPOSE_BY_HOUSING", "PURPOSE_MISSING"}
    assert len({row[1] for row in expected}) > 100 and len({row[2] for row in expected}) == 4


@pytest.mark.spark
def test_a_fitted_card_in_spark(tmp_path: Path, spark: Any) -> None:
    policy = fitted_policy(tmp_path)
    facts = random_facts(policy, ON_SPARK, seed=17)
    source = write_parquet(policy, facts, tmp_path / "in.parquet")
    decide_file_on_spark(Job(policy, source, tmp_path / "out", AS_OF), session=spark)
    check_same(online(policy, facts), read(tmp_path / "out" / "*.parquet"), facts)


WORDS = ["car", "auto", "boat", "Car", "auto ", " ", "other", "small business", "'", "其他", None]


def worded(policy: Policy, to: Path) -> tuple[Path, list[tuple[Any, ...]]]:
    """A file of one customer for each word, and the decisions on them one by one."""
    facts = random_facts(policy, len(WORDS), seed=2)
    table = pq.read_table(write_parquet(policy, facts, to / "in.parquet"))
    table = table.set_column(table.schema.get_field_index("purpose"), "purpose", pa.array(WORDS, pa.string()))
    pq.write_table(table, to / "in.parquet")
    assessor = Assessor(policy)
    given = [facts_of(policy, row) for row in table.to_pylist()]
    assert [each["purpose"] for each in given[:6]] == ["car", "car", "other", "other", "other", "other"]
    return to / "in.parquet", [row_of(f"K{index:06}", assessor.assess(each, AS_OF)) for index, each in enumerate(given)]


def test_words_that_are_not_listed_in_duckdb(tmp_path: Path) -> None:
    policy = fitted_policy(tmp_path)
    source, expected = worded(policy, tmp_path)
    decide_file(Job(policy, source, tmp_path / "out.parquet", AS_OF))
    assert read(tmp_path / "out.parquet") == expected
    kinds = pa.dictionary(pa.int32(), pa.string())
    table = pq.read_table(source)
    table = table.set_column(table.schema.get_field_index("purpose"), "purpose", pa.array(WORDS).cast(kinds))
    pq.write_table(table, tmp_path / "coded.parquet")
    decide_file(Job(policy, tmp_path / "coded.parquet", tmp_path / "coded-out.parquet", AS_OF))
    assert read(tmp_path / "coded-out.parquet") == expected


@pytest.mark.spark
def test_words_that_are_not_listed_in_spark(tmp_path: Path, spark: Any) -> None:
    policy = fitted_policy(tmp_path)
    source, expected = worded(policy, tmp_path)
    decide_file_on_spark(Job(policy, source, tmp_path / "out", AS_OF), session=spark)
    assert read(tmp_path / "out" / "*.parquet") == expected


def write_csv(policy: Policy, facts: list[Any], path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([policy.bundle.facts.key, *(each.source_column for each in policy.plan.inputs)])
        for index, one in enumerate(facts):
            cells = [cell(each, one[each.fact]) for each in policy.plan.inputs]
            shown = ["" if each is None else str(each).lower() if isinstance(each, bool) else each for each in cells]
            writer.writerow([f"K{index:06}", *shown])
    return path


@pytest.mark.parametrize("name", compiling())
def test_csv_and_parquet_give_the_same_decisions(tmp_path: Path, name: str) -> None:
    policy = shipped(name)
    facts = random_facts(policy, 800, seed=5)
    decide_file(Job(policy, write_parquet(policy, facts, tmp_path / "a.parquet"), tmp_path / "a-out.parquet", AS_OF))
    decide_file(Job(policy, write_csv(policy, facts, tmp_path / "b.csv"), tmp_path / "b-out.parquet", AS_OF))
    assert read(tmp_path / "a-out.parquet") == read(tmp_path / "b-out.parquet")


@pytest.mark.spark
def test_csv_on_spark(tmp_path: Path, spark: Any, starter: Policy) -> None:
    facts = random_facts(starter, 500, seed=5)
    source = write_csv(starter, facts, tmp_path / "b.csv")
    decide_file_on_spark(Job(starter, source, tmp_path / "out", AS_OF), session=spark)
    check_same(online(starter, facts), read(tmp_path / "out" / "*.parquet"), facts)


@pytest.mark.spark
def test_quoted_cells_of_a_csv_are_the_same_on_both(tmp_path: Path, spark: Any, starter: Policy) -> None:
    """Keys with commas, quotes, spaces, a backslash and a line break."""
    facts = random_facts(starter, 6, seed=5)
    source = write_csv(starter, facts, tmp_path / "in.csv")
    text = source.read_text(encoding="utf-8")
    for index, key in enumerate(['"a,b"', '"a""b"', '" a "', '"a\\"', '"a\nb"', '"授信"']):
        text = text.replace(f"K{index:06}", key)
    source.write_text(text, encoding="utf-8")
    decide_file(Job(starter, source, tmp_path / "out.parquet", AS_OF))
    decide_file_on_spark(Job(starter, source, tmp_path / "out", AS_OF), session=spark)
    found = read(tmp_path / "out.parquet")
    assert sorted(row[0] for row in found) == sorted(["a,b", 'a"b', " a ", "a\\", "a\nb", "授信"])
    assert read(tmp_path / "out" / "*.parquet") == found


@pytest.mark.spark
def test_rows_set_aside_are_the_same_on_spark(tmp_path: Path, spark: Any, starter: Policy) -> None:
    facts = random_facts(starter, 40, seed=5)
    text = write_csv(starter, facts, tmp_path / "in.csv").read_text(encoding="utf-8").splitlines()
    text[3] = text[3].replace("K000002", "K000001")
    housing = text[0].split(",").index("housing")
    for line, bad in ((5, "castle"), (7, ""), (9, '"rented\n"')):
        cells = text[line].split(",")
        cells[housing] = bad
        text[line] = ",".join(cells)
    source = tmp_path / "bad.csv"
    source.write_text("\n".join(text) + "\n", encoding="utf-8")
    one = decide_file(Job(starter, source, tmp_path / "out.parquet", AS_OF, tmp_path / "bad1.csv"))
    two = decide_file_on_spark(Job(starter, source, tmp_path / "out", AS_OF, tmp_path / "bad2.csv"), session=spark)
    assert (one.rows, one.refused) == (two.rows, two.refused) == (35, 5)
    assert read(tmp_path / "out.parquet") == read(tmp_path / "out" / "*.parquet")


def test_one_day_after_another(tmp_path: Path, starter: Policy) -> None:
    """Reports grow old, windows of the law open: the day changes the same cells online and in batch."""
    facts = random_facts(starter, 300, seed=9)
    source, assessor = write_parquet(starter, facts, tmp_path / "in.parquet"), Assessor(starter)
    seen = set()
    for day in (dt.date(1990, 1, 1), dt.date(2024, 2, 29), dt.date(2025, 9, 30), dt.date(2025, 10, 1), dt.date(2150, 12, 31)):
        decide_file(Job(starter, source, tmp_path / "out.parquet", day))
        expected = [row_of(f"K{index:06}", assessor.assess(each, day)) for index, each in enumerate(facts)]
        check_same(expected, read(tmp_path / "out.parquet"), facts)
        seen.add(tuple(expected))
    assert len(seen) > 2


def test_codes_written_as_numbers(tmp_path: Path) -> None:
    """An enum kept as a number in the file, with a map: online and in batch the same."""
    policy = policy_of(
        tmp_path, {"facts.yaml": ("housing: {type: enum,", 'housing: {type: enum, map: {"1": owned, "2": rented},')}
    )
    facts = random_facts(policy, 3, seed=1)
    table = pq.read_table(write_parquet(policy, facts, tmp_path / "in.parquet"))
    at = table.schema.get_field_index("housing")
    table = table.set_column(at, "housing", pa.array([1, 2, 1], pa.int64()))
    pq.write_table(table, tmp_path / "in.parquet")
    decide_file(Job(policy, tmp_path / "in.parquet", tmp_path / "out.parquet", AS_OF))
    assessor = Assessor(policy)
    expected = [row_of(row["customer_id"], assessor.assess(facts_of(policy, row), AS_OF)) for row in table.to_pylist()]
    assert read(tmp_path / "out.parquet") == expected
