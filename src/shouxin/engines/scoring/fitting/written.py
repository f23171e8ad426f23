"""From what was fitted to what is written: bins with counts, pair tables, reason texts, and where it all came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from shouxin import __version__
from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.fitting.card_bins import Bin, Words, counted, number
from shouxin.engines.scoring.fitting.card_text import WrittenCard, WrittenCharacteristic, WrittenPair
from shouxin.engines.scoring.fitting.card_words import words_for
from shouxin.engines.scoring.fitting.reason_texts import of_characteristic, of_pair
from shouxin.engines.scoring.fitting.spec import ColumnSpec, Spec
from shouxin.engines.scoring.fitting.table import Table
from shouxin.engines.scoring.measuring.calibration import chances, recalibrate
from shouxin.engines.scoring.measuring.sample import Codes, Floats, sample

if TYPE_CHECKING:
    from shouxin.engines.scoring.fitting.fit import Model

LIBRARIES = ("lightgbm", "numpy", "optbinning", "scikit-learn")
BAND = 50
LEAST_SPREAD = 1.0  # points, standard deviation over the training rows


@dataclass(frozen=True)
class Made:
    """What the card was made from: data, specification, rows, and what was asked."""

    table: Table
    spec: Spec
    train: Codes
    test: Codes
    bad: Floats
    on: dt.date | None
    allowed: tuple[str, ...]
    segment: str | None


def written_card(model: Model, made: Made) -> WrittenCard:
    """The card's content. A characteristic that moves the score by less than LEAST_SPREAD is left out."""
    spec = made.spec
    words = [_words(model, place, spec) for place in range(len(model.names))]
    characteristics = [each for place in range(len(model.names)) if (each := _characteristic(model, place, words[place], spec))]
    pairs = list(_pairs(model, words, spec))
    used = {each.name for each in characteristics} | {name for each in pairs for name in each.inputs}
    columns = [(name, spec.columns[name]) for name in model.names if spec.columns[name].input in used]
    reasons: dict[str, dict[str, Any]] = {}
    for column, each in ((column, each) for _, column in columns for each in characteristics if each.name == column.input):
        reasons |= of_characteristic(column, each)
    by_input = {column.input: column for _, column in columns}
    for pair in pairs:
        reasons |= of_pair(pair, by_input)
    ranked = {code: {"rank": 600 + place, **texts} for place, (code, texts) in enumerate(reasons.items())}
    fitted = _fitted(model, made, {name: words[model.names.index(name)] for name, _ in columns})
    return WrittenCard(spec.zh, spec.en, _when(made), model.points.base, characteristics, pairs, ranked, fitted)


def _words(model: Model, place: int, spec: Spec) -> Words:
    coding = model.codings[place]
    return Words(coding, spec.columns[model.names[place]].type == "bool", words_for(coding.levels))


def _characteristic(model: Model, place: int, words: Words, spec: Spec) -> WrittenCharacteristic | None:
    each, points = model.bins[place], model.points.characteristics[place]
    every = [*words.bins(each.bin), Bin({"missing": True}, words.missing(each.bin))]
    *bins, missing = counted(every, each.bin, points, place, model.learning)
    if float(np.std(points[each.bin[model.learning.codes[place]]])) < LEAST_SPREAD:
        return None
    column = spec.columns[model.names[place]]
    return WrittenCharacteristic(column.input, column.direction, column.reason, bool(words.coding.specials), bins, missing)


def _pairs(model: Model, words: Sequence[Words], spec: Spec) -> Iterator[WrittenPair]:
    taken = {spec.columns[name].input for name in model.names}
    for table, points in zip(model.tables, model.points.tables, strict=True):
        if not points.any():
            continue
        one, two = table.columns
        inputs = (spec.columns[model.names[one]].input, spec.columns[model.names[two]].input)
        name = _name(inputs, taken)
        taken.add(name)
        down, across = words[one].bins(table.down), words[two].bins(table.across)
        rows = [*(each.segment for each in down), words[one].missing(table.down)]
        columns = [*(each.segment for each in across), words[two].missing(table.across)]
        matrix = points[np.ix_(rows, columns)].tolist()
        yield WrittenPair(name, inputs, down, across, matrix)


def _name(inputs: tuple[str, str], taken: set[str]) -> str:
    """A name of at most 48 characters that no characteristic and no other pair has."""
    name = f"{inputs[0][:22]}_by_{inputs[1][:22]}".rstrip("_")
    number = 2
    while name in taken:
        name = f"{inputs[0][:20]}_by_{inputs[1][:20]}_{number}"
        number += 1
    return name


def _when(made: Made) -> str | None:
    if made.segment is None or made.spec.segments is None:
        return None
    return f"{made.spec.columns[made.spec.segments].input} = '{words_for([made.segment])[made.segment]}'"


def _fitted(model: Model, made: Made, words: dict[str, Words]) -> dict[str, Any]:
    spec, train = made.spec, made.train
    target = {
        "column": spec.target.column,
        "bad": ", ".join(spec.target.bad),
        "definition": spec.target.definition,
        "observation_window": spec.target.observation_window,
        "performance_window": spec.target.performance_window,
        "indeterminate": ", ".join(spec.target.indeterminate) or None,
    }
    data = {
        "name": made.table.name,
        "rows": len(train),
        "bads": int(made.bad[train].sum()),
        "fingerprint": made.table.fingerprint,
        "true_bad_rate": spec.true_bad_rate,
    }
    found: dict[str, Any] = {
        "scale": {name: getattr(model.scale, name) for name in Scale.model_fields},
        "inputs": {spec.columns[name].input: _input(name, spec.columns[name], each) for name, each in words.items()},
        "target": _stated(target),
        "data": _stated(data),
        "split": _split(spec),
        "calibration": _calibration(model, made),
        "method": {
            "classical_share": number(model.effects.share),
            "columns_offered": len(spec.used),
            "pairs": len(model.tables),
        },
        "allowed": list(made.allowed),
        "versions": {"shouxin": __version__} | {name: version(name) for name in LIBRARIES},
    }
    if made.segment is not None:
        found["segment"] = f"{spec.segments} = {made.segment}"
    return found if made.on is None else {**found, "on": made.on}


def _stated(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _split(spec: Spec) -> dict[str, Any]:
    split = spec.split
    if split.method == "none":
        return {"method": "none"}
    if split.method == "random":
        return {"method": "random", "seed": split.seed, "test_share": split.test_share}
    return {"method": "out_of_time", "column": split.column, "since": split.since}


def _input(name: str, column: ColumnSpec, words: Words) -> dict[str, Any]:
    found: dict[str, Any] = {"column": name, "type": column.type, "zh": column.zh, "en": column.en}
    if column.type == "enum":
        found["values"] = list(words.words.values())
        if changed := {level: word for level, word in words.words.items() if level != word}:
            found["map"] = changed
    if column.missing_values:
        found["missing_values"] = list(column.missing_values)
    return found


def _calibration(model: Model, made: Made) -> dict[str, Any]:
    """On the training rows; the report says how it holds on the test rows."""
    learning, scale = model.learning, model.scale
    score = scores_of(model, learning.codes)
    weight = learning.weight * restoring(learning.bad, learning.weight, made.spec.true_bad_rate)
    log_odds = log_odds_of(score, scale)
    found = recalibrate(sample(learning.bad, log_odds, chances(log_odds), weight))
    bands = []
    for start in range(scale.lowest, scale.highest, BAND):
        last = start + BAND >= scale.highest
        here = (score >= start) & (score <= scale.highest if last else score < start + BAND)
        if here.any():
            end = scale.highest if last else start + BAND - 1
            said = float(np.average(chances(log_odds[here]), weights=weight[here]))
            rows, bads = int(here.sum()), int(learning.bad[here].sum())
            bands.append({"from": start, "to": end, "rows": rows, "bads": bads, "pd_ppm": round(said * 1_000_000)})
    return {"slope": _figure(found.slope), "intercept": _figure(found.intercept), "bands": bands}


def scores_of(model: Model, codes: Sequence[Codes]) -> Codes:
    """The score of every row from its codes."""
    found = np.full(len(codes[0]), model.points.base, dtype=np.int64)
    for each, points in zip(model.bins, model.points.characteristics, strict=True):
        found += points[each.bin[codes[each.column]]]
    for table, points in zip(model.tables, model.points.tables, strict=True):
        one, two = table.columns
        found += points[table.down[codes[one]], table.across[codes[two]]]
    return np.clip(found, model.scale.lowest, model.scale.highest)


def log_odds_of(score: Codes, scale: Scale) -> Floats:
    """The log odds of being bad that the scale says a score has."""
    factor = np.log(2) / scale.points_to_double
    return np.asarray(-(np.log(scale.anchor_odds) + (score - scale.anchor_score) * factor), dtype=np.float64)


def restoring(bad: Floats, weight: Floats, true_bad_rate: Decimal | None) -> Floats:
    """Weights that give the rows the portfolio's bad rate; 1 where it is their own."""
    if true_bad_rate is None:
        return np.ones(len(bad))
    rate, own = float(true_bad_rate), float(np.average(bad, weights=weight))
    return np.where(bad > 0, rate / own, (1 - rate) / (1 - own))


def _figure(value: float | None) -> Decimal:
    return Decimal(0) if value is None else Decimal(f"{value:.4f}")
