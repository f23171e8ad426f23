"""How a what-if is printed for people. Read first: `show_what_if`."""

from __future__ import annotations

from shouxin.desk.advice.whatif.model import Outcome, WhatIf
from shouxin.desk.advice.whatif.told import Teller, ToldStep
from shouxin.desk.decisions.explain import yuan
from shouxin.faces.cli.out import results
from shouxin.foundation.texts import Text

COLOURS = {Outcome.DONE: "green", Outcome.REFUSED: "red", Outcome.NOT_REACHED: "dim"}
NOW = Text(
    "现在（{day}）：内部信用评分 {score}，客户等级 {tier}，综合授信额度 {total} 元，已用 {owed} 元",
    "now ({day}): score {score}, tier {tier}, total line {total}, of which {owed} owed",
)
THEN = Text("届时（{day}）各产品：", "the products then ({day}):")


def show_what_if(found: WhatIf, teller: Teller) -> None:
    """Where the customer stands, each step with what comes of it, the products afterwards, and what must be said."""
    if found.proven:
        results.print(_now(found, teller.lang), soft_wrap=True)
    for step, taken in zip(teller.steps(), found.steps, strict=True):
        _show_step(step, COLOURS[taken.outcome])
    products = teller.products(found.after)
    if products:
        results.print("\n" + THEN.in_language(teller.lang).format(day=found.after.day), style="bold", soft_wrap=True)
    for name, answer, behind in products:
        results.print(f"{name}  {answer}", soft_wrap=True)
        for line in behind:
            results.print(f"    {line}", style="dim", soft_wrap=True)
    reported = teller.reported()
    for line in ("", *((reported,) if reported else ())):
        results.print(line, soft_wrap=True)
    for line in teller.notices():
        results.print(line, style="dim", soft_wrap=True)


def _now(found: WhatIf, lang: str) -> str:
    before, line = found.before, found.before.line
    total, owed = (yuan(line.total), yuan(line.owed)) if line else (yuan(0), yuan(0))
    decision = before.decision
    return NOW.in_language(lang).format(day=before.day, score=decision.score, tier=decision.tier, total=total, owed=owed)


def _show_step(step: ToldStep, colour: str) -> None:
    results.print(f"\n{step.number}. {step.title}  [{step.verdict}]", style=f"bold {colour}", soft_wrap=True)
    for line in step.lines:
        results.print(f"    {line}", soft_wrap=True)
