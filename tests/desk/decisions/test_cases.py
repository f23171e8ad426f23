"""A bundle's own cases: they pass for the shipped bundles, and they can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouxin.desk.decisions.cases import CaseResult, run_cases
from tests.bundles import compiling, policy_of, shipped

CASES = "cases/cash-line.csv"
HEAD = (
    "name,as_of,profile,worst_overdue_24m,= tier,= cash-line.outcome,= cash-line.limit,= cash-line.reasons,= cash-line.missing\n"
)


@pytest.mark.parametrize("name", compiling())
def test_the_cases_of_a_shipped_bundle(name: str) -> None:
    done = run_cases(shipped(name))
    assert done, "a bundle without cases"
    assert [f"{each.file}:{each.line}: {each.name}: {each.faults}" for each in done if each.faults] == []
    assert all(each.expectations for each in done)


def run(tmp_path: Path, *rows: str) -> list[CaseResult]:
    return run_cases(policy_of(tmp_path, {CASES: HEAD + "\n".join(rows)}))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("x,2026-07-01,steady,,B,,,,", "tier: expected B, got A"),
        ("x,2026-07-01,steady,,,decline,,,", "cash-line.outcome: expected decline, got approve"),
        ("x,2026-07-01,steady,,,,51901,,", "cash-line.limit: expected 51901, got 51900"),
        ("x,2026-07-01,steady,,,,,UNDER_AGE,", "cash-line.reasons: expected UNDER_AGE, got none"),
        ("x,2026-07-01,steady,null,,,,,none", "cash-line.missing: expected none, got worst_overdue_24m"),
        ("x,2026-07-01,nobody,,A,,,,", "nobody"),
        ("x,2026-13-01,steady,,A,,,,", "month"),
        ("x,1850-01-01,steady,,A,,,,", "1990"),
        ("x,2026-07-01,steady,many,A,,,,", "worst_overdue_24m"),
        ("x,2026-07-01,steady,,,,,,", "expects nothing"),
    ],
)
def test_a_case_can_fail(tmp_path: Path, row: str, told: str) -> None:
    (result,) = run(tmp_path, row)
    assert told in "; ".join(result.faults)
    assert (result.file, result.line, result.name) == (CASES, 2, "x")


def test_a_case_can_pass(tmp_path: Path) -> None:
    results = run(
        tmp_path,
        "x,2026-07-01,steady,,A,approve,51900.00,none,none",
        "# a remark",
        "y,2026-07-01,steady,null,,refer,0,OVERDUE_90,worst_overdue_24m",
    )
    assert [each.faults for each in results] == [(), ()]
    assert [each.line for each in results] == [2, 4]


@pytest.mark.parametrize("column", ["= cash-lime.outcome", "= cash-line.colour", "= colour"])
def test_what_cannot_be_expected(tmp_path: Path, column: str) -> None:
    policy = policy_of(tmp_path, {CASES: f"name,profile,{column}\nx,steady,approve\n"})
    (result,) = run_cases(policy)
    assert "cannot be run" in result.faults[0]


def test_an_unknown_fact(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, {CASES: "name,profile,housin,= tier\nx,steady,owned,A\n"})
    (result,) = run_cases(policy)
    assert "housin" in result.faults[0]
