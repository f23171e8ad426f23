"""The other libraries, each in an environment of its own that is made from PyPI, run one after another.

They are no dependencies of Shouxin: `install` makes an environment for each below `var/`, with the newest versions that fit
each other, and keeps it. A library that does not install, or does not run, is listed with what it said; where known pins bring
it back it runs with them, and the table says which. `scoring_peer.py` is what runs there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.scoring_data import TARGET, Parts

ENVIRONMENTS = Path("var") / "benchmarks" / "peers"
PROGRAM = Path(__file__).with_name("scoring_peer.py")
STACK = ("pandas", "pyarrow", "scikit-learn")
SECONDS = 3_600.0
# Threads of OpenMP that have nothing to do sleep: where others use the machine too, their spinning took 30 times the fit.
QUIET_THREADS = {"OMP_WAIT_POLICY": "PASSIVE"}


@dataclass(frozen=True)
class Peer:
    """A library: its name in the table, the function of `scoring_peer.py`, its package, and pins that are known to help."""

    name: str
    function: str
    package: str
    pins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Environment:
    """Where a peer runs: the Python of its environment; `version` as the table tells it."""

    peer: Peer
    python: Path
    version: str


@dataclass(frozen=True)
class Result:
    """What a contestant reached on the test part, and what it took.

    `auc` and `ks` are 0 to 1; `fit` is seconds, `memory` MiB at the most, of the process that fitted.
    """

    data: str
    contestant: str
    auc: float
    ks: float
    fit: float
    rows_a_second: float
    memory: float


@dataclass(frozen=True)
class Failed:
    """A contestant that did not install or run, and the last thing that it said. `data` is empty where it ran on none."""

    data: str
    contestant: str
    error: str


PEERS = (
    Peer("logistic regression", "logistic", "scikit-learn"),
    Peer("optbinning", "optbinning", "optbinning"),
    Peer("toad", "toad", "toad"),
    Peer("scorecardpy", "scorecardpy", "scorecardpy", ("setuptools<81", "pandas<3")),
    Peer("EBM", "ebm", "interpret-core"),
    Peer("LightGBM", "lightgbm", "lightgbm"),
)


def install(peer: Peer) -> tuple[Environment | None, list[Failed]]:
    """(the environment in which the peer can be imported, what failed on the way): as it comes, and then with its pins."""
    failed = list[Failed]()
    for pins in dict.fromkeys([(), peer.pins]):
        name = f"{peer.name} with {', '.join(pins)}" if pins else peer.name
        folder = ENVIRONMENTS.absolute() / "-".join([peer.function, *(["pinned"] if pins else [])])
        try:
            return _environment(replace(peer, name=name), folder, pins), failed
        except subprocess.CalledProcessError as error:
            failed.append(Failed("", peer.name, _said(error.stderr)))
    return None, failed


def _environment(peer: Peer, folder: Path, pins: Sequence[str]) -> Environment:
    python = folder / "bin" / "python"
    if not python.exists():
        _run(_uv(), "venv", "--quiet", "--python", sys.executable, str(folder))
    _run(_uv(), "pip", "install", "--quiet", "--python", str(python), peer.package, *STACK, *pins)
    module = peer.package.removesuffix("-core").replace("scikit-learn", "sklearn")
    told = f"from importlib.metadata import version; import {module}; print(version({peer.package!r}))"
    return Environment(peer, python, f"{peer.package} {_run(str(python), '-c', told).split()[-1]}")


def _uv() -> str:
    """The `uv` on the path, else the one that `make` put beside Python."""
    return shutil.which("uv") or str(Path(sys.executable).with_name("uv"))


def run(peers: Sequence[Environment], parts: Parts) -> Iterator[Result | Failed]:
    """Every peer on one set, one after another, each in a fresh process."""
    for each in peers:
        yield run_one(each.peer.name, parts, [str(each.python), str(PROGRAM), each.peer.function])


def run_one(contestant: str, parts: Parts, command: Sequence[str], options: Sequence[str] = ()) -> Result | Failed:
    """A contestant on one set: its `command` is given the two parts, the file for its risks, `options` and the columns of text.

    Its last line is what it took, as JSON.
    """
    with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder:
        out = Path(folder) / "risks.npy"
        whole = [*command, str(parts.train), str(parts.test), str(out), *options, "--text", *parts.text]
        try:
            took = json.loads(_run(*whole).splitlines()[-1])
        except subprocess.CalledProcessError as error:
            return Failed(parts.name, contestant, _said(error.stderr))
        except subprocess.TimeoutExpired:
            return Failed(parts.name, contestant, f"not ready after {SECONDS:,.0f} s")
        return judged(parts, contestant, np.load(out), took)


def judged(parts: Parts, contestant: str, risks: NDArray[np.float64], took: dict[str, float]) -> Result:
    """AUC and KS of risks of the test part, higher is worse, with what they took."""
    from sklearn.metrics import roc_auc_score, roc_curve

    bad = pq.read_table(parts.test, columns=[TARGET]).column(TARGET).to_numpy()
    false, true, _ = roc_curve(bad, risks)
    auc, ks = float(roc_auc_score(bad, risks)), float(np.max(true - false))
    return Result(parts.name, contestant, auc, ks, took["fit"], took["rows_a_second"], took["memory"])


def _run(*command: str) -> str:
    environment = {**os.environ, **QUIET_THREADS}
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS, env=environment).stdout


def _said(stderr: str) -> str:
    """The last line of what a program said, cut to the width of a table."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return (lines[-1] if lines else "it said nothing")[:120]
