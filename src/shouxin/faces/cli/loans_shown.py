"""How schedules, rates and quotes are printed for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text as Styled

from shouxin.engines.loans.annual_rates import RULE_TEXTS
from shouxin.engines.loans.disclosure import METHODS, NO_PROMISE, CostItem, Disclosure
from shouxin.engines.loans.flows import FlowsRate
from shouxin.engines.loans.quote import Quote
from shouxin.engines.loans.vectors import Published
from shouxin.faces.cli.out import results
from shouxin.foundation.money import show_amount
from shouxin.foundation.texts import Text

HEADS = (
    Text("期次", "no"),
    Text("还款日", "due date"),
    Text("本金", "principal"),
    Text("利息", "interest"),
    Text("应还", "due"),
    Text("剩余本金", "balance"),
)
TOTAL = Text("合计", "total")
COLON = Text("：", ": ")


def show_published(made: Published) -> None:
    """A schedule in the vectors' columns."""
    rows = [(str(number), str(each.due), each.principal, each.interest, each.balance) for number, each in enumerate(made.rows, 1)]
    results.print(_schedule_table(rows, "en"))


def _schedule_table(rows: Sequence[tuple[str, str, int, int, int]], lang: str) -> Table:
    table = Table()
    for head in HEADS:
        table.add_column(head.in_language(lang), justify="right")
    for number, due, principal, interest, balance in rows:
        table.add_row(number, due, *(show_amount(each) for each in (principal, interest, principal + interest, balance)))
    table.add_section()
    principal, interest = sum(each[2] for each in rows), sum(each[3] for each in rows)
    total = (show_amount(each) for each in (principal, interest, principal + interest))
    table.add_row(TOTAL.in_language(lang), "", *total, "")
    return table


def show_rate(rate: FlowsRate) -> None:
    """One annual rate, named for its rule."""
    for each in (rate.rate, rate.monthly):
        if each:
            results.print(f"{RULE_TEXTS['en'][each.rule]}: {each.percent(6)}%")


def show_quote(made: Quote, told: Disclosure, lang: str) -> None:
    """A quote: the one rate, the schedule, and all costs."""
    colon = COLON.in_language(lang)
    method = METHODS[made.terms.method].in_language(lang)
    heads = (Text("本金", "principal"), Text("到账", "paid out"), Text("利息合计", "interest"), Text("总成本", "total cost"))
    amounts = (made.terms.principal, made.received, made.schedule.interest, made.cost)
    shown = "   ".join(f"{head.in_language(lang)}{colon}{show_amount(each)}" for head, each in zip(heads, amounts, strict=True))
    results.print(f"{method}   {RULE_TEXTS[lang][made.shown.rule]}{colon}{made.shown.percent(2)}%", style="bold")
    results.print(shown, soft_wrap=True)
    rows = [(str(row.number), str(row.due), row.principal, row.interest, row.balance) for row in made.schedule]
    results.print(_schedule_table(rows, lang))
    _show_disclosure(told, lang)
    results.print(NO_PROMISE.in_language(lang), style="dim")


def _show_disclosure(told: Disclosure, lang: str) -> None:
    colon = COLON.in_language(lang)
    title = Text("综合融资成本明示", "All costs of this loan").in_language(lang)
    results.print(f"\n{title}", style="bold")
    results.print(f"{Text('贷款本金', 'principal').in_language(lang)}{colon}{show_amount(told.principal)}")
    _show_items(told.items, lang)
    total = Text("正常履约的年化综合融资成本", "all costs a year, if paid as agreed").in_language(lang)
    rule = RULE_TEXTS[lang][told.total.rule]
    behind = f"（{rule}）" if lang == "zh" else f" ({rule})"
    results.print(f"{total}{colon}{told.total.percent(2)}%{behind}", style="bold", soft_wrap=True)
    results.print(Text("违约情形下可能收取", "what may be charged in default").in_language(lang) + colon.rstrip())
    _show_items(told.on_default, lang)
    results.print(told.to_dict(lang)["nothing_else"])


def _show_items(items: Iterable[CostItem], lang: str) -> None:
    separator = Text("；", "; ").in_language(lang)
    for each in items:
        parts = [each.collected.in_language(lang), each.standard.in_language(lang)]
        parts.append(Text("收取方：", "collected by ").in_language(lang) + each.collector.in_language(lang))
        if each.amount is not None:
            parts.append(show_amount(each.amount))
        if each.annual is not None:
            parts.append(Text("折合年化 ", "a year ").in_language(lang) + f"{each.annual.percent(2)}%")
        results.print(Styled(f"  {each.name.in_language(lang)}{COLON.in_language(lang)}{separator.join(parts)}"), soft_wrap=True)
