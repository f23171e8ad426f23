"""Authority by amount, from `authority.yaml`: how much somebody decides alone, how much they confirm.

Read first: `authority_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

import yaml

from shouxin.foundation.money import read_amount


@dataclass(frozen=True, slots=True)
class Authority:
    """Minor units. alone: the most that is decided with nobody else; second: the most that is confirmed as the second person."""

    alone: int
    second: int


def _load() -> Mapping[str, Mapping[str, Authority]]:
    rows = yaml.safe_load(resources.files(__package__).joinpath("authority.yaml").read_text("utf-8"))
    return MappingProxyType({kind: MappingProxyType(_by_role(kind, roles)) for kind, roles in rows.items()})


def _by_role(kind: str, roles: Mapping[str, Mapping[str, object]]) -> dict[str, Authority]:
    def amount(role: str, name: str) -> int:
        return read_amount(roles[role][name], f"{kind}.{role}.{name}")

    return {role: Authority(amount(role, "alone"), amount(role, "second")) for role in roles}


AUTHORITY = _load()


def authority_of(roles: Sequence[str], kind: str) -> Authority | None:
    """What somebody with these roles may decide of a kind of case: the most that any of them allows; None where none does.

    >>> authority_of(["auditor", "credit_officer"], "referral")
    Authority(alone=20000000, second=50000000)
    """
    found = [AUTHORITY[kind][role] for role in roles if role in AUTHORITY[kind]]
    if not found:
        return None
    return Authority(max(each.alone for each in found), max(each.second for each in found))


def most_confirmed(kind: str) -> int:
    """The most that anybody may confirm of a kind of case, minor units."""
    return max(each.second for each in AUTHORITY[kind].values())


def roles_deciding(kind: str) -> tuple[str, ...]:
    """The roles that decide a kind of case."""
    return tuple(AUTHORITY[kind])
