"""The statement of all financing costs that a borrower sees before the contract (综合融资成本明示).

Rule: 《个人贷款业务明示综合融资成本规定》 of the National Financial Regulatory Administration and the People's Bank of China, in
force since 2026-08-01 (V: as reported on secondary pages; have your lawyers read the original). It asks for the principal; each
item of cost with how, by what standard and by whom it is collected, as a yearly rate; their sum under normal performance; what
may be charged in default, with standard and collector; and that nothing else is charged.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouxin.engines.loans.agreement import WHOLE_BP, Penalty
from shouxin.engines.loans.annual_rates import RULE_TEXTS, AnnualRate, Rule
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.quote import Quote
from shouxin.foundation.money import show_amount
from shouxin.foundation.rates import MILLION, write_percent
from shouxin.foundation.texts import Text

NOTHING_ELSE = Text("除以上列明费用外，不收取其他费用。", "Nothing is charged beyond what is listed above.")
NO_PROMISE = Text("试算结果不构成授信承诺。", "This is an estimate, not an offer of credit.")
METHODS = {
    Method.EQUAL_INSTALMENT: Text("等额本息", "equal instalments"),
    Method.EQUAL_PRINCIPAL: Text("等额本金", "equal principal"),
    Method.INTEREST_ONLY: Text("先息后本", "interest only, principal at the end"),
    Method.FLEXIBLE: Text("随借随还", "repay any time"),
    Method.FLAT: Text("等本等息", "flat rate: interest on the original amount"),
}


@dataclass(frozen=True, slots=True)
class CostItem:
    """One item: what it is, how and by what standard it is collected, by whom; amount in minor units and yearly rate where
    they are known beforehand."""

    name: Text
    collected: Text
    standard: Text
    collector: Text
    amount: int | None = None
    annual: AnnualRate | None = None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The statement. `total` is the yearly cost of all items under normal performance."""

    principal: int
    items: tuple[CostItem, ...]
    total: AnnualRate
    on_default: tuple[CostItem, ...]

    def to_dict(self, lang: str) -> dict[str, Any]:
        """For programs and templates, in one language."""
        return {
            "principal": show_amount(self.principal),
            "items": [_item(each, lang) for each in self.items],
            "total": {"rule": RULE_TEXTS[lang][self.total.rule], "percent": str(self.total.percent(2))},
            "on_default": [_item(each, lang) for each in self.on_default],
            "nothing_else": NOTHING_ELSE.in_language(lang),
        }


def _item(item: CostItem, lang: str) -> dict[str, Any]:
    shown = {name: getattr(item, name).in_language(lang) for name in ("name", "collected", "standard", "collector")}
    if item.amount is not None:
        shown["amount"] = show_amount(item.amount)
    if item.annual is not None:
        shown["annual_percent"] = str(item.annual.percent(2))
    return shown


COLLECTED = {
    Method.FLEXIBLE: Text("按日计息，到期或提前还款时收取", "accrues daily, paid when you repay"),
    Method.INTEREST_ONLY: Text("随每期还款收取", "with each instalment"),
}


def disclose(quote: Quote, penalty: Penalty, lender: Text) -> Disclosure:
    """The statement for a quote: interest, an upfront fee where there is one, and what may be charged in default."""
    method, percent = quote.terms.method, write_percent(quote.terms.rate_ppm)
    collected = COLLECTED.get(method, Text("随每期还款收取", "with each instalment"))
    interest = CostItem(
        Text("利息", "interest"), collected, _interest_standard(method, percent), lender, quote.schedule.interest, quote.interest
    )
    items: tuple[CostItem, ...] = (interest,)
    if quote.fee:
        share = write_percent(quote.fee * MILLION // quote.terms.principal)
        standard = Text(f"一次性收取，按本金的{share}%计", f"once, {share}% of the principal")
        # What is printed adds up: the fee's share is the printed total less the printed interest.
        annual = AnnualRate(Rule.MONTHLY_IRR, (quote.all_in.percent(2) - quote.interest.percent(2)) / 100)
        collected = Text("放款时从本金中扣收", "deducted from the payout")
        items += (CostItem(Text("手续费", "fee"), collected, standard, lender, quote.fee, annual),)
    return Disclosure(quote.terms.principal, items, quote.all_in, _on_default(quote.terms.rate_ppm, penalty, lender))


def _interest_standard(method: Method, percent: str) -> Text:
    if method is Method.FLAT:
        return Text(f"按初始本金每年{percent}%计收", f"{percent}% a year of the original amount")
    return Text(f"年化利率（单利）{percent}%，按未还本金计收", f"{percent}% a year, simple, on the outstanding principal")


def _on_default(rate_ppm: int, penalty: Penalty, lender: Text) -> tuple[CostItem, ...]:
    """What may be charged when a loan is late, and when it is used for what it was not lent for."""
    late, misuse = Text("逾期本金", "late principal"), Text("挪用本金", "misused principal")
    return (
        CostItem(
            Text("罚息（逾期时）", "penalty interest (when late)"),
            Text("自逾期之日起按日计收", "day by day from the due date"),
            _penalty_standard(rate_ppm, penalty, penalty.multiple_bp, late),
            lender,
        ),
        CostItem(
            Text("罚息（挪用时）", "penalty interest (when misused)"),
            Text("自挪用之日起按日计收", "day by day from the day of misuse"),
            _penalty_standard(rate_ppm, penalty, penalty.misuse_bp, misuse),
            lender,
        ),
    )


def _penalty_standard(rate_ppm: int, penalty: Penalty, multiple_bp: int, base: Text) -> Text:
    extra, cap = penalty.beyond(rate_ppm, multiple_bp), write_percent(penalty.cap_ppm, 0)
    contract, charged = write_percent(rate_ppm), write_percent(rate_ppm + extra)
    times = f"{(Decimal(multiple_bp) / WHOLE_BP).normalize():f}"
    if not extra:
        return Text(
            f"不加收罚息，{base.zh}仍按合同利率{contract}%计收",
            f"no penalty; {base.en} keeps bearing the contract's rate of {contract}%",
        )
    if rate_ppm * multiple_bp // WHOLE_BP > penalty.cap_ppm:
        return Text(
            f"{base.zh}按{cap}%的上限计收，即年化{charged}%（已含正常利息）",
            f"{base.en} bears {charged}% a year, the cap, which includes normal interest",
        )
    return Text(
        f"{base.zh}的利率为合同利率的{times}倍，即年化{charged}%（已含正常利息）",
        f"{base.en} bears {times} times the contract's rate, {charged}% a year, which includes normal interest",
    )
