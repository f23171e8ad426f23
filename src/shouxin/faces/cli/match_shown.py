"""How a matching is printed for people. Read first: `show_matching`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from shouxin.desk.advice.advice_words import BEYOND, FIT
from shouxin.desk.advice.model import Cost, Fit, Match, Matching, NoPair, Pair
from shouxin.desk.advice.told import Teller, Told
from shouxin.engines.loans.annual_rates import RULE_TEXTS
from shouxin.engines.loans.disclosure import METHODS
from shouxin.faces.cli.out import print_whole, results
from shouxin.foundation.money import show_amount
from shouxin.foundation.texts import Text

COLOURS = {Fit.WHOLE: "green", Fit.PART: "green", Fit.PERSON: "yellow", Fit.NONE: "red"}
FEE = Text("手续费", "Fee")
HEADS = (
    Text("还款方式", "Repayment"),
    Text("期限（月）", "Months"),
    Text("首期应还", "First payment"),
    Text("末期应还", "Last payment"),
    FEE,
    Text("息费合计", "Interest and fees"),
)
NEED = Text("资金需求", "Need")
GIVES = Text("可办理金额", "Amount")
NEEDS = Text("办理条件", "Needed first")
CLOSES = Text("开通后将关闭", "Opening it closes")
APART = Text("不能同时持有", "Cannot be held together with")
ROOM = Text("可用额度变化", "What can be drawn of others")
DO = Text("您可以", "What you can do")
PAIR = Text("两个产品合并办理", "Two products together")
MONTHS = Text("个月", " months")
COLON = Text("：", ": ")
SEPARATOR = Text("；", "; ")


def show_matching(matching: Matching, teller: Teller) -> None:
    """The need, the answer, every product in its order, and two together where one is too little."""
    need, lang = matching.need, teller.lang
    term = f"{need.months}{MONTHS.in_language(lang)}" if need.months else ""
    _line(teller, NEED, "   ".join(filter(None, (teller.use(need.purpose), _money(need.amount, lang), term))), style="bold")
    results.print(teller.summary(matching), soft_wrap=True)
    for number, found in enumerate(matching.matches, 1):
        name, fit = teller.name(found.product), FIT[found.fit].in_language(lang)
        results.print(f"\n{number}. {name}{COLON.in_language(lang)}{fit}", style=f"bold {COLOURS[found.fit]}", soft_wrap=True)
        _show_match(found, matching, teller)
    if matching.matches[0].fit in (Fit.WHOLE, Fit.PART):
        _show_pair(matching.pair, teller)
    results.print()
    for notice in teller.notices(matching):
        results.print(notice, style="dim", soft_wrap=True)


def _show_match(found: Match, matching: Matching, teller: Teller) -> None:
    lang = teller.lang
    if found.amount:
        _line(teller, GIVES, _money(found.amount, lang), indent=3)
    for told in teller.obstacles(found, matching):
        _show_obstacle(told, teller)
    if found.costs:
        _show_costs(found.costs, lang)
    _listed(teller, NEEDS, [teller.need(found.product, each) for each in found.needs])
    _listed(teller, CLOSES, [teller.name(each) for each in found.displaces])
    _listed(teller, APART, [teller.name(each) for each in found.apart if each not in found.displaces])
    rooms = [
        f"{teller.name(each.product)} {show_amount(each.before)} → {show_amount(each.after)}" for each in teller.rooms(found)
    ]
    _listed(teller, ROOM, rooms)


def _show_obstacle(told: Told, teller: Teller) -> None:
    colon, separator = COLON.in_language(teller.lang), SEPARATOR.in_language(teller.lang)
    because = separator.join(f"{name}{colon}{value}" for name, value in told.because)
    behind = "" if not because else f"（{because}）" if teller.lang == "zh" else f" ({because})"
    results.print(f"   - {told.text}{behind}", soft_wrap=True)
    if told.do:
        _line(teller, DO, told.do, indent=5)


def _show_pair(pair: Pair | NoPair, teller: Teller) -> None:
    if isinstance(pair, NoPair):
        why = teller.no_pair(pair)
        if why:
            results.print(f"\n{why}", soft_wrap=True)
        return
    cost = f"{HEADS[-1].in_language(teller.lang)} {_money(pair.cost, teller.lang)}"
    results.print()
    _line(teller, PAIR, cost, style="bold green")
    for share in pair.shares:
        name = f"{teller.name(share.product)}{COLON.in_language(teller.lang)}"
        results.print(f"   {name}{_money(share.amount, teller.lang)}", soft_wrap=True)
        _show_costs((share.cost,), teller.lang)
        _listed(teller, NEEDS, [teller.need(share.product, each) for each in share.needs])
        _listed(teller, CLOSES, [teller.name(each) for each in share.displaces])


def _show_costs(costs: Sequence[Cost], lang: str) -> None:
    print_whole(_table(costs, lang))
    if not all(each.within for each in costs):
        results.print(f"   {BEYOND.in_language(lang)}", soft_wrap=True)


def _table(costs: Sequence[Cost], lang: str) -> Table:
    """What each term costs. A column for fees where there are any; the annual rate is named for its rule."""
    with_fee = any(each.quote.fee for each in costs)
    table = Table()
    for head in (head for head in HEADS if with_fee or head is not FEE):
        table.add_column(head.in_language(lang), justify="left" if head is HEADS[0] else "right")
    rule = RULE_TEXTS[lang][costs[0].quote.shown.rule]
    table.add_column(rule[0].upper() + rule[1:], justify="right")
    for each in costs:
        made, term = each.quote, f"{'' if each.within else '* '}{each.quote.terms.shape.periods}"
        payments = [row.total for row in made.schedule]
        amounts = (payments[0], payments[-1], *((made.fee,) if with_fee else ()), made.cost)
        method = METHODS[made.terms.method].in_language(lang)
        table.add_row(method, term, *map(show_amount, amounts), f"{made.shown.percent(2)}%")
    return table


def _money(minor: int, lang: str) -> str:
    return f"{show_amount(minor)} 元" if lang == "zh" else f"{show_amount(minor)} CNY"


def _listed(teller: Teller, head: Text, items: list[str]) -> None:
    if items:
        _line(teller, head, SEPARATOR.in_language(teller.lang).join(items), indent=3)


def _line(teller: Teller, head: Text, text: str, indent: int = 0, style: str | None = None) -> None:
    shown = f"{' ' * indent}{head.in_language(teller.lang)}{COLON.in_language(teller.lang)}{text}"
    results.print(shown, style=style, soft_wrap=True)
