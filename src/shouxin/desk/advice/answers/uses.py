"""What the money may be used for, and why proof of it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.desk.advice.answers.model import Part, Question, say
from shouxin.desk.advice.answers.values import Amount, Listed, Rate, Values, days
from shouxin.desk.advice.answers.view import Held, View, setting
from shouxin.desk.servicing.paper_words import PURPOSES
from shouxin.desk.servicing.terms import agreement_for
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.texts import Text

ASKED = ("home_purchase", "mortgage_repayment", "shares")
MISUSE = "misuse"

Offered = tuple[Bundle, str, ProductFile]


def _products(view: View) -> list[Offered]:
    """The products of the customer's lines on their own terms; without a line, those of the bundle."""
    held = [(each.bundle, each.code, each.product) for each in view.usable]
    return held or [(view.bundle, code, each) for code, each in view.bundle.products.items() if code not in view.bundle.variants]


def _name(product: ProductFile) -> Text:
    return Text(product.zh, product.en)


def _purposes(codes: list[str]) -> Listed:
    """Uses by name; those that are called the same once."""
    return Listed(tuple(dict.fromkeys(PURPOSES.get(code, Text(code, code)) for code in codes)))


def house_or_shares(view: View) -> Iterator[Part]:
    """What each product forbids of that, what it allows, and what follows from doing it all the same."""
    for bundle, code, product in _products(view):
        uses, file = product.uses, f"products/{code}.yaml"
        allowed = [each for each in ASKED if each in uses.allowed]
        forbidden = setting(bundle, file, "uses", "forbidden")
        if allowed:
            yield say("allowed", setting(bundle, file, "uses", "allowed"), product=_name(product), uses=_purposes(allowed))
        elif any(each in uses.forbidden for each in ASKED):
            about: Values = {"forbidden": _purposes(uses.forbidden), "allowed": _purposes(uses.allowed)}
            yield say("forbidden", forbidden, product=_name(product), **about)
        else:
            yield say("not_named", forbidden, product=_name(product), allowed=_purposes(uses.allowed))
    yield from _misuse(view)


def _misuse(view: View) -> Iterator[Part]:
    """What misuse costs: the rate on what was misused, and the wait after a line was closed for it; told once where several
    lines have the same."""
    found: dict[tuple[Rate, int], list[Held]] = {}
    for each in view.usable:
        found.setdefault(_cost_of_misuse(view, each), []).append(each)
    for (rate, wait), lines in found.items():
        uses = [
            use
            for each in lines
            for use in (
                each.setting("price", "misuse_multiple_bp"),
                each.setting("reopening", "waits", MISUSE, value=days(wait)),
            )
        ]
        yield say("misuse", *uses, products=Listed(tuple(each.name for each in lines)), rate=rate, wait=days(wait))


def _cost_of_misuse(view: View, each: Held) -> tuple[Rate, int]:
    """The rate on what is misused, and the days of the wait."""
    facility, product = each.facility, each.product
    method, offered = facility.terms[0]
    penalty = agreement_for(each.bundle, facility, (facility.most, method, offered[0]), view.today).penalty
    rate = Rate(facility.rate_ppm + penalty.beyond(facility.rate_ppm, penalty.misuse_bp))
    return rate, product.reopening.waits.get(MISUSE, 0) if product.reopening else 0


HOUSE_OR_SHARES = Question(
    "HOUSE_OR_SHARES",
    {
        "forbidden": "product forbidden allowed",
        "not_named": "product allowed",
        "allowed": "product uses",
        "misuse": "products rate wait",
    },
    house_or_shares,
)


def why_proof(view: View) -> Iterator[Part]:
    """From which amount on proof is asked for, which papers do, and from which amount on the seller is paid directly."""
    limits = {each.code: each.facility.most for each in view.usable}
    for bundle, code, product in _products(view):
        yield from _proof(bundle, code, product, limits.get(code))
    yield say("why")


def _proof(bundle: Bundle, code: str, product: ProductFile, limit: int | None) -> Iterator[Part]:
    uses, name, file = product.uses, _name(product), f"products/{code}.yaml"
    if uses.proof_above is None:
        yield say("no_proof", setting(bundle, file, "uses"), product=name)
        return
    above = Amount(uses.proof_above)
    use = setting(bundle, file, "uses", "proof_above", value=above)
    if limit is not None and limit <= uses.proof_above:
        yield say("limit_below", use, product=name, limit=Amount(limit), above=above)
        return
    yield say("proof", use, product=name, above=above)
    for each in uses.proof:
        papers = Listed(tuple(Text(paper.zh, paper.en) for paper in each.papers.values()))
        yield say("papers", setting(bundle, file, "uses", "proof"), product=name, above=Amount(each.above), papers=papers)
    if uses.entrusted_above is not None and (limit is None or limit > uses.entrusted_above):
        entrusted = Amount(uses.entrusted_above)
        yield say("entrusted", setting(bundle, file, "uses", "entrusted_above", value=entrusted), product=name, above=entrusted)


WHY_PROOF = Question(
    "WHY_PROOF",
    {
        "proof": "product above",
        "papers": "product above papers",
        "entrusted": "product above",
        "limit_below": "product limit above",
        "no_proof": "product",
        "why": "",
    },
    why_proof,
)
