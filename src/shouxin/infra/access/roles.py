"""What each role may do, from `roles.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

import yaml

from shouxin.foundation.texts import Text


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name on screens, and the actions that it may do."""

    name: Text
    may: frozenset[str]


def _load() -> Mapping[str, Role]:
    rows = yaml.safe_load(resources.files(__package__).joinpath("roles.yaml").read_text("utf-8"))
    return MappingProxyType({code: Role(Text(row["zh"], row["en"]), frozenset(row["may"])) for code, row in rows.items()})


ROLES = _load()
ACTIONS = frozenset(action for role in ROLES.values() for action in role.may)


def roles_for(action: str) -> tuple[str, ...]:
    """The roles that may do an action.

    >>> roles_for("audit.read")
    ('auditor',)
    """
    return tuple(code for code, role in ROLES.items() if action in role.may)
