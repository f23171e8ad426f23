"""Run the cases of a bundle: rows of facts with what is expected of them.

A row takes the facts of its profile (cases/profiles.yaml), changes those that it names, and expects what its columns
that begin with `= ` say; an empty cell changes and expects nothing, `null` is a missing fact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.model import Decision, ProductDecision
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.cross import consequences
from shouxin.engines.policy.plan import Input
from shouxin.engines.policy.read import Facts, FactsRefused, read_facts
from shouxin.engines.policy.source import CsvFile
from shouxin.engines.policy.tree import Type

RESERVED = ("name", "as_of", "profile")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: `faults` says what came out otherwise than expected, empty when nothing did."""

    file: str
    line: int
    name: str
    expectations: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Decided:
    policy: Policy
    facts: Facts
    decision: Decision


def run_cases(policy: Policy) -> list[CaseResult]:
    """Every case of the bundle, in order of file and line."""
    assessor = Assessor(policy)
    return [result for name in sorted(policy.bundle.cases) for result in _file(policy, assessor, policy.bundle.cases[name])]


def _file(policy: Policy, assessor: Assessor, file: CsvFile) -> Iterator[CaseResult]:
    for index, row in enumerate(file.rows):
        cells = dict(zip(file.header, row, strict=True))
        expected = {name[2:].strip(): text for name, text in cells.items() if name.startswith("= ") and text}
        try:
            faults = _faults(_decide(policy, assessor, cells), expected)
            if not expected:
                faults = ["expects nothing: a case that cannot fail"]
        except (ValueError, FactsRefused, KeyError) as error:
            faults = [f"cannot be run: {error}"]
        yield CaseResult(file.name, file.lines[index], cells.get("name", ""), len(expected), tuple(faults))


def _decide(policy: Policy, assessor: Assessor, cells: Mapping[str, str]) -> _Decided:
    profile = cells.get("profile", "")
    if profile and profile not in policy.bundle.profiles:
        raise ValueError(f"profile: {profile!r}: cases/profiles.yaml has {', '.join(policy.bundle.profiles)}")
    written: dict[str, Any] = dict(policy.bundle.profiles.get(profile, {}))
    inputs = {each.fact: each for each in policy.plan.inputs}
    for name, text in cells.items():
        if name in RESERVED or name.startswith("= ") or not text:
            continue
        if name not in inputs:
            raise ValueError(f"{name}: no such fact in this bundle")
        written[name] = None if text == "null" else written_value(inputs[name], text)
    as_of = dt.date.fromisoformat(cells.get("as_of") or "2026-07-01")
    facts = read_facts(policy.plan, written)
    return _Decided(policy, facts, assessor.assess(facts, as_of))


def written_value(each: Input, text: str) -> Any:
    """The text of a CSV cell as it would be written in JSON: numbers and flags as such, the rest as text."""
    if each.column.type is Type.BOOL:
        return {"true": True, "false": False}.get(text.lower(), text)
    if each.column.type in (Type.ENUM, Type.DATE, Type.MONEY) and each.unit != "minor":
        return text
    try:
        return Decimal(text) if "." in text else int(text)
    except (InvalidOperation, ValueError):
        return text


def _faults(decided: _Decided, expected: Mapping[str, str]) -> list[str]:
    faults = []
    for name, text in expected.items():
        found = _found(decided, name)
        if not _equal(found, text):
            faults.append(f"{name}: expected {text}, got {found}")
    return faults


def _equal(found: str, text: str) -> bool:
    try:
        return Decimal(found) == Decimal(text)
    except InvalidOperation:
        return found == text


def _found(decided: _Decided, name: str) -> str:
    decision = decided.decision
    product, _, what = name.partition(".")
    if not what:
        if name not in ("score", "tier", "total_line", "card", "pd_ppm"):
            raise ValueError(f"{name}: expect score, tier, total_line, card, pd_ppm, or PRODUCT.outcome and so on")
        value = getattr(decision, name)
        return str(Decimal(value) / 100) if name == "total_line" else str(value)
    answer = decision.product(product)
    readers = {
        "outcome": lambda: answer.outcome,
        "limit": lambda: str(Decimal(answer.limit) / 100),
        "rate": lambda: "none" if answer.rate_ppm is None else str(Decimal(answer.rate_ppm) / 10_000),
        "binding": lambda: answer.binding or "none",
        "reasons": lambda: _codes(answer),
        "missing": lambda: "|".join(answer.missing) or "none",
        "displaces": lambda: "|".join(answer.displaces) or "none",
        "cross": lambda: _cross(decided, product),
    }
    if what not in readers:
        raise ValueError(f"{name}: expect one of {', '.join(readers)}")
    return readers[what]()


def _cross(decided: _Decided, product: str) -> str:
    """What follows for the line that is held, and why: `suspend CROSS_OVERDUE`; `none` when nothing does."""
    follows = consequences(decided.policy, decided.facts.values_in_order, decided.decision.as_of)
    return next((f"{each.act} {'|'.join(each.reasons)}" for each in follows.lines if each.product == product), "none")


def _codes(answer: ProductDecision) -> str:
    """Codes in order, score reasons left out; `none` when there are none."""
    return "|".join(each.code for each in answer.reasons if each.kind != "score") or "none"
