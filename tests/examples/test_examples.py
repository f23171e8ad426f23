"""The examples over their real data: nothing leaks, every borrower gets an answer, and the tiers hold on rows unseen."""

from __future__ import annotations

import datetime as dt
import doctest
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

import examples.fit_points
import examples.outcomes
from examples.fit_points import EXAMPLES, card
from examples.outcomes import literal, outcomes, quoted, table, together, train_rule
from shouxin.desk.decisions.cases import run_cases
from shouxin.desk.portfolio import Job, decide_file
from shouxin.engines.policy.compile import Policy, compile_policy

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SHOUXIN_DATA") or ROOT.parent / "shared" / "data")
AS_OF = dt.date(2026, 7, 1)


@dataclass(frozen=True)
class Example:
    """An example and its data. `leaks`: columns that say, or are made by, what became of the borrower."""

    name: str
    folder: str
    rows: int
    leaks: frozenset[str]
    card: str

    @property
    def bundle(self) -> Path:
        """The example's folder."""
        return ROOT / "examples" / self.name

    @property
    def data(self) -> Path:
        """The example's data file."""
        return DATA / self.folder / "data.parquet"


AFTER_APPROVAL = "term chg_off_date chg_off_prin_gr mis_status balance_gross disbursement_gross disbursement_date approval_fy"
BOTH = (
    Example("give-me-some-credit", "gmsc", 150_000, frozenset({"SeriousDlqin2yrs"}), "persons"),
    Example("sba", "sba_30k", 30_000, frozenset(AFTER_APPROVAL.split()), "businesses"),
)


@dataclass(frozen=True)
class Decided:
    """A run of the batch over an example's data."""

    example: Example
    policy: Policy
    decisions: Path


@pytest.fixture(scope="module", params=BOTH, ids=lambda example: example.name)
def example(request: pytest.FixtureRequest) -> Example:
    """Each example."""
    found: Example = request.param
    return found


@pytest.fixture(scope="module")
def policy(example: Example) -> Policy:
    """The example's policy, compiled."""
    return compile_policy(example.bundle)


@pytest.fixture(scope="module")
def decided(example: Example, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Decided:
    """The example's data, decided."""
    if not example.data.is_file():
        pytest.skip(f"no data: {example.data} is absent; SHOUXIN_DATA names the folder that holds {example.folder}/data.parquet")
    out = tmp_path_factory.mktemp(example.folder) / "decisions.parquet"
    decide_file(Job(policy, example.data, out, AS_OF))
    return Decided(example, policy, out)


def test_cases_of_the_bundle_hold(policy: Policy) -> None:
    results = run_cases(policy)
    assert len(results) >= 10
    assert [f"{each.file}:{each.line} {fault}" for each in results for fault in each.faults] == []


def test_no_fact_is_read_from_what_came_after(example: Example, policy: Policy) -> None:
    read = {each.source_column for each in policy.plan.inputs} | {each.fact for each in policy.plan.inputs}
    assert read & example.leaks == set()
    target = EXAMPLES[example.name].bad.split()[0]
    assert [name for name, text in policy.bundle.texts.items() if target.lower() in text.lower()] == []


def test_every_borrower_is_decided_or_told_why(decided: Decided) -> None:
    product = decided.policy.plan.products[0].column
    query = f"""
        SELECT count(*), count(DISTINCT {quoted(decided.policy.bundle.facts.key)}),
            count(*) FILTER ({product}_outcome = 'approve' AND {product}_limit > 0 AND {product}_rate > 0),
            count(*) FILTER ({product}_outcome IN ('decline', 'refer') AND {product}_limit = 0 AND {product}_reasons <> '')
        FROM {literal(decided.decisions)}"""
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    rows, keys, granted, explained = found
    assert rows == keys == granted + explained == decided.example.rows
    assert granted > rows / 4


def test_the_bad_rate_rises_from_tier_to_tier(decided: Decided) -> None:
    fitted = EXAMPLES[decided.example.name]
    tiers, decisions = outcomes(decided.decisions, decided.example.data, fitted.key, fitted.bad)
    shown = "\n".join(table(tiers, "tier", fitted.true_rate))
    assert [each.name for each in tiers] == ["A", "B", "C", "D", "E"]
    every = together(tiers)
    for better, worse in pairwise(tiers):
        assert better.rate < worse.rate, shown
        assert better.interval[1] < worse.interval[0], f"the intervals of {better.name} and {worse.name} overlap\n{shown}"
    assert all(0.1 < each.customers / every.customers < 0.4 for each in tiers), shown
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert shown in text and "\n".join(table(decisions, "outcome", fitted.true_rate)) in text, "README.md shows another run"
    rates = {each.name: each.rate for each in decisions}
    assert rates["approve"] < every.rate < rates["decline"], shown


def test_the_card_comes_from_the_training_rows_alone(decided: Decided, tmp_path: Path) -> None:
    """The script prints the very card of the bundle from a file that does not hold the test rows."""
    fitted, example = EXAMPLES[decided.example.name], decided.example
    seen = tmp_path / "seen.parquet"
    with duckdb.connect() as connection:
        rule = train_rule(quoted(fitted.key))
        connection.execute(f"COPY (SELECT * FROM {literal(example.data)} WHERE {rule}) TO {literal(seen)} (FORMAT parquet)")
    assert card(fitted, seen) == (example.bundle / "scorecards" / f"{example.card}.yaml").read_text(encoding="utf-8")


def test_the_script_and_the_policy_read_the_file_alike(decided: Decided) -> None:
    """The training rows by score, as the script counted them, are those of the decisions."""
    fitted, example = EXAMPLES[decided.example.name], decided.example
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT score // 25 * 25 AS band, count(*) FROM {literal(decided.decisions)} "
            f"WHERE {train_rule(quoted(fitted.key))} GROUP BY 1 ORDER BY 1 DESC"
        ).fetchall()
    text = (example.bundle / "scorecards" / f"{example.card}.yaml").read_text(encoding="utf-8")
    counted = [line.split(" rows")[0] for line in text.splitlines() if line.startswith("#   ")]
    assert counted == [f"#   {band} to {band + 24}: {count:,}" for band, count in rows]


@pytest.mark.parametrize("module", [examples.outcomes, examples.fit_points])
def test_what_the_texts_show_is_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
