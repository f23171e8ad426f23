"""Every reason is true: without its cause, that rule would not have fired; the points told as lost are those lost."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from shouxin.desk.decisions import Assessor
from shouxin.desk.decisions.missing import all_values
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plain import culprits, evaluate
from shouxin.engines.policy.plan import Assign, Rule
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.tree import Node, refs
from tests.bundles import compiling, shipped
from tests.customers import AS_OF, changed, cut_points, draw, random_facts


def columns(policy: Policy) -> dict[str, Node]:
    """What each column that is no input is worked out from."""
    return {step.name: step.node for each in policy.plan.passes for step in each.steps if isinstance(step, Assign)}


def inputs_of(policy: Policy, names: frozenset[str]) -> frozenset[str]:
    """The facts from which columns are worked out, through every formula between."""
    known, own = columns(policy), {each.name: each.fact for each in policy.plan.inputs}
    found: set[str] = set()
    waiting, seen = list(names), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in own:
            found.add(own[name])
        if name in known:
            waiting += refs(known[name])
    return frozenset(found)


def causes(policy: Policy, rule: Rule, values: dict[str, Any]) -> frozenset[str]:
    """The facts that are to blame for a rule's having fired."""
    return inputs_of(policy, culprits(rule.node, values))


def fired(policy: Policy, rule: Rule, facts: Facts, as_of: dt.date = AS_OF) -> bool:
    return evaluate(rule.node, all_values(policy, facts, as_of)) is True


def declined(policy: Policy, count: int, seed: int) -> list[tuple[Facts, Rule]]:
    """Customers with one of the rules that declined them."""
    assessor, source, found = Assessor(policy), random.Random(seed), []
    for facts in random_facts(policy, count, seed):
        for place, product in enumerate(policy.bundle.products):
            answer = assessor.assess(facts, AS_OF).product(product)
            codes = {each.code for each in answer.reasons if each.kind == "knock_out"}
            rules = [rule for rule in policy.plan.rules if rule.code in codes and place in rule.products]
            assert len(rules) == len(codes)
            if rules:
                found.append((facts, source.choice(rules)))
    return found


@pytest.mark.parametrize("name", compiling())
def test_a_rule_that_is_told_did_fire(name: str) -> None:
    policy = shipped(name)
    pairs = declined(policy, 150, 31)
    assert len(pairs) > 50
    for facts, rule in pairs:
        assert fired(policy, rule, facts), (rule.code, dict(facts))


@pytest.mark.parametrize("name", compiling())
def test_changing_its_causes_takes_a_rule_back(name: str) -> None:
    """For each rule that fired there are other values of the facts it blames, with which it does not fire."""
    policy, source = shipped(name), random.Random(5)
    cuts, by_fact = cut_points(policy), {each.fact: each for each in policy.plan.inputs}
    sound = random_facts(policy, 40, seed=1)
    for facts, rule in declined(policy, 60, 32):
        blamed = sorted(causes(policy, rule, all_values(policy, facts, AS_OF)))
        if refs(rule.node) == {"as_of"}:  # a window: its cause is the day, and it is open on another day
            assert any(not fired(policy, rule, facts, AS_OF + dt.timedelta(days=days)) for days in range(366)), rule.code
            continue
        assert blamed, f"{rule.code} blames nothing"
        for attempt in range(400):
            other = facts
            for fact in blamed:
                each = by_fact[fact]
                near = cuts.get(each.name, set()) | cuts.get(each.fact, set())
                other = changed(other, fact, sound[attempt][fact] if attempt < len(sound) else draw(each.column, near, source))
            if not fired(policy, rule, other):
                break
        else:
            pytest.fail(f"{rule.code}: nothing that {blamed} can be takes it back: {dict(facts)}")


@pytest.mark.parametrize("name", compiling())
def test_changing_anything_else_does_not(name: str) -> None:
    """While the facts that a rule blames stay, it fires whatever the others are."""
    policy, source = shipped(name), random.Random(6)
    cuts = cut_points(policy)
    for facts, rule in declined(policy, 60, 33):
        blamed = causes(policy, rule, all_values(policy, facts, AS_OF))
        for _ in range(8):
            other = facts
            for each in policy.plan.inputs:
                if each.fact not in blamed and source.random() < 0.7:
                    near = cuts.get(each.name, set()) | cuts.get(each.fact, set())
                    other = changed(other, each.fact, draw(each.column, near, source))
            assert fired(policy, rule, other), (rule.code, sorted(blamed), dict(facts), dict(other))


@pytest.mark.parametrize("name", compiling())
def test_points_told_as_lost_are_the_points_below_the_best_bin(name: str) -> None:
    """Putting a characteristic into its best bin regains exactly what was told."""
    policy = shipped(name)
    assessor, checked = Assessor(policy), 0
    for facts in random_facts(policy, 400, seed=34):
        decision = assessor.assess(facts, AS_OF)
        card = policy.bundle.scorecards[decision.card]
        points = dict(decision.points)
        assert set(points) == {*card.characteristics, *card.pairs}
        lost_by_reason: dict[str, list[int]] = {}
        for characteristic, shape in card.characteristics.items():
            given = [each.points for each in shape.bins] + [each for each in (shape.missing, shape.no_record) if each is not None]
            lost = max(given) - points[characteristic]
            assert lost >= 0
            for code in {shape.reason, shape.missing_reason or shape.reason, shape.no_record_reason or shape.reason}:
                lost_by_reason.setdefault(code, []).append(lost)
        paired = {pair.reason for pair in card.pairs.values()}
        for reason in decision.score_reasons:
            if reason.code not in paired:
                checked += 1
                possible = lost_by_reason[reason.code]
                assert reason.lost in possible or reason.lost == sum(possible), (reason, lost_by_reason)
        told = sum(each.lost for each in decision.score_reasons)
        total = sum(max(each) for each in lost_by_reason.values())
        assert told <= total or paired
        scale = policy.bundle.about.scale
        assert decision.score == min(max(card.base + sum(points.values()), scale.lowest), scale.highest)
    assert checked > 300


@pytest.mark.parametrize("name", compiling())
def test_no_larger_loss_is_left_out(name: str) -> None:
    """The reasons told are those that lost most."""
    policy = shipped(name)
    assessor = Assessor(policy)
    for facts in random_facts(policy, 300, seed=35):
        decision = assessor.assess(facts, AS_OF)
        card = policy.bundle.scorecards[decision.card]
        points, losses = dict(decision.points), []
        for characteristic, shape in card.characteristics.items():
            given = [each.points for each in shape.bins] + [each for each in (shape.missing, shape.no_record) if each is not None]
            losses.append(max(given) - points[characteristic])
        if not losses or not max(losses):
            continue
        assert decision.score_reasons and decision.score_reasons[0].lost >= max(losses)
        codes = [each.code for each in decision.score_reasons]
        assert len(codes) == len(set(codes)), "each reason once"
