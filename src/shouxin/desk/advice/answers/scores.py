"""The score, and how a limit could be higher."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.desk.advice.advice_words import SCORE_NOTICE
from shouxin.desk.advice.answers.model import Part, Question, say
from shouxin.desk.advice.answers.switching import why_not
from shouxin.desk.advice.answers.values import Amount, Values
from shouxin.desk.advice.answers.view import Held, View
from shouxin.desk.decisions.explain import binding_reason
from shouxin.engines.loans.disclosure import NO_PROMISE
from shouxin.engines.policy.model import TierShape
from shouxin.foundation.texts import Text


def _my_score(view: View) -> Iterator[Part]:
    decision, scale = view.decision, view.bundle.about.scale
    use = view.setting(f"scorecards/{decision.card}.yaml", "base")
    ends: Values = {"lowest": scale.lowest, "highest": scale.highest}
    tier = next(each for each in view.bundle.tiers.tiers if each.name == decision.tier)
    yield say("scored", use, score=decision.score, tier=_named(tier), **ends)
    better = [each for each in view.bundle.tiers.tiers if each.since > decision.score]
    if better:
        nearest = better[-1]
        values: Values = {
            "points": nearest.since - decision.score,
            "tier": _named(nearest),
            "since": nearest.since,
        }
        yield say("next_tier", view.setting("tiers.yaml", "tiers"), **values)
    for reason in decision.score_reasons:
        yield say("lost", why=view.reason(reason.code).clause, points=reason.lost)
    if not decision.score_reasons:
        yield say("whole")


def _named(tier: TierShape) -> Text:
    """A tier by its name, the same in both languages."""
    return Text(tier.name, tier.name)


def _how_to_raise(view: View) -> Iterator[Part]:
    for line in view.usable:
        yield from _raising(view, line)
    if not view.usable:
        yield say("no_line")


def _raising(view: View, line: Held) -> Iterator[Part]:
    if line.code not in view.bundle.products:
        yield say("ended", product=line.name)
        return
    answer, most = view.decision.product(line.code), view.bundle.products[line.code].maximum
    limit = Amount(line.facility.most)
    if answer.outcome != "approve":
        yield say("not_now", product=line.name, limit=limit, why=why_not(view, answer))
    elif line.facility.most >= most:
        yield say("highest", line.setting("maximum"), product=line.name, limit=limit)
    elif answer.limit > line.facility.most:
        yield say("room", product=line.name, limit=limit, most=Amount(answer.limit))
    else:
        why = view.reason(binding_reason(view.policy, answer)).clause
        yield say("bound", product=line.name, limit=limit, most=Amount(answer.limit), why=why)
    for remedy in view.raising.get(line.code, ()):
        yield say("remedy", product=line.name, changes=remedy.changes, most=Amount(remedy.limit))


MY_SCORE = Question(
    "MY_SCORE",
    {"scored": "score tier lowest highest", "next_tier": "points tier since", "lost": "why points", "whole": ""},
    _my_score,
    {"scored": (SCORE_NOTICE,)},
)
HOW_TO_RAISE = Question(
    "HOW_TO_RAISE",
    {
        "room": "product limit most",
        "bound": "product limit most why",
        "highest": "product limit",
        "not_now": "product limit why",
        "remedy": "product changes most",
        "ended": "product",
        "no_line": "",
    },
    _how_to_raise,
    {"room": (NO_PROMISE,), "remedy": (NO_PROMISE,)},
    tries=True,
)
