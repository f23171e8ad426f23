"""Every static check finds what it is for: the starter bundle is clean, and each planted defect is found."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from shouxin.engines.policy import proof
from shouxin.engines.policy.check import CHECKS, check_policy
from shouxin.engines.policy.check_cards import check_bins, check_tiers
from shouxin.engines.policy.check_products import check_bullets, check_minimum, check_prices_within_cap
from shouxin.engines.policy.check_reasons import check_cases, check_reasons
from shouxin.engines.policy.check_rules import check_rules
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.errors import BundleRefused
from tests.engines.policy.bundles import (
    CARD,
    DERIVED,
    LAW,
    LIMIT,
    PRICE,
    PRODUCT,
    REASONS,
    RULES,
    TIERS,
    codes,
    edited,
    found,
    only,
)

OTHER = (REASONS, "  UNDER_AGE:", "  OTHER: {rank: 9, zh: 其他。, en: Other.}\n  UNDER_AGE:")
YOUNG, OVERDUE = "when: age < 18", "when: worst_overdue_24m >= 90"


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
