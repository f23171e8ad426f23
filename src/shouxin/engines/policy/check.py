"""`shouxin policy check`: what is wrong with a bundle that can be loaded, without deciding anybody.

Loading refuses what cannot be computed (errors.py, ranges.py). These checks find what can be computed and is not meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shouxin.engines.policy.check_answers import Cases, check_answers
from shouxin.engines.policy.check_cards import check_bins, check_tiers
from shouxin.engines.policy.check_cross import check_cross
from shouxin.engines.policy.check_order import check_limits, check_prices
from shouxin.engines.policy.check_products import check_bullets, check_minimum, check_prices_within_cap
from shouxin.engines.policy.check_reasons import check_cases, check_reasons
from shouxin.engines.policy.check_rules import check_rules
from shouxin.engines.policy.check_tables import check_tables
from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.findings import Finding
from shouxin.engines.policy.proof import Prover

CHECKS: tuple[Callable[[Subject], Iterable[Finding]], ...] = (
    check_tables,
    check_limits,
    check_prices,
    check_bins,
    check_tiers,
    check_bullets,
    check_minimum,
    check_prices_within_cap,
    check_reasons,
    check_cases,
    check_rules,
    check_cross,
)


def check_policy(policy: Policy, *, seconds: float = 20.0, cases: Cases | None = None) -> list[Finding]:
    """Everything that the checks find, in order of file and line.

    seconds: for searching and for z3 altogether; what is not decided in time is a note that says so
    cases:   what can be answered to customers; None leaves the words of answers unchecked
    """
    subject = Subject(policy, Prover(policy, seconds))
    found = dict.fromkeys(each for check in CHECKS for each in check(subject))  # a reduced price shares its table's faults
    found |= dict.fromkeys(check_answers(policy.bundle, cases) if cases is not None else ())
    return sorted(found, key=lambda each: (each.file, each.line, each.code, each.text))
