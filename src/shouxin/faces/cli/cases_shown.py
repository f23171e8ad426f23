"""Cases as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shouxin.faces.cli.answers_shown import Shown, show_lines, show_table, word
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.texts import Text
from shouxin.infra.access.cases import Act, ActKind, Case
from shouxin.infra.access.queues import QUEUES

QUEUE = (
    (Text("队列", "Queue"), False),
    (Text("名称", "Name"), False),
    (Text("待办", "Waiting"), True),
    (Text("上限", "Capacity"), True),
)
CASE = (
    (Text("审批事项", "Case"), False),
    (Text("客户", "Customer"), False),
    (Text("申请金额", "Asked for"), True),
    (Text("状态", "Status"), False),
    (Text("办理人", "Taken by"), False),
    (Text("提出日", "Opened"), False),
    (Text("办理期限", "Decide by"), False),
)
ACT = (
    (Text("序号", "No."), True),
    (Text("日期", "Day"), False),
    (Text("操作", "What"), False),
    (Text("操作主体", "Who"), False),
    (Text("结论", "Outcome"), False),
    (Text("批准金额", "Granted"), True),
    (Text("理由", "Reason"), False),
)
LINES: Mapping[str, Text] = {
    "case": Text("审批事项", "case"),
    "customer": Text("客户", "customer"),
    "queue": Text("队列", "queue"),
    "subject": Text("关联编号", "about"),
    "amount": Text("申请金额", "asked for"),
    "status": Text("状态", "status"),
    "taken_by": Text("办理人", "taken by"),
    "opened": Text("提出日", "opened"),
    "expires": Text("办理期限", "decide by"),
    "default": Text("逾期结论", "where nobody decides"),
    "maker": Text("经办人", "decided by"),
    "checker": Text("复核人", "confirmed by"),
    "outcome": Text("结论", "outcome"),
    "granted": Text("批准金额", "granted"),
    "ended": Text("办结日", "ended"),
    "late": Text("逾期认定日", "found late on"),
}
LATE = Text("{}（已逾期）", "{} (late)")
ACTS: Mapping[ActKind, Text] = {
    ActKind.OPENED: Text("提出", "opened"),
    ActKind.TAKEN: Text("领取", "taken"),
    ActKind.RELEASED: Text("退回队列", "released"),
    ActKind.PROPOSED: Text("提出审批意见", "proposed"),
    ActKind.SENT_BACK: Text("复核退回", "sent back"),
    ActKind.DECIDED: Text("审批", "decided"),
    ActKind.EXPIRED: Text("到期处理", "expired"),
    ActKind.LATE: Text("转为逾期", "late"),
}
OUTCOMES: Mapping[str, Text] = {
    "approve": Text("同意", "approve"),
    "decline": Text("拒绝", "decline"),
    "stands": Text("维持原结论", "stands"),
    "corrected": Text("更正", "corrected"),
}


def case_dict(case: Case) -> dict[str, Any]:
    """A case for programs: amounts in major units."""
    return {
        "case": str(case.case_id),
        "customer": str(case.customer_id),
        "queue": case.queue,
        "subject": str(case.subject),
        "amount": write_amount(case.amount),
        "status": case.status.value,
        "taken_by": case.taken_by,
        "opened": case.opened.isoformat(),
        "expires": case.expires.isoformat(),
        "default": case.default,
        "maker": case.maker,
        "checker": case.checker,
        "outcome": case.outcome,
        "granted": None if case.granted is None else write_amount(case.granted),
        "ended": case.ended and case.ended.isoformat(),
        "late": case.late and case.late.isoformat(),
    }


def shown_queues(waiting: Mapping[str, int], lang: str) -> Shown:
    """The queues with how many cases wait in each."""
    plain = {code: {"waiting": count, "capacity": QUEUES[code].capacity} for code, count in waiting.items()}

    def row(code: str, count: int) -> list[str]:
        return [code, QUEUES[code].name.in_language(lang), f"{count:,}", f"{QUEUES[code].capacity:,}"]

    return Shown({"queues": plain}, lambda: show_table(QUEUE, [row(*each) for each in waiting.items()], lang))


def shown_cases(found: Sequence[Case], lang: str) -> Shown:
    """Cases, one a line."""

    def row(each: Case) -> list[str]:
        until = LATE.in_language(lang).format(each.expires) if each.late else str(each.expires)
        days = (str(each.opened), until)
        amount = show_amount(each.amount) if each.amount else "-"
        status = word(each.status.value, lang)
        return [str(each.case_id), str(each.customer_id), amount, status, each.taken_by or "-", *days]

    plain = {"cases": [case_dict(each) for each in found]}
    return Shown(plain, lambda: show_table(CASE, [row(each) for each in found], lang))


def shown_case(case: Case, acts: Sequence[Act], lang: str) -> Shown:
    """A case, and all that was done about it."""
    plain = {**case_dict(case), "acts": [_act_dict(each) for each in acts]}

    def show() -> None:
        show_lines([(LINES[name].in_language(lang), _written(case, name, lang)) for name in LINES if plain[name] is not None])
        show_table(ACT, [_act_row(each, lang) for each in acts], lang)

    return Shown(plain, show)


def _written(case: Case, name: str, lang: str) -> str:
    if name in ("outcome", "default"):
        return _outcome(case.outcome if name == "outcome" else case.default, lang)
    if name in ("amount", "granted"):
        amount = case.amount if name == "amount" else case.granted
        return show_amount(amount) if amount else "-"
    if name == "queue":
        return QUEUES[case.queue].name.in_language(lang)
    if name == "status":
        return word(case.status.value, lang)
    return str(case_dict(case)[name])


def _act_dict(each: Act) -> dict[str, Any]:
    granted = None if each.granted is None else write_amount(each.granted)
    told = {"number": each.number, "day": each.day.isoformat(), "at": each.at.isoformat(), "act": each.kind.value}
    return {**told, "principal": each.principal, "outcome": each.outcome, "granted": granted, "reason": each.reason}


def _act_row(each: Act, lang: str) -> list[str]:
    granted = "-" if each.granted is None else show_amount(each.granted)
    who = [ACTS[each.kind].in_language(lang), each.principal, _outcome(each.outcome, lang), granted]
    return [str(each.number), str(each.day), *who, each.reason or "-"]


def _outcome(outcome: str | None, lang: str) -> str:
    return "-" if outcome is None else OUTCOMES[outcome].in_language(lang)
