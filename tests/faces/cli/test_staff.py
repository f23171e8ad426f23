"""`shouxin staff`: people are added, get roles, and act no more."""

from __future__ import annotations

from shouxin.infra.access.principals import cli_principal
from shouxin.infra.access.roles import ROLES
from tests.faces.cli.counter import Counter


def test_somebody_comes_and_goes(counter: Counter) -> None:
    added = counter.told("staff", "add", "cli:li", "--role", "risk", "--role", "credit_officer", "--key", "li")
    assert (added["principal"], added["kind"], added["roles"], added["active"]) == (
        "cli:li",
        "person",
        ["risk", "credit_officer"],
        True,
    )
    assert counter.told("staff", "add", "cli:li", "--role", "credit_officer", "--role", "risk", "--key", "li")["repeated"]
    assert counter.told("staff", "roles", "cli:li", "--role", "credit_manager")["roles"] == ["credit_manager"]
    assert counter.told("staff", "deactivate", "cli:li")["active"] is False
    assert "停用" in counter("staff", "list", "--lang", "zh")
    assert counter.told("staff", "activate", "cli:li")["active"] is True
    listed = counter.told("staff", "list")["principals"]
    assert [(each["principal"], each["roles"]) for each in listed] == [
        ("cli:li", ["credit_manager"]),
        (cli_principal(), list(ROLES)),
    ]
    shown = counter("staff", "list", "--lang", "zh")
    assert "审批经理" in shown and "启用" in shown
    noted = counter.one("SELECT array_agg(action || ' ' || principal ORDER BY at) FROM audit WHERE about = 'cli:li'")[0]
    assert noted == [f"principal.{each} {cli_principal()}" for each in ("add", "roles", "deactivate", "activate")]


def test_an_answer_is_told_in_chinese(counter: Counter) -> None:
    printed = counter("staff", "add", "settling", "--kind", "service", "--role", "operations", "--lang", "zh")
    assert "操作主体" in printed and "启用" in printed and "请求号" in printed


def test_what_is_refused(counter: Counter) -> None:
    counter("staff", "add", "cli:zhao", "--role", "risk")
    assert counter.refusal("staff", "add", "cli:zhao", "--role", "risk") == "PrincipalExists"
    assert counter.refusal("staff", "add", "Zhao Li", "--role", "risk") == "PrincipalNameUnusable"
    assert counter.refusal("staff", "add", "cli:qian", "--role", "king") == "RoleUnknown"
    assert counter.refusal("staff", "add", "cli:qian", "--role", "risk", "--kind", "robot") == "WordUnknown"
    assert counter.refusal("staff", "roles", "cli:zhao", "--role", "king") == "RoleUnknown"
    assert counter.told("staff", "roles", "cli:nobody", "--role", "risk", code=1)["refusal"]["code"] == "PrincipalUnknown"
    assert counter.refusal("staff", "deactivate", cli_principal()) == "LastPlatformPrincipal"
    assert counter.refusal("staff", "roles", cli_principal(), "--role", "risk") == "LastPlatformPrincipal"


def test_what_each_role_decides(counter: Counter) -> None:
    told = counter.told("staff", "authority")["roles"]
    assert told["credit_officer"]["decides"]["referral"] == {"alone": "200000.00", "second": "500000.00"}
    assert "case.reassign" in told["credit_manager"]["may"] and told["auditor"]["decides"] == {}
    printed = counter("staff", "authority", "--lang", "zh")
    assert "单人审批限额" in printed and "5,000,000.00" in printed and "征信异议" in printed
