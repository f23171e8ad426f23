"""What monitoring a card finds: what moved between two sets of rows, and which of it is over a threshold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from shouxin.engines.scoring.measuring.intervals import Estimate
from shouxin.engines.scoring.measuring.measures import Measures
from shouxin.engines.scoring.measuring.stability import ALARM, WATCH, Alert, Stability
from shouxin.engines.scoring.measuring.vintages import Crossing, VintageBand
from shouxin.foundation.texts import Text

REFERENCE, CURRENT = "reference", "current"  # what the two sets are called as vintages, where there are no dates


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a value is watched, and from where on it is an alarm.

    psi, csi: of the score and of each characteristic; Siddiqi (2006), Credit Risk Scorecards
    missing, unseen, clipped: rise of a share of all rows; house rules
    auc_drop: fall of AUC, where its interval leaves zero out; house rule
    """

    psi: tuple[float, float] = (WATCH, ALARM)
    csi: tuple[float, float] = (WATCH, ALARM)
    missing: tuple[float, float] = (0.05, 0.10)
    unseen: tuple[float, float] = (0.01, 0.05)
    clipped: tuple[float, float] = (0.05, 0.10)
    auc_drop: tuple[float, float] = (0.02, 0.05)


@dataclass(frozen=True, slots=True)
class ShareMoved:
    """A share of rows then and now. gap: now less then, with Newcombe's interval."""

    name: str
    text: Text
    reference: Estimate
    current: Estimate
    gap: Estimate


@dataclass(frozen=True, slots=True)
class CharacteristicMoved:
    """One characteristic: its stability over the card's bins, and what each bin is called."""

    text: Text
    labels: tuple[Text, ...]
    stability: Stability


@dataclass(frozen=True, slots=True)
class OutcomesMoved:
    """What became of the rows, where both sets say it.

    drop:     AUC then less AUC now, with an interval; the rows are different ones
    vintages: bad rate of each band of the score, by period or, without dates, by set
    """

    reference: Measures
    current: Measures
    reference_auc: Estimate
    current_auc: Estimate
    drop: Estimate
    vintages: tuple[VintageBand, ...]
    crossings: tuple[Crossing, ...]


@dataclass(frozen=True, slots=True)
class Monitored:
    """A card on two sets of rows, the reference and the current one.

    unseen:  of each enum, words that the card does not know
    clipped: rows whose points go beyond the scale
    alerts:  what reached a threshold: the score first, then by how much
    """

    card: Text
    reference: str
    current: str
    reference_rows: int
    current_rows: int
    thresholds: Thresholds
    reference_mean: float
    current_mean: float
    score: Stability
    characteristics: tuple[CharacteristicMoved, ...]
    missing: tuple[ShareMoved, ...]
    unseen: tuple[ShareMoved, ...]
    clipped: ShareMoved
    outcomes: OutcomesMoved | None
    alerts: tuple[Alert, ...]

    @property
    def alarmed(self) -> bool:
        """Whether anything is over its second threshold."""
        return any(each.level == "alarm" for each in self.alerts)

    def to_dict(self) -> dict[str, Any]:
        """For programs: plain values that JSON can hold."""
        return {**asdict(self), "alarmed": self.alarmed}
