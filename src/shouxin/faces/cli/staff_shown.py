"""Principals and roles as they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shouxin.faces.cli.answers_shown import Shown, show_table
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.texts import Text
from shouxin.infra.access.authority import AUTHORITY
from shouxin.infra.access.principals import Kind, Principal
from shouxin.infra.access.queues import KINDS
from shouxin.infra.access.roles import ROLES

STAFF = (
    (Text("操作主体", "Principal"), False),
    (Text("类别", "Kind"), False),
    (Text("角色", "Roles"), False),
    (Text("状态", "Status"), False),
    (Text("登记日", "Since"), False),
)
ROLE = (
    (Text("角色", "Role"), False),
    (Text("名称", "Name"), False),
    (Text("事项", "Decides"), False),
    (Text("单人审批限额", "Alone"), True),
    (Text("复核限额", "As second"), True),
)
KIND = {Kind.PERSON: Text("人员", "person"), Kind.SERVICE: Text("系统服务", "service")}
ACTIVE, INACTIVE = Text("启用", "active"), Text("停用", "inactive")


def principal_dict(each: Principal) -> dict[str, Any]:
    """A principal for programs."""
    told = {"principal": each.name, "kind": each.kind.value, "roles": list(each.roles), "active": each.active}
    return {**told, "since": each.since.isoformat()}


def shown_staff(found: Sequence[Principal], lang: str) -> Shown:
    """Principals, one a line."""

    def row(each: Principal) -> list[str]:
        names = [ROLES[role].name.in_language(lang) for role in each.roles]
        separator = "、" if lang == "zh" else ", "
        status = ACTIVE if each.active else INACTIVE
        kind = KIND[each.kind].in_language(lang)
        return [each.name, kind, separator.join(names) or "-", status.in_language(lang), str(each.since)]

    plain = {"principals": [principal_dict(each) for each in found]}
    return Shown(plain, lambda: show_table(STAFF, [row(each) for each in found], lang))


def shown_roles(lang: str) -> Shown:
    """Roles, and how much they decide of each kind of case; for programs also what else they may do."""
    plain: dict[str, Any] = {}
    rows: list[list[str]] = []
    for code, role in ROLES.items():
        held = {kind: roles[code] for kind, roles in AUTHORITY.items() if code in roles}
        plain[code] = {
            "zh": role.name.zh,
            "en": role.name.en,
            "may": sorted(role.may),
            "decides": {k: {"alone": write_amount(each.alone), "second": write_amount(each.second)} for k, each in held.items()},
        }
        rows.append([code, role.name.in_language(lang), "", "", ""])
        for kind, each in held.items():
            name = KINDS[kind].name.in_language(lang)
            rows.append(["", "", name, show_amount(each.alone), show_amount(each.second)])
    return Shown({"roles": plain}, lambda: show_table(ROLE, rows, lang))
