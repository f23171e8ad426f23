"""What a case is: frozen values. Read first: `Case`."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from enum import StrEnum

SYSTEM = "system"


class CaseStatus(StrEnum):
    """Where a case stands.

    open -> taken -> decided, or proposed -> decided; a proposal that is sent back is open again, as is a case that is released;
    whatever nobody decides in time is expired, or, where its queue has no default, late and open.
    """

    OPEN = "open"
    TAKEN = "taken"
    PROPOSED = "proposed"  # a first person has decided, and a second must confirm
    DECIDED = "decided"
    EXPIRED = "expired"

    @property
    def ended(self) -> bool:
        """Whether nothing more is done about it."""
        return self in (CaseStatus.DECIDED, CaseStatus.EXPIRED)


class ActKind(StrEnum):
    """What is done about a case."""

    OPENED = "opened"
    TAKEN = "taken"
    RELEASED = "released"
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    DECIDED = "decided"
    EXPIRED = "expired"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a person is to decide.

    kind:    `referral`, `contest`, `dispute`, `overlay`: it says which queue the case goes to (`queues.yaml`)
    subject: what it is about: an application, a decision, a loan
    amount:  asked for, minor units; 0 where none was named
    lang:    of the customer's papers, `zh` or `en`
    by:      the principal whose request opened it
    """

    customer_id: uuid.UUID
    kind: str
    subject: uuid.UUID
    amount: int
    lang: str
    by: str = SYSTEM


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands.

    expires:  the last day on which it can be decided, or, without a default, by which it should have been
    default:  the outcome where nobody decides; None: it stays open
    taken_by: who works on it; of a proposal, who works on confirming it
    maker:    who decided, or proposed what waits to be confirmed; checker: who confirmed it
    outcome:  of the decision, or of the proposal; granted: minor units, where the outcome grants something
    acts:     how many acts there were
    late:     the day on which it was found that nobody had decided in time, of a case that stays open
    """

    customer_id: uuid.UUID
    case_id: uuid.UUID
    kind: str
    queue: str
    subject: uuid.UUID
    amount: int
    lang: str
    opened: dt.date
    expires: dt.date
    default: str | None
    status: CaseStatus = CaseStatus.OPEN
    taken_by: str | None = None
    maker: str | None = None
    checker: str | None = None
    outcome: str | None = None
    granted: int | None = None
    ended: dt.date | None = None
    acts: int = 1
    late: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decides. granted: minor units, where the outcome grants some; reason: in their own words, kept sealed."""

    outcome: str
    granted: int | None
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """What was done about a case. at: by the clock of the database; reason: None where none was given, or it cannot be read."""

    number: int
    kind: ActKind
    principal: str
    day: dt.date
    at: dt.datetime
    outcome: str | None
    granted: int | None
    reason: str | None = field(repr=False)
