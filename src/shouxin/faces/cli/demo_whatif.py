"""The part of the demonstration in which the shopkeeper's plan is shown before she carries it out, and compared afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from shouxin.desk.advice.whatif.asking import Plan, what_if
from shouxin.desk.advice.whatif.model import State, WhatIf
from shouxin.desk.advice.whatif.steps import read_step
from shouxin.desk.advice.whatif.told import Teller
from shouxin.faces.cli.demo_people import Counter
from shouxin.faces.cli.out import results
from shouxin.foundation.money import show_amount
from shouxin.foundation.texts import LANGUAGES, Text

PLAN = Text("她先做一次模拟测算：", "First she asks what would come of it:")
SAME = Text(
    "与测算一致：内部信用评分 {score}，客户等级 {tier}，{lines}。",
    "It came out as predicted: score {score}, tier {tier}, {lines}.",
)
LINE = Text("「{name}」额度 {limit} 元", "{name} with a limit of {limit}")


class NotAsPredicted(Exception):
    """What really came of a plan is not what was predicted: a defect of ours."""


def show_plan(counter: Counter, customer: uuid.UUID, steps: Sequence[str]) -> WhatIf:
    """Imagine a plan, and print it in both languages."""
    found = what_if(counter.connection, counter.house, Plan(customer, [read_step(each) for each in steps], "demo"))
    for lang in LANGUAGES:
        teller = Teller(found, lang)
        results.print(f"   {PLAN.in_language(lang)}", soft_wrap=True)
        for step in teller.steps():
            results.print(f"     {step.number}. {step.title} [{step.verdict}]", soft_wrap=True)
            for line in step.lines:
                results.print(f"        {line}", soft_wrap=True)
        results.print(f"     {teller.reported()}\n", soft_wrap=True)
    return found


def show_outcome(counter: Counter, customer: uuid.UUID, predicted: WhatIf) -> None:
    """Compare what there is now with what was predicted, and print that it is the same. Raises NotAsPredicted."""
    now = what_if(counter.connection, counter.house, Plan(customer, [read_step("wait 1d")], "demo")).before
    if _said(now) != _said(predicted.after):
        raise NotAsPredicted(f"{_said(now)}, and predicted was {_said(predicted.after)}")
    for lang in LANGUAGES:
        teller, decision = Teller(predicted, lang), now.decision
        lines = [
            LINE.in_language(lang).format(name=teller.names.product(each.product), limit=show_amount(each.most))
            for each in now.facilities
            if each.is_open
        ]
        told = SAME.in_language(lang).format(score=decision.score, tier=decision.tier, lines=teller.names.comma.join(lines))
        results.print(f"   {told}", soft_wrap=True)
    results.print()


def _said(state: State) -> tuple[object, ...]:
    lines = sorted((each.product, each.status, each.most, each.rate_ppm, each.owed) for each in state.facilities)
    return state.decision.canonical(), lines, state.line
