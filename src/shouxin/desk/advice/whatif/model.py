"""What a what-if says: the customer before, and after each step. Frozen; amounts in minor units."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shouxin.book.facilities.model import Facility, Line
from shouxin.desk.advice.whatif.steps import Step
from shouxin.desk.decisions.model import Decision
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.read import Facts
from shouxin.foundation.refusal import Refusal

IDENTITY = "identity_verified"  # the fact that says whether the customer is who they say they are


@dataclass(frozen=True, slots=True)
class Act:
    """A command that was given, and what it answered; `payment` of what falls due while days pass is one, too."""

    day: dt.date
    action: str
    body: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """The customer at a moment.

    kind:     customer type, where the bundle has one
    policy:   in force on the day
    decision: what the policy says of each product, asked for nothing in particular
    late:     since when something is overdue; None where nothing is
    reopens:  the first day on which a product that was closed may be had again, where that is to come
    """

    day: dt.date
    kind: str | None
    policy: Policy = field(repr=False)
    decision: Decision
    facts: Facts = field(repr=False)
    line: Line | None
    facilities: tuple[Facility, ...]
    late: dt.date | None
    reopens: Mapping[str, dt.date]

    @property
    def proven(self) -> bool:
        """Whether the customer's identity is proven; a bundle that does not ask for it takes everybody's as proven."""
        return self.facts.get(IDENTITY, True) is True


class Outcome(StrEnum):
    """What became of a step."""

    DONE = "done"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step. refusal: why it was refused; acts: what was done, in order; after: None where it was not done"""

    step: Step
    outcome: Outcome
    acts: tuple[Act, ...] = ()
    refusal: Refusal | None = None
    after: State | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What a record for the credit bureau would say of an account at the end of the last day's month; `reporting_lines.FIELDS`
    documents the names."""

    account: uuid.UUID
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer. bundle: the policy's hash by which the last state was decided; reported: None where nothing was done"""

    customer_id: uuid.UUID
    before: State
    steps: tuple[Taken, ...]
    reported: tuple[Reported, ...] = ()

    @property
    def after(self) -> State:
        """The state after the last step that was done."""
        return next((each.after for each in reversed(self.steps) if each.after is not None), self.before)

    @property
    def proven(self) -> bool:
        """Whether the customer's identity is proven; where it is not, only what is possible is told, and no score, limit or
        price."""
        return self.before.proven

    @property
    def works(self) -> bool:
        """Whether every step was done."""
        return all(each.outcome is Outcome.DONE for each in self.steps)
