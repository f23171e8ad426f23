"""A matching in words, in Chinese and in English. Read `Teller` first; `written.py` has the same as plain values.

Nothing here presses anyone: what it costs, what it needs and why not stand beside each other, and no product is praised.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shouxin.desk.advice.advice_words import BARRIER, NO_PAIR, ORDERED_BY, PAPER, PAPERS, SCORE_NOTICE, SUMMARY, WANTS
from shouxin.desk.advice.costs import nearest
from shouxin.desk.advice.model import Barrier, Match, Matching, NoPair, Obstacle, Requirement, Room
from shouxin.desk.decisions import Decision
from shouxin.desk.decisions.explain import WHY_MISSING, Explainer, ReasonText
from shouxin.desk.decisions.missing import why_missing
from shouxin.desk.servicing.paper_words import purpose_text
from shouxin.engines.loans.disclosure import NO_PROMISE, NOTHING_ELSE
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.read import Facts
from shouxin.foundation.money import show_amount


class Told(NamedTuple):
    """One obstacle in words: what is in the way, what the customer can do about it, and the facts behind it."""

    text: str
    do: str | None
    because: tuple[tuple[str, str], ...] = ()


class Teller:
    """Tells matchings that were made from one decision, in one language."""

    def __init__(self, policy: Policy, decision: Decision, facts: Facts, lang: str) -> None:
        self.policy, self.decision, self.facts, self.lang = policy, decision, facts, lang
        self.comma = "、" if lang == "zh" else ", "
        self.explainer = Explainer(policy, lang)

    def summary(self, matching: Matching) -> str:
        """The answer in a sentence."""
        return SUMMARY[matching.matches[0].fit].in_language(self.lang)

    def name(self, product: str) -> str:
        """What a product is called."""
        shape = self.policy.bundle.products[product]
        return shape.zh if self.lang == "zh" else shape.en

    def names(self, products: Iterable[str]) -> str:
        """What several products are called."""
        return self.comma.join(self.name(each) for each in products)

    def use(self, code: str) -> str:
        """What a use is called."""
        return purpose_text(code, self.lang)

    def need(self, product: str, requirement: Requirement) -> str:
        """One thing that a product needs."""
        sources = {each.fact: self.policy.bundle.facts.sources[each.source] for each in self.policy.plan.inputs}
        asked = dict.fromkeys(sources[fact].zh if self.lang == "zh" else sources[fact].en for fact in requirement.facts)
        above, facts = show_amount(requirement.above or 0), map(self._missing, requirement.facts)
        text = WANTS[requirement.wants].in_language(self.lang) + self._papers(product, requirement)
        return text.format(above=above, sources=self.comma.join(asked), facts=self.comma.join(facts))

    def _papers(self, product: str, requirement: Requirement) -> str:
        shapes = {code: each for proof in self.policy.bundle.products[product].uses.proof for code, each in proof.papers.items()}
        names = [shapes[code].zh if self.lang == "zh" else shapes[code].en for code in requirement.papers]
        text = PAPERS if len(names) > 1 else PAPER
        return text.in_language(self.lang).format(papers=self.comma.join(names)) if names else ""

    def _missing(self, fact: str) -> str:
        why = why_missing(self.policy, fact, self.facts, self.decision.as_of)
        told = WHY_MISSING[self.lang].get(why, why)
        return (
            f"{self.explainer.fact_text(fact)}（{told}）" if self.lang == "zh" else f"{self.explainer.fact_text(fact)} ({told})"
        )

    def notices(self, matching: Matching) -> list[str]:
        """What must be said with a matching: what the order depends on, that the costs are all, that it is no promise."""
        costs = any(found.costs for found in matching.matches)
        scored = any(self._is_scored(found, matching) for found in matching.matches)
        said = (ORDERED_BY, *((NOTHING_ELSE,) if costs else ()), *((SCORE_NOTICE,) if scored else ()), NO_PROMISE)
        return [each.in_language(self.lang) for each in said]

    def _is_scored(self, found: Match, matching: Matching) -> bool:
        score = self.explainer.fact_text("score")
        shown = {name for told in self.obstacles(found, matching) for name, _ in told.because}
        return score in shown or any(each.kind == "score" for each in found.obstacles)

    def no_pair(self, why: NoPair) -> str | None:
        """Why no two products are proposed; nothing where one is enough."""
        return NO_PAIR[why].in_language(self.lang) if why in NO_PAIR else None

    def rooms(self, found: Match) -> list[Room]:
        """The other products that can be held beside this one, and of which it would leave another amount."""
        return [each for each in found.rooms if each.before != each.after and each.product not in found.apart]

    def obstacles(self, found: Match, matching: Matching) -> list[Told]:
        """Why the need is not met, or not in whole, in order of precedence."""
        answer = self.decision.product(found.product)
        reasons = iter(self.explainer.reasons(self.decision, answer, self.facts))
        return [
            _of_reason(next(reasons)) if each.barrier is Barrier.DECIDED else self._own(each, found, matching)
            for each in found.obstacles
        ]

    def _own(self, obstacle: Obstacle, found: Match, matching: Matching) -> Told:
        product, need = self.policy.bundle.products[found.product], matching.need
        text, do = (each.in_language(self.lang) if each else "" for each in BARRIER[obstacle.barrier])
        offered = sorted({months for _, each in self.decision.product(found.product).terms for months in each})
        values = {
            "use": self.use(need.purpose),
            "uses": self.comma.join(self.use(each) for each in product.uses.allowed),
            "amount": show_amount(obstacle.amount or 0),
            "months": need.months,
            "offered": self.comma.join(map(str, offered)),
            "nearest": nearest(offered, need.months) if need.months and offered else "",
            "why": "",
        }
        if obstacle.code is not None:
            shape = self.policy.bundle.reasons.reasons[obstacle.code]
            values["why"] = shape.zh if self.lang == "zh" else shape.en
            do = (shape.do_zh if self.lang == "zh" else shape.do_en) or ""
        return Told(text.format(**values).strip(), do.format(**values) if do else None)


def _of_reason(reason: ReasonText) -> Told:
    return Told(reason.text, reason.do, reason.because)
