"""What things of a what-if are called: products, steps, records, limits and costs, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouxin.desk.advice.whatif import words
from shouxin.desk.advice.whatif.model import State
from shouxin.desk.advice.whatif.steps import ALL, DUE, Assume, Close, DrawOn, Open, Repay, Step, SwitchTo, Wait
from shouxin.desk.decisions.explain import Explainer, binding_reason, rate_text
from shouxin.desk.decisions.model import ProductDecision
from shouxin.desk.servicing.terms import upfront_fee
from shouxin.engines.loans.disclosure import METHODS
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.loans.quote import quote
from shouxin.engines.policy.compile import Policy
from shouxin.foundation.money import show_amount
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text

EXAMPLE = 1_000_000  # what an example of the cost is about, or the limit where that is less: 10,000 yuan


class Names:
    """What things are called in one language, by the policy in force."""

    def __init__(self, policy: Policy, lang: str) -> None:
        self.policy, self.lang = policy, lang
        self.comma = "、" if lang == "zh" else ", "
        self.semicolon = "；" if lang == "zh" else "; "

    def product(self, code: str) -> str:
        """A product; its code where this policy does not have it."""
        shape = self.policy.bundle.products.get(code)
        return code if shape is None else self._in(shape.zh, shape.en)

    def reason(self, code: str) -> str:
        """What a reason code says; the code where this policy does not have it."""
        shape = self.policy.bundle.reasons.reasons.get(code)
        return code if shape is None else self._in(shape.zh, shape.en)

    def kind(self, kind: str | None) -> str:
        """A customer type."""
        return words.KINDS[kind].in_language(self.lang) if kind in words.KINDS else kind or "-"

    def step(self, step: Step) -> str:
        """A step."""
        match step:
            case Repay(product, amount):
                name = {ALL: "repay_all", DUE: "repay_due"}.get(str(amount), "repay")
                return self._step(name, product, amount if isinstance(amount, int) else 0)
            case Close(product):
                return self._step("close", product)
            case Open(product, amount):
                return self._step("open" if amount is None else "open_amount", product, amount or 0)
            case SwitchTo():
                return words.STEP["switch"].in_language(self.lang).format(what=self.switch(step))
            case DrawOn(product, amount):
                return self._step("draw", product, amount)
            case Wait(days, unpaid):
                return words.STEP["wait_unpaid" if unpaid else "wait"].in_language(self.lang).format(days=days)
            case Assume(fact, to):
                name = "assume_change" if to.endswith("%") and to[0] in "+-" else "assume"
                fact_text = Explainer(self.policy, self.lang).fact_text(fact)
                return words.STEP[name].in_language(self.lang).format(fact=fact_text, to=to)

    def _step(self, name: str, product: str, amount: int = 0) -> str:
        text = words.STEP[name].in_language(self.lang)
        return text.format(product=self.product(product), amount=show_amount(amount))

    def switch(self, step: SwitchTo) -> str:
        """What a switch closes and opens."""
        closes = ("」「" if self.lang == "zh" else ", ").join(map(self.product, step.closes))
        return words.STEP["switched"].in_language(self.lang).format(closes=closes, product=self.product(step.product))

    def right(self, refusal: Refusal) -> str:
        """What would be right, with products and states by their names."""
        text = refusal.zh if self.lang == "zh" else refusal.en
        return text.format(**{name: self._word(value) for name, value in refusal.limits.items()})

    def _word(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value in words.FACILITY:
            return words.FACILITY[value].in_language(self.lang)
        return self.comma.join(map(self.product, value.split(", ")))

    def binds(self, policy: Policy, answer: ProductDecision) -> str:
        """What sets an approved limit."""
        return words.BINDS.in_language(self.lang).format(why=self.reason(binding_reason(policy, answer)))

    def cost(self, state: State, answer: ProductDecision) -> str:
        """An example of what borrowing costs, on the first term of the product."""
        method, months = answer.terms[0]
        amount, rate = min(answer.limit, EXAMPLE), answer.rate_ppm or 0
        fee = upfront_fee(state.policy.bundle.products[answer.product], amount)
        made = quote(Terms(amount, rate, Method(method), Shape(state.day, months[-1])), fee)
        values = {"amount": show_amount(amount), "method": METHODS[Method(method)].in_language(self.lang), "months": months[-1]}
        return words.COST.in_language(self.lang).format(**values, rate=rate_text(rate, self.lang), cost=show_amount(made.cost))

    def record(self, fields: Mapping[str, Any]) -> str:
        """A record for the bureau."""
        status = words.STATUS.get(fields["status"], Text(fields["status"], fields["status"])).in_language(self.lang)
        amounts = {name: show_amount(fields[name]) for name in ("limit", "balance")}
        text = words.RECORD[fields["kind"]].in_language(self.lang)
        return text.format(product=self.product(fields["product"]), status=status, **amounts)

    def _in(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en
