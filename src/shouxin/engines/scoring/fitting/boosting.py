"""Main effects by boosting: many small steps, each a rule on one column, so that what comes out is a sum of curves.

LightGBM stumps (trees of one split), monotone where a direction is declared. Missing and special values are columns of their
own, so that their worth is learnt first and is bound to no order. Several bags, each stopped by the rows that it does not see;
their curves are averaged. Friedman, Greedy Function Approximation (2001); Lou, Caruana, Gehrke, Intelligible Models for
Classification and Regression (2012).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.fitting.coding import Codes, Coding, Floats
from shouxin.engines.scoring.fitting.learning import Learning, held_out

BAGS = 8
HELD_OUT = 0.2
THREADS = 2
LEAST_IN_LEAF, LEAF_SHARE = 20, 0.001
SETTINGS = {
    "objective": "binary",
    "num_leaves": 2,
    "learning_rate": 0.2,
    "feature_fraction": 0.3,
    "lambda_l2": 1.0,
    "max_bin": 511,
    "min_data_in_bin": 1,
    "cat_smooth": 20,
    "min_data_per_group": 50,
    "feature_pre_filter": False,
    "num_threads": 1,  # bags run side by side; the threads of one model would wait for each other on a busy machine
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
MOST_ROUNDS, PATIENCE = 3000, 60

Shapes = tuple[Floats, ...]


@dataclass(frozen=True)
class _Part:
    """One column that LightGBM sees: the order of a number, the levels of a text, or whether one code is there."""

    column: int
    code: int | None = None
    is_text: bool = False


def boosted(
    codings: Sequence[Coding],
    learning: Learning,
    directions: Sequence[int],
    bags: int = BAGS,
    step: Callable[[float], None] = lambda _share: None,
) -> Shapes:
    """The curve of each column: what each of its codes adds to the log odds of being bad.

    directions: 1 where risk rises with the number, -1 where it falls, else 0
    """
    parts, design = _design(codings, learning.codes)
    constraints = [0 if part.code is not None or part.is_text else directions[part.column] for part in parts]
    least = max(LEAST_IN_LEAF, int(len(learning.bad) * LEAF_SHARE))
    settings = {**SETTINGS, "monotone_constraints": constraints, "min_data_in_leaf": least}
    texts = [place for place, part in enumerate(parts) if part.is_text]
    done = 0

    def bag(number: int) -> Any:
        nonlocal done
        model = _bag(design, texts, learning, settings, number)
        done += 1
        step(done / bags)
        return model

    with ThreadPoolExecutor(THREADS) as threads:
        models = list(threads.map(bag, range(bags)))
    shapes = [np.zeros(each.count) for each in codings]
    for model in models:
        for tree in model.dump_model(num_iteration=model.best_iteration)["tree_info"]:
            _add(tree["tree_structure"], parts, codings, shapes)
    return tuple(_settled(shape / bags, codes) for shape, codes in zip(shapes, learning.codes, strict=True))


def _design(codings: Sequence[Coding], codes: Sequence[Codes]) -> tuple[list[_Part], Floats]:
    parts: list[_Part] = []
    columns: list[Floats] = []
    for number, (coding, found) in enumerate(zip(codings, codes, strict=True)):
        if coding.is_text:
            parts.append(_Part(number, is_text=True))
            columns.append(found.astype(np.float64))
            continue
        parts.append(_Part(number))
        columns.append(np.where(found < coding.plain, found, np.nan))
        for code in range(coding.plain, coding.count):
            if (here := found == code).any():
                parts.append(_Part(number, code))
                columns.append(here.astype(np.float64))
    return parts, np.column_stack(columns)


def _bag(design: Floats, texts: list[int], learning: Learning, settings: dict[str, Any], number: int) -> Any:
    import lightgbm

    out = held_out(learning.bad, HELD_OUT, (learning.seed, number))

    def data(rows: NDArray[np.bool_], reference: Any = None) -> Any:
        return lightgbm.Dataset(
            design[rows],
            learning.bad[rows],
            weight=learning.weight[rows],
            reference=reference,
            categorical_feature=texts,
            free_raw_data=False,
        )

    seen = data(~out)
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    own = {**settings, "seed": learning.seed * 1000 + number}
    return lightgbm.train(own, seen, MOST_ROUNDS, [data(out, seen)], callbacks=[stop])


def _add(node: dict[str, Any], parts: Sequence[_Part], codings: Sequence[Coding], shapes: Sequence[Floats]) -> None:
    """Add a stump to the curve of its column."""
    if "split_feature" not in node:
        return
    part = parts[node["split_feature"]]
    coding, shape = codings[part.column], shapes[part.column]
    left, right = node["left_child"]["leaf_value"], node["right_child"]["leaf_value"]
    if part.code is not None:
        is_left = np.arange(coding.count) != part.code
    elif part.is_text:
        is_left = np.isin(np.arange(coding.count), [int(each) for each in node["threshold"].split("||")])
    else:
        is_left = np.arange(coding.count) <= node["threshold"]
        is_left[coding.plain :] = node["default_left"]
    shape += np.where(is_left, left, right)


def _settled(shape: Floats, codes: Codes) -> Floats:
    """The curve around its mean over the training rows; codes without rows are at that mean."""
    rows = np.bincount(codes, minlength=len(shape))
    return np.where(rows > 0, shape - np.average(shape, weights=rows), 0.0)
