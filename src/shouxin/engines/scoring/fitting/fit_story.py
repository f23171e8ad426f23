"""What is told of a fit: the card on the rows set aside, beside its baseline and its challenger, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shouxin.engines.scoring.fitting.challenger import challenger
from shouxin.engines.scoring.fitting.fit import Fitted, values_of
from shouxin.engines.scoring.fitting.table import Table
from shouxin.engines.scoring.measuring.calibration import chances
from shouxin.engines.scoring.measuring.resampling import Plan
from shouxin.engines.scoring.reports.fit import Choice, FitStory, PairGain, ScreenedLeak, SplitPart, Unused
from shouxin.engines.scoring.validating.validate import Other, Validation, validate
from shouxin.engines.scoring.validating.validate_model import Validated
from shouxin.foundation.texts import Text

BASELINE, CHALLENGER = "optbinning + logistic regression", "LightGBM"


def on_test_rows(fitted: Fitted, table: Table, draws: int) -> Validated:
    """The card on the test rows, beside the baseline and the challenger; on the training rows where none were set aside."""
    spec, model = fitted.spec, fitted.model
    rows = fitted.test if len(fitted.test) else fitted.train
    part = table.take(rows)
    values = values_of(spec, part)
    codes = [coding.codes(values[name]) for name, coding in zip(model.names, model.codings, strict=True)]
    baseline = model.effects.baseline.log_odds(values)
    other = challenger(model.codings, model.learning, codes)
    inputs = {spec.columns[name].input: _mapped(fitted, name, each) for name, each in values.items()}
    days = spec.split.column or spec.decision_date
    return validate(
        Validation(
            card=fitted.card,
            inputs={name: inputs[name] for name in fitted.card.inputs},
            bad=fitted.bad[rows],
            others={BASELINE: Other(baseline, chances(baseline)), CHALLENGER: Other(other, other)},
            dates=part.days.get(days) if days is not None else None,
            protected={name: _attribute(part, name) for name in spec.protected},
            plan=Plan(draws=draws, seed=spec.split.seed),
            data=table.name,
            fingerprint=table.fingerprint,
            bad_is=f"{spec.target.column} = {', '.join(spec.target.bad)}",
            left_out=int(np.isnan(fitted.bad).sum()),
        )
    )


def _mapped(
    fitted: Fitted, name: str, values: np.ndarray[tuple[int], np.dtype[np.generic]]
) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    """Levels of the data as the card's words."""
    read = fitted.card.inputs.get(fitted.spec.columns[name].input)
    if read is None or not read.map:
        return values
    return np.array([read.map.get(each, each) for each in values.tolist()], dtype=object)


def _attribute(table: Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    return table.texts[name] if name in table.texts else table.numbers[name]


def story(fitted: Fitted, validated: Validated) -> FitStory:
    """How the card was made, for the report."""
    spec = fitted.spec
    train, test = fitted.bad[fitted.train], fitted.bad[fitted.test]
    parts = (
        SplitPart(Text("建模", "training"), len(train), int(train.sum())),
        SplitPart(Text("检验", "test"), len(test), int(test.sum())),
        SplitPart(
            Text("结果未知或不定，未使用", "outcome not known or indeterminate, not used"), int(np.isnan(fitted.bad).sum()), None
        ),
    )
    return FitStory(
        card=fitted.card,
        validated=validated,
        parts=parts,
        screened=tuple(ScreenedLeak(each.column, each.evidence, each.column in spec.used) for each in fitted.leaks),
        warnings=tuple(each.text for each in fitted.warnings),
        choices=tuple(_choices(fitted)),
        pairs=tuple(_pairs(fitted)),
        unused=tuple(_unused(fitted)),
        baseline=BASELINE,
        challenger=CHALLENGER,
    )


def _choices(fitted: Fitted) -> Iterator[Choice]:
    what = Text("传统评分卡（最优分箱＋逻辑回归）在曲线中的占比", "share of the classical card in the curves")
    for each in fitted.model.effects.trials:
        yield Choice(what, Text(f"{each.share:.0%}", f"{each.share:.0%}"), each.auc, each.share == fitted.model.effects.share)


def _pairs(fitted: Fitted) -> Iterator[PairGain]:
    for each in fitted.model.tables:
        names = [fitted.spec.columns[fitted.model.names[place]].input for place in each.columns]
        yield PairGain(" × ".join(names), each.gain)


def _unused(fitted: Fitted) -> Iterator[Unused]:
    spec = fitted.spec
    leaks = {each.column for each in fitted.leaks}
    inputs = fitted.card.inputs
    for name, each in spec.columns.items():
        if not each.use and name not in leaks:
            why = each.why or "use: false"
            yield Unused(name, Text(why, why))
        elif each.use and each.input not in inputs:
            yield Unused(name, Text("对评分几乎没有影响", "adds next to nothing to the score"))
