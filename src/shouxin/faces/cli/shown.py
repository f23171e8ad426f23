"""How a policy, a decision and a run are printed for people."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from shouxin.desk.decisions import Decision, ProductDecision
from shouxin.desk.decisions.explain import Explainer, ReasonText, binding_reason, rate_text, yuan
from shouxin.desk.portfolio import Report
from shouxin.engines.policy.card_shapes import AxisBinShape, AxisShape, CharacteristicShape, ScorecardFile
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plan import OUTCOMES
from shouxin.engines.policy.read import Facts, expected
from shouxin.engines.policy.scenarios import Variant
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.stage_bins import RANGED
from shouxin.engines.policy.windows import words
from shouxin.faces.cli.out import results

WORDS = {
    "zh": {
        "approve": "通过",
        "refer": "转人工审批",
        "decline": "拒绝",
        "score": "内部信用评分",
        "tier": "客户等级",
        "total": "综合授信额度",
        "limit": "额度",
        "missing": "缺少的信息",
        "do": "改善建议",
        "because": "依据",
        "binding": "额度取决于",
        "notice": "本评分仅供本机构授信使用，不是征信评分。试算结果不构成授信承诺。",
        "lost": "影响评分的主要因素",
        "months": "个月",
        "displaces": "开通后将关闭",
    },
    "en": {
        "approve": "approved",
        "refer": "for a person to decide",
        "decline": "declined",
        "score": "score",
        "tier": "tier",
        "total": "total line",
        "limit": "limit",
        "missing": "missing",
        "do": "what you can do",
        "because": "because",
        "binding": "the limit is set by",
        "notice": "This score is for this lender's credit decisions only; it is not a bureau score. "
        "A trial result is no promise of credit.",
        "lost": "what lowers the score most",
        "months": "months",
        "displaces": "opening it closes",
    },
}
COLON = {"zh": "：", "en": ": "}
SEPARATOR = {"zh": "；", "en": "; "}
METHODS = {
    "zh": {
        "equal_instalment": "等额本息",
        "equal_principal": "等额本金",
        "interest_only": "先息后本",
        "flexible": "随借随还",
    },
    "en": {
        "equal_instalment": "equal instalments",
        "equal_principal": "equal principal",
        "interest_only": "interest only, principal at the end",
        "flexible": "repay any time",
    },
}


def show_decision(policy: Policy, decision: Decision, facts: Facts, lang: str) -> None:
    """One decision in one language."""
    words, colon = WORDS[lang], COLON[lang]
    tier = next(each for each in policy.bundle.tiers.tiers if each.name == decision.tier)
    named = f"{decision.tier}（{tier.zh}）" if lang == "zh" else f"{decision.tier} ({tier.en})"
    _line(f"{words['score']}{colon}{decision.score}   {words['tier']}{colon}{named}", style="bold")
    _line(f"{words['total']}{colon}{yuan(decision.total_line)}")
    explainer = Explainer(policy, lang)
    for answer in decision.products:
        product = next(each for each in policy.plan.products if each.code == answer.product)
        colour = {"approve": "green", "refer": "yellow", "decline": "red"}[answer.outcome]
        _line(f"\n{product.zh if lang == 'zh' else product.en}{colon}{words[answer.outcome]}", style=f"bold {colour}")
        if answer.outcome == "approve":
            _show_offer(policy, answer, lang)
        _show_reasons(explainer.reasons(decision, answer, facts), lang)
        if answer.missing:
            _line(f"  {words['missing']}{colon}{SEPARATOR[lang].join(explainer.missing(decision, answer, facts))}")
    _line(f"\n{words['notice']}", style="dim")


def _line(text: str, style: str | None = None) -> None:
    results.print(text, style=style, soft_wrap=True)


def _show_offer(policy: Policy, answer: ProductDecision, lang: str) -> None:
    words, colon = WORDS[lang], COLON[lang]
    _line(f"  {words['limit']}{colon}{yuan(answer.limit)}   {rate_text(answer.rate_ppm or 0, lang)}")
    for method, months in answer.terms:
        _line(f"  {METHODS[lang][method]}{colon}{'/'.join(map(str, months))} {words['months']}")
    shape = policy.bundle.reasons.reasons[binding_reason(policy, answer)]
    _line(f"  {words['binding']}{colon}{shape.zh if lang == 'zh' else shape.en}")
    if answer.displaces:
        _line(f"  {words['displaces']}{colon}{SEPARATOR[lang].join(answer.displaces)}")


def _show_reasons(reasons: Sequence[ReasonText], lang: str) -> None:
    for number, reason in enumerate(reasons, 1):
        because = SEPARATOR[lang].join(f"{name}{COLON[lang]}{value}" for name, value in reason.because)
        behind = "" if not because else f"（{because}）" if lang == "zh" else f" ({because})"
        _line(f"  {number}. {reason.text}{behind}")
        if reason.do:
            _line(f"     {WORDS[lang]['do']}{COLON[lang]}{reason.do}")


def show_report(report: Report) -> None:
    """What a run over a file did."""
    rate = report.rows / report.seconds if report.seconds else 0.0
    set_aside = f"; {report.refused:,} rows set aside" if report.refused else ""
    customers = "1 customer" if report.rows == 1 else f"{report.rows:,} customers"
    results.print(
        f"{customers} decided in {report.seconds:.2f} s ({rate:,.0f} rows/s){set_aside}",
        highlight=False,
        style="bold",
    )
    if report.assumed:
        results.print(
            f"not in the input, taken as the bundle says: {', '.join(report.assumed)}",
            highlight=False,
            style="dim",
            soft_wrap=True,
        )
    for product in report.summary.products:
        table = Table(title=product.product, title_justify="left")
        table.add_column("tier")
        for name in ("customers", *OUTCOMES[::-1]):
            table.add_column(name, justify="right")
        for tier, counts in product.by_tier.items():
            table.add_row(tier, *(f"{each:,}" for each in (sum(counts.values()), *(counts[name] for name in OUTCOMES[::-1]))))
        table.add_section()
        total = product.outcomes
        table.add_row("all", *(f"{each:,}" for each in (sum(total.values()), *(total[name] for name in OUTCOMES[::-1]))))
        results.print(table)
        results.print(f"  limits granted: {Decimal(product.limits):,.2f}")
        shown = ", ".join(f"{code} {count:,}" for code, count in product.reasons)
        results.print(f"  top reasons: {shown or 'none'}", soft_wrap=True)
    _explain_marks(report)


def _explain_marks(report: Report) -> None:
    if any(code.endswith("?") for product in report.summary.products for code, _ in product.reasons):
        results.print("  A code that ends in ? could not be decided: a fact is missing.", style="dim")


def show_policy(policy: Policy, lang: str) -> None:
    """A bundle in the order in which it decides."""
    about, zh = policy.bundle.about, lang == "zh"
    results.print(f"{about.name} {about.version} ({about.licence}): {about.zh if zh else about.en}", style="bold")
    results.print(f"hash {policy.bundle.hash}", style="dim")
    _print(
        "Facts",
        ("fact", "text", "values"),
        [(each.fact, each.zh if zh else each.en, expected(each)) for each in policy.plan.inputs],
    )
    derived = policy.bundle.derived.items()
    _print(
        "Derived",
        ("name", "text", "formula"),
        [(name, each.zh if zh else each.en, each.formula) for name, each in derived],
    )
    for code, card in policy.bundle.scorecards.items():
        _show_card(policy, code, card)
    tiers = [(each.name, str(each.since), yuan(each.ceiling), each.zh if zh else each.en) for each in policy.bundle.tiers.tiers]
    _print("Tiers", ("tier", "from", "ceiling", "text"), tiers)
    rules = [(rule.code, rule.written or "(generated)", rule.effect, rule.where) for rule in policy.plan.rules]
    _print("Knock-outs, by rank", ("code", "when", "effect", "where"), rules)
    products = [
        (each.code, each.zh if zh else each.en, ", ".join(limit.name for limit in each.limits), yuan(each.minimum))
        for each in policy.plan.products
    ]
    _print("Products, in order of allocation", ("product", "text", "ceilings", "minimum"), products)
    if scenarios := [_scenario(each, "zh" if zh else "en") for each in policy.bundle.variants.values()]:
        _print("Scenarios", ("product", "offered", "if", "within"), scenarios)
    if cross := [(rule.code, rule.written, ", ".join(rule.suspends), ", ".join(rule.closes)) for rule in policy.plan.cross]:
        _print("Cross-default", ("reason", "when", "suspends", "closes"), cross)


def _scenario(each: Variant, lang: str) -> tuple[str, str, str, str]:
    scenario = each.scenario
    offered = words(scenario.window, lang) if scenario.window else ""
    return each.code, offered, scenario.trigger.when if scenario.trigger else "", scenario.within


def _show_card(policy: Policy, code: str, card: ScorecardFile) -> None:
    scope = policy.plan.scope
    rows = [
        (
            name,
            each.input,
            each.direction,
            _bin_points(each, scope.column(each.input)),
            _points(each.missing),
            _points(each.no_record),
        )
        for name, each in card.characteristics.items()
    ]
    heads = ("characteristic", "input", "direction", "points", "missing", "no record")
    _print(f"Card {code}: base {card.base}", heads, rows)
    for name, pair in card.pairs.items():
        title = f"Card {code}, pair {name}"
        if pair.down is None or pair.across is None or pair.points is None:
            _print(title, ("table", "reason"), [(f"tables/{pair.table}.csv", pair.reason)])
            continue
        across = [f"{pair.across.input}: {text}" for text in _bin_texts(pair.across)]
        cells = [(text, *map(str, row)) for text, row in zip(_bin_texts(pair.down), pair.points, strict=True)]
        _print(title, (pair.down.input, *across), cells)


def _bin_points(each: CharacteristicShape, column: Column) -> str:
    """The points of the bins in order, those of special values with the values: `96, 98: -40; 33, -20, -45`."""
    specials = [part for part in each.bins if part.within is not None and column.type in RANGED]
    points = ", ".join(str(part.points) for part in each.bins[len(specials) :])
    return "; ".join([*(f"{_listed(part)}: {part.points}" for part in specials), points])


def _bin_texts(axis: AxisShape) -> list[str]:
    """What falls into each bin of an axis, and missing last."""
    texts = [_listed(part) if part.within is not None else f"below {part.below}" for part in axis.bins[:-1]]
    return [*texts, "others", "missing"]


def _listed(part: AxisBinShape) -> str:
    return ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in part.within or ())


def _points(value: int | None) -> str:
    return "" if value is None else str(value)


def _print(title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    if rows:
        table = Table(*heads, title=Text(title), title_justify="left", show_lines=False)
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))  # a bundle's text is never markup
        results.print(table)
