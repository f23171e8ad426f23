"""Applications and switches as they are printed."""

from __future__ import annotations

from collections.abc import Sequence

from shouxin.desk.origination.model import By, Part, Status
from shouxin.desk.origination.plans import Plan, PlanStatus
from shouxin.faces.cli.answers_shown import Shown, show_table
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text

PART = (
    (Text("申请日", "Day"), False),
    (Text("产品", "Product"), False),
    (Text("申请金额", "Asked for"), True),
    (Text("状态", "Status"), False),
    (Text("结论方式", "Decided by"), False),
    (Text("分项额度", "Facility"), False),
    (Text("申请编号", "Application"), False),
)
PLAN = (
    (Text("方案", "Plan"), False),
    (Text("开通产品", "Opens"), False),
    (Text("额度", "Limit"), True),
    (Text("年化利率（单利）", "Rate a year, simple"), True),
    (Text("结清金额", "To settle"), True),
    (Text("有效期至", "Stands until"), False),
    (Text("状态", "Status"), False),
)
STATUSES = {
    Status.DECLINED: Text("未通过", "declined"),
    Status.REFERRED: Text("人工审批中", "referred"),
    Status.CONTESTED: Text("复核中", "contested"),
    Status.OFFERED: Text("待客户确认", "offered"),
    Status.ACCEPTED: Text("已开通", "accepted"),
}
DECIDERS = {
    By.MACHINE: Text("系统", "machine"),
    By.PERSON: Text("人工", "person"),
    By.DEFAULT: Text("逾期未办", "nobody in time"),
}
PLANS = {
    PlanStatus.APPROVED: Text("已批准", "approved"),
    PlanStatus.EXECUTED: Text("已办理", "executed"),
    PlanStatus.WITHDRAWN: Text("已撤回", "withdrawn"),
    PlanStatus.LAPSED: Text("已失效", "lapsed"),
}


def shown_parts(parts: Sequence[Part], lang: str) -> Shown:
    """Applications, product by product."""
    plain = [
        {
            "application": str(each.application_id),
            "decision": str(each.decision_id),
            "day": each.day.isoformat(),
            "product": each.product,
            "amount": None if each.amount is None else write_amount(each.amount),
            "status": each.status.value,
            "by": each.by.value if each.by else None,
            "facility": str(each.facility_id) if each.facility_id else None,
            "contract": str(each.contract) if each.contract else None,
            "case": str(each.case_id) if each.case_id else None,
        }
        for each in parts
    ]

    def print_it() -> None:
        rows = []
        for each in parts:
            amount = "" if each.amount is None else show_amount(each.amount)
            by = DECIDERS[each.by].in_language(lang) if each.by else ""
            status, facility = STATUSES[each.status].in_language(lang), str(each.facility_id or "")
            rows.append((each.day.isoformat(), each.product, amount, status, by, facility, str(each.application_id)))
        show_table(PART, rows, lang)

    return Shown(plain, print_it)


def shown_plans(plans: Sequence[Plan], lang: str) -> Shown:
    """Approved switches."""
    plain = [
        {
            "plan": str(each.plan_id),
            "closes": [str(closed) for closed in each.closes],
            "product": each.product,
            "facility": str(each.facility_id),
            "limit": write_amount(each.most),
            "rate": write_percent(each.rate_ppm),
            "payoff": write_amount(each.payoff),
            "contract": str(each.contract),
            "expires": each.expires.isoformat(),
            "status": each.status.value,
        }
        for each in plans
    ]

    def print_it() -> None:
        rows = []
        for each in plans:
            money = (show_amount(each.most), f"{write_percent(each.rate_ppm)}%", show_amount(each.payoff))
            status = PLANS[each.status].in_language(lang)
            rows.append((str(each.plan_id), each.product, *money, each.expires.isoformat(), status))
        show_table(PLAN, rows, lang)

    return Shown(plain, print_it)
