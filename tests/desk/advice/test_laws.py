"""What holds for every customer, need and bundle."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.book.customers import Customer
from shouxin.book.customers.model import Kind, State
from shouxin.book.facilities.model import Facility, Line, Standing, Status, headroom
from shouxin.desk.advice import Matching, Need, Position, match, position_of
from shouxin.desk.advice.model import Fit, Pair, Wants
from shouxin.desk.advice.question import known_uses
from shouxin.desk.advice.rooms import apart_from, rooms_of
from shouxin.desk.decisions import Assessor, Decision
from shouxin.desk.servicing.terms import upfront_fee
from shouxin.engines.loans.quote import quote
from shouxin.engines.policy.compile import Policy
from tests.bundles import shipped
from tests.customers import AS_OF, random_facts
from tests.desk.advice.shop import APART, shop

FITS = tuple(Fit)
CUSTOMERS = 60
NAMES = ("shop", "apart", "standard", "exclusive")
Known = tuple[Policy, list[tuple[Decision, Position]]]


@functools.cache
def known(name: str) -> Known:
    """A policy, and customers who were decided on under it."""
    policy = shop() if name == "shop" else shop(APART) if name == "apart" else shipped(name)
    assessor = Assessor(policy)
    decided = [(each, assessor.assess(each, AS_OF)) for each in random_facts(policy, CUSTOMERS, seed=61)]
    return policy, [(decision, position_of(policy, decision, facts)) for facts, decision in decided]


NEEDS = st.builds(
    lambda amount, scale, months, later: (amount * 10**scale, months, AS_OF + dt.timedelta(days=later)),
    st.integers(1, 999),
    st.integers(0, 6),
    st.none() | st.integers(1, 36),
    st.integers(0, 400),
)


def matched(
    name: str, customer: int, use: int, need: tuple[int, int | None, dt.date]
) -> tuple[Policy, Decision, Position, Matching]:
    policy, customers = known(name)
    decision, position = customers[customer]
    uses = known_uses(policy.bundle)
    wanted = Need(need[0], uses[use % len(uses)], need[2], need[1])
    return policy, decision, position, match(policy, decision, wanted, position)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(customer=st.integers(0, CUSTOMERS - 1), use=st.integers(0, 30), need=NEEDS)
def test_the_rank_is_total_stable_and_reasoned(name: str, customer: int, use: int, need: tuple[int, int | None, dt.date]) -> None:
    policy, decision, position, found = matched(name, customer, use, need)
    order = [each.product for each in decision.products]
    assert sorted(each.product for each in found.matches) == sorted(order)
    keys = [
        (
            FITS.index(each.fit),
            each.costs[0].quote.cost if each.fit is Fit.WHOLE else -each.amount if each.fit is Fit.PART else 0,
            order.index(each.product),
        )
        for each in found.matches
    ]
    assert keys == sorted(set(keys))
    assert match(policy, decision, found.need, position) == found
    for each in found.matches:
        answer = decision.product(each.product)
        assert (each.amount > 0) == bool(each.costs) == (each.fit in (Fit.WHOLE, Fit.PART))
        assert each.fit is not Fit.WHOLE or (each.amount == need[0] and not each.obstacles)
        assert each.fit is Fit.WHOLE or each.obstacles or any(asked.wants is Wants.PERSON for asked in each.needs)
        assert answer.outcome != "decline" or each.fit is Fit.NONE
        assert each.fit is not Fit.PERSON or answer.outcome == "refer"
        assert each.displaces in ((), answer.displaces) and set(each.displaces) <= set(each.apart)
        assert each.amount <= answer.limit


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100, deadline=None)
@given(customer=st.integers(0, CUSTOMERS - 1), use=st.integers(0, 30), need=NEEDS, more=st.integers(0, 10**8))
def test_a_larger_need_never_fits_better(
    name: str, customer: int, use: int, need: tuple[int, int | None, dt.date], more: int
) -> None:
    *_, small = matched(name, customer, use, need)
    *_, large = matched(name, customer, use, (need[0] + more, *need[1:]))
    for each in small.matches:
        other = large.product(each.product)
        assert FITS.index(other.fit) >= FITS.index(each.fit)
        assert other.amount * small.need.amount <= each.amount * large.need.amount  # the share of the need
        assert other.amount >= each.amount


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100, deadline=None)
@given(customer=st.integers(0, CUSTOMERS - 1), use=st.integers(0, 30), need=NEEDS)
def test_costs_are_those_of_a_quote_the_cheapest_first(
    name: str, customer: int, use: int, need: tuple[int, int | None, dt.date]
) -> None:
    policy, decision, _, found = matched(name, customer, use, need)
    for each in found.matches:
        answer, product = decision.product(each.product), policy.bundle.products[each.product]
        for made in (cost.quote for cost in each.costs):
            assert made == quote(made.terms, upfront_fee(product, each.amount))
            assert (made.terms.principal, made.terms.rate_ppm, made.terms.shape.paid_out) == (
                each.amount,
                answer.rate_ppm,
                need[2],
            )
            assert made.terms.shape.periods in dict(answer.terms)[made.terms.method.value]
        for within in (True, False):
            costs = [cost.quote.cost for cost in each.costs if cost.within is within]
            assert costs == sorted(costs)
        assert [cost.within for cost in each.costs] == sorted((cost.within for cost in each.costs), reverse=True)
        assert not each.costs or each.costs[0].within or need[1] is not None  # what is granted can be paid back on some term


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(customer=st.integers(0, CUSTOMERS - 1), use=st.integers(0, 30), need=NEEDS)
def test_two_together_give_the_need_within_every_limit(
    name: str, customer: int, use: int, need: tuple[int, int | None, dt.date]
) -> None:
    policy, decision, position, found = matched(name, customer, use, need)
    if not isinstance(found.pair, Pair):
        return
    one, two = found.pair.shares
    assert found.matches[0].fit is not Fit.WHOLE
    assert one.amount + two.amount == need[0] and one.product != two.product
    assert two.product not in apart_from(policy.bundle, one.product)
    assert all(0 < each.amount <= found.product(each.product).amount for each in (one, two))
    assert all(need[1] in (None, each.cost.quote.terms.shape.periods) for each in (one, two))
    used = sum(line.used for line in position.lines.values())
    assert position.ceiling is not None and need[0] + used <= max(decision.total_line, position.ceiling)
    assert all(each.cost.within for each in (one, two))
    capacities = [position.capacity[each.product] for each in (one, two) if each.product in position.capacity]
    if capacities and len({policy.bundle.products[each.product].purpose for each in (one, two)}) == 1:
        assert one.cost.monthly + two.cost.monthly <= min(capacities)


def test_some_of_these_customers_are_offered_two() -> None:
    found = [match(shop(), decision, Need(6_000_000, "renovation", AS_OF), position) for decision, position in known("shop")[1]]
    assert any(isinstance(each.pair, Pair) for each in found)


NOBODY = uuid.UUID(int=1)
CUSTOMER = Customer(NOBODY, Kind.PERSON, State.NORMAL, 0, AS_OF)


def facility(policy: Policy, decision: Decision, product: str, owed: int) -> Facility:
    """The line that the decision grants, open, with so much owed on it."""
    answer, pool = decision.product(product), policy.bundle.products[product].pool
    leads = pool is not None and policy.bundle.exposure.pools[pool].lead == product
    key = uuid.uuid5(NOBODY, product)
    common = (key, product, b"", pool, leads, Status.ACTIVE, answer.limit, answer.rate_ppm or 0, answer.terms, AS_OF, AS_OF)
    return Facility(*common, owed=owed)


@pytest.mark.parametrize("name", ["shop", "standard"])
@pytest.mark.parametrize("customer", range(CUSTOMERS))
def test_rooms_are_those_of_the_book(name: str, customer: int) -> None:
    """Where nothing is held: what may be drawn, before and after one draw, is what the facilities' headroom says."""
    policy, customers = known(name)
    decision, _ = customers[customer]
    rooms = rooms_of(decision, policy.bundle, Position())
    approved = [each.product for each in decision.products if each.outcome == "approve"]

    def check(owed: dict[str, int], found: dict[str, int]) -> None:
        facilities = tuple(facility(policy, decision, code, owed.get(code, 0)) for code in approved)
        line = Line(decision.total_line, owed=sum(owed.values()))
        standing = Standing(CUSTOMER, line, facilities, AS_OF)
        assert found == {each.product: max(0, headroom(standing, each)) for each in facilities}

    check({}, {code: rooms.of(code) for code in approved})
    for code in approved:
        amount = rooms.of(code) // 3
        after = rooms.after(code, amount, frozenset())
        check({code: amount}, {each: after.of(each) for each in approved})


def test_a_share_of_the_catalogue_is_shut() -> None:
    policy, customers = known("apart")
    decision, position = next(each for each in customers if all(answer.limit for answer in each[0].products))
    rooms = rooms_of(decision, policy.bundle, replace(position, lines={}))
    after = rooms.after("home-line", 1, apart_from(policy.bundle, "home-line"))
    assert after.of("tool-line") == 0 < rooms.of("tool-line")
    assert after.of("cash-line") > 0
