"""Score one customer: the row of a data file, as a mapping, to a score with its points and reasons. Pure; no numpy.

score_one(card, {"NumberOfTimes90DaysLate": 0, "purpose": "car"}).score
"""

from __future__ import annotations

import datetime as dt
import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from shouxin.engines.policy.emit_python import Emitted, emit_python
from shouxin.engines.policy.plan import KEY_STEP, TOP_REASONS, Characteristic, read_key
from shouxin.engines.policy.read import FactFault, FactsRefused
from shouxin.engines.policy.tree import Value
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.cells import Cell, cell_of

NO_DAY = dt.date(2000, 1, 1)  # a card reads no date


@dataclass(frozen=True)
class Scored:
    """What a card says of one customer.

    pd_ppm:  the probability of default that the scale gives the score, in ppm
    points:  of each characteristic and pair
    reasons: the codes of those that lost most points against their best, most first, each once; at most four
    """

    score: int
    pd_ppm: int
    points: Mapping[str, int]
    reasons: tuple[str, ...]


def score_one(card: Card, values: Mapping[str, object]) -> Scored:
    """Score one row of a data file: values by the columns' names, or by the names of the card's inputs; others are passed over.

    Raises FactsRefused with every value that is not there, and every one that cannot be read. None says that it is missing.
    """
    return _scorer(card).score(values)


class _Scorer:
    """A card made ready to score: what never changes between customers is looked up once."""

    def __init__(self, card: Card) -> None:
        plan = card.policy.plan
        self.cells = cells(card)
        self.columns = frozenset(each.column for each in self.cells)
        self.order = tuple(each.fact for each in plan.inputs)
        self.rows = plan.characteristics
        upto = [each.name for each in plan.passes].index("score") + 1
        ranks, keys = [f"_rank{index}" for index in range(TOP_REASONS)], [f"_key{row.slot}" for row in self.rows]
        outputs = ("score", "pd_ppm", *ranks, *keys)
        self.emitted: Emitted = emit_python(replace(plan, passes=plan.passes[:upto]), outputs)

    def score(self, values: Mapping[str, object]) -> Scored:
        read = self._read(values)
        row = [read.get(name) for name in self.order]
        score, pd_ppm, *rest = (int(str(each)) for each in self.emitted.function(NO_DAY, row, self.emitted.day(NO_DAY)))
        lost = [read_key(key)[0] for key in rest[TOP_REASONS:]]
        points = {each.name: each.best - less for each, less in zip(self.rows, lost, strict=True)}
        return Scored(score, pd_ppm, points, _reasons(rest[:TOP_REASONS], self.rows))

    def _read(self, values: Mapping[str, object]) -> dict[str, Value]:
        read: dict[str, Value] = {}
        faults: list[FactFault] = []
        for each in self.cells:
            key = each.column if each.column in values or each.name in self.columns else each.name
            if key not in values:
                close = difflib.get_close_matches(each.column, [str(name) for name in values], n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                faults.append(FactFault(each.column, "absent", f"the card reads it; null where it is missing{hint}"))
                continue
            try:
                read[each.name] = each.read(values[key])
            except ValueError as error:
                faults.append(FactFault(each.column, repr(values[key])[:60], str(error)))
        if faults:
            raise FactsRefused(faults)
        return read


_scorer = functools.lru_cache(maxsize=64)(_Scorer)


def cells(card: Card) -> tuple[Cell, ...]:
    """How each input that the card's points depend on is read."""
    return tuple(cell_of(name, shape) for name, shape in card.inputs.items())


def _reasons(keys: list[int], rows: tuple[Characteristic, ...]) -> tuple[str, ...]:
    """A key below KEY_STEP lost nothing."""
    found = [read_key(key) for key in keys if key >= KEY_STEP]
    return tuple(dict.fromkeys(rows[slot].reasons[kind] for _, slot, kind in found))
