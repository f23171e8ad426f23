"""Measuring on a machine that others use too.

Contestants take turns within every round, and ratios are taken per round. What counts is the CPU time of the process, all its
threads: a call that waits for a core is not slow, and long calls wait more often than short ones.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import starmap
from pathlib import Path
from typing import Any

from shouxin.infra.db.binaries import programs


@dataclass(frozen=True)
class Row:
    """One line of the table; `met` is None where there is no budget."""

    work: str
    ours: str
    against: str
    ratio: str = ""
    budget: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """`met`, `MISSED`, or nothing."""
        return "" if self.met is None else "met" if self.met else "MISSED"


@dataclass(frozen=True)
class Contestant:
    """What is measured: `prepare` makes the arguments of the calls from customers, and is not measured."""

    prepare: Callable[[Sequence[Any]], list[tuple[Any, ...]]]
    call: Callable[..., object]


def take_turns(contestants: Mapping[str, Contestant], rounds: Iterable[Sequence[Any]]) -> dict[str, list[float]]:
    """Seconds of CPU per customer of each contestant, round by round.

    Every round brings customers that nobody has seen, since a cache that knows them would flatter; their values are read just
    before, as a request has just brought them. Who begins changes from round to round.
    """
    names, found = list(contestants), {name: list[float]() for name in contestants}
    for number, customers in enumerate(rounds):
        for offset in range(len(names)):
            name = names[(number + offset) % len(names)]
            each = contestants[name]
            calls = each.prepare(customers)
            gc.collect()
            gc.freeze()
            started = time.process_time()
            deque(starmap(each.call, calls), maxlen=0)
            found[name].append((time.process_time() - started) / len(customers))
            gc.unfreeze()
    return found


def ratios(many: Sequence[float], few: Sequence[float]) -> tuple[float, str]:
    """The median ratio of two measurements taken in the same rounds, and as text with its middle half."""
    each = [a / b for a, b in zip(many, few, strict=True)]
    middle = statistics.median(each)
    low, _, high = statistics.quantiles(each, n=4) if len(each) > 1 else (middle, middle, middle)
    return middle, f"{middle:.1f}x ({low:.1f}-{high:.1f})"


def micro(seconds: Sequence[float]) -> str:
    """The median in microseconds."""
    return f"{statistics.median(seconds) * 1e6:.1f} µs"


def most_memory() -> float:
    """The most memory that this process held, in MiB. `getrusage` will not do: it begins with what the parent held."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def machine() -> list[str]:
    """Versions and the machine, one line each."""
    packages = ("duckdb", "zen-engine", "pyspark", "numpy", "pyxirr", "psycopg")
    versions = ", ".join([*(f"{name} {metadata.version(name)}" for name in packages), f"PostgreSQL {programs().version}"])
    cpu = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        f"Python {platform.python_version()}, {versions}",
        f"{os.cpu_count()} cores of {cpu}, {memory:.0f} GiB, {platform.system()} {platform.release()}; load at the end: {load}",
    ]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
