"""How answers and refusals are printed: labelled lines for people, JSON for programs. Read first: `FIELDS`, `show_answer`.

Amounts are written in major units and rates in percent, as in `shouxin ledger` and `shouxin loans`: an answer's minor units and
millionths are the system's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rich.table import Table

from shouxin.faces.cli.out import errors, print_whole, results
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text
from shouxin.infra.access.requests import Answer


class Form(StrEnum):
    """What a value of an answer is."""

    PLAIN = "plain"
    AMOUNT = "amount"
    RATE = "rate"


AMOUNT, RATE, PLAIN = Form.AMOUNT, Form.RATE, Form.PLAIN

# What people call the fields of answers, and what they are.
FIELDS: Mapping[str, tuple[Text, Form]] = {
    "customer": (Text("客户", "customer"), PLAIN),
    "kind": (Text("客户类别", "kind"), PLAIN),
    "state": (Text("客户状态", "state"), PLAIN),
    "consent": (Text("授权编号", "consent"), PLAIN),
    "contact": (Text("联系方式编号", "contact"), PLAIN),
    "facility": (Text("分项额度", "facility"), PLAIN),
    "product": (Text("产品", "product"), PLAIN),
    "status": (Text("状态", "status"), PLAIN),
    "total": (Text("综合授信额度", "total line"), AMOUNT),
    "limit": (Text("额度", "limit"), AMOUNT),
    "rate_ppm": (Text("年化利率（单利）", "annual rate (simple)"), RATE),
    "owed": (Text("已用本金", "owed"), AMOUNT),
    "reserved": (Text("预占", "reserved"), AMOUNT),
    "expires": (Text("到期日", "expires"), PLAIN),
    "loan": (Text("借据", "loan"), PLAIN),
    "payment": (Text("来款编号", "payment"), PLAIN),
    "paid": (Text("已还", "paid"), AMOUNT),
    "credit": (Text("溢缴款", "credit"), AMOUNT),
    "refunded": (Text("已退款", "refunded"), AMOUNT),
    "loans": (Text("涉及借据", "loans"), PLAIN),
    "changed": (Text("变动", "changed"), AMOUNT),
    "claim": (Text("核销后债权", "claim"), AMOUNT),
    "recalled": (Text("提前收回", "recalled"), PLAIN),
    "bundle": (Text("策略包", "bundle"), PLAIN),
    "since": (Text("生效日", "in force from"), PLAIN),
    "hash": (Text("哈希", "hash"), PLAIN),
    "new": (Text("本次变更", "changed"), PLAIN),
    "first_day": (Text("首个营业日", "first business day"), PLAIN),
    "experiment": (Text("实验编号", "experiment"), PLAIN),
    "document": (Text("文件编号", "document"), PLAIN),
    "mandate": (Text("代扣协议", "mandate"), PLAIN),
    "application": (Text("申请编号", "application"), PLAIN),
    "decision": (Text("审批结论编号", "decision"), PLAIN),
    "outcome": (Text("结论", "outcome"), PLAIN),
    "terms": (Text("还款方式和期限", "repayment and months"), PLAIN),
    "texts": (Text("原因", "reasons"), PLAIN),
    "missing": (Text("缺少的信息", "missing"), PLAIN),
    "total_line": (Text("综合授信额度", "total line"), AMOUNT),
    "displaces": (Text("将同时关闭", "closes with it"), PLAIN),
    "plan": (Text("先批后关方案", "plan"), PLAIN),
    "payoff": (Text("结清金额", "to settle"), AMOUNT),
    "closes": (Text("将关闭", "closes"), PLAIN),
    "closed": (Text("已关闭", "closed"), PLAIN),
    "unless_changed": (Text("以下事项不变则保证有效", "guaranteed unless these change"), PLAIN),
    "key_terms": (Text("额度要素表", "key terms"), PLAIN),
    "contract": (Text("合同文件", "contract"), PLAIN),
    "contract_sha256": (Text("合同校验值", "hash of the contract"), PLAIN),
    "by": (Text("办理期限", "decided by"), PLAIN),
    "blockers": (Text("关闭前须处理", "in the way"), AMOUNT),
    "changes": (Text("变化", "what changes"), PLAIN),
    "what": (Text("事项", "of"), PLAIN),
    "before": (Text("之前", "before"), PLAIN),
    "after": (Text("之后", "after"), PLAIN),
    "in_clearing": (Text("在途支用", "under way"), AMOUNT),
    "wait_days": (Text("重新申请等待天数", "days until it may be applied for again"), PLAIN),
    "case": (Text("审批事项", "case"), PLAIN),
    "queue": (Text("队列", "queue"), PLAIN),
    "taken_by": (Text("办理人", "taken by"), PLAIN),
    "principal": (Text("操作主体", "principal"), PLAIN),
    "roles": (Text("角色", "roles"), PLAIN),
    "active": (Text("启用", "active"), PLAIN),
}

# The parts of what was paid or changed: the totals of a loan (`engines/loans/loan.py`).
TOTALS: Mapping[str, Text] = {
    "paid_out": Text("放款", "paid out"),
    "principal_repaid": Text("本金", "principal"),
    "interest_raised": Text("应计利息到期", "interest raised"),
    "interest_paid": Text("利息", "interest"),
    "penalty_paid": Text("罚息", "penalty interest"),
    "fees_raised": Text("新增费用", "fees raised"),
    "fees_paid": Text("费用", "fees"),
    "capitalised": Text("利息转本金", "capitalised"),
    "written_off_principal": Text("核销本金", "principal written off"),
    "written_off_interest": Text("核销利息", "interest written off"),
    "written_off_penalty": Text("核销罚息", "penalty written off"),
    "written_off_fees": Text("核销费用", "fees written off"),
    "recovered": Text("核销后收回", "recovered"),
    "overpaid": Text("多还", "overpaid"),
}
# What raises a debt and pays nothing stands in `paid` only for programs.
NOT_PAID = ("interest_raised", "fees_raised")

# What people read for the codes of kinds and states; in English the codes are words already.
WORDS: Mapping[str, str] = {
    "person": "个人",
    "sole_trader": "个体工商户",
    "company": "企业",
    "normal": "正常",
    "frozen": "冻结",
    "deceased": "身故",
    "insolvent": "破产程序中",
    "offered": "待客户确认",
    "active": "正常",
    "suspended": "止付",
    "closing": "关闭中",
    "closed": "已关闭",
    "approve": "通过",
    "refer": "转人工审批",
    "decline": "未通过",
    "open": "待办理",
    "taken": "办理中",
    "proposed": "待复核",
    "decided": "已办结",
    "expired": "已到期",
    "phone": "电话",
    "email": "邮箱",
    "address": "地址",
    "main": "主要联系方式",
    "notices": "通知",
    "work": "单位",
    "home": "家庭",
    "registered": "注册地",
    "service": "送达地址",
    "bureau_query": "征信查询",
    "bureau_reporting": "征信报送",
    "sharing_with_funders": "向资金方提供信息",
    "sensitive_data": "处理敏感个人信息",
    "owner": "股东",
    "legal_representative": "法定代表人",
    "guarantor": "保证人",
    "spouse": "配偶",
}
CODED = ("kind", "state", "status", "outcome")
# What stands in an answer only for programs.
FOR_PROGRAMS = ("reasons",)
KEY = Text("请求号", "key")
REPEATED = Text("该请求此前已处理，以上为首次处理的结果。", "This request was answered before; that is its first answer.")
COLON = Text("：", ": ")


@dataclass(frozen=True, slots=True)
class Shown:
    """Something to print. plain: for programs; show: prints it for people; language and units are settled."""

    plain: Any
    show: Callable[[], None]


def show(shown: Shown, as_json: bool) -> None:
    """Print it for people or for programs."""
    if as_json:
        print_json(shown.plain)
    else:
        shown.show()


def print_json(value: Any) -> None:
    """JSON on standard output; dates and ids as text."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def show_answer(answer: Answer, key: str, lang: str, as_json: bool) -> None:
    """An answer, and the key under which it is kept. A repeated one is printed as the first was, and said to be repeated."""
    if not answer.done:
        body = answer.body
        refusal = {"code": body["code"], "field": body["field"], "value": body["value"], "right": body[lang]}
        show_refusal(refusal, lang, as_json, {"key": key, "repeated": answer.repeated})
    elif as_json:
        plain = dict(sorted(_plain(answer.body).items()))
        print_json({"done": True, "key": key, "repeated": answer.repeated, **plain})
    else:
        _show_body(answer.body, key, lang)
    if answer.repeated and not as_json:
        errors.print(REPEATED.in_language(lang))


def _show_body(body: Mapping[str, Any], key: str, lang: str) -> None:
    """What was done, after the text of a paper where it made one."""
    if "text" in body:
        results.print(body["text"], soft_wrap=True)
    plain = {name: value for name, value in body.items() if name != "text"}
    show_lines([*_lines(plain, lang), (KEY.in_language(lang), key)])


def show_refusal(refusal: Mapping[str, str], lang: str, as_json: bool, more: Mapping[str, Any] | None = None) -> None:
    """A refusal in one line: its name, the field, the value, and what would be right. Messages go to standard error."""
    if as_json:
        print_json({"done": False, **(more or {}), "refusal": dict(refusal)})
    else:
        errors.print(COLON.in_language(lang).join(refusal[each] for each in ("code", "field", "value", "right")), soft_wrap=True)


def show_lines(lines: Sequence[tuple[str, str]]) -> None:
    """Names and values, one pair a line."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column()
    for name, value in lines:
        table.add_row(name, value)
    print_whole(table)


def show_table(heads: Sequence[tuple[Text, bool]], rows: Sequence[Sequence[str]], lang: str) -> None:
    """A table at its own width. heads: each with whether its column holds figures."""
    table = Table()
    for head, figures in heads:
        table.add_column(head.in_language(lang), justify="right" if figures else "left")
    for row in rows:
        table.add_row(*row)
    print_whole(table)


def word(code: str, lang: str) -> str:
    """A code as people read it.

    >>> word("sole_trader", "zh"), word("sole_trader", "en")
    ('个体工商户', 'sole trader')
    """
    return WORDS.get(code, code) if lang == "zh" else code.replace("_", " ")


def _lines(body: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    for name in sorted(body, key=_place):
        text, form = FIELDS.get(name, (Text(name, name), PLAIN))
        value, label = body[name], text.in_language(lang)
        if name in FOR_PROGRAMS or value == []:
            continue
        if isinstance(value, Mapping) and "limit" in value:
            yield label, _short(value, lang)
        elif isinstance(value, Mapping):
            yield from _parts(label, value, lang)
        elif isinstance(value, list | tuple):
            yield from _listed(label, value, lang)
        elif name in CODED:
            yield label, word(str(value), lang)
        else:
            yield label, _written(value, form, lang)


def _short(answer: Mapping[str, Any], lang: str) -> str:
    """What a decision says of a product, in a few words."""
    outcome = word(answer["outcome"], lang) if "outcome" in answer else ""
    limit = show_amount(answer["limit"]) if answer["limit"] or not outcome else ""
    return " ".join(part for part in (outcome, limit, ", ".join(answer.get("reasons", ()))) if part)


def _listed(label: str, values: Sequence[Any], lang: str) -> Iterator[tuple[str, str]]:
    """Several of a kind: what has fields of its own one below the other, with a line for each field."""
    if not all(isinstance(each, Mapping) for each in values):
        yield label, "; ".join(" ".join(map(str, each)) if isinstance(each, list) else str(each) for each in values) or "-"
    elif all("code" in each for each in values):
        for each in values:
            yield label, " ".join(part for part in (each[lang], each[f"do_{lang}"]) if part)
    elif all(lang in each for each in values):
        yield label, ("、" if lang == "zh" else "; ").join(each[lang] for each in values)
    else:
        for each in values:
            yield "", ""
            yield from _lines(each, lang)


def _parts(label: str, parts: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    """What was paid: by its parts, of one loan or of each of several."""
    for name, value in parts.items():
        if isinstance(value, Mapping):
            yield from _parts(f"{label} {name}", value, lang)
        elif name not in NOT_PAID:
            text = TOTALS.get(name) or FIELDS.get(name, (Text(name, name), PLAIN))[0]
            yield f"{label}{COLON.in_language(lang)}{text.in_language(lang)}", show_amount(value)


def _place(name: str) -> tuple[int, str]:
    names = list(FIELDS)
    return (names.index(name) if name in names else len(names)), name


def _written(value: Any, form: Form, lang: str) -> str:
    if value is None:
        return "-"
    if form is AMOUNT:
        return show_amount(value)
    if form is RATE:
        return f"{write_percent(value)}%"
    if isinstance(value, bool):
        return Text("是", "yes").in_language(lang) if value else Text("否", "no").in_language(lang)
    return str(value)


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    """An answer's body for programs."""
    plain: dict[str, Any] = {}
    for name, value in body.items():
        form = FIELDS.get(name, (None, PLAIN))[1]
        if name == "rate_ppm":
            plain["annual_rate"] = write_percent(value)
        elif isinstance(value, Mapping) and "limit" in value:
            plain[name] = _plain(value)
        elif form is AMOUNT:
            plain[name] = _amounts(value)
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            plain[name] = [_plain(each) for each in value]
        else:
            plain[name] = value
    return plain


def _amounts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _amounts(each) for name, each in value.items()}
    return write_amount(value)
