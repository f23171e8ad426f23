"""Closing one product for another: what could be opened afterwards, what can be held together, how to switch, early repayment.

What closing would do is no reckoning: it was imagined (`whatif/`) when the view was read, each line for itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.book.facilities.acts import OFFER_DAYS
from shouxin.desk.advice.answers.model import Part, Question, Use, say
from shouxin.desk.advice.answers.values import Amount, Listed, Rate, Values, days
from shouxin.desk.advice.answers.view import Held, View
from shouxin.desk.advice.rooms import apart_from
from shouxin.desk.advice.whatif.model import State, WhatIf
from shouxin.desk.decisions.explain import Explainer
from shouxin.desk.decisions.model import ProductDecision
from shouxin.engines.loans.disclosure import NO_PROMISE
from shouxin.engines.loans.loan import due_today
from shouxin.foundation.texts import Text


def _open_after_closing(view: View) -> Iterator[Part]:
    for line, found in view.imagined_lines:
        for code in _unheld(view):
            yield _opening(view, line, found, code)
        if not _unheld(view):
            yield say("all_held", closes=line.name)
    if not view.imagined_lines:
        yield say("no_line")


def _opening(view: View, line: Held, found: WhatIf, code: str) -> Part:
    closes, product = line.name, view.name(code)
    now, settled = view.decision.product(code), Amount(line.payoff)
    if not found.works:
        refusal = next(each.refusal for each in found.steps if each.refusal is not None)
        return say("cannot_close", closes=closes, product=product, why=Text(refusal.right("zh"), refusal.right("en")))
    then = found.after.decision.product(code)
    use = imagined_use(line)
    if now.outcome == "approve":
        return say("can_now", use, closes=closes, product=product, **terms_of(now))
    if then.outcome == "approve":
        values: Values = {"closes": closes, "product": product, **terms_of(then)}
        return say("can_after", use, payoff=settled, **values) if line.payoff else say("can_after_closing", use, **values)
    if then.outcome == "refer":
        return say("person", use, closes=closes, product=product)
    return say("cannot_after", use, closes=closes, product=product, why=why_not(found.after, then))


def terms_of(answer: ProductDecision) -> Values:
    """What a product would be granted with, as texts fill it in."""
    return {"limit": Amount(answer.limit), "rate": Rate(answer.rate_ppm or 0)}


def imagined_use(line: Held) -> Use:
    """That closing the line was imagined."""
    return line.books("closing_tried", Amount(line.payoff))


def why_not(of: State | View, answer: ProductDecision) -> Listed:
    """The reasons of a product that is not approved, or what is missing; what the score lost points for only where there is
    nothing else."""
    zh, en = (Explainer(of.policy, lang) for lang in ("zh", "en"))
    both = list(zip(*(each.reasons(of.decision, answer, of.facts) for each in (zh, en)), strict=True))
    told = [Text(one.text, other.text).clause for one, other in both if one.kind != "score"]
    missing = [each.missing(of.decision, answer, of.facts) for each in (zh, en)]
    if not told and missing[0]:
        return Listed((Text(f"需要补充或更新信息（{'、'.join(missing[0])}）", f"missing or too old: {', '.join(missing[1])}"),))
    return Listed(tuple(told or (Text(one.text, other.text).clause for one, other in both)))


def _held(view: View) -> set[str]:
    return {each.code for each in view.open_lines}


def _hold_both(view: View) -> Iterator[Part]:
    pairs = list(_pairs(view))
    if not pairs:
        yield say("alone")
    for first, second in pairs:
        names: Values = {"product": view.name(first), "other": view.name(second)}
        pool = view.bundle.products[first].pool
        if second in apart_from(view.bundle, first):
            yield say("apart", view.setting("exposure.yaml", "exclusive"), **names)
        elif pool is not None and pool == view.bundle.products[second].pool:
            lead = view.name(view.bundle.exposure.pools[pool].lead)
            yield say("shared", view.setting("exposure.yaml", "pools", pool), **names, lead=lead)
        else:
            total = view.standing.line.total if view.standing.line and view.open_lines else view.decision.total_line
            use = view.setting("exposure.yaml", "order")
            yield say("together", use, **names, total=Amount(total)) if total else say("together_later", use, **names)


def _pairs(view: View) -> Iterator[tuple[str, str]]:
    """Two products each, those with one that is held where something is."""
    codes = [code for code in view.bundle.products if code not in view.bundle.variants]
    held = _held(view) & set(codes)
    for number, first in enumerate(codes):
        for second in codes[number + 1 :]:
            if not held or first in held or second in held:
                yield first, second


def _how_to_switch(view: View) -> Iterator[Part]:
    plan = next((each for each in view.plans if each.stands(view.today)), None)
    if plan is not None:
        values: Values = {"limit": Amount(plan.most), "rate": Rate(plan.rate_ppm), "day": plan.expires}
        closes = Listed(tuple(view.line(each).name for each in plan.closes))
        yield say("promised", closes=closes, product=view.name(plan.product), **values, payoff=Amount(plan.payoff))
        return
    if not view.imagined_lines:
        yield say("no_line")
        return
    direct = [code for code in _unheld(view) if view.decision.product(code).outcome == "approve"]
    ways = [part for line, imagined in view.imagined_lines for part in _ways(view, line, imagined)]
    yield from ways
    if direct:
        yield say("no_need", products=Listed(tuple(map(view.name, direct))))
    elif not ways:
        yield say("no_way")


def _ways(view: View, line: Held, found: WhatIf) -> Iterator[Part]:
    """The products that are open once the line is closed, and not before."""
    for code in _unheld(view) if found.works else ():
        then = found.after.decision.product(code)
        if then.outcome == "approve" and view.decision.product(code).outcome != "approve":
            values: Values = {"closes": line.name, "product": view.name(code), "days": days(OFFER_DAYS), **terms_of(then)}
            use, payoff = imagined_use(line), Amount(line.payoff)
            yield say("way", use, payoff=payoff, **values) if line.payoff else say("way_unused", use, **values)


def _unheld(view: View) -> list[str]:
    """The products of the bundle of which the customer has none, scenarios aside."""
    return [code for code in view.bundle.products if code not in _held(view) and code not in view.bundle.variants]


def _early_effect(view: View) -> Iterator[Part]:
    owing = [(line, found) for line, found in view.imagined_lines if line.owing]
    for line, found in owing:
        repaid = found.steps[0].after
        if repaid is None:
            yield say("unknown", product=line.name)
            continue
        before, after = view.decision.score, repaid.decision.score
        case = "up" if after > before else "down" if after < before else "same"
        values: Values = {"product": line.name, "after": after, "payoff": Amount(line.payoff), "saved": Amount(saved(line))}
        yield say(case, imagined_use(line), **values, **({} if case == "same" else {"before": before}))
    if not owing:
        yield say("none_owed")


def saved(line: Held) -> int:
    """Interest that is not paid when all of the line is paid off today: of the instalments to come, less what has accrued."""
    to_come = sum(due.interest for each in line.owing for due in each.to_come)
    due = sum(due_today(each.loan) for each in line.owing)
    accrued = line.payoff - due - sum(each.loan.principal_to_come for each in line.owing)
    return max(0, to_come - max(0, accrued))


OPEN_AFTER_CLOSING = Question(
    "OPEN_AFTER_CLOSING",
    {
        "can_now": "closes product limit rate",
        "can_after": "closes product payoff limit rate",
        "can_after_closing": "closes product limit rate",
        "person": "closes product",
        "cannot_after": "closes product why",
        "cannot_close": "closes product why",
        "all_held": "closes",
        "no_line": "",
    },
    _open_after_closing,
    {"can_after": (NO_PROMISE,), "can_after_closing": (NO_PROMISE,), "can_now": (NO_PROMISE,)},
    tries=True,
)
HOLD_BOTH = Question(
    "HOLD_BOTH",
    {
        "apart": "product other",
        "shared": "product other lead",
        "together": "product other total",
        "together_later": "product other",
        "alone": "",
    },
    _hold_both,
)
HOW_TO_SWITCH = Question(
    "HOW_TO_SWITCH",
    {
        "promised": "closes product limit rate day payoff",
        "way": "closes product payoff limit rate days",
        "way_unused": "closes product limit rate days",
        "no_need": "products",
        "no_way": "",
        "no_line": "",
    },
    _how_to_switch,
    {"way": (NO_PROMISE,), "way_unused": (NO_PROMISE,)},
    tries=True,
)
EARLY_REPAYMENT_EFFECT = Question(
    "EARLY_REPAYMENT_EFFECT",
    {
        "up": "product before after payoff saved",
        "down": "product before after payoff saved",
        "same": "product after payoff saved",
        "unknown": "product",
        "none_owed": "",
    },
    _early_effect,
    tries=True,
)
