"""What of the lender every command needs: keys, screening, names. Made once by `bootstrap`, the same for all requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shouxin.book.customers.screening import NoList, Screening
from shouxin.foundation.texts import Text
from shouxin.infra.db.keys import KeyRing

MILLION = 1_000_000
OWN = "self"
DEMONSTRATION = Text("授信示范银行", "Shouxin Demonstration Bank")


@dataclass(frozen=True, slots=True)
class House:
    """The lender.

    ring:      the keys for personal data and signatures
    screening: the list of sanctioned persons
    lender:    the lender's name, as contracts have it
    funders:   who lends the money of a new loan, with shares in millionths that add up to a million; the lender itself by default
    rail:      how money goes out, unless a draw says otherwise
    """

    ring: KeyRing = field(repr=False)
    screening: Screening = field(default_factory=NoList)
    lender: Text = DEMONSTRATION
    funders: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({OWN: MILLION}))
    rail: str = "instant"
