"""The classical card: as curves it ranks as it does itself, and an interrupt still reaches Python after it."""

from __future__ import annotations

import signal

import numpy as np
import pytest

from shouxin.engines.scoring.fitting.coding import code_numbers
from shouxin.engines.scoring.fitting.learning import Learning, total
from shouxin.engines.scoring.fitting.woe import as_shapes, classical
from shouxin.engines.scoring.measuring.calibration import chances
from shouxin.engines.scoring.measuring.measures import auc


def test_curves_rank_alike_and_interrupts_are_kept() -> None:
    draw = np.random.default_rng(2)
    columns = [draw.random(2000), np.where(draw.random(2000) < 0.1, np.nan, draw.random(2000))]
    bad = (draw.random(2000) < chances(3 * columns[0] - 2 + np.isnan(columns[1]))).astype(float)
    codings = [code_numbers(name, each) for name, each in zip("xy", columns, strict=True)]
    codes = tuple(coding.codes(each) for coding, each in zip(codings, columns, strict=True))
    learning = Learning(codes, bad, np.ones(2000), 0)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        model = classical(columns, codings, learning, [1, 0])
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    said = auc(bad > 0, model.log_odds(dict(zip(model.names, columns, strict=True))))
    assert said > 0.7 and auc(bad > 0, total(as_shapes(model, columns, codings, learning), codes)) == pytest.approx(
        said, abs=0.01
    )
