"""One peer, fitted on the one part of a set and asked about the other. It stands by itself: it runs in the peer's own
environment, which has neither Shouxin nor this package.

`python scoring_peer.py PEER TRAIN TEST OUT [--text COLUMN ...]` reads two Parquet files, writes the risks of the test part to
OUT (.npy, higher is worse), and prints as its last line what it took, as JSON.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

THREADS = 2
VALIDATION_SHARE = 0.15
SCORED, SCORING_SECONDS = 200_000, 1.0
ABSENT = "MISSING"


@dataclass(frozen=True)
class Known:
    """What a peer may learn from: the features, the outcomes (1 is bad), and which columns are text."""

    features: pd.DataFrame
    bad: pd.Series
    text: list[str]

    @property
    def numbers(self) -> list[str]:
        """The columns that are numbers."""
        return [name for name in self.features if name not in self.text]


Risk = Callable[[pd.DataFrame], Any]


@dataclass(frozen=True)
class Took:
    """Seconds of the fit, rows scored in a second, and the most memory that the process held, in MiB."""

    fit: float
    rows_a_second: float
    memory: float


def logistic(known: Known) -> Risk:
    """Logistic regression on standardised numbers (the median and a mark where missing) and one column for each code."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    columns = ColumnTransformer(
        [("numbers", numbers, known.numbers), ("text", OneHotEncoder(handle_unknown="ignore"), known.text)]
    )
    model = make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(known.features, known.bad)
    return lambda features: model.predict_proba(features)[:, 1]


def optbinning(known: Known) -> Risk:
    """optbinning's Scorecard: optimal bins, then logistic regression on their weights of evidence."""
    from optbinning import BinningProcess, Scorecard
    from sklearn.linear_model import LogisticRegression

    bins = BinningProcess(list(known.features), categorical_variables=known.text, n_jobs=THREADS)
    card = Scorecard(binning_process=bins, estimator=LogisticRegression(max_iter=1000))
    card.fit(known.features, known.bad, metric_missing="empirical", metric_special="empirical")
    return lambda features: card.predict_proba(features)[:, 1]


def toad(known: Known) -> Risk:
    """toad's ScoreCard: chi-merge bins of at least 5%, missing values apart, then logistic regression."""
    import toad

    labelled = known.features.assign(bad_=known.bad)
    bins = toad.transform.Combiner()
    bins.fit(labelled, y="bad_", method="chi", min_samples=0.05, empty_separate=True)
    evidence = toad.transform.WOETransformer()
    weights = evidence.fit_transform(bins.transform(labelled), labelled["bad_"], exclude=["bad_"])
    card = toad.ScoreCard(combiner=bins, transer=evidence, max_iter=1000)
    card.fit(weights[list(known.features)], labelled["bad_"])
    return lambda features: -card.predict(features)


def scorecardpy(known: Known) -> Risk:
    """scorecardpy: its tree bins, then logistic regression on their weights of evidence, as its documentation does it.

    Its question on standard input about columns of many codes is switched off, and a code that it has not seen weighs nothing.
    """
    import scorecardpy
    from sklearn.linear_model import LogisticRegression

    labelled = known.features.assign(bad_=known.bad)
    bins = scorecardpy.woebin(labelled, "bad_", print_info=False, no_cores=1, check_cate_num=False)
    columns = [f"{name}_woe" for name in known.features if name in bins]

    def evidence(features: pd.DataFrame) -> pd.DataFrame:
        return scorecardpy.woebin_ply(features, bins, print_info=False, no_cores=1)[columns].fillna(0.0)

    model = LogisticRegression(max_iter=1000).fit(evidence(known.features), known.bad)
    return lambda features: model.predict_proba(evidence(features))[:, 1]


def ebm(known: Known) -> Risk:
    """The explainable boosting machine of interpret, with its own settings: shapes of any form, and pairs."""
    from interpret.glassbox import ExplainableBoostingClassifier

    kinds = ["nominal" if name in known.text else "continuous" for name in known.features]
    model = ExplainableBoostingClassifier(feature_types=kinds, n_jobs=THREADS, random_state=0)
    model.fit(known.features, known.bad)
    return lambda features: model.predict_proba(features)[:, 1]


def lightgbm(known: Known) -> Risk:
    """LightGBM with 31 leaves; the number of trees is chosen on 15% of the training part."""
    import lightgbm
    from sklearn.model_selection import train_test_split

    levels = {name: sorted(known.features[name].unique()) for name in known.text}

    def coded(features: pd.DataFrame) -> pd.DataFrame:
        return features.assign(**{name: pd.Categorical(features[name], categories=levels[name]) for name in known.text})

    fitted, checked, fitted_bad, checked_bad = train_test_split(
        coded(known.features), known.bad, test_size=VALIDATION_SHARE, stratify=known.bad, random_state=1
    )
    settings = {
        "objective": "binary",
        "learning_rate": 0.05,
        "num_leaves": 31,
        "min_child_samples": 50,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5,
        "cat_smooth": 20,
        "min_data_per_group": 50,
        "num_threads": THREADS,
        "seed": 0,
        "verbose": -1,
    }
    check = lightgbm.Dataset(checked, checked_bad)
    stop = lightgbm.early_stopping(100, verbose=False)
    model = lightgbm.train(settings, lightgbm.Dataset(fitted, fitted_bad), 4000, [check], callbacks=[stop])
    return lambda features: model.predict(coded(features))


# Peer -> how it is fitted, and the module that is imported before anything is measured.
PEERS: dict[str, tuple[Callable[[Known], Risk], str]] = {
    "logistic": (logistic, "sklearn"),
    "optbinning": (optbinning, "optbinning"),
    "toad": (toad, "toad"),
    "scorecardpy": (scorecardpy, "scorecardpy"),
    "ebm": (ebm, "interpret.glassbox"),
    "lightgbm": (lightgbm, "lightgbm"),
}
IMPORTED_FIRST = tuple(
    f"sklearn.{each}" for each in ("compose", "impute", "linear_model", "model_selection", "pipeline", "preprocessing")
)


def read(path: Path, text: list[str]) -> tuple[pd.DataFrame, pd.Series]:
    """(features, bad): numbers as doubles with NaN where missing, text as Python strings with a word where missing."""
    frame = pd.read_parquet(path)
    bad = frame.pop("bad").astype(int)
    columns = {name: frame[name].astype(object).where(frame[name].notna(), ABSENT).map(str) for name in text}
    numbers = {name: frame[name].astype(float) for name in frame if name not in text}
    return pd.DataFrame({name: columns[name].astype(object) if name in text else numbers[name] for name in frame}), bad


def took(peer: str, known: Known, asked: pd.DataFrame) -> tuple[Took, Any]:
    """What the peer took, and its risks of the rows asked about.

    Scoring is measured on at least 200,000 rows, the test part over and over, for at least a second.
    """
    fitted, module = PEERS[peer]
    for name in (*IMPORTED_FIRST, module):
        importlib.import_module(name)
    started = time.perf_counter()
    risk = fitted(known)
    fit = time.perf_counter() - started
    risks = np.asarray(risk(asked), dtype=float)
    memory = most_memory()
    many = pd.concat([asked] * -(-SCORED // len(asked)), ignore_index=True)
    rows, started = 0, time.perf_counter()
    while (seconds := time.perf_counter() - started) < SCORING_SECONDS:
        risk(many)
        rows += len(many)
    return Took(fit, rows / seconds, memory), risks


def most_memory() -> float:
    """The same as in `measure.py`, which the environment of a peer cannot import."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Fit one peer, score, and say what it took."""
    warnings.filterwarnings("ignore")  # of the peers, about their own stack
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--text", nargs="*", default=[])
    chosen = parser.parse_args()
    features, bad = read(chosen.train, chosen.text)
    asked, _ = read(chosen.test, chosen.text)
    found, risks = took(chosen.peer, Known(features, bad, chosen.text), asked)
    if not np.isfinite(risks).all():
        sys.exit(f"{np.count_nonzero(~np.isfinite(risks))} of {len(risks)} risks are not numbers")
    np.save(chosen.out, risks)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
