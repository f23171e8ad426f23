"""Every static check finds what it is for: the starter bundle is clean, and each planted defect is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.cases import written_value
from shouxin.engines.policy import proof
from shouxin.engines.policy.check import CHECKS, check_policy
from shouxin.engines.policy.check_cards import check_bins, check_tiers
from shouxin.engines.policy.check_order import check_limits, check_prices
from shouxin.engines.policy.check_products import check_bullets, check_minimum, check_prices_within_cap
from shouxin.engines.policy.check_reasons import check_cases, check_reasons
from shouxin.engines.policy.check_rules import check_rules
from shouxin.engines.policy.check_tables import check_tables, leaves
from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.errors import BundleRefused
from shouxin.engines.policy.findings import Finding
from shouxin.engines.policy.proof import Prover
from shouxin.engines.policy.read import read_facts
from tests.engines.policy.bundles import edited, starter

Check = Callable[[Subject], Iterable[Finding]]
LIMIT, PRICE = "tables/cash-line-limit.csv", "tables/cash-line-price.csv"
RULES, CARD, PRODUCT, TIERS = "rules.yaml", "scorecards/persons.yaml", "products/cash-line.yaml", "tiers.yaml"
REASONS, LAW, DERIVED = "reasons.yaml", "regulation/caps.yaml", "derived.yaml"
OTHER = (REASONS, "  UNDER_AGE:", "  OTHER: {rank: 9, zh: 其他。, en: Other.}\n  UNDER_AGE:")
YOUNG, OVERDUE = "when: age < 18", "when: worst_overdue_24m >= 90"


def found(check: Check, policy: Policy, seconds: float = 20.0) -> list[Finding]:
    """What one check finds."""
    return list(check(Subject(policy, Prover(policy, seconds))))


def codes(findings: list[Finding]) -> list[str]:
    return [each.code for each in findings]


def only(findings: list[Finding], code: str, severity: str) -> Finding:
    """The one finding there is."""
    assert [(each.code, each.severity) for each in findings] == [(code, severity)], findings
    return findings[0]


# -- the whole ---------------------------------------------------------------------------------------------------------


def test_the_starter_bundle_is_clean() -> None:
    assert check_policy(compile_policy("starter")) == []


def test_findings_of_all_checks_come_in_order_and_say_what_would_be_right(tmp_path: Path) -> None:
    policy = edited(
        tmp_path,
        (LIMIT, "C,,15000\n", ""),
        (RULES, YOUNG, "when: age < 18 AND age > 60"),
        (REASONS, "en: You are under 18.", 'en: ""'),
        (CARD, "{below: 31, points: 60}", "{below: 31, points: 130}"),
    )
    findings = check_policy(policy)
    assert codes(findings) == ["C-REASON-TEXT", "C-DEAD-RULE", "C-BIN-ORDER", "C-TABLE-GAP"]
    assert str(findings[1]).startswith("rules.yaml:2: error: C-DEAD-RULE: 'UNDER_AGE': never fires for any facts")
    assert "; for example tier=C, monthly_income=" in str(findings[3])
    assert all(each.right and each.line > 0 for each in findings)
    assert len(CHECKS) == len({check.__name__ for check in CHECKS})


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


# -- cards -------------------------------------------------------------------------------------------------------------


def test_points_against_the_declared_direction(tmp_path: Path) -> None:
    policy = edited(tmp_path, (CARD, "{below: 31, points: 60}", "{below: 31, points: 130}"))
    order = only(found(check_bins, policy), "C-BIN-ORDER", "error")
    assert order.text == "overdue: 130 points" and "direction is down: no more points" in order.right
    assert order.example == {"worst_overdue_24m": "1"}
    either = edited(
        tmp_path / "either",
        (CARD, "{below: 31, points: 60}", "{below: 31, points: 130}"),
        (CARD, "direction: down\n    dimension: credit_history", "dimension: credit_history"),
    )
    assert found(check_bins, either) == []


def test_a_rising_direction(tmp_path: Path) -> None:
    policy = edited(tmp_path, (CARD, "{below: 24, points: 25}", "{below: 24, points: 4}"))
    order = only(found(check_bins, policy), "C-BIN-ORDER", "error")
    assert "direction is up: no fewer points than the bin before (5)" in order.right


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [("{below: 1, points: 120}", "{below: 0, points: 120}", "below: 0"), ("{below: 61,", "{below: 2001,", "the last bin")],
)
def test_a_bin_outside_the_declared_range(tmp_path: Path, old: str, new: str, shown: str) -> None:
    dead = only(found(check_bins, edited(tmp_path, (CARD, old, new))), "C-DEAD-BIN", "warning")
    assert dead.text == f"overdue: {shown}" and "0 to 2000" in dead.right


def test_a_card_whose_scores_do_not_reach_a_tier(tmp_path: Path) -> None:
    tiers = found(check_tiers, edited(tmp_path, (CARD, "base: 400", "base: 344")))
    tier = only(tiers, "C-TIER-REACH", "warning")
    assert tier.text == "persons: tier A" and "the card gives 350 to 699" in tier.right
    assert found(check_tiers, edited(tmp_path / "just", (CARD, "base: 400", "base: 345"))) == []


def test_a_tier_ends_where_the_better_one_begins(tmp_path: Path) -> None:
    policy = edited(tmp_path, (TIERS, "from: 650", "from: 699"))  # all points are multiples of five
    assert only(found(check_tiers, policy), "C-TIER-REACH", "warning").text == "persons: tier B"


def test_unsorted_bins_and_overflow_are_refused_at_load(tmp_path: Path) -> None:
    with pytest.raises(BundleRefused) as refused:
        edited(tmp_path / "bins", (CARD, "{below: 61,", "{below: 31,"))
    assert [each.code for each in refused.value.faults] == ["E-BINS"]
    with pytest.raises(BundleRefused) as refused:
        edited(tmp_path / "big", (DERIVED, "ratio_bp(monthly_debt, monthly_income)", "monthly_income * 20000000000"))
    assert {each.code for each in refused.value.faults} == {"E-OVERFLOW"}


# -- rules -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "when",
    [
        "monthly_income < amount(0)",
        "enquiries_6m > 10 AND enquiries_6m < 5",
        "housing = 'owned' AND housing IN ('rented', 'other')",
        "tier = 'A' AND score < 700",
        "monthly_capacity > monthly_income",
        "age_years(birth_date, as_of) > 10 AND birth_date > as_of",
        "debt_share_bp > 0 AND monthly_income IS NULL",
        "enquiries_6m > 0 AND bureau_status = 'failed'",
        "COALESCE(worst_overdue_24m, 0) > 5 AND bureau_date IS NULL AND bureau_status <> 'no_record'",
        "LEAST(monthly_income, monthly_debt) > monthly_debt",
        "score > 755",
    ],
)
def test_a_rule_that_never_fires(tmp_path: Path, when: str) -> None:
    findings = found(check_rules, edited(tmp_path, (RULES, YOUNG, f'when: "{when}"')))
    dead = only(findings, "C-DEAD-RULE", "error")
    assert (dead.file, dead.line, dead.text) == (RULES, 2, "UNDER_AGE")


@pytest.mark.parametrize(
    "when",
    [
        "monthly_income < amount(0.01)",
        "tier = 'A' AND score < 701",
        "score > 754",
        "score = 350",
        "debt_share_bp = 4321",
        "monthly_debt = amount(77123.45) AND debt_share_bp = 123",
        "birth_date = DATE '2004-02-29' AND as_of = DATE '2023-03-01' AND age = 19",
        "enquiries_6m IS NULL AND bureau_status = 'found' AND bureau_date = DATE '2025-12-31'",
    ],
)
def test_a_rule_that_seldom_fires_is_not_called_dead(tmp_path: Path, when: str) -> None:
    findings = found(check_rules, edited(tmp_path, (RULES, YOUNG, f'when: "{when}"')))
    assert {*codes(findings)} <= {"C-IMPLIED-RULE"} and "note" not in [each.severity for each in findings]


@pytest.mark.parametrize(
    "when", ["monthly_debt >= amount(0)", "age < 18 OR age >= 18", "score <= 950", "tier IN ('A', 'B', 'C', 'D')"]
)
def test_a_rule_that_fires_for_everybody(tmp_path: Path, when: str) -> None:
    findings = found(check_rules, edited(tmp_path, (RULES, YOUNG, f'when: "{when}"')))
    always = only(findings, "C-ALWAYS-RULE", "error")
    assert "cash-line can never be approved" in always.right


def test_a_rule_that_is_null_for_some_does_not_fire_for_everybody(tmp_path: Path) -> None:
    when = "when: requested_amount >= amount(0)"
    assert found(check_rules, edited(tmp_path, (RULES, YOUNG, when))) == []


def test_a_law_that_fires_for_everybody_while_in_force(tmp_path: Path) -> None:
    law = "rules:\n  - {code: OTHER, licences: [bank], when: monthly_debt >= amount(0), from: 2027-01-01}\nall_in:"
    policy = edited(tmp_path / "all", (LAW, "all_in:", law), OTHER)
    assert only(found(check_rules, policy), "C-ALWAYS-RULE", "error").file == LAW
    some = law.replace("amount(0)", "amount(9000)")
    assert found(check_rules, edited(tmp_path / "some", (LAW, "all_in:", some), OTHER)) == []


@pytest.mark.parametrize(
    ("when", "other"),
    [
        ("worst_overdue_24m >= 120", "only fires where OVERDUE_90"),
        ("worst_overdue_24m > 60 AND worst_overdue_24m >= 90", "fires exactly where OVERDUE_90"),
        ("monthly_income * 2 < amount(3000)", "only fires where NO_INCOME"),
        ("score < 500", "only fires where SCORE_LOW"),
        ("tier = 'D' AND housing = 'owned'", "only fires where SCORE_LOW"),
    ],
)
def test_a_rule_implied_by_another(tmp_path: Path, when: str, other: str) -> None:
    findings = found(check_rules, edited(tmp_path, (RULES, YOUNG, f'when: "{when}"')))
    implied = only(findings, "C-IMPLIED-RULE", "warning")
    assert implied.line == 2 and implied.right.startswith(other) and "for cash-line" in implied.right


@pytest.mark.parametrize(
    "rule",
    [
        "when: worst_overdue_24m >= 89",
        "when: worst_overdue_24m >= 120 OR age < 18",
        "when: monthly_income * 2 < amount(4000.01)",
        "when: score <= 600",
    ],
)
def test_a_rule_that_says_more_than_another_is_not_implied(tmp_path: Path, rule: str) -> None:
    findings = found(check_rules, edited(tmp_path, (RULES, YOUNG, rule)))
    assert [each for each in findings if each.line == 2] == []


def test_a_rule_that_refers_does_not_make_one_that_declines_needless(tmp_path: Path) -> None:
    refers = (RULES, OVERDUE, f"{OVERDUE}\n    effect: refer")
    policy = edited(tmp_path / "weak", (RULES, YOUNG, "when: worst_overdue_24m >= 120"), refers)
    assert found(check_rules, policy) == []
    both = "when: worst_overdue_24m >= 120\n    effect: refer"
    assert codes(found(check_rules, edited(tmp_path / "both", (RULES, YOUNG, both), refers))) == ["C-IMPLIED-RULE"]


# -- products ----------------------------------------------------------------------------------------------------------


def test_a_price_above_the_cap_is_clipped_and_said(tmp_path: Path) -> None:
    policy = edited(tmp_path, (PRICE, "C,14.60", "C,25.00"))
    price = only(found(check_prices_within_cap, policy), "C-PRICE-CAP", "warning")
    assert "25.00% breaks the all-in cap of 24.00%: the engine clips it to 24.00%" in price.right
    assert price.text == "C,25.00" and price.example["tier"] == "C" and price.example["as_of"] >= "2025-10-01"


def test_a_fee_counts_towards_the_cap(tmp_path: Path) -> None:
    policy = edited(tmp_path, (PRODUCT, "{table: cash-line-price}", "{table: cash-line-price, upfront_fee: 2}"))
    findings = found(check_prices_within_cap, policy)
    assert codes(findings) == ["C-PRICE-CAP"] and findings[0].text == "C,14.60"
    rate = Decimal(findings[0].right.rpartition("clips it to ")[2].removesuffix("%"))
    assert rate < Decimal("14.60")


def test_a_penalty_above_the_cap_is_said(tmp_path: Path) -> None:
    policy = edited(tmp_path / "above", (PRICE, "C,14.60", "C,16.01"))
    price = only(found(check_prices_within_cap, policy), "C-PENALTY-CAP", "warning")
    assert "1.5 x 16.01% = 24.015%" in price.right
    assert found(check_prices_within_cap, edited(tmp_path / "at", (PRICE, "C,14.60", "C,16.00"))) == []


def test_a_price_that_only_declined_customers_would_pay_is_not_told(tmp_path: Path) -> None:
    assert found(check_prices_within_cap, edited(tmp_path / "declined", (PRICE, "D,18.00", "D,36.00"))) == []
    lenient = edited(tmp_path / "lenient", (PRICE, "D,18.00", "D,36.00"), (PRODUCT, "score < 600", "score < 595"))
    assert codes(found(check_prices_within_cap, lenient)) == ["C-PRICE-CAP"]


def test_a_bullet_loan_longer_than_the_law_allows(tmp_path: Path) -> None:
    law = (LAW, "all_in:", "bullet:\n  - {licences: [bank], purpose: consumption, months: 12}\nall_in:")
    term = "- {method: equal_instalment, months: [3, 6, 12]}"
    long = (PRODUCT, term, f"{term}\n  - {{method: interest_only, months: [6, 24]}}")
    bullet = only(found(check_bullets, edited(tmp_path / "long", law, long)), "C-BULLET", "error")
    assert bullet.text == "interest_only: 24 months" and "at most 12 months" in bullet.right
    assert (bullet.file, bullet.line) == (PRODUCT, 12)
    assert found(check_bullets, edited(tmp_path / "short", law, (*long[:2], long[2].replace("24", "12")))) == []
    other = (*law[:2], law[2].replace("[bank]", "[microlender]"))
    assert found(check_bullets, edited(tmp_path / "other", other, long)) == []


def test_a_minimum_above_every_line(tmp_path: Path) -> None:
    asked = "COALESCE(requested_amount, amount(200000))"
    policy = edited(tmp_path, (PRODUCT, asked, "LEAST(requested_amount, amount(450))"))
    minimum = only(found(check_minimum, policy), "C-MINIMUM", "error")
    assert minimum.text == "500.00" and "above 400.00 (ceiling asked_for)" in minimum.right
    assert found(check_minimum, edited(tmp_path / "at", (PRODUCT, asked, "LEAST(requested_amount, amount(500))"))) == []


# -- reasons and cases -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "absent"),
    [
        ("en: You are under 18., ", "", "give en"),
        ("zh: 未满18周岁，不能申请信贷产品。, ", "", "give zh"),
        (", do_en: You can apply once you are 18.", "", "give do_en"),
        ("zh: 未满18周岁，不能申请信贷产品。, en: You are under 18.", 'zh: " "', "give zh and en"),
    ],
)
def test_a_reason_without_both_languages(tmp_path: Path, old: str, new: str, absent: str) -> None:
    reason = only(found(check_reasons, edited(tmp_path, (REASONS, old, new))), "C-REASON-TEXT", "error")
    assert (reason.line, reason.text) == (2, "UNDER_AGE") and reason.right.startswith(absent)


def test_a_reason_that_nothing_gives(tmp_path: Path) -> None:
    policy = edited(tmp_path, OTHER)
    reason = only(found(check_reasons, policy), "C-REASON-UNUSED", "warning")
    assert (reason.line, reason.text) == (2, "OTHER")


def test_reasons_of_other_licences_are_used(tmp_path: Path) -> None:
    law = "rules:\n  - {code: OTHER, licences: [microlender], when: age < 20}\nall_in:"
    assert found(check_reasons, edited(tmp_path, OTHER, (LAW, "all_in:", law))) == []


def test_a_product_without_a_case(tmp_path: Path) -> None:
    header = "= cash-line.outcome,= cash-line.limit,= cash-line.rate,= cash-line.reasons"
    policy = edited(tmp_path, ("cases/cash-line.csv", header, "= score,= total_line,= pd_ppm,= card"))
    case = only(found(check_cases, policy), "C-NO-CASE", "error")
    assert (case.file, case.text) == (PRODUCT, "cash-line")


# -- what is not decided -----------------------------------------------------------------------------------------------

HARD = "when: LEAST(monthly_income, monthly_debt) > monthly_debt"


def test_without_z3_what_needs_it_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "load_z3", lambda: None)
    note = only(found(check_rules, edited(tmp_path / "hard", (RULES, YOUNG, HARD))), "C-DEAD-RULE", "note")
    assert note.right == "not decided: z3 is not installed (pip install 'shouxin[check]')"
    assert check_policy(compile_policy("starter")) == []
    easy = edited(tmp_path / "easy", (RULES, YOUNG, "when: tier = 'A' AND score < 700"))
    assert codes(found(check_rules, easy)) == ["C-DEAD-RULE"]


def test_what_the_time_does_not_suffice_for_is_a_note(tmp_path: Path) -> None:
    policy = edited(tmp_path, (RULES, YOUNG, HARD))
    note = only(found(check_rules, policy, seconds=0), "C-DEAD-RULE", "note")
    assert note.right == "not decided: the time for all checks is over"
