"""Checks of knock-outs: rules that never fire, that fire for everybody, and that say nothing another does not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.findings import Finding, finding, undecided
from shouxin.engines.policy.plan import Rule
from shouxin.engines.policy.proof import SUM, Answer, untrue
from shouxin.engines.policy.tree import And, Cmp, Lit, Node, Ref, Type

SHOWN_OPEN = 3
_AS_OF = Ref("as_of", Type.DATE)


@dataclass(frozen=True)
class _Lively:
    """A rule that can fire, and can stay silent."""

    rule: Rule
    roots: frozenset[str]
    names: frozenset[str]


def check_rules(subject: Subject) -> Iterator[Finding]:
    """Dead rules, rules that are always true, and rules implied by others."""
    lively = []
    for rule in subject.policy.plan.rules:
        fires = subject.prover.exists(rule.node)
        yield from _dead(subject, rule, fires)
        silent = subject.prover.exists(*_window(rule), untrue(rule.node))
        yield from _always(subject, rule, silent)
        if fires.customer is not None and not silent.never:
            lively.append(_Lively(rule, subject.prover.roots(rule.node), subject.prover.names(rule.node)))
    yield from _implied(subject, lively)


def _dead(subject: Subject, rule: Rule, fires: Answer) -> Iterator[Finding]:
    if fires.open:
        yield undecided("C-DEAD-RULE", subject.place_of(rule), rule.code, fires.why)
    elif fires.never:
        right = "never fires for any facts within their declared ranges: mend the condition or the ranges, or leave it out"
        yield finding("error", "C-DEAD-RULE", subject.place_of(rule), rule.code, right)


def _always(subject: Subject, rule: Rule, silent: Answer) -> Iterator[Finding]:
    if silent.open:
        yield undecided("C-ALWAYS-RULE", subject.place_of(rule), rule.code, silent.why)
    elif silent.never:
        codes = list(subject.policy.bundle.products)
        products = ", ".join(codes[index] for index in rule.products)
        right = f"fires for every customer, so {products} can never be approved: mend the condition"
        yield finding("error", "C-ALWAYS-RULE", subject.place_of(rule), rule.code, right)


def _window(rule: Rule) -> tuple[Node, ...]:
    """The days on which a rule of the law is in force; outside them it is silent, which says nothing about it."""
    if not rule.where.startswith("regulation/"):
        return ()
    parts = rule.node.args if isinstance(rule.node, And) else (rule.node,)
    days = [part for part in parts if isinstance(part, Cmp) and part.left == _AS_OF and isinstance(part.right, Lit)]
    return tuple(days) if len(days) < len(parts) else ()


# -- implied ----------------------------------------------------------------------------------------------------------


def _implied(subject: Subject, lively: list[_Lively]) -> Iterator[Finding]:
    """A rule that only fires where another, at least as strong, fires too, for a product of both."""
    same: set[frozenset[int]] = set()
    for index, one in enumerate(lively):
        unsure, why = list[Rule](), ""
        for position, other in enumerate(lively):
            if index == position or not _comparable(one, other) or frozenset((index, position)) in same:
                continue
            answer = subject.prover.exists(one.rule.node, untrue(other.rule.node))
            if answer.open:
                unsure.append(other.rule)
                why = answer.why
            if not answer.never:
                continue
            back = subject.prover.exists(other.rule.node, untrue(one.rule.node))
            if back.never:
                same.add(frozenset((index, position)))
            yield _told(subject, one.rule, other.rule, equal=back.never)
        if unsure:
            codes = ", ".join(f"{rule.code} ({rule.where})" for rule in unsure[:SHOWN_OPEN])
            more = f" and {len(unsure) - SHOWN_OPEN} more" if len(unsure) > SHOWN_OPEN else ""
            right = f"whether {codes}{more} fires whenever it does: {why}"
            yield undecided("C-IMPLIED-RULE", subject.place_of(one.rule), one.rule.code, right)


def _comparable(one: _Lively, other: _Lively) -> bool:
    """Rules that rest on different facts never imply each other; a rule that declines says more than one that refers.

    That a fact which fires a rule also makes for a low score is no fault: the rule names the reason, the score does not,
    and the points change with every new card.
    """
    if SUM in other.names and SUM not in one.names:
        return False
    strong = other.rule.effect == "decline" or one.rule.effect == "refer"
    return strong and bool(one.roots & other.roots) and bool({*one.rule.products} & {*other.rule.products})


def _told(subject: Subject, rule: Rule, other: Rule, *, equal: bool) -> Finding:
    codes = list(subject.policy.bundle.products)
    shared = ", ".join(codes[index] for index in sorted({*rule.products} & {*other.products}))
    how = "fires exactly where" if equal else "only fires where"
    right = f"{how} {other.code} ({other.where}) fires too, for {shared}: leave one out, or part them"
    return finding("warning", "C-IMPLIED-RULE", subject.place_of(rule), rule.code, right)
