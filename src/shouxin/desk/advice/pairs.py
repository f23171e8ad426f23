"""Two products that meet a need together where none does alone, within limits, the total line and what can be paid back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product

from shouxin.desk.advice.costs import costs_for
from shouxin.desk.advice.model import Barrier, Cost, Fit, Match, NoPair, Pair, Share
from shouxin.desk.advice.question import Question
from shouxin.desk.advice.requirements import use_needs
from shouxin.desk.advice.rooms import apart_from


def best_pair(question: Question, ranked: Sequence[Match]) -> Pair | NoPair:
    """The two that cost least, of those that give the whole need on the term wished; ties in the order of the ranking.

    One of them gives all that it can and the other the rest: where any split keeps within the limits and within what can be paid
    back each month, one of these does.
    """
    if ranked[0].fit is Fit.WHOLE:
        return NoPair.ONE_IS_ENOUGH
    serving = [each for each in ranked if each.fit is Fit.PART and not _has_other_term(each)]
    couples = [(one, two) for one, two in permutations(serving, 2) if two.product not in one.apart]
    pairs = [pair for one, two in couples if (pair := _pair(question, one, two)) is not None]
    if not couples:
        return NoPair.NONE_FITS
    return min(pairs, key=lambda each: each.cost) if pairs else NoPair.TOO_LITTLE


def _has_other_term(found: Match) -> bool:
    return any(each.barrier is Barrier.TERM for each in found.obstacles)


def _pair(question: Question, one: Match, two: Match) -> Pair | None:
    rest = question.need.amount - one.amount
    apart = apart_from(question.policy.bundle, one.product)
    left = question.rooms.after(one.product, one.amount, apart).of(two.product)
    if not 0 < rest <= left:
        return None
    choices = product(
        *(
            costs_for(question, question.decision.product(each), amount)
            for each, amount in ((one.product, one.amount), (two.product, rest))
        )
    )
    affordable = [each for each in choices if _is_affordable(question, (one.product, two.product), each)]
    if not affordable:
        return None
    first, second = min(affordable, key=lambda each: sum(cost.quote.cost for cost in each))
    return Pair((_share(question, one, first), _share(question, two, second)))


def _is_affordable(question: Question, products: tuple[str, str], costs: tuple[Cost, ...]) -> bool:
    """Whether both can be paid back: of one purpose together, as both are paid back from the same money.

    Consumption is paid back from a household's income and business from its inflow: they do not take from each other.
    """
    if not all(each.within for each in costs):
        return False
    purposes = {question.policy.bundle.products[code].purpose for code in products}
    capacities = [question.position.capacity[code] for code in products if code in question.position.capacity]
    return len(purposes) > 1 or not capacities or sum(each.monthly for each in costs) <= min(capacities)


def _share(question: Question, found: Match, cost: Cost) -> Share:
    needs = use_needs(question.policy.bundle.products[found.product], question.need.amount)
    return Share(found.product, cost.quote.terms.principal, cost, needs, found.displaces)
