"""A what-if in words, in Chinese and in English. Read `Teller` first; `written.py` has the same for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouxin.desk.advice.advice_words import SCORE_NOTICE
from shouxin.desk.advice.whatif import words
from shouxin.desk.advice.whatif.errors import PersonDecides, ProductDeclined
from shouxin.desk.advice.whatif.model import Act, State, Taken, WhatIf
from shouxin.desk.advice.whatif.moves import Effect, Move, Read, Terms, effects, moves
from shouxin.desk.advice.whatif.naming import Names
from shouxin.desk.advice.whatif.solving import blockers, solutions
from shouxin.desk.advice.whatif.steps import Assume, Close, Open, Step, SwitchTo, Wait
from shouxin.desk.decisions.explain import Explainer, ReasonText, rate_text
from shouxin.engines.loans.disclosure import NO_PROMISE
from shouxin.foundation.money import show_amount
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text

# What each act that pays has paid, minor units.
PAID_BY: Mapping[str, Callable[[Act], int]] = {
    "settle": lambda act: int(act.answer["paid"]),
    "switch.execute": lambda act: int(act.answer["paid"]),
    "repay": lambda act: int(act.body["amount"]),
    "receive": lambda act: int(act.body["amount"]),
}


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step in words: what it is, whether it can be done, and what comes of it."""

    number: int
    title: str
    verdict: str
    lines: tuple[str, ...]


class Teller:
    """Tells one what-if in one language."""

    def __init__(self, what_if: WhatIf, lang: str) -> None:
        self.what_if, self.lang = what_if, lang
        self.names = Names(what_if.before.policy, lang)

    def steps(self) -> list[ToldStep]:
        """Every step, in order."""
        found, state = [], self.what_if.before
        for number, taken in enumerate(self.what_if.steps, 1):
            lines = tuple(self._lines(taken, state))
            found.append(ToldStep(number, self.names.step(taken.step), self.verdict(taken), lines))
            state = taken.after or state
        return found

    def verdict(self, taken: Taken) -> str:
        """Whether it can be done."""
        return words.VERDICT[taken.outcome].in_language(self.lang)

    def notices(self) -> list[str]:
        """What must be said with it: what is taken for granted, what is promised and what is not."""
        steps = [each.step for each in self.what_if.steps]
        said: list[str] = [words.ASSUMED.in_language(self.lang)]
        if not self.what_if.proven:
            said.append(words.COARSE.in_language(self.lang))
        if any(isinstance(each, Assume) for each in steps):
            said.append(words.OWN_ASSUMPTION.in_language(self.lang))
        if any(isinstance(each, SwitchTo) for each in steps):
            said.append(words.PROMISED.in_language(self.lang))
        elif switch := _as_switch(steps):
            said.append(words.NOT_PROMISED.in_language(self.lang).format(step=self.names.switch(switch)))
        return [*said, *(each.in_language(self.lang) for each in (SCORE_NOTICE, NO_PROMISE, words.UNDONE))]

    def reported(self) -> str | None:
        """What the bureau would be told; None where the plan stops."""
        if not self.what_if.reported or not self.what_if.proven:
            return None
        records = [self.names.record(each.fields) for each in self.what_if.reported]
        month = f"{self.what_if.after.day:%Y-%m}"
        return words.REPORTED.in_language(self.lang).format(month=month, records=self.names.semicolon.join(records))

    def products(self, state: State) -> list[tuple[str, str, list[str]]]:
        """Each product by the policy: its name, the answer, and what stands behind it: what sets the limit, an example of the
        cost, or why not. Nothing before the identity is proven."""
        if not self.what_if.proven:
            return []
        return [
            (
                self.names.product(each.product),
                self.answer(Terms(each.outcome, each.limit, each.rate_ppm)),
                self._behind(state, each.product),
            )
            for each in state.decision.products
        ]

    def answer(self, terms: Terms) -> str:
        """A product's answer."""
        rate = rate_text(terms.rate_ppm or 0, self.lang)
        return words.OUTCOME[terms.outcome].in_language(self.lang).format(amount=show_amount(terms.limit), rate=rate)

    def _behind(self, state: State, product: str) -> list[str]:
        answer = state.decision.product(product)
        if answer.outcome == "approve":
            return [self.names.binds(state.policy, answer), self.names.cost(state, answer)]
        return [each.with_do(self.lang) for each in self.reasons(state, product)] + self.missing(state, product)

    def reasons(self, state: State, product: str) -> list[ReasonText]:
        """Why a product is not approved."""
        return Explainer(state.policy, self.lang).reasons(state.decision, state.decision.product(product), state.facts)

    def missing(self, state: State, product: str) -> list[str]:
        """What is missing to decide a product."""
        return Explainer(state.policy, self.lang).missing(state.decision, state.decision.product(product), state.facts)

    def _lines(self, taken: Taken, before: State) -> Iterator[str]:
        if taken.refusal is not None:
            yield from self._refused(taken, taken.refusal, before)
        if taken.after is None or not self.what_if.proven:
            return
        if isinstance(taken.step, Wait) and before.late and not taken.step.unpaid:
            yield self._say("late_wait")
        for act in taken.acts:
            yield from self._act(act, taken.after)
        yield from self._blocked(before, taken.after)
        yield from self.changes(before, taken.after)

    def _refused(self, taken: Taken, refusal: Refusal, before: State) -> Iterator[str]:
        if not isinstance(refusal, ProductDeclined):
            yield self.names.right(refusal)
        if isinstance(refusal, ProductDeclined | PersonDecides):
            yield from _reasons_told(taken, self.lang)
        if isinstance(refusal, ProductDeclined) and refusal.value not in before.reopens:
            yield self._say("advise")
        if steps := solutions(refusal, before):
            yield self._solved(steps)

    def _solved(self, steps: Iterable[Step]) -> str:
        return self._say("solved_by", steps=self.names.semicolon.join(map(self.names.step, steps)))

    def _act(self, act: Act, after: State) -> Iterator[str]:
        answer = act.answer
        if act.action == "settle" and not answer["paid"]:
            yield self._say("nothing_owed")
        elif act.action in PAID_BY and (paid := PAID_BY[act.action](act)):
            yield self._say("paid", day=act.day, amount=show_amount(paid))
        if act.action in ("application.accept", "switch.execute"):
            opened = next(each for each in after.facilities if each.id == answer["facility"])
            named = {"product": self.names.product(opened.product), "rate": rate_text(opened.rate_ppm, self.lang)}
            yield self._say("opened", **named, amount=show_amount(opened.most), day=opened.expires)
        if act.action == "facility.close" and answer["status"] == "closed":
            yield self._say("closed", product=self.names.product(answer["product"]))
        for facility_id in answer["lapsed"] if act.action == "facility.lapse" else ():
            line = next(each for each in after.facilities if each.id == facility_id)
            yield self._say("lapsed", product=self.names.product(line.product), day=act.day)
        for each in answer["lines"] if act.action == "review.follow" else ():
            yield self._followed(each, act, after)

    def _followed(self, line: Mapping[str, Any], act: Act, after: State) -> str:
        """What one account's trouble does to another line, and why."""
        product = next(each.product for each in after.facilities if each.id == line["facility"])
        why = self.names.semicolon.join(self.names.reason(each) for each in line["rules"])
        return self._say(line["act"], product=self.names.product(product), day=act.day, why=why)

    def _blocked(self, before: State, after: State) -> Iterator[str]:
        known = {each.product for each in blockers(before)}
        for each in blockers(after):
            if each.product not in known:
                yield self._say("closing", product=self.names.product(each.product), amount=show_amount(each.in_use))
                yield self._solved(each.solved_by)

    def changes(self, before: State, after: State) -> Iterator[str]:
        """What is different between two states: score and why, tier, type, total line, products, dates."""
        yield from self._score(before, after)
        first, second = before.decision, after.decision
        if first.tier != second.tier:
            yield self._say("tier", before=first.tier, after=second.tier)
        if before.kind != after.kind:
            yield self._say("kind", before=self.names.kind(before.kind), after=self.names.kind(after.kind))
        if first.total_line != second.total_line:
            yield self._say("total_line", before=show_amount(first.total_line), after=show_amount(second.total_line))
        for each in effects(before, after):
            yield self._effect(each)
        for product, day in after.reopens.items():
            if before.reopens.get(product) != day:
                yield self._say("reopens", product=self.names.product(product), day=day)
        if after.late is not None and after.late != before.late:
            yield self._say("late", day=after.late)

    def _score(self, before: State, after: State) -> Iterator[str]:
        first, second = before.decision.score, after.decision.score
        found = moves(before, after)
        if found:
            yield self._say(
                "score" if first != second else "same_score", before=first, after=second, points=f"{second - first:+d}"
            )
        for each in found:
            yield "  " + self._move(each, after)

    def _move(self, move: Move, after: State) -> str:
        if move.name in words.MOVED_OTHER:
            return self._say("move", points=f"{move.points:+d}", why=words.MOVED_OTHER[move.name].in_language(self.lang))
        reads = self.names.semicolon.join(self._read(each, Explainer(after.policy, self.lang)) for each in move.reads)
        return self._say("move", points=f"{move.points:+d}", why=reads)

    def _read(self, each: Read, explain: Explainer) -> str:
        values = [explain.value_text(each.name, value) for value in (each.before, each.after)]
        return self._say("read", fact=explain.fact_text(each.name), before=values[0], after=values[1])

    def _effect(self, each: Effect) -> str:
        values = {"before": self.answer(each.before), "after": self.answer(each.after)}
        told = self._say("outcome", product=self.names.product(each.product), **values)
        if not each.of_score:
            return told
        because = self._say("by_both" if each.of_rules else "by_score", same=self.answer(each.same_score))
        return f"{told}（{because}）" if self.lang == "zh" else f"{told} ({because})"

    def _say(self, name: str, **values: object) -> str:
        return words.LINES[name].in_language(self.lang).format(**values)


def _as_switch(steps: Sequence[Step]) -> SwitchTo | None:
    """The switch that a plan amounts to which closes first and opens afterwards."""
    closes: list[str] = []
    for each in steps:
        if isinstance(each, Close):
            closes.append(each.product)
        elif isinstance(each, Open) and closes and each.product not in closes:
            return SwitchTo(tuple(closes), each.product, each.amount)
    return None


def _reasons_told(taken: Taken, lang: str) -> Iterator[str]:
    """Why an application would be declined, in the words of its answer."""
    for act in taken.acts:
        if act.action == "application.apply":
            for each in act.answer["products"]:
                texts = [Text(one["zh"], one["en"]).in_language(lang) + _do(one, lang) for one in each["texts"]]
                yield from dict.fromkeys(texts)
                yield from (Text(one["zh"], one["en"]).in_language(lang) for one in each["missing"])


def _do(one: dict[str, str | None], lang: str) -> str:
    do = one["do_zh"] if lang == "zh" else one["do_en"]
    return f"{'' if lang == 'zh' else ' '}{do}" if do else ""
