"""What a remedy is: frozen values. A goal, the changes that reach it, and what stands in the way where none do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from shouxin.desk.decisions.model import Decision, Reason
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.tree import Value


class Kind(StrEnum):
    """How a change comes about.

    act:     by something that is done with a line here: repaid, closed; or another fact that our own books tell
    wait:    by time
    ask:     by asking for less
    outside: anywhere else, as a source will then report: income, debts elsewhere, a new identity document
    """

    ACT = "act"
    WAIT = "wait"
    ASK = "ask"
    OUTSIDE = "outside"


class Act(StrEnum):
    """What is done, where a change is more than one fact. A customer repays or closes; the facts follow.

    repay:    principal of a product is paid back; what is left is the change's `after`
    catch_up: what is overdue is paid, of one product or of all
    close:    a line ends by the customer's choice; what is owed on it is paid first
    wait:     days pass
    """

    REPAY = "repay"
    CATCH_UP = "catch_up"
    CLOSE = "close"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted: that a product is approved, with a limit of at least `amount` minor units where one is given."""

    product: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact that moves along with a change: stored values before and after."""

    fact: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and what follows from it. Values as stored: money in minor units, bp in 1/10,000.

    fact, before, after: the fact that it is about; `after` is the first value that suffices, with the others of its remedy
    cost:    how hard it is, as the bundle says
    act:     what is done, where it is an act
    product: of which product, where it is about one
    up:      towards higher values, later days, or from no to yes; False for the other way and for another word of an enum
    until:   of a wait: the day on which it is over
    follows: the other facts that move with it
    """

    fact: str
    before: Value
    after: Value
    cost: int
    kind: Kind
    act: Act | None = None
    product: str | None = None
    up: bool = False
    until: dt.date | None = None
    follows: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes that reach a goal together, none of them too much or too large, in the order in which they are done.

    decision: what the assessor said of the changed facts; its `as_of` is later where a change is a wait
    """

    changes: tuple[Change, ...]
    decision: Decision
    facts: Facts = field(repr=False)

    @property
    def cost(self) -> int:
        """The sum of the changes' costs."""
        return sum(each.cost for each in self.changes)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a goal.

    decision:    as things stand, with the goal's amount asked for
    reached:     the goal is met already; there is nothing to change
    remedies:    the cheapest, at most three; none is part of another
    stays:       where there is none: what nothing changes. Empty where every obstacle can be moved, but not by three changes
    until:       where there is none: the first day from which on time alone has taken away what stays, within ten years
    then:        what the assessor says of that day, all else as it is; it may still decline for what can be changed
    evaluations: how often the policy was evaluated
    exhausted:   everything was looked at; False where the search was cut short, so that there may be more
    """

    goal: Goal
    decision: Decision
    reached: bool
    remedies: tuple[Remedy, ...] = ()
    stays: tuple[Reason, ...] = ()
    until: dt.date | None = None
    then: Decision | None = None
    evaluations: int = 0
    exhausted: bool = True
