"""How schedules, rates and quotes are printed for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text as Styled

from shouxin.engines.loans.annual_rates import RULE_TEXTS
from shouxin.engines.loans.disclosure import METHODS, NO_PROMISE, NOTHING_ELSE, CostItem, Disclosure
from shouxin.engines.loans.flows import FlowsRate
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.quote import Quote
from shouxin.engines.loans.vectors import Published
from shouxin.faces.cli.out import print_whole, results
from shouxin.foundation.money import CNY, Currency, show_amount
from shouxin.foundation.texts import Text

HEADS = (
    Text("期次", "No."),
    Text("还款日", "Due date"),
    Text("本金", "Principal"),
    Text("利息", "Interest"),
    Text("应还", "Payment"),
    Text("剩余本金", "Balance after"),
)
Line = tuple[str, str, int, int, int]  # number, due date, principal, interest, balance

PAID = Text("结清日", "Paid on")
TOTAL = Text("合计", "Total")
COLON = Text("：", ": ")


def show_published(made: Published) -> None:
    """A schedule in the vectors' columns; a down payment and the day on which a row was paid stand beside it."""
    rows = [
        (f"{number}{' (down payment)' if each.down_payment else ''}", str(each.due), each.principal, each.interest, each.balance)
        for number, each in enumerate(made.rows, 1)
    ]
    paid = [str(each.paid or "") for each in made.rows]
    print_whole(_schedule_table(rows, "en", made.unit, paid if any(paid) else []))


def _schedule_table(rows: Sequence[Line], lang: str, unit: Currency = CNY, paid: Sequence[str] = ()) -> Table:
    table = Table()
    for head in (*HEADS, *([PAID] if paid else [])):
        table.add_column(head.in_language(lang), justify="right")
    for index, (number, due, principal, interest, balance) in enumerate(rows):
        amounts = (show_amount(each, unit) for each in (principal, interest, principal + interest, balance))
        table.add_row(number, due, *amounts, *paid[index : index + 1])
    table.add_section()
    principal, interest = sum(each[2] for each in rows), sum(each[3] for each in rows)
    total = (show_amount(each, unit) for each in (principal, interest, principal + interest))
    table.add_row(TOTAL.in_language(lang), "", *total, "")
    return table


def show_rate(rate: FlowsRate) -> None:
    """The annual rate, named for its rule; beside a compound one of equal months the measure of caps."""
    results.print(f"{RULE_TEXTS['en'][rate.rate.rule]}: {rate.rate.percent(6)}%", style="bold")
    if rate.monthly:
        results.print(f"for comparison, {RULE_TEXTS['en'][rate.monthly.rule]}: {rate.monthly.percent(6)}%")


def show_quote(made: Quote, told: Disclosure, lang: str) -> None:
    """A quote: the one rate, the schedule, and all costs."""
    colon, zh = COLON.in_language(lang), lang == "zh"
    method = METHODS[made.terms.method].in_language(lang)
    results.print(method if zh else _capital(method), style="bold")
    results.print(f"{_capital(RULE_TEXTS[lang][made.shown.rule])}{colon}{made.shown.percent(2)}%", style="bold", soft_wrap=True)
    lines = (
        (Text("贷款本金", "Principal"), made.terms.principal),
        (Text("实际到账", "Paid out to you"), made.received),
        (Text("息费合计", "Interest and fees"), made.cost),
        (Text("应还总额", "You repay in total"), made.terms.principal + made.schedule.interest),
    )
    for head, amount in lines:
        results.print(f"{head.in_language(lang)}{colon}{show_amount(amount)}{' 元' if zh else ' CNY'}")
    rows = [(str(row.number), str(row.due), row.principal, row.interest, row.balance) for row in made.schedule]
    print_whole(_schedule_table(rows, lang))
    if made.terms.method is Method.FLEXIBLE:
        assumed = Text(
            "按全额用款、到期一次还本付息试算；提前还款的，利息相应减少。",
            "Assumes that all is drawn and repaid at maturity; repaying earlier costs less interest.",
        )
        results.print(assumed.in_language(lang), soft_wrap=True)
    _show_disclosure(told, lang)
    results.print(NO_PROMISE.in_language(lang), style="dim")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _show_disclosure(told: Disclosure, lang: str) -> None:
    zh = lang == "zh"
    results.print("\n综合融资成本明示" if zh else "\nAll costs of this loan", style="bold")
    principal = f"贷款本金：{show_amount(told.principal)} 元" if zh else f"Principal: {show_amount(told.principal)} CNY"
    results.print(f"  {principal}")
    _show_items(told.items, lang)
    percent = f"{told.total.percent(2)}%"
    total = f"正常履约的年化综合融资成本：{percent}" if zh else f"Total annual cost if you pay on time: {percent}"
    how = "（按月内部收益率×12计算）" if zh else " (monthly internal rate of return x 12)"
    results.print(total + how, style="bold", soft_wrap=True)
    results.print("违约情形下可能收取的费用：" if zh else "What may be charged if you do not keep to the contract:")
    _show_items(told.on_default, lang)
    results.print(NOTHING_ELSE.in_language(lang))


def _show_items(items: Iterable[CostItem], lang: str) -> None:
    zh, colon = lang == "zh", COLON.in_language(lang)
    for each in items:
        parts = [each.collected.in_language(lang), each.standard.in_language(lang)]
        parts.append(f"收取方：{each.collector.zh}" if zh else f"charged by {each.collector.en}")
        if each.amount is not None:
            parts.append(f"金额 {show_amount(each.amount)} 元" if zh else f"{show_amount(each.amount)} CNY")
        if each.annual is not None:
            parts.append(f"折合年化 {each.annual.percent(2)}%" if zh else f"{each.annual.percent(2)}% a year")
        text = f"  {_capital(each.name.in_language(lang))}{colon}{('；' if zh else '; ').join(parts)}"
        results.print(Styled(text), soft_wrap=True)
