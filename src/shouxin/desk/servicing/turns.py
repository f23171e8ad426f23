"""What rolling a loan forward found."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """What happened to a loan on a day. late: an instalment's grace ended unpaid."""

    customer_id: uuid.UUID
    loan_id: uuid.UUID
    day: dt.date
    fell_due: bool
    late: bool
