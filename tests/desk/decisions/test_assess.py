"""What a decision is: its bytes, its immutability, what is missing, and which outcome goes before which."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from shouxin.desk.decisions import Assessor, DateOutOfRange, Decision
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.read import Facts, FactsRefused, read_facts
from tests.bundles import compiling, policy_of, shipped
from tests.customers import AS_OF, random_facts

# good enough to be approved without a bureau report
STRONG = {"housing": "owned", "months_employed": 100, "monthly_debt": 0}


def decide(policy: Policy, **changes: Any) -> Decision:
    """The decision on the steady customer with changes; `absent` leaves a fact out."""
    written = {**policy.bundle.profiles["steady"], **changes}
    return Assessor(policy).assess(read_facts(policy.plan, written), AS_OF)


@pytest.mark.parametrize("name", compiling())
def test_json_round_trip(name: str) -> None:
    policy = shipped(name)
    assessor = Assessor(policy)
    for facts in random_facts(policy, 200, seed=21):
        decision = assessor.assess(facts, AS_OF)
        again = Decision.from_dict(json.loads(json.dumps(decision.to_dict())))
        assert again == decision and hash(again) == hash(decision)
        assert again.canonical() == decision.canonical()
        assert again.products == decision.products and again.points == decision.points


@pytest.mark.parametrize("name", compiling())
def test_the_same_facts_give_the_same_bytes(name: str) -> None:
    policy = shipped(name)
    first, second = Assessor(policy), Assessor(policy)
    facts = random_facts(policy, 100, seed=22)
    for each in facts:
        first.assess(each, dt.date(2025, 1, 1))
    assert [first.assess(each, AS_OF).canonical() for each in facts] == [
        second.assess(each, AS_OF).canonical() for each in reversed(facts)
    ][::-1]


def test_canonical_bytes_do_not_depend_on_the_order_of_facts(starter: Policy) -> None:
    written = dict(starter.bundle.profiles["steady"])
    turned = dict(reversed(written.items()))
    one, two = (Assessor(starter).assess(read_facts(starter.plan, each), AS_OF) for each in (written, turned))
    assert one.canonical() == two.canonical() and one == two


def test_one_fact_changes_the_hash_and_nothing_else_need_change(starter: Policy) -> None:
    one, two = decide(starter, requested_amount=150_000), decide(starter, requested_amount=150_001)
    assert one.products == two.products
    assert one.facts_hash != two.facts_hash and one != two and one.canonical() != two.canonical()


def test_canonical_bytes_hold_no_floats_and_no_spaces(starter: Policy) -> None:
    def check(value: object) -> None:
        assert not isinstance(value, float)
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(each)

    body = decide(starter).canonical()
    plain = json.loads(body)
    check(plain)
    assert body == json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_a_decision_is_immutable(starter: Policy) -> None:
    decision = decide(starter)
    for name in ("score", "tier", "anything"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(decision, name, 1)
    with pytest.raises((AttributeError, TypeError)):
        decision.products[0].limit = 1  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        del decision.score


def test_facts_are_immutable(starter: Policy) -> None:
    facts = read_facts(starter.plan, starter.bundle.profiles["steady"])
    with pytest.raises((AttributeError, TypeError)):
        facts.values_in_order = ()
    with pytest.raises((AttributeError, TypeError)):
        facts["housing"] = "owned"  # type: ignore[index]


def test_a_decision_can_be_copied_and_sent_to_another_process(starter: Policy) -> None:
    decision = decide(starter)
    assert copy.deepcopy(decision) == decision
    assert pickle.loads(pickle.dumps(decision)) == decision


def test_unknown_attributes(starter: Policy) -> None:
    with pytest.raises(AttributeError):
        _ = decide(starter).no_such_field
    with pytest.raises(KeyError):
        decide(starter).product("no-such-product")


def test_the_facts_hash_is_worked_out_when_first_read(starter: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    real = Facts.canonical

    def counted(self: Facts) -> bytes:
        calls.append(1)
        return real(self)

    monkeypatch.setattr(Facts, "canonical", counted)
    decision = decide(starter)
    assert (decision.score, decision.product("cash-line").outcome) == (decision.score, "approve") and calls == []
    assert decision.facts_hash == decision.facts_hash and len(calls) == 1


def test_what_is_not_a_decision_is_refused(starter: Policy) -> None:
    plain = decide(starter).to_dict()
    for broken in ({}, {**plain, "products": [{}]}, {name: value for name, value in plain.items() if name != "score"}):
        with pytest.raises((KeyError, TypeError)):
            Decision.from_dict(broken)


def test_days_that_cannot_be_assessed(starter: Policy) -> None:
    facts, assessor = read_facts(starter.plan, starter.bundle.profiles["steady"]), Assessor(starter)
    for day in (dt.date(1989, 12, 31), dt.date(2151, 1, 1)):
        with pytest.raises(DateOutOfRange):
            assessor.assess(facts, day)
    for day in (dt.date(1990, 1, 1), dt.date(2150, 12, 31)):
        assessor.assess(facts, day)


def test_two_days_at_once(starter: Policy) -> None:
    """Another thread that assesses on another day between two steps of this one changes nothing here."""
    assessor, written = Assessor(starter), starter.bundle.profiles["steady"]
    facts = read_facts(starter.plan, {**written, "bureau_date": dt.date(2026, 6, 20)})
    expected = assessor.assess(facts, AS_OF).product("cash-line")

    class Interrupted(Facts):
        """Facts whose values are read while another assessment goes on."""

        def __getattribute__(self, name: str) -> Any:
            if name == "values_in_order":
                assessor.assess(facts, dt.date(2150, 1, 1))
            return super().__getattribute__(name)

    slow = Interrupted({each: index for index, each in enumerate(facts)}, tuple(facts.values()))
    assert assessor.assess(slow, AS_OF).product("cash-line") == expected


# -- missing ----------------------------------------------------------------------------------------------------------


def test_missing_facts_are_listed_exactly(starter: Policy) -> None:
    answer = decide(starter, monthly_income=None).product("cash-line")
    assert answer.outcome == "refer"
    assert answer.missing == ("monthly_income",)
    assert {each.code for each in answer.reasons if each.kind == "undecided"} == {"NO_INCOME", "AFFORDABILITY"}
    answer = decide(starter, **STRONG, bureau_status="failed").product("cash-line")
    assert (answer.outcome, answer.missing) == ("refer", ("worst_overdue_24m",))


def test_what_is_not_needed_is_not_missing(tmp_path: Path) -> None:
    policy = policy_of(
        tmp_path,
        {
            "rules.yaml": ("worst_overdue_24m >= 90", "months_employed >= 700 AND worst_overdue_24m >= 90"),
            "scorecards/persons.yaml": ("base: 400", "base: 500"),
        },
    )
    answer = decide(policy, **STRONG, bureau_status="failed").product("cash-line")
    assert (answer.outcome, answer.missing) == ("approve", ()), "FALSE AND NULL is FALSE"
    answer = decide(policy, **STRONG | {"bureau_status": "failed", "months_employed": None}).product("cash-line")
    assert (answer.outcome, answer.missing) == ("refer", ("months_employed", "worst_overdue_24m"))
    answer = decide(policy, **STRONG | {"bureau_status": "failed", "months_employed": 710}).product("cash-line")
    assert (answer.outcome, answer.missing) == ("refer", ("worst_overdue_24m",))


def test_true_or_null_is_true(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, {"rules.yaml": ("worst_overdue_24m >= 90", "months_employed < 3 OR worst_overdue_24m >= 90")})
    answer = decide(policy, **STRONG | {"bureau_status": "failed", "months_employed": 1}).product("cash-line")
    assert answer.outcome == "decline" and answer.reasons[0].code == "OVERDUE_90"


@pytest.mark.parametrize("status", ["not_asked", "no_consent", "failed"])
def test_what_was_not_answered_is_missing(starter: Policy, status: str) -> None:
    assert decide(starter, **STRONG, bureau_status=status).product("cash-line").missing == ("worst_overdue_24m",)


def test_no_record_is_a_value(starter: Policy) -> None:
    decision = decide(starter, bureau_status="no_record", worst_overdue_24m=None, enquiries_6m=None, bureau_date=None)
    assert decision.product("cash-line").missing == ()
    assert dict(decision.points)["overdue"] == 60


def test_an_old_report_is_missing(starter: Policy) -> None:
    fresh, old = AS_OF - dt.timedelta(days=30), AS_OF - dt.timedelta(days=31)
    assert decide(starter, bureau_date=fresh).product("cash-line").outcome == "approve"
    assert decide(starter, **STRONG, bureau_date=old).product("cash-line").missing == ("worst_overdue_24m",)
    assert decide(starter, **STRONG, bureau_date=None).product("cash-line").missing == ("worst_overdue_24m",)


def test_a_missing_fact_of_the_total_line_is_listed(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, {"exposure.yaml": ("ceiling_reason", "also_counts: requested_amount\nceiling_reason")})
    answer = decide(policy, requested_amount=None).product("cash-line")
    assert (answer.outcome, answer.missing) == ("refer", ("requested_amount",))


def test_a_missing_fact_of_a_price_is_listed(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, {"tables/cash-line-price.csv": "months_employed,rate\n>= 0,7.30\n"})
    answer = decide(policy, months_employed=None).product("cash-line")
    assert (answer.outcome, answer.missing) == ("refer", ("months_employed",))


@pytest.mark.parametrize("name", compiling())
def test_what_is_listed_as_missing_is_missing(name: str) -> None:
    policy = shipped(name)
    assessor, referred = Assessor(policy), 0
    for facts in random_facts(policy, 600, seed=23):
        decision = assessor.assess(facts, AS_OF)
        for answer in decision.products:
            if answer.outcome != "refer":
                assert answer.missing == ()
                continue
            referred += 1
            undecided = {each.code for each in answer.reasons if each.kind == "undecided"}
            if undecided == {"POOL_LIMIT"}:  # the pool waits for its lead, whatever the lead waits for
                assert answer.missing == decision.product("consumer-line").missing
            else:
                assert bool(answer.missing) == bool(undecided)
            assert list(answer.missing) == [each.fact for each in policy.plan.inputs if each.fact in answer.missing]
    assert referred > 20


# -- precedence -------------------------------------------------------------------------------------------------------


def test_decline_goes_before_refer_and_refer_before_approve(tmp_path: Path) -> None:
    changes = {
        "rules.yaml": ("rules:", "rules:\n  - {code: LOOK, when: months_employed < 12, effect: refer}"),
        "reasons.yaml": ("reasons:", "reasons:\n  LOOK: {rank: 1, zh: x, en: x}\n  #"),
    }
    policy = policy_of(tmp_path, changes)
    both = decide(policy, months_employed=6, worst_overdue_24m=90).product("cash-line")
    assert both.outcome == "decline" and "LOOK" not in {each.code for each in both.reasons}
    one = decide(policy, months_employed=6).product("cash-line")
    assert (one.outcome, [each.code for each in one.reasons if each.kind == "knock_out"], one.missing) == ("refer", ["LOOK"], ())
    missing = decide(policy, months_employed=6, monthly_income=None).product("cash-line")
    assert missing.outcome == "refer" and missing.missing == ("monthly_income",)
    declined = decide(policy, worst_overdue_24m=90, monthly_income=None).product("cash-line")
    assert (declined.outcome, declined.missing) == ("decline", ())
    assert decide(policy).product("cash-line").outcome == "approve"


@pytest.mark.parametrize("name", compiling())
def test_what_every_decision_keeps_to(name: str) -> None:
    policy = shipped(name)
    assessor, shapes = Assessor(policy), policy.bundle.products
    ceilings = {tier.name: tier.ceiling for tier in policy.bundle.tiers.tiers}
    scale = policy.bundle.about.scale
    ranks = {code: shape.rank for code, shape in policy.bundle.reasons.reasons.items()}
    for facts in random_facts(policy, 1_000, seed=24):
        decision = assessor.assess(facts, AS_OF)
        assert scale.lowest <= decision.score <= scale.highest
        assert 0 <= decision.total_line <= ceilings[decision.tier]
        assert len(decision.score_reasons) <= 4 and all(each.lost > 0 for each in decision.score_reasons)
        lost = [each.lost for each in decision.score_reasons]
        assert lost == sorted(lost, reverse=True)
        assert [each.product for each in decision.products] == list(policy.bundle.exposure.order)
        for answer in decision.products:
            shape = shapes[answer.product]
            if answer.outcome == "approve":
                assert shape.minimum <= answer.limit <= shape.maximum and answer.limit % shape.step == 0
                assert answer.rate_ppm is not None and answer.binding and answer.terms and answer.reasons == ()
            else:
                assert (answer.limit, answer.rate_ppm, answer.terms) == (0, None, ())
                assert answer.reasons, "every refusal has reasons"
                assert any(each.kind != "score" for each in answer.reasons)
                rules = [ranks[each.code] for each in answer.reasons if each.kind == "knock_out"]
                assert rules == sorted(rules)


def test_a_low_score_is_never_the_only_thing_told(starter: Policy) -> None:
    answer = decide(starter, worst_overdue_24m=80, enquiries_6m=9).product("cash-line")
    assert answer.outcome == "decline"
    assert [each.code for each in answer.reasons][:1] == ["SCORE_LOW"]
    assert {each.kind for each in answer.reasons[1:]} == {"score"} and len(answer.reasons) > 1


# -- facts as written -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "1e999999",
        "1e5000",
        "NaN",
        "Infinity",
        "-Infinity",
        "sNaN",
        "12.345",
        "-1",
        "",
        "x",
        "１２",
        "12,000",
        True,
        12.5,
        [],
        {},
        "12000.0000000000000000000000000001",
        10**400,
    ],
    ids=repr,
)
def test_money_that_is_no_money(starter: Policy, value: Any) -> None:
    with pytest.raises(FactsRefused) as refused:
        decide(starter, monthly_debt=value)
    (fault,) = refused.value.faults
    assert fault.fact == "monthly_debt" and fault.right


@pytest.mark.parametrize("value", ["2026-W05-1", "20260105", "2026-1-5", "2026-02-30", "", 20260105, "2026-01-05T00:00"])
def test_days_that_are_no_days(starter: Policy, value: Any) -> None:
    with pytest.raises(FactsRefused):
        decide(starter, bureau_date=value)


def test_all_faults_of_facts_at_once(starter: Policy) -> None:
    with pytest.raises(FactsRefused) as refused:
        decide(starter, monthly_debt=None, housing="castle", months_employd=3, enquiries_6m=201)
    assert {each.fact for each in refused.value.faults} == {"monthly_debt", "housing", "months_employd", "enquiries_6m"}
    assert "months_employed" in str(refused.value)
