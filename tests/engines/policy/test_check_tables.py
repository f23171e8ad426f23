"""The checks of decision tables: gaps, rows that nothing reaches, rows that overlap, better customers treated worse."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.cases import written_value
from shouxin.engines.policy.check_order import check_limits, check_prices
from shouxin.engines.policy.check_tables import check_tables, leaves
from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.proof import Prover
from shouxin.engines.policy.read import read_facts
from tests.engines.policy.bundles import LIMIT, PRICE, PRODUCT, TIERS, edited, found, only, starter

# -- tables ------------------------------------------------------------------------------------------------------------


def decide(policy: Policy, example: dict[str, str]) -> Any:
    """The decision for the facts of an example, read as a case is."""
    inputs = {each.fact: each for each in policy.plan.inputs}
    facts = {
        name: None if text == "null" else written_value(inputs[name], text) for name, text in example.items() if name in inputs
    }
    return Assessor(policy).assess(read_facts(policy.plan, facts), dt.date.fromisoformat(example["as_of"]))


def test_a_gap_is_shown_by_a_customer_who_falls_into_it(tmp_path: Path) -> None:
    policy = edited(tmp_path, (LIMIT, "C,,15000\n", ""))
    gap = only(found(check_tables, policy), "C-TABLE-GAP", "error")
    assert (gap.file, gap.line) == (LIMIT, 2)
    assert gap.example["tier"] == "C" and Decimal(gap.example["monthly_income"]) < 8000
    answer = decide(policy, {"birth_date": "1990-01-01", **gap.example})
    assert answer.tier == "C" and answer.product("cash-line").outcome == "refer"


def test_a_gap_for_missing_values_alone_is_said_mildly(tmp_path: Path) -> None:
    policy = edited(tmp_path, (LIMIT, "C,,15000", "C,< 8000,15000"))
    gap = only(found(check_tables, policy), "C-TABLE-NULL", "note")
    assert gap.example["tier"] == "C" and gap.example["monthly_income"] == "null"


def test_a_gap_that_only_declined_customers_fall_into_is_none(tmp_path: Path) -> None:
    assert found(check_tables, edited(tmp_path / "declined", (PRICE, "D,18.00\n", ""))) == []
    lenient = edited(tmp_path / "lenient", (PRICE, "D,18.00\n", ""), (PRODUCT, "when: score < 600", "when: score < 590"))
    gap = only(found(check_tables, lenient), "C-TABLE-GAP", "error")
    assert gap.example["tier"] == "D"


def test_a_row_below_a_more_general_one_is_unreachable(tmp_path: Path) -> None:
    policy = edited(tmp_path, (LIMIT, "A,>= 8000,120000\nA,,60000\n", "A,,60000\nA,>= 8000,120000\n"))
    row = only(found(check_tables, policy), "C-DEAD-ROW", "error")
    assert (row.line, row.text) == (5, "A,>= 8000,120000")
    assert "line 4 fits all of it first" in row.right


def test_a_row_that_the_rows_above_cover_together_is_unreachable(tmp_path: Path) -> None:
    policy = edited(tmp_path, (PRICE, "D,18.00\n", "D,18.00\nB|C,16.00\n"))
    row = only(found(check_tables, policy), "C-DEAD-ROW", "error")
    assert row.text == "B|C,16.00" and "the rows above together" in row.right


def test_a_row_outside_the_declared_range_is_unreachable(tmp_path: Path) -> None:
    policy = edited(tmp_path, (LIMIT, "A,>= 20000,200000\n", "A,> 10000000,200000\nA,>= 20000,200000\n"))
    row = only(found(check_tables, policy), "C-DEAD-ROW", "error")
    assert row.line == 3 and "fits no value within the declared ranges" in row.right


@pytest.mark.parametrize(
    ("header", "row"),
    [("tier,score,rate", "A,< 700,9.00"), ("monthly_income,monthly_capacity,rate", "< 1000,>= 600,9.00")],
    ids=["by cuts", "by z3"],
)
def test_a_row_of_values_that_no_customer_has_together_is_unreachable(tmp_path: Path, header: str, row: str) -> None:
    text = (starter(tmp_path / "old") / PRICE).read_text(encoding="utf-8")
    policy = edited(tmp_path, (PRICE, text, f"{header}\n{row}\n,,14.60\n"))
    dead = only(found(check_tables, policy), "C-DEAD-ROW", "error")
    assert dead.line == 2 and "no customer has these values together" in dead.right


def test_rows_that_overlap_in_part_are_told_with_an_example(tmp_path: Path) -> None:
    policy = edited(tmp_path, (LIMIT, "B,>= 8000,80000\n", "B,8000..20000,80000\nB,5000..10000,50000\n"))
    row = only(found(check_tables, policy), "C-OVERLAP", "warning")
    assert row.text == "B,5000..10000,50000" and "which wins with 80000" in row.right
    assert row.example["tier"] == "B" and 8000 <= Decimal(row.example["monthly_income"]) < 10000


def test_rows_that_overlap_with_the_same_result_are_no_fault(tmp_path: Path) -> None:
    policy = edited(tmp_path, (LIMIT, "B,>= 8000,80000\n", "B,8000..20000,80000\nB,5000..10000,80000\n"))
    assert found(check_tables, policy) == []


def test_a_table_of_many_rows_is_walked_through(tmp_path: Path) -> None:
    lows = range(0, 4_000, 20)
    rows = [f"{tier},{low}..{low + 20},{9_000 - 1_000 * rank + low}" for rank, tier in enumerate("ABCD") for low in lows]
    text = (starter(tmp_path / "old") / LIMIT).read_text(encoding="utf-8")
    policy = edited(tmp_path, (LIMIT, text, "\n".join(["tier,monthly_income,limit", *rows, ",,1"])))
    (use,) = (each for each in Subject(policy, Prover(policy, 0)).tables if each.kind == "limit")
    reached = {leaf.alive & -leaf.alive for leaf in leaves(use.table, policy.plan.scope)}
    assert len(reached) == len(rows) + 1 == 801


# -- order -------------------------------------------------------------------------------------------------------------


def test_a_lower_limit_for_a_better_tier(tmp_path: Path) -> None:
    policy = edited(tmp_path, (LIMIT, "A,,60000", "A,,30000"))
    order = only(found(check_limits, policy), "C-LIMIT-ORDER", "warning")
    assert order.text == "A,,30000" and "tier A gets a lower limit than B (30000.00 and 40000.00)" in order.right
    assert order.example["tier"] == "A" and Decimal(order.example["monthly_income"]) < 8000


def test_a_lower_limit_for_a_better_score(tmp_path: Path) -> None:
    rows = "score,limit\n>= 700,100000\n>= 650,50000\n>= 640,60000\n,1000\n"
    text = (starter(tmp_path / "old") / LIMIT).read_text(encoding="utf-8")
    order = only(found(check_limits, edited(tmp_path, (LIMIT, text, rows))), "C-LIMIT-ORDER", "warning")
    assert (order.line, order.text) == (3, ">= 650,50000")


def test_a_declared_limit_need_not_be_monotone(tmp_path: Path) -> None:
    policy = edited(tmp_path, (LIMIT, "A,,60000", "# declared: not monotone\nA,,30000"))
    assert found(check_limits, policy) == []


def test_a_lower_limit_by_formula(tmp_path: Path) -> None:
    formula = 'asked_for: {formula: "COALESCE(requested_amount, amount(200000))", reason: AS_ASKED}'
    worse = formula.replace("COALESCE(", "CASE WHEN tier = 'A' THEN amount(100) ELSE amount(200) END + COALESCE(")
    policy = edited(tmp_path / "told", (PRODUCT, formula, worse))
    order = only(found(check_limits, policy), "C-LIMIT-ORDER", "warning")
    assert order.file == PRODUCT and "tier A gets a lower limit than B" in order.right
    better = worse.replace("amount(100)", "amount(300)")
    assert found(check_limits, edited(tmp_path / "fine", (PRODUCT, formula, better))) == []
    declared = f"# declared: not monotone\n  {worse}"
    assert found(check_limits, edited(tmp_path / "declared", (PRODUCT, formula, declared))) == []


def test_a_formula_that_computes_with_the_score_is_not_decided(tmp_path: Path) -> None:
    formula = "COALESCE(requested_amount, amount(200000))"
    policy = edited(tmp_path, (PRODUCT, formula, "amount(100) * score"))
    note = only(found(check_limits, policy), "C-LIMIT-ORDER", "note")
    assert note.right.startswith("not decided: score is computed with")


def test_a_lower_ceiling_for_a_better_tier(tmp_path: Path) -> None:
    policy = edited(tmp_path, (TIERS, "ceiling: 300000", "ceiling: 100000"))
    order = only(found(check_limits, policy), "C-LIMIT-ORDER", "warning")
    assert (order.file, order.line, order.text) == (TIERS, 3, "ceiling of A")


def test_a_higher_price_for_a_better_tier(tmp_path: Path) -> None:
    policy = edited(tmp_path, (PRICE, "A,7.30", "A,11.00"))
    order = only(found(check_prices, policy), "C-PRICE-ORDER", "warning")
    assert order.text == "A,11.00" and "tier A gets a higher price than B (11.00 and 10.95)" in order.right
    assert order.example == {"tier": "A"}
