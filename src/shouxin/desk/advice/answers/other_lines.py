"""What one line does to another: when it is closed, and when it is overdue."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.book.facilities.model import exposure
from shouxin.desk.advice.advice_words import SCORE_NOTICE
from shouxin.desk.advice.answers.model import Part, Question, Source, Use, say
from shouxin.desk.advice.answers.values import Amount, Listed, Values, days
from shouxin.desk.advice.answers.view import Held, View
from shouxin.desk.advice.answers.words import BOOKS
from shouxin.desk.advice.rooms import apart_from
from shouxin.engines.policy.cross import consequences
from shouxin.engines.policy.model import CrossShape
from shouxin.engines.policy.plan import Cross
from shouxin.engines.policy.tree import refs
from shouxin.foundation.texts import Text

CLOSINGS = "lines_closed_12m"


def other_line_on_closing(view: View) -> Iterator[Part]:
    """What closing each line does to those that are held beside it, to the total line, and to products that exclude it."""
    lines = view.usable
    if not lines:
        yield say("none")
        return
    if len(lines) == 1:
        yield say("single", product=lines[0].name)
    for each in lines:
        others = [one for one in lines if one is not each]
        if others:
            yield from _on_others(view, each, others)
        if excluded := _excluded(view, each):
            group = next(n for n, one in enumerate(view.bundle.exposure.exclusive) if each.code in one.products)
            rule = view.setting("exposure.yaml", "exclusive", group)
            yield say("exclusive", rule, product=each.name, others=Listed(tuple(map(view.name, excluded))))
    if len(lines) > 1 and _counts_closings(view):
        yield say("score")


def _on_others(view: View, each: Held, others: list[Held]) -> Iterator[Part]:
    pool = each.facility.pool
    shared = [one for one in others if pool is not None and one.facility.pool == pool]
    if shared:
        rule = view.setting("exposure.yaml", "pools", pool or "")
        if each.facility.leads:
            yield say("pool_stops", rule, product=each.name, others=_names(shared))
        else:
            yield say("pool_stays", rule, product=each.name, others=_names(shared))
    apart = [one for one in others if one not in shared]
    if apart:
        yield _apart(view, each, apart)


def _apart(view: View, each: Held, apart: list[Held]) -> Part:
    """Of lines with limits of their own: what is freed of the total line, or that nothing is."""
    line, held = view.standing.line, view.standing.facilities
    freed = Amount(exposure(held) - exposure(one for one in held if one.id != each.facility.id) - each.facility.in_use)
    if line is None or freed.minor <= 0:
        return say("apart", each.books("limit", Amount(each.facility.most)), product=each.name, others=_names(apart))
    total = Amount(line.total)
    uses = (
        each.books("limit", Amount(each.facility.most)),
        Use(Source.BOOKS, "total_line", total, str(view.today), BOOKS["total_line"]),
    )
    return say("apart_frees", *uses, product=each.name, others=_names(apart), freed=freed, total=total)


def _excluded(view: View, each: Held) -> list[str]:
    """Products that cannot be held beside a line and are not."""
    if each.code not in view.bundle.products:
        return []
    apart, held = apart_from(view.bundle, each.code), {one.code for one in view.open_lines}
    return [code for code in view.bundle.exposure.order if code in apart and code not in held]


def _counts_closings(view: View) -> bool:
    """Whether the customer's card looks at lines that were closed of late."""
    if view.assessed is None:
        return False
    card = view.policy.plan.cards.index(view.decision.card)
    return any(each.card == card and CLOSINGS in each.inputs for each in view.policy.plan.characteristics)


def _names(lines: list[Held]) -> Listed:
    return Listed(tuple(each.name for each in lines))


OTHER_LINE_ON_CLOSING = Question(
    "OTHER_LINE_ON_CLOSING",
    {
        "none": "",
        "single": "product",
        "pool_stops": "product others",
        "pool_stays": "product others",
        "apart": "product others",
        "apart_frees": "product others freed total",
        "exclusive": "product others",
        "score": "",
    },
    other_line_on_closing,
    {"score": (SCORE_NOTICE,)},
)


def overdue_and_others(view: View) -> Iterator[Part]:
    """That one overdue stops all draws, and what the bundle's rules do beyond that; whether any of it applies now."""
    if not view.open_lines:
        yield say("none")
        return
    late = [each for each in view.open_lines if each.late_since]
    for each in late:
        since, due = each.late_since, Amount(each.due)
        assert since is not None
        uses = (each.books("late_since", since), each.books("due", due))
        yield say("late", *uses, product=each.name, since=since, days=days((view.today - since).days), due=due)
    if not late:
        yield say("not_late")
    rules = list(_rules(view))
    yield from rules or (say("no_rules"),)


def _rules(view: View) -> Iterator[Part]:
    """The bundle's rules that reach a line which the customer has, from one which the customer has."""
    unknown, now = undecided_and_now(view)
    for number, rule in enumerate(view.bundle.exposure.cross):
        closes = [each.name for each in view.usable if _reaches(rule.closes, each.code)]
        suspends = [each.name for each in view.usable if not rule.closes and _reaches(rule.suspends, each.code)]
        if not (closes or suspends) or not _can_happen(view, view.policy.plan.cross[number]):
            continue
        act = "closes" if closes else "suspends"
        use = view.setting("exposure.yaml", "cross", number, value=_condition(rule))
        case = "unknown" if rule.reason in unknown else f"{act}_now" if rule.reason in now else act
        about: Values = {"products": Listed(tuple(closes or suspends)), "code": Text(rule.reason, rule.reason)}
        yield say(case, use, **about, why=view.reason(rule.reason))


def undecided_and_now(view: View) -> tuple[frozenset[str], frozenset[str]]:
    """The codes of the rules of which it is not known whether they apply, and of those that do."""
    if view.assessed is None:
        return frozenset(each.reason for each in view.bundle.exposure.cross), frozenset()
    found = consequences(view.policy, view.facts.values_in_order, view.today)
    return frozenset(found.undecided), frozenset(code for each in found.lines for code in each.reasons)


def _can_happen(view: View, rule: Cross) -> bool:
    """Whether the rule's condition is about the customer as a whole, or about a line that the customer has."""
    read, families = refs(rule.node), view.policy.plan.scope.families.values()
    about = {product for family in families for product, column in family.items() if column in read}
    return not about or any(each.code in about for each in view.open_lines)


def _reaches(products: object, code: str) -> bool:
    return products == "all" or (isinstance(products, list) and code in products)


def _condition(rule: CrossShape) -> Text:
    written = " ".join(rule.when.split())
    return Text(written, written)


OVERDUE_AND_OTHERS = Question(
    "OVERDUE_AND_OTHERS",
    {
        "none": "",
        "late": "product since days due",
        "not_late": "",
        "suspends": "products code why",
        "suspends_now": "products code why",
        "closes": "products code why",
        "closes_now": "products code why",
        "unknown": "products code why",
        "no_rules": "",
    },
    overdue_and_others,
)
