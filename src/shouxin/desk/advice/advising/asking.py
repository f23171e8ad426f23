"""How a customer gets a product, as it is asked for: counted and noted, searched, and each way tried. Read first: `advise`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from shouxin.book.facilities.errors import ProductUnknown
from shouxin.book.facilities.work import begin_work
from shouxin.book.facts.known import own_facts
from shouxin.book.ledger.days import DAY, day_of
from shouxin.desk.advice.advising.model import Advice, Way, Wish
from shouxin.desk.advice.advising.planning import HELD, is_held, is_tried, plan_of
from shouxin.desk.advice.quota import Asked, Kind, count, refusal
from shouxin.desk.advice.whatif.asking import one_of_few
from shouxin.desk.advice.whatif.errors import TooLittleKnown
from shouxin.desk.advice.whatif.imagining import PRINCIPAL, carried_out
from shouxin.desk.advice.whatif.model import State, WhatIf
from shouxin.desk.advice.whatif.steps import MOST_STEPS
from shouxin.desk.advice.whatif.world import World
from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.remedies import Found, Goal, Remedy, RemedyFinder
from shouxin.desk.servicing.house import House
from shouxin.engines.loans.payment import payoff
from shouxin.foundation.errors import AmountNotPositive
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit, in_imagination, in_unit


def advise(connection: Connection, house: House, wish: Wish) -> Advice:
    """The cheapest ways to the goal, each run through the assessment, and what is done here really carried out and undone.

    Nothing is different afterwards but that it was asked. Raises AmountNotPositive, LedgerWithoutDay, CustomerUnknown,
    PersonErased, AdviceTooOften, WhatIfsBusy, ProductUnknown, BundleNotActive, TooLittleKnown, RequestInFlight.
    """
    if wish.goal.amount is not None and wish.goal.amount <= 0:
        raise AmountNotPositive("amount", wish.goal.amount)
    asked, given = in_unit(connection, lambda unit: _counted(unit, house, wish))
    if not given:
        raise refusal(asked)
    with one_of_few("product", wish.goal.product):
        return in_imagination(connection, lambda unit: advised(unit, house, wish))


def _counted(unit: Unit, house: House, wish: Wish) -> tuple[Asked, bool]:
    today = day_of(unit.read(DAY)[0])
    about = {"product": wish.goal.product, "amount": wish.goal.amount}
    asked = Asked(Kind.REMEDIES, wish.customer_id, wish.principal, today, about)
    return asked, count(unit, house.ring, asked)


def advised(unit: Unit, house: House, wish: Wish) -> Advice:
    """The same in a unit of work that whoever calls undoes."""
    world = World(house, key_of(unit, house.ring, wish.customer_id), begin_work(unit, wish.customer_id, PRINCIPAL), wish.lang)
    now = world.look()
    asked, found = wish.goal.amount, _found(world, now, wish.goal)
    besides = _besides(world, now)
    wish = replace(wish, goal=found.goal)
    ways = [way for each in found.remedies if (way := _way(unit, house, wish, (each, now, besides)))]
    return Advice(wish.customer_id, now, found, tuple(ways), len(found.remedies) - len(ways), asked)


def _found(world: World, now: State, goal: Goal) -> Found:
    products = now.policy.bundle.products
    if goal.product not in products:
        raise ProductUnknown("product", goal.product, known=", ".join(products))
    amount = None if goal.amount is None else min(goal.amount, products[goal.product].maximum)
    return finder_of(world.assessor).find(now.facts, now.day, Goal(goal.product, amount))


@lru_cache(maxsize=8)
def finder_of(assessor: Assessor) -> RemedyFinder:
    """A finder of the policy: kept, since it looks through all of it first."""
    return RemedyFinder(assessor, own_facts(assessor.policy))


def _besides(world: World, now: State) -> Mapping[str, int]:
    """What is owed on each product beyond principal."""
    product, found = {each.id: each.product for each in now.facilities}, Counter[str]()
    for facility in now.facilities:
        found[facility.product] -= facility.owed
    for each in world.loans():
        found[product[each.facility_id]] += payoff(each.loan)
    return found


def _way(unit: Unit, house: House, wish: Wish, tried: tuple[Remedy, State, Mapping[str, int]]) -> Way | None:
    """A remedy that holds; None where it does not when it is really tried."""
    remedy, now, besides = tried
    if not is_tried(remedy):
        return Way(remedy)
    steps = plan_of(remedy, wish.goal, now, besides)
    if not steps or len(steps) > MOST_STEPS:
        return None
    try:
        with unit.imagined():
            found = carried_out(unit, house, wish.customer_id, (steps, wish.lang))
    except TooLittleKnown:  # as when a consent ends while days pass
        return None
    return Way(remedy, found) if holds(found, wish) else None


def holds(found: WhatIf, wish: Wish) -> bool:
    """Whether the steps led to the goal: to a line of at least the amount, or to what would be granted for one that is held."""
    if not found.works:
        return False
    product, least = wish.goal.product, wish.goal.amount or 1
    if is_held(found.before, product):
        answer = found.after.decision.product(product)
        return answer.outcome == "approve" and answer.limit >= least
    return any(each.product == product and each.most >= least for each in found.after.facilities if each.status in HELD)
