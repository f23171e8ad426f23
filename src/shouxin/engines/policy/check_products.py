"""Checks of products against the law and themselves: the all-in cap, penalties, bullet loans, a minimum out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shouxin.engines.loans import all_in_ppm, highest_rate_within
from shouxin.engines.policy.check_uses import Subject, TableUse
from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.findings import Finding, amount, finding, undecided
from shouxin.engines.policy.model import AllInShape, ProductFile
from shouxin.engines.policy.plan import ProductPlan
from shouxin.engines.policy.proof import Answer
from shouxin.engines.policy.stager import within
from shouxin.engines.policy.tree import Cmp, Lit, Type, refs

WHOLE_BP = 10_000
BULLET = {"interest_only": "is repaid in one sum", "flexible": "may be repaid in one sum"}


@dataclass(frozen=True)
class _Price:
    """One listed rate of a product under one cap. `rate` is what is asked then, after the cap."""

    product: str
    shape: ProductFile
    listed: int
    rate: int
    cap: AllInShape


def check_prices_within_cap(subject: Subject) -> Iterator[Finding]:
    """Rates, and penalties on top of them, that break the all-in cap for somebody who is not declined."""
    for use in (each for each in subject.tables if each.kind == "price"):
        for product in use.products:
            for row, price in _prices(subject, use, product):
                if price.rate < price.listed:
                    yield from _told(subject, use, row, price, "C-PRICE-CAP", _over(price))
                elif _penalty(price) > price.cap.percent:
                    yield from _told(subject, use, row, price, "C-PENALTY-CAP", _over_in_arrears(price))


def _prices(subject: Subject, use: TableUse, product: str) -> Iterator[tuple[int, _Price]]:
    """Each rate of the table once, with each cap of the licence."""
    bundle = subject.policy.bundle
    shape, seen = bundle.products[product], set[object]()
    caps = [cap for file in bundle.regulation.values() for cap in file.all_in if bundle.about.licence in cap.licences]
    for row, each in enumerate(use.table.rows):
        for index, cap in enumerate(caps):
            if (each.result, index) not in seen and isinstance(each.result, int):
                seen.add((each.result, index))
                yield row, _Price(product, shape, each.result, _asked(shape, each.result, cap), cap)


def _asked(shape: ProductFile, rate: int, cap: AllInShape) -> int:
    """The rate after the engine has clipped it to the cap."""
    fee = shape.price.upfront_fee
    terms = [(term.method, months) for term in shape.terms for months in term.months]
    if all(all_in_ppm(rate, months, method, fee) <= cap.percent for method, months in terms):
        return rate
    return min(highest_rate_within(cap.percent, months, method, fee) for method, months in terms)


def _penalty(price: _Price) -> int:
    return price.rate * price.shape.price.penalty_multiple_bp // WHOLE_BP


def _over(price: _Price) -> str:
    cap, clipped = _percent(price.cap.percent), _percent(price.rate)
    if price.rate == 0:
        return f"the fee alone breaks the all-in cap of {cap}: the engine would ask nothing; lower the fee"
    fee = f" with the fee of {_percent(price.shape.price.upfront_fee)}" if price.shape.price.upfront_fee else ""
    return f"{price.product}: {_percent(price.listed)}{fee} breaks the all-in cap of {cap}: the engine clips it to {clipped}"


def _over_in_arrears(price: _Price) -> str:
    multiple = f"{price.shape.price.penalty_multiple_bp / WHOLE_BP:g}"
    most = _percent(price.cap.percent)
    return (
        f"{price.product}: the penalty, {multiple} x {_percent(price.rate)} = {_percent(_penalty(price))}, breaks the all-in cap "
        f"of {most}: it will be clipped to {most}; lower the multiple or the rate"
    )


def _percent(ppm: int) -> str:
    return f"{amount(ppm, Type.PPM)}%"


def _told(subject: Subject, use: TableUse, row: int, price: _Price, code: str, right: str) -> Iterator[Finding]:
    """The finding, when somebody can be asked this rate while the cap is in force."""
    asked = Cmp("=", use.table.node(), Lit(price.listed, Type.PPM))
    window = within(price.cap.since, price.cap.until)
    columns = [column.ordinal or column.name for column in use.table.columns]
    answer: Answer = subject.prover.exists(asked, window, *subject.not_declined(price.product))
    if answer.customer is not None:
        example = subject.prover.shown(answer.customer, [*columns, *refs(window)])
        yield finding("warning", code, use.place(row), use.written(row), right, example)
    elif answer.open:
        why = f"whether anybody is asked this rate ({answer.why}); if so, {right}"
        yield undecided(code, use.place(row), use.written(row), why)


def check_bullets(subject: Subject) -> Iterator[Finding]:
    """No loan repaid in one sum is longer than the law allows."""
    bundle = subject.policy.bundle
    for code, product in bundle.products.items():
        most = [
            rule.months
            for file in bundle.regulation.values()
            for rule in file.bullet
            if bundle.about.licence in rule.licences and rule.purpose == product.purpose
        ]
        for index, term in enumerate(product.terms):
            if most and term.method in BULLET and max(term.months) > min(most):
                place = bundle.place(f"products/{code}.yaml", "terms", index)
                right = f"{BULLET[term.method]}, which may take at most {min(most)} months for {product.purpose}: shorten it"
                yield finding("error", "C-BULLET", place, f"{term.method}: {max(term.months)} months", right)


def check_minimum(subject: Subject) -> Iterator[Finding]:
    """The minimum line lies below what some customer can get."""
    for product in subject.policy.plan.products:
        place = subject.policy.bundle.place(f"products/{product.code}.yaml", "minimum")
        offer = _most(subject, f"_{product.column}_offer")
        if offer < product.minimum:
            yield _out_of_reach(subject, product, place, offer)


def _out_of_reach(subject: Subject, product: ProductPlan, place: Place, offer: int) -> Finding:
    lowest = min(product.limits, key=lambda limit: _most(subject, limit.column))
    most = amount(offer, Type.MONEY)
    right = f"no line of {product.code} is above {most} (ceiling {lowest.name}), so it is never approved: lower the minimum"
    return finding("error", "C-MINIMUM", place, amount(product.minimum, Type.MONEY), right)


def _most(subject: Subject, column: str) -> int:
    return int(str(subject.policy.plan.scope.columns[column].high))
