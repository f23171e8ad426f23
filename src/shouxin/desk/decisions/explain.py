"""A decision in words, in Chinese and in English: reasons with what the customer can do, and the facts behind them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shouxin.desk.decisions.missing import all_values, why_missing
from shouxin.desk.decisions.model import Decision, ProductDecision, Reason
from shouxin.desk.decisions.trace import show_value
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plain import culprits
from shouxin.engines.policy.plan import Rule
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.tree import Node, Type, Value
from shouxin.foundation.money import show_amount
from shouxin.foundation.rates import write_percent

LANGUAGES = ("zh", "en")

WHY_MISSING = {
    "zh": {
        "no_record": "无记录",
        "not_asked": "尚未查询",
        "no_consent": "未获授权",
        "failed": "查询失败",
        "too_old": "已过有效期",
        "from_later": "晚于评估日",
        "not_given": "未提供",
        "unusable": "数值无法用于计算",
    },
    "en": {
        "no_record": "no record",
        "not_asked": "not asked for",
        "no_consent": "no consent",
        "failed": "the enquiry failed",
        "too_old": "too old",
        "from_later": "from after the assessment's date",
        "not_given": "not given",
        "unusable": "this value cannot be computed with",
    },
}


@dataclass(frozen=True, slots=True)
class ReasonText:
    """One reason for a person.

    do:      what the customer can do; None where nothing
    because: (fact's text, value) of the facts that made it fire
    """

    code: str
    kind: str
    text: str
    do: str | None
    because: tuple[tuple[str, str], ...]

    def with_do(self, lang: str) -> str:
        """The reason, and what can be done about it."""
        return self.text if not self.do else f"{self.text}{self.do}" if lang == "zh" else f"{self.text} {self.do}"


class Explainer:
    """Explains decisions of one policy in one language."""

    def __init__(self, policy: Policy, lang: str) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"{lang!r}: zh or en")
        self.policy, self.lang = policy, lang
        self.zh = lang == "zh"
        self.facts = {each.fact: each for each in policy.plan.inputs}

    def reasons(self, decision: Decision, answer: ProductDecision, facts: Facts) -> list[ReasonText]:
        """The reasons of one product, ranked as in the decision.

        What could not be decided is no reason: the missing facts are told instead.
        """
        values = all_values(self.policy, facts, decision.as_of)
        return [self._reason(reason, decision, answer, values) for reason in answer.reasons if reason.kind != "undecided"]

    def missing(self, decision: Decision, answer: ProductDecision, facts: Facts) -> list[str]:
        """Facts that are missing, each with why."""
        return [
            f"{self.fact_text(name)}（{self._why(name, facts, decision.as_of)}）"
            if self.zh
            else f"{self.fact_text(name)} ({self._why(name, facts, decision.as_of)})"
            for name in answer.missing
        ]

    def fact_text(self, name: str) -> str:
        """What a fact, or a derived value, is called."""
        if name in self.facts:
            return self.facts[name].zh if self.zh else self.facts[name].en
        if name in self.policy.bundle.derived:
            shape = self.policy.bundle.derived[name]
            return shape.zh if self.zh else shape.en
        return {"score": "内部信用评分", "tier_no": "客户等级", "pd_ppm": "违约概率"}.get(name, name) if self.zh else name

    def _why(self, name: str, facts: Facts, as_of: dt.date) -> str:
        kind = why_missing(self.policy, name, facts, as_of)
        return WHY_MISSING[self.lang].get(kind, kind)

    def _reason(self, reason: Reason, decision: Decision, answer: ProductDecision, values: dict[str, Value]) -> ReasonText:
        shape = self.policy.bundle.reasons.reasons[reason.code]
        text, do = (shape.zh, shape.do_zh) if self.zh else (shape.en, shape.do_en)
        because: tuple[tuple[str, str], ...] = ()
        if reason.kind == "knock_out":
            because = self._because(self.rule(reason.code, answer.product).node, values)
        elif reason.kind == "score":
            because = self._score_because(reason, decision, values)
        return ReasonText(reason.code, reason.kind, text, do, because)

    def rule(self, code: str, product: str) -> Rule:
        """The rule of a product that has a code; raises KeyError."""
        place = list(self.policy.bundle.products).index(product)
        for rule in self.policy.plan.rules:
            if rule.code == code and place in rule.products:
                return rule
        raise KeyError(code)

    def _because(self, node: Node, values: dict[str, Value]) -> tuple[tuple[str, str], ...]:
        names = sorted(culprits(node, values) - {"as_of"})
        return tuple((self.fact_text(name), self.value_text(name, values[name])) for name in names if not name.startswith("_"))

    def _score_because(self, reason: Reason, decision: Decision, values: dict[str, Value]) -> tuple[tuple[str, str], ...]:
        card = self.policy.plan.cards.index(decision.card)
        for each in self.policy.plan.characteristics:
            if each.card == card and reason.code in each.reasons:
                names = [name for name in each.inputs if name != "as_of"]
                return tuple((self.fact_text(name), self.value_text(name, values[name])) for name in names)
        return ()

    def value_text(self, name: str, value: Value) -> str:
        """A value as this language writes it."""
        if name == "tier_no" and isinstance(value, int):
            return self.policy.plan.tiers[value]
        if value is None:
            return "缺失" if self.zh else "missing"
        if isinstance(value, bool):
            return ("是" if value else "否") if self.zh else ("yes" if value else "no")
        column = self.policy.plan.scope.columns.get(name)
        return show_value(value, column.type if column else Type.INT)


def binding_reason(policy: Policy, answer: ProductDecision) -> str:
    """The code of what sets an approved product's limit."""
    product = next(each for each in policy.plan.products if each.code == answer.product)
    return next(each.reason for each in product.limits if each.name == answer.binding)


def yuan(minor: int) -> str:
    """Money in major units with separators: 51,900.00"""
    return show_amount(minor)


def rate_text(ppm: int, lang: str) -> str:
    """A simple annual rate, named as it must be: 年化利率（单利）7.30%"""
    percent = f"{write_percent(ppm)}%"
    return f"年化利率（单利）{percent}" if lang == "zh" else f"{percent} a year, simple"
