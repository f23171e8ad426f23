"""What validating a card finds: frozen values that the report, the command line and programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from shouxin.engines.scoring.measuring.bin_order import BinStability, Direction
from shouxin.engines.scoring.measuring.calibration import CalibrationBand, HosmerLemeshow, Recalibration
from shouxin.engines.scoring.measuring.contributions import Contribution
from shouxin.engines.scoring.measuring.curves import KsPoint, RocPoint
from shouxin.engines.scoring.measuring.fairness import Fairness
from shouxin.engines.scoring.measuring.gains import Concentration, GainsRow
from shouxin.engines.scoring.measuring.groups import Period
from shouxin.engines.scoring.measuring.intervals import Estimate
from shouxin.engines.scoring.measuring.measures import Measures
from shouxin.engines.scoring.measuring.proxies import Proxy
from shouxin.engines.scoring.measuring.resampling import Intervals, Plan
from shouxin.engines.scoring.measuring.segments import GroupMeasures
from shouxin.engines.scoring.measuring.stability import Stability
from shouxin.engines.scoring.measuring.vintages import Crossing, VintageBand
from shouxin.foundation.texts import Text

CARD = "card"  # the name of the card among the scores


@dataclass(frozen=True, slots=True)
class Weighed:
    """The rows were weighed so that bad ones have the share that they have in the portfolio.

    share: of bad rows in the data, before; true: in the portfolio, after
    """

    share: float
    true: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Another score on the same rows.

    difference: the card less this score, drawn together; p_value: DeLong's, of both having the same AUC
    """

    name: str
    intervals: Intervals
    difference: Intervals
    p_value: float


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """A band of scores: counts, and shares of all good and of all bad rows.

    low, high: where it begins and ends; last: the highest score in it, which is `high` only at the end of the scale
    """

    low: int
    high: int
    last: int
    goods: int
    bads: int
    good_share: float
    bad_share: float


@dataclass(frozen=True, slots=True)
class Clipped:
    """Rows whose points add up to less than the scale's lowest score, or to more than its highest."""

    below: int
    above: int
    rows: int

    @property
    def share(self) -> float:
        """The share of rows that the ends of the scale cut off."""
        return (self.below + self.above) / self.rows


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Whether probabilities are what they say. test: nothing where rows were weighed, which it cannot take in."""

    bands: tuple[CalibrationBand, ...]
    line: Recalibration
    test: HosmerLemeshow | None


@dataclass(frozen=True, slots=True)
class OverTime:
    """Measures of each period, the bad rates of five bands of the score in it, and where these cross by more than chance."""

    period: Period
    measures: tuple[GroupMeasures, ...]
    vintages: tuple[VintageBand, ...]
    crossings: tuple[Crossing, ...]


@dataclass(frozen=True, slots=True)
class BinFound:
    """One bin of a characteristic, missing values being one too. Counts are of rows, unweighted.

    fitted_rows, fitted_bads: of the training data, where the card says them
    """

    label: Text
    points: int
    rows: int
    bads: int
    share: float
    bad_rate: Estimate | None
    fitted_rows: int | None
    fitted_bads: int | None

    @property
    def fitted_rate(self) -> float | None:
        """The bad rate in the training data; nothing where it is not known."""
        return self.fitted_bads / self.fitted_rows if self.fitted_rows and self.fitted_bads is not None else None


@dataclass(frozen=True, slots=True)
class CharacteristicFound:
    """One characteristic.

    stability, shift:  against the training rows that the card says; nothing where it says none
    against_direction: places of neighbouring bins whose points contradict the declared direction
    adds:              what it adds to the whole card
    """

    name: str
    text: Text
    direction: Direction
    bins: tuple[BinFound, ...]
    stability: BinStability | None
    shift: Stability | None
    against_direction: tuple[tuple[int, int], ...]
    adds: Contribution


@dataclass(frozen=True, slots=True)
class PairFound:
    """One pair table: points, rows and bad rows of each cell; the last row and column are of missing values."""

    name: str
    down: Text
    across: Text
    down_labels: tuple[Text, ...]
    across_labels: tuple[Text, ...]
    points: tuple[tuple[int, ...], ...]
    rows: tuple[tuple[int, ...], ...]
    bads: tuple[tuple[int, ...], ...]
    adds: Contribution


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Scores from `score` on are approved. given: by whoever asked, else it is `validate_cutoff.default_cutoff`."""

    score: int
    given: bool
    approved: Estimate
    bad_rate_approved: Estimate | None
    bad_rate_declined: Estimate | None


@dataclass(frozen=True, slots=True)
class ProtectedFound:
    """A protected attribute: how its groups fare, and which characteristics tell them. in_card: the card reads it."""

    name: str
    in_card: bool
    fairness: Fairness
    proxies: tuple[Proxy, ...]


@dataclass(frozen=True, slots=True)
class Validated:
    """A card on rows with a known outcome.

    bad_is:   which outcome is bad, in words
    left_out: rows that are not counted anywhere, since their outcome is not known
    weighed:  nothing where every row counts as one
    measures: of the card; intervals: the same with their bootstrap intervals
    roc:      of the card (`card`) and of every other score
    """

    card: Text
    data: str
    fingerprint: str
    bad_is: str
    left_out: int
    weighed: Weighed | None
    plan: Plan
    measures: Measures
    intervals: Intervals
    others: tuple[Compared, ...]
    roc: Mapping[str, tuple[RocPoint, ...]]
    ks: tuple[KsPoint, ...]
    gains: tuple[GainsRow, ...]
    distribution: tuple[ScoreBand, ...]
    concentration: Concentration
    clipped: Clipped
    calibration: Calibrated
    segments: tuple[GroupMeasures, ...]
    over_time: OverTime | None
    characteristics: tuple[CharacteristicFound, ...]
    pairs: tuple[PairFound, ...]
    cutoff: Cutoff
    protected: tuple[ProtectedFound, ...]

    def to_dict(self) -> dict[str, Any]:
        """For programs: plain values that JSON can hold."""
        return asdict(self)
