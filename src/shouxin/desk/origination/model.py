"""What an application is: frozen values."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Where one product of an application stands.

    declined -> contested -> declined or offered; referred -> declined or offered; offered -> accepted. An offer that nobody takes
    lapses with its facility.
    """

    DECLINED = "declined"
    REFERRED = "referred"
    CONTESTED = "contested"
    OFFERED = "offered"
    ACCEPTED = "accepted"


class By(StrEnum):
    """Who decided: the policy alone, a person, or nobody in time."""

    MACHINE = "machine"
    PERSON = "person"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Asking:
    """What a customer applies for: products, each with an amount in minor units or none, which asks for what there is.

    lang: of the papers, `zh` or `en`
    """

    products: Mapping[str, int | None]
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class Part:
    """One product of an application.

    amount:   asked for, minor units
    facility: that was offered; contract: the document to which the customer says yes
    case:     with which a person works on it
    """

    application_id: uuid.UUID
    decision_id: uuid.UUID
    day: dt.date
    lang: str
    product: str
    amount: int | None
    status: Status
    by: By | None
    facility_id: uuid.UUID | None = None
    contract: uuid.UUID | None = None
    case_id: uuid.UUID | None = None

    def told(self) -> dict[str, Any]:
        """What events say of it: with the language and the day of the application, so that the customer can be told."""
        about = {"application": self.application_id.hex, "product": self.product}
        return {**about, "lang": self.lang, "asked": self.day.isoformat()}
