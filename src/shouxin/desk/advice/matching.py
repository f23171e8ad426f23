"""All products, ranked for one customer and one need: `match`. Pure.

The rank is a total order: what can be had now and meets the whole need, by what the need costs on the cheapest term that can be
paid back each month, lowest first; then what meets it in part, the largest share first; then what a person must decide; then
what cannot be had. Ties stand in the order of the catalogue (`exposure.yaml`, `order`). What the lender earns or expects to
lose is no part of it.
"""

from __future__ import annotations

from shouxin.desk.advice.costs import costs_for
from shouxin.desk.advice.model import Barrier, Fit, Match, Matching, Need, Obstacle, Position, Room
from shouxin.desk.advice.pairs import best_pair
from shouxin.desk.advice.question import Question, check_need
from shouxin.desk.advice.requirements import decision_needs, use_needs
from shouxin.desk.advice.rooms import apart_from, rooms_of
from shouxin.desk.decisions import Decision, ProductDecision
from shouxin.desk.decisions.explain import binding_reason
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.model import ProductFile

FITS = tuple(Fit)


def match(policy: Policy, decision: Decision, need: Need, position: Position) -> Matching:
    """Every product of the bundle against the need, best first, and two together where one is too little.

    Says what this decision would grant. The months wished are a wish: a product without them meets the need in part, on the
    term nearest to it. Raises the refusals of `question.ORDER`, the first that applies.
    """
    check_need(policy.bundle, decision, need)
    question = Question(policy, decision, need, position, rooms_of(decision, policy.bundle, position))
    found = [_match(question, each) for each in decision.products]
    order = {each.product: index for index, each in enumerate(found)}
    ranked = tuple(sorted(found, key=lambda each: _rank(each, order)))
    return Matching(need, ranked, best_pair(question, ranked))


def _rank(found: Match, order: dict[str, int]) -> tuple[int, int, int]:
    by = {Fit.WHOLE: found.costs[0].quote.cost if found.costs else 0, Fit.PART: -found.amount}.get(found.fit, 0)
    return FITS.index(found.fit), by, order[found.product]


def _match(question: Question, answer: ProductDecision) -> Match:
    need, product = question.need, question.policy.bundle.products[answer.product]
    obstacles = _use_obstacles(product, need)
    if obstacles or answer.outcome == "decline":
        return Match(answer.product, Fit.NONE, 0, obstacles=obstacles + _decided(answer))
    if answer.outcome == "refer":
        needs = use_needs(product, need.amount) + decision_needs(answer, question.position)
        return Match(answer.product, Fit.PERSON, 0, needs=needs, obstacles=_decided(answer))
    amount = min(need.amount, question.rooms.of(answer.product))
    obstacles = _amount_obstacles(question, answer) + _term_obstacles(answer, need)
    if not amount:
        return Match(answer.product, Fit.NONE, 0, obstacles=obstacles)
    apart = apart_from(question.policy.bundle, answer.product)
    return Match(
        answer.product,
        Fit.PART if obstacles else Fit.WHOLE,
        amount,
        costs_for(question, answer, amount),
        use_needs(product, amount),
        answer.displaces,
        tuple(code for code in question.policy.bundle.exposure.order if code in apart),
        _other_rooms(question, answer.product, amount, apart),
        obstacles,
    )


def _use_obstacles(product: ProductFile, need: Need) -> tuple[Obstacle, ...]:
    if need.purpose in product.uses.forbidden:
        return (Obstacle(Barrier.USE_FORBIDDEN),)
    return () if need.purpose in product.uses.allowed else (Obstacle(Barrier.USE_NOT_SERVED),)


def _decided(answer: ProductDecision) -> tuple[Obstacle, ...]:
    """The decision's reasons; what could not be decided is told as the facts that are missing."""
    told = [each for each in answer.reasons if each.kind != "undecided"]
    return tuple(Obstacle(Barrier.DECIDED, each.code, each.kind) for each in told)


def _amount_obstacles(question: Question, answer: ProductDecision) -> tuple[Obstacle, ...]:
    """The limit where it is below the need; then what is in use, and the total line, where they leave still less."""
    bound = binding_reason(question.policy, answer)
    codes = {Barrier.LIMIT: bound, Barrier.TOTAL_LINE: question.policy.bundle.exposure.ceiling_reason}
    found, least = [], question.need.amount
    for barrier, left in question.rooms.parts(answer.product).items():
        if left < least:
            found.append(Obstacle(barrier, codes.get(barrier), amount=left))
            least = left
    return tuple(found)


def _term_obstacles(answer: ProductDecision, need: Need) -> tuple[Obstacle, ...]:
    offered = {months for _, each in answer.terms for months in each}
    return () if need.months is None or need.months in offered else (Obstacle(Barrier.TERM),)


def _other_rooms(question: Question, product: str, amount: int, apart: frozenset[str]) -> tuple[Room, ...]:
    before, after = question.rooms, question.rooms.after(product, amount, apart)
    shown = [each.product for each in question.decision.products if each.product != product and before.limits[each.product]]
    return tuple(Room(code, before.of(code), after.of(code)) for code in shown)
