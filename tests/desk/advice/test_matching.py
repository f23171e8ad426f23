"""Products against a need: worked out by hand for a small bundle of three."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shouxin.desk.advice import Need, Position, match, position_of
from shouxin.desk.advice.model import Barrier, Fit, NoPair, Pair, Requirement, Room, Wants
from shouxin.desk.advice.question import MOST_MONTHS, ORDER
from shouxin.desk.decisions import Assessor
from shouxin.engines.policy.read import read_facts
from shouxin.foundation.money import MOST_MINOR
from shouxin.foundation.refusal import Refusal
from tests.bundles import policy_of, shipped
from tests.desk.advice.shop import APART, DAY, SHOP, YUAN, answered, asked, need, shop

# The steady customer is approved for 51,900 of the cash line, 30,000 of the home line and 10,000 of the tool line.
CASH, HOME, TOOL = "cash-line", "home-line", "tool-line"
WHOLE, PART, PERSON, NONE = Fit
LINE: dict[str, Any] = {"held_cash_line": True, "line_cash_line": 51_900}
LATE = {"worst_overdue_24m": 120}  # declined everywhere

RANKED = [
    ("all meet it: the cheapest first", need(5_000), {}, [(CASH, WHOLE, 5_000), (HOME, WHOLE, 5_000), (TOOL, WHOLE, 5_000)]),
    (
        "over 12 months interest and fee of the home line are more than the cash line's, less than the tool line's",
        need(5_000, months=12),
        {},
        [(CASH, WHOLE, 5_000), (HOME, WHOLE, 5_000), (TOOL, WHOLE, 5_000)],
    ),
    (
        "who meets it in part comes after who meets it, the largest share first",
        need(30_000),
        {},
        [(CASH, WHOLE, 30_000), (HOME, WHOLE, 30_000), (TOOL, PART, 10_000)],
    ),
    ("none meets it", need(60_000), {}, [(CASH, PART, 51_900), (HOME, PART, 30_000), (TOOL, PART, 10_000)]),
    (
        "the term wished is offered by one only; the others stand in part, in the order of the catalogue",
        need(5_000, months=24),
        {},
        [(HOME, WHOLE, 5_000), (CASH, PART, 5_000), (TOOL, PART, 5_000)],
    ),
    (
        "a person has to decide on the tool line; the home line is not for it",
        need(5_000, "stock"),
        {"months_employed": 5},
        [(TOOL, PERSON, 0), (CASH, NONE, 0), (HOME, NONE, 0)],
    ),
    ("not for this use", need(5_000, "travel"), {}, [(CASH, WHOLE, 5_000), (HOME, NONE, 0), (TOOL, NONE, 0)]),
    ("forbidden or unknown everywhere", need(5_000, "shares"), {}, [(CASH, NONE, 0), (HOME, NONE, 0), (TOOL, NONE, 0)]),
    ("declined everywhere: none is an answer", need(5_000), LATE, [(CASH, NONE, 0), (HOME, NONE, 0), (TOOL, NONE, 0)]),
    (
        "what is in use of a line is not to be had again",
        need(20_000, "shopping"),
        {**LINE, "used_cash_line": 40_000},
        [(CASH, PART, 11_900), (HOME, NONE, 0), (TOOL, NONE, 0)],
    ),
    (
        "nothing is left of a line",
        need(20_000, "shopping"),
        {**LINE, "used_cash_line": 51_900},
        [(CASH, NONE, 0), (HOME, NONE, 0), (TOOL, NONE, 0)],
    ),
]


@pytest.mark.parametrize(("_why", "wanted", "changes", "expected"), RANKED, ids=[each[0] for each in RANKED])
def test_the_rank(_why: str, wanted: Any, changes: dict[str, Any], expected: list[tuple[str, Fit, int]]) -> None:
    found = answered(wanted, **changes)
    assert [(each.product, each.fit, each.amount) for each in found.matches] == [
        (product, fit, amount * YUAN) for product, fit, amount in expected
    ]
    assert found.met == (expected[0][1] in (WHOLE, PART))


OBSTACLES = [
    (need(5_000, "shares"), {}, HOME, [(Barrier.USE_FORBIDDEN, None, None)]),
    (need(5_000, "shopping"), {}, HOME, [(Barrier.USE_NOT_SERVED, None, None)]),
    (need(60_000), {}, CASH, [(Barrier.LIMIT, "AFFORDABILITY", 51_900)]),
    (need(60_000), {}, HOME, [(Barrier.LIMIT, "PRODUCT_MAXIMUM", 30_000)]),
    (need(5_000, months=18), {}, CASH, [(Barrier.TERM, None, None)]),
    (need(60_000, months=3), {}, HOME, [(Barrier.LIMIT, "PRODUCT_MAXIMUM", 30_000), (Barrier.TERM, None, None)]),
    (need(20_000), {**LINE, "used_cash_line": 40_000}, CASH, [(Barrier.IN_USE, None, 11_900)]),
    (
        need(60_000),
        {**LINE, "used_cash_line": 40_000},
        CASH,
        [(Barrier.LIMIT, "AFFORDABILITY", 51_900), (Barrier.IN_USE, None, 11_900)],
    ),
    (need(5_000), LATE, TOOL, [(Barrier.DECIDED, "OVERDUE_90", None)]),
    (need(5_000, "shares"), LATE, TOOL, [(Barrier.USE_FORBIDDEN, None, None), (Barrier.DECIDED, "OVERDUE_90", None)]),
]


@pytest.mark.parametrize(("wanted", "changes", "product", "expected"), OBSTACLES)
def test_why_not(wanted: Any, changes: dict[str, Any], product: str, expected: list[tuple[Barrier, str | None, int]]) -> None:
    told = answered(wanted, **changes).product(product).obstacles
    assert [(each.barrier, each.code, each.amount) for each in told] == [
        (barrier, code, None if amount is None else amount * YUAN) for barrier, code, amount in expected
    ]


def test_what_is_used_elsewhere_leaves_less_of_the_total_line() -> None:
    # Tier A: 300,000 in all. 290,000 are granted and used of the tool line, which was larger once: 10,000 are left.
    changes: dict[str, Any] = {"held_tool_line": True, "line_tool_line": 290_000, "used_tool_line": 290_000}
    found = answered(need(20_000, "shopping"), **changes).product(CASH)
    assert found.fit is PART and found.amount == 10_000 * YUAN
    assert [each.barrier for each in found.obstacles] == [Barrier.LIMIT]  # the decision has seen the use already
    assert found.obstacles[0].code == "TOTAL_LINE"


def test_the_fee_is_part_of_the_cost_and_of_the_annual_rate() -> None:
    home = answered(need(12_000, months=12)).product(HOME)
    assert [(each.quote.terms.method.value, each.quote.fee) for each in home.costs] == [
        ("equal_principal", 120 * YUAN),
        ("interest_only", 120 * YUAN),
    ]
    assert home.costs[0].quote.shown.rule.value == "12-x-monthly-irr"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (10_000, ()),
        (10_001, (Requirement(Wants.PROOF, 10_000 * YUAN),)),
        (20_001, (Requirement(Wants.PROOF, 10_000 * YUAN), Requirement(Wants.PAYEE, 20_000 * YUAN))),
    ],
)
def test_proof_and_payment_to_the_payee(amount: int, expected: tuple[Requirement, ...]) -> None:
    assert answered(need(amount)).product(HOME).needs == expected


def test_missing_facts_and_consents_are_needed() -> None:
    strong: dict[str, Any] = {"housing": "owned", "months_employed": 100, "monthly_debt": 0, "worst_overdue_24m": None}
    unasked = answered(need(5_000), bureau_status="no_consent", **strong).product(CASH)
    assert unasked.needs == (Requirement(Wants.PERSON), Requirement(Wants.CONSENT, facts=("worst_overdue_24m",)))
    failed = answered(need(5_000), bureau_status="failed", **strong).product(CASH)
    assert failed.needs == (Requirement(Wants.PERSON), Requirement(Wants.FACTS, facts=("worst_overdue_24m",)))
    assert failed.fit is PERSON and not failed.costs


# -- lines beside each other --------------------------------------------------------------------------------------------------


def test_a_draw_leaves_the_other_lines_their_room() -> None:
    cash = answered(need(5_000)).product(CASH)
    assert cash.rooms == (Room(HOME, 3_000_000, 3_000_000), Room(TOOL, 1_000_000, 1_000_000))
    assert not cash.apart and not cash.displaces


def test_a_draw_takes_from_the_room_that_a_full_total_line_leaves_others() -> None:
    """Of her ceiling of a million 400,000 is taken by a linked person: the total line is full with the business loan alone."""
    policy = shipped("standard")
    facts = read_facts(policy.plan, {**policy.bundle.profiles["huang"], "linked_exposure": 400_000})
    decision = Assessor(policy).assess(facts, DAY)
    found = match(policy, decision, need(150_000, "renovation"), position_of(policy, decision, facts)).product("consumer-line")
    assert decision.total_line == 600_000 * YUAN
    assert {Room("pay-later", 20_000_000, 5_000_000), Room("business-loan", 60_000_000, 45_000_000)} <= set(found.rooms)


def test_what_is_used_of_a_line_that_would_not_be_granted_again_counts_against_the_total_line() -> None:
    policy, business = (
        shipped("standard"),
        {"held_business_loan": True, "line_business_loan": 300_000, "used_business_loan": 200_000},
    )
    facts = read_facts(policy.plan, {**policy.bundle.profiles["huang"], **business, "restricted_industry": True})
    decision = Assessor(policy).assess(facts, DAY)
    position = position_of(policy, decision, facts)
    found = match(policy, decision, need(150_000, "renovation"), position).product("consumer-line")
    assert (found.fit, found.amount) == (PART, 10_000_000)
    assert [(each.barrier, each.code, each.amount) for each in found.obstacles] == [
        (Barrier.TOTAL_LINE, "TOTAL_LINE", 10_000_000)
    ]
    larger = replace(position, total=500_000 * YUAN)
    assert match(policy, decision, need(150_000, "renovation"), larger).product("consumer-line").fit is WHOLE


def test_what_would_be_displaced_is_said() -> None:
    held: dict[str, Any] = {"held_tool_line": True, "line_tool_line": 10_000}
    home = answered(need(5_000), shop(APART), **held).product(HOME)
    assert home.displaces == (TOOL,) and home.apart == (TOOL,)
    assert Room(TOOL, 1_000_000, 0) in home.rooms
    assert home.fit is WHOLE


def test_what_cannot_be_held_beside_is_said_where_nothing_is_held() -> None:
    home = answered(need(5_000), shop(APART)).product(HOME)
    assert home.displaces == () and home.apart == (TOOL,)


def test_what_is_in_use_is_not_displaced_but_blocks() -> None:
    held: dict[str, Any] = {"held_tool_line": True, "line_tool_line": 10_000, "used_tool_line": 1}
    home = answered(need(5_000), shop(APART), **held).product(HOME)
    assert home.fit is NONE and [each.code for each in home.obstacles] == ["HELD_TOGETHER"]


@pytest.mark.parametrize(("day", "fit", "codes"), [(DAY, NONE, ["STOCKING_CLOSED"]), (dt.date(2026, 10, 15), WHOLE, [])])
def test_a_scenario_is_a_product_with_its_window_and_its_papers(day: dt.date, fit: Fit, codes: list[str]) -> None:
    policy = shipped("exclusive")
    fresh = dict.fromkeys(("income_date", "receipts_date", "bureau_date", "screening_date"), day)
    facts = read_facts(policy.plan, {**policy.bundle.profiles["huang"], **fresh, "turnover_3m": 900_000})
    decision = Assessor(policy).assess(facts, day)
    found = match(policy, decision, Need(120_000 * YUAN, "stock", day), position_of(policy, decision, facts))
    stocking = found.product("business-loan-stocking")
    assert (stocking.fit, [each.code for each in stocking.obstacles]) == (fit, codes)
    if fit is WHOLE:
        first, second = stocking.needs
        assert (first.above, first.papers) == (10_000 * YUAN, ("purchase_order", "stock_invoice"))
        assert (second.above, second.papers) == (100_000 * YUAN, ("receipts_forecast",))
        assert "business-loan" not in stocking.apart and "consumer-line" in stocking.apart


# -- two together -------------------------------------------------------------------------------------------------------------


PAIRS = [
    # Each alone could be paid back over 12 months, both only where the home line runs for 24.
    (need(60_000, "education"), [(HOME, 30_000, 24), (CASH, 30_000, 12)]),
    # The tool line is for a business: it is not paid back from the household's income.
    (need(60_000, months=12), [(CASH, 51_900, 12), (TOOL, 8_100, 12)]),
]


@pytest.mark.parametrize(("wanted", "expected"), PAIRS)
def test_two_together_cost_least_where_both_can_be_paid_back(wanted: Any, expected: list[tuple[str, int, int]]) -> None:
    pair = answered(wanted).pair
    assert isinstance(pair, Pair)
    assert [(each.product, each.amount // YUAN, each.cost.quote.terms.shape.periods) for each in pair.shares] == expected
    assert pair.cost == sum(each.cost.quote.cost for each in pair.shares)


def test_terms_that_cannot_be_paid_back_come_last() -> None:
    # Of 12,000 income half less 1,500 is 4,500: 51,900 over 12 months takes it; over 3 months it would take 17,500 a month.
    costs = answered(need(51_900)).product(CASH).costs
    assert [(each.quote.terms.shape.periods, each.within) for each in costs] == [(12, True), (3, False), (6, False)]
    assert [each.monthly // YUAN for each in costs] == [4_497, 17_510, 8_835]


def test_proof_is_needed_by_the_whole_need_not_by_the_part() -> None:
    home: dict[str, Any] = {"held_home_line": True, "line_home_line": 30_000, "used_home_line": 25_000}
    pair = answered(need(12_000, "education"), **LINE, **home, used_cash_line=43_900).pair
    assert isinstance(pair, Pair)
    share = next(each for each in pair.shares if each.product == HOME)
    assert share.amount <= 5_000 * YUAN and share.needs == (Requirement(Wants.PROOF, 10_000 * YUAN),)


NO_PAIRS: list[tuple[Any, str, dict[str, Any], NoPair]] = [
    (need(5_000), "free", {}, NoPair.ONE_IS_ENOUGH),
    (need(95_000), "free", {}, NoPair.TOO_LITTLE),
    (need(75_000, "education"), "free", {}, NoPair.TOO_LITTLE),  # within limits, but not within the monthly capacity
    (need(60_000, "education", 12), "free", {}, NoPair.TOO_LITTLE),  # nor is this, over 12 months
    (need(60_000, "travel"), "free", {}, NoPair.NONE_FITS),
    (need(60_000, months=24), "free", {}, NoPair.NONE_FITS),  # only the home line runs so long
    (need(40_000, "renovation"), "apart", {**LINE, "used_cash_line": 51_900}, NoPair.NONE_FITS),
]


@pytest.mark.parametrize(("wanted", "kind", "changes", "expected"), NO_PAIRS)
def test_no_two_together(wanted: Any, kind: str, changes: dict[str, Any], expected: NoPair) -> None:
    policy = shop(APART) if kind == "apart" else shop()
    assert answered(wanted, policy, **changes).pair is expected


# -- nothing but the customer's side ------------------------------------------------------------------------------------------


def test_what_the_lender_earns_changes_nothing(tmp_path: Path) -> None:
    rates = "loss_given_default: 20\ncredit_conversion: 90\nfunding: 0.1\ncapital: 3\n"
    dear = f"# mark: A\n{rates}servicing: {{consumption: 9.0, business: 0.1}}\n"
    other = policy_of(tmp_path, {**SHOP, "economics.yaml": dear})
    for amount in (5_000, 30_000, 60_000):
        ours, theirs = asked(need(amount), shop(), {}), asked(need(amount), other, {})
        assert ours[1].decision.products != theirs[1].decision.products  # margin and loss are others
        assert ours[0] == theirs[0]


# -- refusals -----------------------------------------------------------------------------------------------------------------

FAULTS = (
    {"amount": 0},
    {"amount": MOST_MINOR + 1},
    {"purpose": "boats"},
    {"months": MOST_MONTHS + 1},
    {"day": DAY - dt.timedelta(days=1)},
)


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_refusals_come_in_their_order(first: int) -> None:
    """Every fault from the first one on is there: the first is told."""
    policy = shop()
    wanted = need(5_000)
    _, teller = asked(wanted, policy, {})
    merged: dict[str, Any] = {}
    for fault in reversed(FAULTS[max(0, first - 1) :]):
        merged |= fault
    with pytest.raises(Refusal) as told:
        match(shipped("starter") if first == 0 else policy, teller.decision, replace(wanted, **merged), Position())
    assert type(told.value) is ORDER[first]
    assert told.value.text("zh") != told.value.text("en")
