"""What advice is: the ways in which a customer gets a product, each tried. Frozen; amounts in minor units."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from shouxin.desk.advice.whatif.model import State, WhatIf
from shouxin.desk.decisions.remedies import Found, Goal, Remedy


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked. principal: who asks; lang: of the papers"""

    customer_id: uuid.UUID
    goal: Goal
    principal: str
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class Way:
    """A remedy that holds. tried: its steps really carried out and undone; None where nothing of it is an act of the customer's
    with a line here, so that the assessment of the changed facts is all there is to try"""

    remedy: Remedy
    tried: WhatIf | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer.

    now:     the customer as they are
    found:   what the policy says, with what stays and until when, where there is no way
    ways:    those remedies that held when they were tried
    dropped: remedies of the policy's that did not hold when they were tried
    asked:   the amount that was asked for; more than the product's highest line is looked for as that
    """

    customer_id: uuid.UUID
    now: State = field(repr=False)
    found: Found
    ways: tuple[Way, ...]
    dropped: int = 0
    asked: int | None = None

    @property
    def goal(self) -> Goal:
        """What was looked for."""
        return self.found.goal

    @property
    def proven(self) -> bool:
        """Whether the customer's identity is proven; where it is not, what would have to change is told without numbers."""
        return self.now.proven
