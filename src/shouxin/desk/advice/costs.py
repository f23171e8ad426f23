"""What a need would cost under a product: the same quotes as everywhere, on each term that comes into question."""

from __future__ import annotations

from collections.abc import Iterable

from shouxin.desk.advice.model import Cost
from shouxin.desk.advice.question import Question
from shouxin.desk.decisions import ProductDecision
from shouxin.desk.servicing.terms import upfront_fee
from shouxin.engines.loans.instalments import instalment_per_million
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.loans.quote import Quote, quote
from shouxin.foundation.rates import MILLION

Offered = tuple[str, int]  # method, months


def costs_for(question: Question, answer: ProductDecision, amount: int) -> tuple[Cost, ...]:
    """The costs of an amount on the terms of an approved product: those within the monthly capacity first, then the cheapest.

    amount: minor units, above 0. Of equal cost the shorter goes first, then the method in the order of the product.

    Raises what `quote` raises: RateNotFound for a fee that leaves next to nothing.
    """
    need, product = question.need, question.policy.bundle.products[answer.product]
    fee, capacity = upfront_fee(product, amount), question.position.capacity.get(answer.product)
    found = [
        _cost(quote(Terms(amount, answer.rate_ppm or 0, Method(method), Shape(need.day, months)), fee), capacity)
        for method, months in terms_in_question(answer, need.months)
    ]
    return tuple(sorted(found, key=lambda each: (not each.within, each.quote.cost, each.quote.terms.shape.periods)))


def _cost(made: Quote, capacity: int | None) -> Cost:
    terms = made.terms
    monthly = -(-terms.principal * instalment_per_million(terms.rate_ppm, terms.shape.periods) // MILLION)
    return Cost(made, monthly, capacity is None or monthly <= capacity)


def terms_in_question(answer: ProductDecision, wished: int | None) -> list[Offered]:
    """The terms of the months wished; where they are not on offer, of the months nearest to them, the shorter of two; all where
    nothing is wished.

    >>> offer = ProductDecision("a", "approve", 1, 0, (("flexible", (3, 6, 12)),), "", (), (), (), 0, 0)
    >>> terms_in_question(offer, 9), terms_in_question(offer, 12)
    ([('flexible', 6)], [('flexible', 12)])
    """
    offered = [(method, months) for method, each in answer.terms for months in each]
    if wished is None:
        return offered
    chosen = nearest((months for _, months in offered), wished)
    return [(method, months) for method, months in offered if months == chosen]


def nearest(offered: Iterable[int], wished: int) -> int:
    """The number nearest to the one wished; the lower of two."""
    return min(offered, key=lambda each: (abs(each - wished), each))
