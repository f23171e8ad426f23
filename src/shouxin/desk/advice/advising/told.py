"""Advice in words, in Chinese and in English. Read `Teller` first; `written.py` has the same for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shouxin.book.facilities.model import Status
from shouxin.desk.advice.advice_words import SCORE_NOTICE
from shouxin.desk.advice.advising.model import Advice, Way
from shouxin.desk.advice.advising.planning import HELD, is_held
from shouxin.desk.advice.whatif.naming import Names
from shouxin.desk.advice.whatif.words import ASSUMED
from shouxin.desk.decisions.explain import Explainer, rate_text
from shouxin.desk.decisions.remedies import Kind
from shouxin.desk.decisions.remedies.told import write_change, write_direction
from shouxin.engines.loans.disclosure import NO_PROMISE
from shouxin.foundation.money import show_amount
from shouxin.foundation.texts import Text

KINDS = {
    Kind.ACT: Text("在本机构办理", "done here"),
    Kind.ASK: Text("少申请一些", "by asking for less"),
    Kind.OUTSIDE: Text("以数据来源核实为准", "once a source confirms it"),
}
UNDECIDED = "undecided"
WORDS = {
    "has": Text(
        "目前即可办理「{product}」，额度{amount}元，{rate}，无需改变什么。",
        "{product} can be had now: {amount}, {rate}. Nothing has to change.",
    ),
    "enough": Text(
        "已持有「{product}」，目前可获额度{amount}元。", "{product} is held; by what is known now it may be {amount}."
    ),
    "offered": Text(
        "「{product}」已获批{amount}元，{day}前确认即可开通。",
        "{product} is offered already: {amount}, to be accepted until {day}.",
    ),
    "less": Text("「{product}」目前可获额度{amount}元。", "{product}: {amount} can be had now."),
    "not": Text("「{product}」目前不能办理。", "{product} cannot be had now."),
    "person": Text("「{product}」目前须由人工审批。", "A person has to decide on {product} now."),
    "way": Text("这样做可以改变结果：", "This would change that:"),
    "ways": Text("以下任一做法都能改变结果，从易到难：", "Any one of these would change that, the easiest first:"),
    "leads": Text("届时额度{amount}元，{rate}", "then {amount}, {rate}"),
    "held": Text("届时可获额度{amount}元，须重新审批", "then {amount}, once it is decided anew"),
    "tried": Text("已逐步试算，确认可行", "tried step by step, and it works"),
    "assessed": Text("已按此重新评估，确认可行", "assessed anew with this, and it works"),
    "none": Text("没有三项以内的改变能改变结果。", "No set of up to three changes would change that."),
    "stays": Text("没有办法改变结果，因为：{why}", "No set of changes helps, because: {why}"),
    "unknown": Text(
        "现在说不准怎样才能办理：缺少必要的信息，或信息已过期。请先更新信息（如重新查询征信），再来试算。",
        "What would change that cannot be said: information is missing or too old. Have it asked for again, then ask once more.",
    ),
    "until": Text("以上限制到 {day} 解除，届时可以再来申请。", "That is so until {day}; apply again from then on."),
    "until_only": Text(
        "以上限制到 {day} 解除；那时还有没有别的原因，届时再看。",
        "That is so until {day}; what else is in the way then is another matter.",
    ),
    "dropped": Text(
        "另有{count}种做法按规则可行，但逐步试算未通过，不予建议。",
        "{count} more would do by the rules alone, but failed when tried step by step, and are not advised.",
    ),
    "cut": Text("未能穷尽所有组合，可能还有其他做法。", "Not every combination could be looked at; there may be other ways."),
    "unproven": Text(
        "核验身份后，才显示具体数值、额度和价格。", "Numbers, limits and prices are shown once your identity is proven."
    ),
    "at_most": Text(
        "「{product}」最高{most}元，以下按{most}元测算。", "{product} goes up to {most}; what follows is about that."
    ),
    "honest": Text(
        "请如实提供信息：以上只有在来源核实后才算数；提供虚假材料会导致申请被拒或额度终止。",
        "Say what is true: a change counts once its source confirms it, and false papers end an application or a line.",
    ),
}


@dataclass(frozen=True, slots=True)
class ToldWay:
    """A way in words: its changes, each with how it comes about, and where it leads."""

    number: int
    changes: tuple[str, ...]
    leads: str
    tried: str


class Teller:
    """Tells one advice in one language."""

    def __init__(self, advice: Advice, lang: str) -> None:
        self.advice, self.lang = advice, lang
        self.policy = advice.now.policy
        self.names = Names(self.policy, lang)

    def now(self) -> list[str]:
        """How things stand: what is offered already, the answer, and why it is no better."""
        return [*self._answer(), *self._offered(), *self._at_most()]

    def _at_most(self) -> Iterator[str]:
        goal, asked = self.advice.goal, self.advice.asked
        if asked is not None and goal.amount is not None and asked > goal.amount:
            yield self._say("at_most", product=self.names.product(goal.product), most=show_amount(goal.amount))

    def _offered(self) -> Iterator[str]:
        for each in self.advice.now.facilities if self.advice.proven else ():
            if each.product == self.advice.goal.product and each.status is Status.OFFERED:
                name = self.names.product(each.product)
                yield self._say("offered", product=name, amount=show_amount(each.most), day=each.expires)

    def _answer(self) -> list[str]:
        found, product = self.advice.found, self.names.product(self.advice.goal.product)
        answer = found.decision.product(self.advice.goal.product)
        if answer.outcome == "approve":
            word = "has" if found.reached and not self._is_held else "enough" if found.reached else "less"
            if not self.advice.proven:
                return [self._say("unproven")]
            rate = rate_text(answer.rate_ppm or 0, self.lang)
            binds = [] if found.reached else [self.names.binds(self.policy, answer)]
            return [self._say(word, product=product, amount=show_amount(answer.limit), rate=rate), *binds]
        explainer = Explainer(self.policy, self.lang)
        reasons = explainer.reasons(found.decision, answer, self.advice.now.facts)
        told = [each for each in reasons if each.kind != "score"] or reasons
        why = [each.with_do(self.lang) for each in told]
        missing = explainer.missing(found.decision, answer, self.advice.now.facts)
        return [self._say("person" if answer.outcome == "refer" else "not", product=product), *why, *missing]

    def ways(self) -> list[ToldWay]:
        """The ways, the easiest first."""
        return [self._way(number, each) for number, each in enumerate(self.advice.ways, 1)]

    def heading(self) -> str:
        """What stands above the ways, or why there is none."""
        found = self.advice.found
        if found.reached:
            return ""
        if self.advice.ways:
            return self._say("ways" if len(self.advice.ways) > 1 else "way")
        if self._stays:
            return self._say("stays", why=self.names.semicolon.join(self._stays))
        if self._unknown:
            return self._say("unknown")
        return self._say("none")

    def notices(self) -> list[str]:
        """What must be said with it."""
        return list(self._notices())

    def _notices(self) -> Iterator[str]:
        found = self.advice.found
        if not self.advice.ways and found.until is not None:
            open_then = found.then is not None and found.then.product(self.advice.goal.product).outcome == "approve"
            yield self._say("until" if open_then else "until_only", day=found.until)
        if self._stays and self._unknown:
            yield self._say("unknown")
        if self.advice.dropped:
            yield self._say("dropped", count=self.advice.dropped)
        if not found.exhausted:
            yield self._say("cut")
        if not self.advice.proven:
            yield self._say("unproven")
        if any(change.kind is Kind.OUTSIDE for each in self.advice.ways for change in each.remedy.changes):
            yield self._say("honest")
        if any(way.tried is not None for way in self.advice.ways):
            yield ASSUMED.in_language(self.lang)
        yield SCORE_NOTICE.in_language(self.lang)
        yield NO_PROMISE.in_language(self.lang)

    @property
    def _stays(self) -> list[str]:
        """What nothing changes."""
        return [self.names.reason(each.code).rstrip("。.") for each in self.advice.found.stays if each.kind != UNDECIDED]

    @property
    def _unknown(self) -> bool:
        """Whether something could not be decided at all."""
        return any(each.kind == UNDECIDED for each in self.advice.found.stays)

    @property
    def _is_held(self) -> bool:
        return is_held(self.advice.now, self.advice.goal.product)

    def _way(self, number: int, way: Way) -> ToldWay:
        write = write_change if self.advice.proven else write_direction
        changes = [f"{write(self.policy, each, self.lang)}{self._kind(each.kind)}" for each in way.remedy.changes]
        tried = self._say("assessed" if way.tried is None else "tried")
        return ToldWay(number, tuple(changes), self._leads(way) if self.advice.proven else "", tried)

    def _kind(self, kind: Kind) -> str:
        if kind not in KINDS:
            return ""
        text = KINDS[kind].in_language(self.lang)
        return f"（{text}）" if self.lang == "zh" else f" ({text})"

    def _leads(self, way: Way) -> str:
        answer = way.remedy.decision.product(self.advice.goal.product)
        amount, rate = answer.limit, answer.rate_ppm or 0
        if way.tried is not None and not self._is_held:
            line = next(each for each in way.tried.after.facilities if each.product == answer.product and each.status in HELD)
            amount, rate = line.most, line.rate_ppm
        return self._say("held" if self._is_held else "leads", amount=show_amount(amount), rate=rate_text(rate, self.lang))

    def _say(self, name: str, **values: object) -> str:
        return WORDS[name].in_language(self.lang).format(**values)
