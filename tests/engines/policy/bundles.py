"""Copies of the starter bundle with one thing changed, and what the static checks then find."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.findings import Finding
from shouxin.engines.policy.load import SHIPPED
from shouxin.engines.policy.proof import Prover

Check: TypeAlias = Callable[[Subject], Iterable[Finding]]
LIMIT, PRICE = "tables/cash-line-limit.csv", "tables/cash-line-price.csv"
RULES, CARD, PRODUCT, TIERS = "rules.yaml", "scorecards/persons.yaml", "products/cash-line.yaml", "tiers.yaml"
REASONS, LAW, DERIVED = "reasons.yaml", "regulation/caps.yaml", "derived.yaml"


def starter(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """The starter bundle in a folder; each edit is (file, old text, new text), and the old text must be there once."""
    copy = folder / "starter"
    shutil.copytree(SHIPPED / "starter", copy)
    for name, old, new in edits:
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def edited(folder: Path, *edits: tuple[str, str, str]) -> Policy:
    """The starter bundle with edits, compiled."""
    return compile_policy(starter(folder, *edits))


def found(check: Check, policy: Policy, seconds: float = 20.0) -> list[Finding]:
    """What one check finds."""
    return list(check(Subject(policy, Prover(policy, seconds))))


def codes(findings: list[Finding]) -> list[str]:
    """The codes of findings, in order."""
    return [each.code for each in findings]


def only(findings: list[Finding], code: str, severity: str) -> Finding:
    """The one finding there is."""
    assert [(each.code, each.severity) for each in findings] == [(code, severity)], findings
    return findings[0]
