"""The agreement of a loan, from its product as the facility's bundle has it. Pure."""

from __future__ import annotations

import datetime as dt

from shouxin.book.facilities.model import Facility
from shouxin.engines.loans.agreement import Agreement, Grace, Penalty
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.businessdays import EVERY_DAY, china

MILLION = 1_000_000
NO_CAP_PPM = 10**7


def agreement_for(bundle: Bundle, facility: Facility, asked: tuple[int, str, int], today: dt.date) -> Agreement:
    """What lender and borrower agree when money is drawn today. asked: amount, method, months."""
    amount, method, months = asked
    product = bundle.products[facility.product]
    price = product.price
    penalty = Penalty(price.penalty_multiple_bp, price.misuse_multiple_bp, cost_cap(bundle, today))
    grace = Grace(product.grace_days, china() if product.grace_in_business_days else EVERY_DAY)
    return Agreement(Terms(amount, facility.rate_ppm, Method(method), Shape(today, months)), penalty, grace)


def cost_cap(bundle: Bundle, day: dt.date) -> int:
    """The highest annual cost that the law allows the lender on a day, in ppm; far above any rate where it sets none."""
    licence = bundle.about.licence
    caps = [
        each.percent
        for file in bundle.regulation.values()
        for each in file.all_in
        if licence in each.licences and (each.since or day) <= day and day < (each.until or dt.date.max)
    ]
    return min(caps, default=NO_CAP_PPM)


def upfront_fee(product: ProductFile, amount: int) -> int:
    """The fee that is kept back from a payout, rounded down to the minor unit."""
    return amount * product.price.upfront_fee // MILLION


def allocation_order(bundle: Bundle) -> tuple[str, ...]:
    """The products in the order in which money that names no loan repays them."""
    return tuple(bundle.exposure.repayments or bundle.exposure.order)
