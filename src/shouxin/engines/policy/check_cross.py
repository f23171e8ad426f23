"""Checks of cross-default: conditions that never hold, that always hold, and that suspend what they close."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.findings import Finding, finding, undecided
from shouxin.engines.policy.plan import Cross
from shouxin.engines.policy.proof import Answer, untrue


def check_cross(subject: Subject) -> Iterator[Finding]:
    """Every rule of `cross` can hold, can fail to hold, and does one thing to a line."""
    for rule in subject.policy.plan.cross:
        never = "never holds for any facts within their declared ranges: mend the condition, or leave it out"
        yield from _told(rule, "C-DEAD-RULE", subject.prover.exists(rule.node), never)
        always = "holds for every customer, so these lines can never be used: mend the condition"
        yield from _told(rule, "C-ALWAYS-RULE", subject.prover.exists(untrue(rule.node)), always)
        if both := [code for code in rule.suspends if code in rule.closes]:
            right = "is closed, and so need not be suspended: leave it in one of the lists"
            yield finding("warning", "C-CROSS", _place(rule), ", ".join(both), right)


def _told(rule: Cross, code: str, answer: Answer, right: str) -> Iterator[Finding]:
    if answer.open:
        yield undecided(code, _place(rule), rule.code, answer.why)
    elif answer.never:
        yield finding("error", code, _place(rule), rule.code, right)


def _place(rule: Cross) -> Place:
    file, _, line = rule.where.rpartition(":")
    return Place(file, int(line))
