"""Short runs of the fault test, and that it finds bugs that are planted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.findings import Kind
from tests.chaos.planted import VARIABLE

pytestmark = pytest.mark.chaos
ROOT = Path(__file__).parents[2]
MOST_SECONDS = 200  # a run that hangs is ended, and cleans up
KILLED = ("client", "closer", "relay", "session", "backend", "postmaster")


def chaos(*options: str, planted: str | None = None) -> tuple[int, str]:
    """A run in a process of its own, on the wheel's server; returns its exit code, and what it printed."""
    environment = {name: value for name, value in os.environ.items() if name not in ("SHOUXIN_PG_BIN", VARIABLE)}
    if planted:
        environment[VARIABLE] = planted
    command = [sys.executable, "-m", "tests.chaos", *options]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            printed, _ = process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            printed, _ = process.communicate()
    print(printed)
    return process.returncode, printed


def test_nothing_is_lost_or_done_twice() -> None:
    code, printed = chaos("--seconds=30")
    assert "\nviolations: 0\n" in printed
    assert code == 0
    [kills] = re.findall(r"^kills: (.*)$", printed, re.MULTILINE)
    counts = {name: int(count) for name, count in re.findall(r"(\w+) (\d+)", kills)}
    assert min(counts[kind] for kind in KILLED) >= 2, kills


@pytest.mark.parametrize(
    ("planted", "kinds"),
    [
        ("split", ({Kind.SUMS}, {Kind.BOOKS})),
        ("forgetful", ({Kind.ANSWER_LOST}, {Kind.EFFECT_TWICE, Kind.ANSWER_DIFFERS})),
    ],
)
def test_a_planted_bug_shows(planted: str, kinds: tuple[set[Kind], ...]) -> None:
    code, printed = chaos("--seconds=4", "--clients=4", "--customers=12", planted=planted)
    assert code == 1
    told = set(re.findall("^VIOLATED (.*?): ", printed, re.MULTILINE))
    assert [any_of for any_of in kinds if not told & any_of] == []
