"""What happened to a customer in words, and with which amounts. Read first: `EVENTS`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text

EVENTS: Mapping[str, Text] = {
    "customer.created": Text("客户建档", "became a customer"),
    "customer.state_changed": Text("客户状态变更", "state changed"),
    "line.set": Text("核定综合授信额度", "total line set"),
    "facility.offered": Text("授信要约", "facility offered"),
    "facility.opened": Text("额度启用", "facility opened"),
    "facility.suspended": Text("额度止付", "facility suspended"),
    "facility.resumed": Text("额度恢复", "facility resumed"),
    "facility.limit_changed": Text("额度调整", "limit changed"),
    "facility.renewed": Text("额度续期", "facility renewed"),
    "facility.closing": Text("额度关闭中", "facility closing"),
    "facility.closing_again": Text("额度恢复为关闭中", "facility closing again"),
    "facility.closed": Text("额度关闭", "facility closed"),
    "facility.kept_open": Text("撤回关闭申请", "closing taken back"),
    "consent.given": Text("签署授权", "consent given"),
    "consent.withdrawn": Text("撤回授权", "consent withdrawn"),
    "snapshot.recorded": Text("登记外部信息", "data recorded"),
    "bureau.asked": Text("查询征信", "bureau asked"),
    "bureau.failed": Text("征信查询失败", "bureau enquiry failed"),
    "bureau.disputed": Text("提出征信异议", "bureau record disputed"),
    "bureau.dispute_answered": Text("答复征信异议", "dispute answered"),
    "bureau.dispute_late": Text("征信异议逾期未答复", "dispute not answered in time"),
    "experiment.left_out": Text("未参加策略实验", "left out of an experiment"),
    "precheck.made": Text("额度预估", "pre-check"),
    "application.made": Text("提交申请", "applied"),
    "application.declined": Text("申请未通过", "application declined"),
    "application.referred": Text("申请转人工审批", "application referred"),
    "application.contested": Text("申请人工复核", "refusal contested"),
    "application.offered": Text("申请通过，待确认", "application approved, offered"),
    "application.accepted": Text("接受要约", "offer accepted"),
    "case.proposed": Text("提出审批意见", "decision proposed"),
    "case.decided": Text("人工审批完成", "decided by a person"),
    "case.expired": Text("审批到期", "case expired"),
    "switch.promised": Text("先批后关获批", "switch approved beforehand"),
    "switch.executed": Text("先批后关办理完成", "switch carried out"),
    "switch.withdrawn": Text("撤回先批后关", "switch withdrawn"),
    "switch.lapsed": Text("先批后关到期失效", "switch ran out"),
    "draw.reserved": Text("支用申请", "draw asked for"),
    "draw.instructed": Text("放款指令", "payout instructed"),
    "draw.failed": Text("放款失败", "payout failed"),
    "loan.paid_out": Text("放款", "paid out"),
    "loan.repaid": Text("还款", "repaid"),
    "loan.fee_charged": Text("收费", "fee charged"),
    "loan.reversed": Text("冲正", "reversed"),
    "loan.interest_paused": Text("停息", "interest paused"),
    "loan.rate_changed": Text("利率调整", "rate changed"),
    "loan.extended": Text("展期", "extended"),
    "loan.renewed": Text("无还本续贷", "renewed"),
    "loan.re_aged": Text("逾期重置", "re-aged"),
    "loan.restructured": Text("重组", "restructured"),
    "loan.recalled": Text("提前收回", "recalled"),
    "loan.written_off": Text("核销", "written off"),
    "loan.recovered": Text("核销后收回", "recovered"),
    "payment.received": Text("来款", "payment received"),
    "payment.bounced": Text("来款退回", "payment bounced"),
    "credit.added": Text("溢缴款增加", "paid too much"),
    "credit.taken": Text("溢缴款退还", "credit paid back"),
    "credit.used": Text("溢缴款抵扣", "credit used"),
    "mandate.signed": Text("签约代扣", "auto-debit signed"),
    "debit.instructed": Text("发起代扣", "auto-debit instructed"),
    "debit.failed": Text("代扣失败", "auto-debit failed"),
    "document.certified": Text("出具结清证明", "settlement certificate made"),
}
HEADS = (
    (Text("编号", "No."), True),
    (Text("日期", "Date"), False),
    (Text("事项", "What"), False),
    (Text("金额", "Amount"), True),
    (Text("本金", "Principal"), True),
    (Text("利息", "Interest"), True),
    (Text("罚息", "Penalty"), True),
    (Text("费用", "Fees"), True),
)
PARTS = ("principal_repaid", "interest_paid", "penalty_paid", "fees_paid")


def event_text(kind: str, lang: str) -> str:
    """An event's kind in words; the kind itself where there are none."""
    return EVENTS[kind].in_language(lang) if kind in EVENTS else kind


def amount_of(row: Any) -> int | None:
    """The amount that an event is about, in minor units; None where it is about none."""
    body = row.body
    if "agreement" in body:
        return int(body["agreement"]["principal"])
    for name in ("amount", "total", "most"):
        if isinstance(body.get(name), int):
            return int(body[name])
    return None


def rate_of(row: Any) -> str | None:
    """The rate that an event sets, in percent; None where it sets none."""
    rate = row.body.get("rate_ppm")
    return write_percent(rate) if isinstance(rate, int) else None


def event_dict(row: Any, lang: str) -> dict[str, Any]:
    """An event for programs."""
    amount, changed = amount_of(row), row.body.get("changed") or {}
    return {
        "number": row.number,
        "kind": row.kind,
        "what": event_text(row.kind, lang),
        "effective": row.effective.isoformat(),
        "booked": row.booked.isoformat(),
        "loan": str(row.loan_id) if row.loan_id else None,
        "facility": str(row.facility_id) if row.facility_id else None,
        "reason": row.reason,
        "amount": None if amount is None else write_amount(amount),
        "annual_rate": rate_of(row),
        "changed": {name: write_amount(each) for name, each in changed.items()},
    }


def event_row(row: Any, lang: str) -> list[str]:
    """An event as a row below `HEADS`; a backdated one says when it was booked."""
    amount, changed = amount_of(row), row.body.get("changed") or {}
    day = str(row.effective) if row.effective == row.booked else f"{row.effective} ({row.booked})"
    what, rate = event_text(row.kind, lang), rate_of(row)
    parts = [show_amount(changed[name]) if changed.get(name) else "" for name in PARTS]
    return [
        str(row.number),
        day,
        _with_rate(what, rate, lang) if rate else what,
        "" if amount is None else show_amount(amount),
        *parts,
    ]


def _with_rate(what: str, percent: str, lang: str) -> str:
    return f"{what}，年化利率（单利）{percent}%" if lang == "zh" else f"{what}, {percent}% a year, simple"
