"""What a decision is: frozen values, with JSON and canonical bytes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from shouxin.engines.policy.read import Facts

Points: TypeAlias = tuple[tuple[str, int], ...]
Scorer: TypeAlias = Callable[[Facts, dt.date], Points]


class Reason(NamedTuple):
    """Why something is as it is.

    kind: knock_out (a rule fired), limit (a ceiling is too low), undecided (a rule or ceiling needs a missing fact),
          score (points lost in the score)
    lost: points lost against the best bin; 0 for other kinds
    """

    code: str
    kind: str
    lost: int = 0


class ProductDecision(NamedTuple):
    """The answer for one product.

    outcome:       decline, refer or approve
    limit:         minor units; 0 unless approved
    rate_ppm:      annual, simple; None unless approved
    terms:         (method, months) on offer; empty unless approved
    binding:       the name of the ceiling that sets the limit; None where a knock-out or a missing fact decided
    missing:       facts without which it could not be decided
    displaces:     products that opening this one would close
    expected_loss: minor units a year, for staff only
    margin:        minor units a year, for staff only
    """

    product: str
    outcome: str
    limit: int
    rate_ppm: int | None
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    binding: str | None
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    displaces: tuple[str, ...]
    expected_loss: int
    margin: int


class Body(NamedTuple):
    """The fields of a decision."""

    bundle: str
    bundle_hash: str
    engine: str
    as_of: dt.date
    card: str
    score: int
    pd_ppm: int
    tier: str
    total_line: int
    score_reasons: tuple[Reason, ...]
    products: tuple[ProductDecision, ...]


class Decision:
    """The immutable answer to one assessment. Two decisions are equal when their canonical bytes are.

    Its fields are read as attributes: bundle, bundle_hash, engine, as_of, card, score, pd_ppm, tier, total_line,
    score_reasons, products. `points` (characteristic, points) and `facts_hash` are worked out when first read.
    """

    __slots__ = ("_body", "_facts", "_hash", "_points", "_scorer")

    _body: Body
    _facts: Facts
    _scorer: Scorer
    _hash: str
    _points: Points
    bundle: str
    bundle_hash: str
    engine: str
    as_of: dt.date
    card: str
    score: int
    pd_ppm: int
    tier: str
    total_line: int
    score_reasons: tuple[Reason, ...]
    products: tuple[ProductDecision, ...]

    def __init__(self, body: Body, facts: Facts, scorer: Scorer) -> None:
        _set_body(self, body)
        _set_facts(self, facts)
        _set_scorer(self, scorer)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a decision is immutable: {name}")

    def __getattr__(self, name: str) -> Any:
        """The fields of the body; and what is worked out when first read."""
        if name == "_hash":
            _set_hash(self, self._facts.hash)
            return self._hash
        if name == "_points":
            _set_points(self, self._scorer(self._facts, self._body.as_of))
            return self._points
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._body, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return Decision.from_dict, (self.to_dict(),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self.canonical() == other.canonical()

    def __hash__(self) -> int:
        return hash(self._body)

    def __repr__(self) -> str:
        answers = ", ".join(f"{each.product} {each.outcome} {each.limit}" for each in self._body.products)
        return f"<Decision {self._body.as_of} score {self._body.score} tier {self._body.tier}: {answers}>"

    @property
    def facts_hash(self) -> str:
        """SHA-256 of the facts that were decided on."""
        return self._hash

    @property
    def points(self) -> Points:
        """The points of each characteristic, in the order of the card."""
        return self._points

    def product(self, code: str) -> ProductDecision:
        """The answer for one product; raises KeyError."""
        for each in self._body.products:
            if each.product == code:
                return each
        raise KeyError(code)

    def to_dict(self) -> dict[str, Any]:
        """Plain values: money in minor units, rates in ppm, dates as text."""
        body = self._body
        plain: dict[str, Any] = {**body._asdict(), "as_of": body.as_of.isoformat(), "facts_hash": self.facts_hash}
        plain["points"] = [list(each) for each in self.points]
        plain["score_reasons"] = [each._asdict() for each in body.score_reasons]
        plain["products"] = [_product_dict(each) for each in body.products]
        return plain

    def canonical(self) -> bytes:
        """The bytes that are stored and hashed: JSON with sorted keys and no spaces."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Decision:
        """The decision that `to_dict` wrote; raises KeyError or TypeError when it is not one."""
        fields = {name: plain[name] for name in Body._fields}
        fields["as_of"] = dt.date.fromisoformat(plain["as_of"])
        fields["score_reasons"] = tuple(Reason(**each) for each in plain["score_reasons"])
        fields["products"] = tuple(_product(each) for each in plain["products"])
        decision = cls.__new__(cls)
        _set_body(decision, Body(**fields))
        _set_hash(decision, str(plain["facts_hash"]))
        _set_points(decision, tuple((str(name), int(points)) for name, points in plain["points"]))
        return decision


# The slots' own setters: the only way in, past the __setattr__ that keeps a decision as it is
_set_body = Decision.__dict__["_body"].__set__
_set_facts = Decision.__dict__["_facts"].__set__
_set_hash = Decision.__dict__["_hash"].__set__
_set_points = Decision.__dict__["_points"].__set__
_set_scorer = Decision.__dict__["_scorer"].__set__


def _product_dict(each: ProductDecision) -> dict[str, Any]:
    plain = each._asdict()
    plain["terms"] = [[method, list(months)] for method, months in each.terms]
    plain["reasons"] = [reason._asdict() for reason in each.reasons]
    plain["missing"], plain["displaces"] = list(each.missing), list(each.displaces)
    return plain


def _product(plain: Mapping[str, Any]) -> ProductDecision:
    fields = dict(plain)
    fields["terms"] = tuple((method, tuple(months)) for method, months in plain["terms"])
    fields["reasons"] = tuple(Reason(**each) for each in plain["reasons"])
    fields["missing"], fields["displaces"] = tuple(plain["missing"]), tuple(plain["displaces"])
    return ProductDecision(**fields)
