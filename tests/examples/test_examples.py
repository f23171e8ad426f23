"""The examples over their real data: nothing leaks, every borrower gets an answer, and the tiers hold on rows unseen."""

from __future__ import annotations

import datetime as dt
import doctest
import json
import math
import re
import shlex
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

import examples.outcomes
from examples.outcomes import outcomes, quoted, rows_set_aside, spec_of, table, together
from examples.prepare import literal, prepare
from shouxin.desk.decisions.cases import run_cases
from shouxin.desk.portfolio import Job, decide_file
from shouxin.desk.portfolio.scored import ScoreJob, score_file
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.scoring.cards.card import read_card
from shouxin.engines.scoring.fitting.spec import Spec
from shouxin.faces.cli.app import run
from tests.datasets import dataset

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "examples" / "README.md"
AS_OF = dt.date(2026, 7, 1)


@dataclass(frozen=True)
class Example:
    """An example and its data.

    leaks:  columns that say, or are made by, what became of the borrower
    fitted: rows of the data that the card is about
    """

    name: str
    folder: str
    rows: int
    fitted: int
    key: str
    leaks: frozenset[str]
    card: str

    @property
    def bundle(self) -> Path:
        """The example's folder."""
        return ROOT / "examples" / self.name

    @property
    def card_file(self) -> Path:
        """The fitted card."""
        return self.bundle / "scorecards" / f"{self.card}.yaml"

    @property
    def data(self) -> Path:
        """The example's data file."""
        return dataset(self.folder)

    @property
    def spec(self) -> Spec:
        """What the fit was told."""
        return spec_of(ROOT / "examples" / f"{self.name}.spec.yaml")


AFTER_APPROVAL = "term chg_off_date chg_off_prin_gr mis_status balance_gross disbursement_gross disbursement_date approval_fy"
BOTH = (
    Example("give-me-some-credit", "gmsc", 150_000, 150_000, "row_id", frozenset({"SeriousDlqin2yrs"}), "persons"),
    Example("sba", "sba_30k", 30_000, 28_541, "loan_nr_chk_dgt", frozenset(AFTER_APPROVAL.split()), "businesses"),
)


@dataclass(frozen=True)
class Decided:
    """A run of the batch over an example's data, and the rows that its card is fitted on."""

    example: Example
    policy: Policy
    decisions: Path
    rows: Path


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
    folder = tmp_path_factory.mktemp(example.folder)
    decisions, rows = folder / "decisions.parquet", folder / f"{example.name}-rows.parquet"
    decide_file(Job(policy, example.data, decisions, AS_OF))
    assert prepare(example.name, example.data, rows) == example.fitted
    return Decided(example, policy, decisions, rows)


def test_cases_of_the_bundle_hold(policy: Policy) -> None:
    results = run_cases(policy)
    assert len(results) >= 10
    assert [f"{each.file}:{each.line} {fault}" for each in results for fault in each.faults] == []


def test_no_fact_is_read_from_what_came_after(example: Example, policy: Policy) -> None:
    read = {each.source_column for each in policy.plan.inputs} | {each.fact for each in policy.plan.inputs}
    assert read & example.leaks == set()
    target = example.spec.target.column
    named = [name for name, text in policy.bundle.texts.items() if target.lower() in text.lower()]
    assert named == [f"scorecards/{example.card}.yaml"]  # which says what it was fitted to


def test_the_card_reads_nothing_that_leaks_or_is_protected(example: Example) -> None:
    card = read_card(example.card_file.read_text(encoding="utf-8"), str(example.card_file))
    columns = {each.column for each in card.inputs.values()}
    assert columns <= set(example.spec.used)
    assert columns & (example.leaks | set(example.spec.protected) | {example.key}) == set()
    query = (ROOT / "examples" / f"{example.name}.sql").read_text(encoding="utf-8")
    known_later = example.leaks - {example.spec.target.column, "approval_fy"}
    assert [each for each in known_later if re.search(rf"\b{each}\b", query)] == []


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
    spec = decided.example.spec
    rate = None if spec.true_bad_rate is None else float(spec.true_bad_rate)
    tiers, decisions = outcomes(decided.decisions, decided.rows, spec, decided.example.key)
    shown = "\n".join(table(tiers, "tier", rate))
    assert [each.name for each in tiers] == ["A", "B", "C", "D", "E"]
    every = together(tiers)
    assert every.customers == math.ceil(decided.example.fitted * 0.3)
    for better, worse in pairwise(tiers):
        assert better.rate < worse.rate, shown
        assert better.interval[1] < worse.interval[0], f"the intervals of {better.name} and {worse.name} overlap\n{shown}"
    assert all(0.1 < each.customers / every.customers < 0.4 for each in tiers), shown
    text = README.read_text(encoding="utf-8")
    assert shown in text and "\n".join(table(decisions, "outcome", rate)) in text, "README.md shows another run"
    rates = {each.name: each.rate for each in decisions}
    assert rates["approve"] < every.rate < rates["decline"], shown


def test_the_query_and_the_bundle_read_the_file_alike(decided: Decided, tmp_path: Path) -> None:
    """The card gives every row of the query the score that the bundle gives it."""
    example, scores = decided.example, tmp_path / "scores.parquet"
    card = read_card(example.card_file.read_text(encoding="utf-8"), str(example.card_file))
    score_file(ScoreJob(card, decided.rows, scores, (example.key,)))
    query = f"""
        SELECT count(*), count(*) FILTER (ours.score = decided.score), count(DISTINCT ours.score)
        FROM {literal(scores)} AS ours JOIN {literal(decided.decisions)} AS decided USING ({quoted(example.key)})"""
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    assert found[:2] == (example.fitted, example.fitted)
    assert found[2] > 100


def test_the_rows_set_aside_are_not_those_fitted_on(decided: Decided) -> None:
    aside = rows_set_aside(decided.rows, decided.example.spec, decided.example.key)
    card = read_card(decided.example.card_file.read_text(encoding="utf-8"), str(decided.example.card_file))
    assert card.fitted.data is not None
    assert len(set(aside.keys)) == len(aside.keys) == decided.example.fitted - card.fitted.data.rows
    with duckdb.connect() as connection:
        bad = f"{quoted(decided.example.spec.target.column)}::VARCHAR = '{decided.example.spec.target.bad[0]}'"
        found = connection.execute(f"SELECT count(*) FROM {literal(decided.rows)} WHERE {bad}").fetchone()
    assert found == (card.fitted.data.bads + sum(aside.bad),)


def test_the_command_of_the_readme_writes_the_card(
    decided: Decided, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same bytes, and the figures that README.md shows."""
    text = README.read_text(encoding="utf-8")
    program, *args = next(shlex.split(line) for line in _commands(text) if f"{decided.example.name}.spec.yaml" in line)
    assert program == "shouxin" and args[:2] == ["score", "fit"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").mkdir()
    (tmp_path / args[2]).symlink_to(decided.rows)
    spec, card, report = (tmp_path / args[args.index(option) + 1] for option in ("--spec", "--out", "--report"))
    card.parent.mkdir(parents=True)
    spec.symlink_to(ROOT / "examples" / spec.name)
    run([*args, "--json"])
    assert card.read_text(encoding="utf-8") == decided.example.card_file.read_text(encoding="utf-8")
    (told,) = json.loads(capsys.readouterr().out)
    assert "\n".join(_headline(told["validation"])) in text
    assert all(each.stat().st_size > 10_000 for each in (report, report.with_suffix(".zh.html")))


def _commands(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.startswith("    shouxin score fit ")]


def _headline(found: dict[str, Any]) -> list[str]:
    """The rows of README.md's table that say how well the card, the baseline and the challenger rank."""
    rows = []
    others = {each["name"]: each["intervals"] for each in found["others"]}
    for name, each in ({"this card": found["intervals"]} | others).items():
        auc, gini, ks = (each[measure] for measure in ("auc", "gini", "ks"))
        cells = [f"{auc['value']:.4f}", _between(auc), f"{gini['value']:.4f}", f"{ks['value']:.4f}", _between(ks)]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def _between(estimate: dict[str, float]) -> str:
    return f"{estimate['low']:.4f} – {estimate['high']:.4f}"


def test_what_the_texts_show_is_true() -> None:
    found = doctest.testmod(examples.outcomes)
    assert found.failed == 0 and found.attempted > 0
