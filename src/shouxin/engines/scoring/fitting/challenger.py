"""The challenger of a report: LightGBM with all its freedom, on the same rows. It shows what a readable card gives up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shouxin.engines.scoring.fitting.coding import Codes, Coding, Floats
from shouxin.engines.scoring.fitting.learning import Learning, held_out

SETTINGS = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.05,
    "min_child_samples": 50,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
HELD_OUT, MOST_ROUNDS, PATIENCE = 0.15, 4000, 100


def challenger(codings: Sequence[Coding], learning: Learning, codes: Sequence[Codes]) -> Floats:
    """The probability of being bad that the challenger, fitted on `learning`, gives the rows of `codes`."""
    import lightgbm

    texts = [place for place, each in enumerate(codings) if each.is_text]
    seen = _design(codings, learning.codes)
    out = held_out(learning.bad, HELD_OUT, (learning.seed, 13))

    def data(rows: Any, reference: Any = None) -> Any:
        return lightgbm.Dataset(
            seen[rows], learning.bad[rows], weight=learning.weight[rows], reference=reference, categorical_feature=texts
        )

    own = data(~out)
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    model = lightgbm.train({**SETTINGS, "seed": learning.seed}, own, MOST_ROUNDS, [data(out, own)], callbacks=[stop])
    return np.asarray(model.predict(_design(codings, codes)), dtype=np.float64)


def _design(codings: Sequence[Coding], codes: Sequence[Codes]) -> Floats:
    """Codes in their order; missing stays missing, special values stand below all others."""
    columns = []
    for coding, each in zip(codings, codes, strict=True):
        found = each.astype(np.float64)
        if not coding.is_text:
            found[each >= coding.plain] = coding.plain - 1 - each[each >= coding.plain]
            found[each == coding.missing] = np.nan
        columns.append(found)
    return np.column_stack(columns)
