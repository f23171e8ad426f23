"""Random customers beside customers in memory: after every step both say the same, and at the end all checks are silent.

SHOUXIN_LIVES=200 tries so many lives; a few are tried without it. A life that fails is told with only the steps that it needs.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from random import Random

import pytest

from shouxin.infra.db.connect import Target, connect
from tests.desk.servicing.beside import FORGET
from tests.desk.servicing.lender import lender
from tests.desk.servicing.lives import Lives

LIVES = int(os.environ.get("SHOUXIN_LIVES", "6"))
SHORTENING_SECONDS = 60
WEIGHTS = {
    "wait": 9,
    "flip": 3,
    "borrow": 8,
    "draw": 3,
    "rail": 4,
    "repay": 8,
    "receive": 5,
    "bounce": 3,
    "refund": 1,
    "change_loan": 9,
    "go_wrong": 1,
    "set_total": 1,
    "offer": 2,
    "accept": 2,
    "change_status": 2,
    "change_limit": 2,
    "renew_line": 2,
    "freeze": 1,
    "ask_again": 2,
    "ask_otherwise": 1,
}
Script = list[tuple[str, int]]
Run = Callable[[Script], None]


@pytest.fixture(scope="module")
def run(database: Target) -> Iterator[Run]:
    """Runs a script of steps with a lender that has forgotten the script before."""
    with lender(database) as bank, connect(database.owner) as owner:
        customers = [bank.customer() for _ in range(3)]

        def begun(script: Script) -> None:
            owner.execute(FORGET, prepare=False)
            owner.commit()
            Lives(bank, customers).run(script)

        yield begun
        bank.connection.rollback()


@pytest.mark.parametrize("life", range(LIVES))
def test_the_books_say_what_the_memory_says(run: Run, life: int) -> None:
    chance = Random(life)
    names = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=chance.randint(70, 110))
    script = [(name, chance.randrange(2**32)) for name in names]
    try:
        run(script)
    except Exception as error:
        error.add_note(f"life {life}; shortened: {shortened(run, script, kind_of(error))}")
        raise


def kind_of(error: Exception) -> str:
    """What two failures of one cause have in common."""
    return re.sub(r"[0-9a-f-]{36}|\d+", "", repr(error))[:60]


def shortened(run: Run, script: Script, kind: str) -> Script:
    """As few of the steps as still fail so, as far as that is found in a minute."""
    end, size = time.monotonic() + SHORTENING_SECONDS, len(script) // 2
    while size and time.monotonic() < end:
        for start in range(len(script) - size, -1, -size):
            fewer = script[:start] + script[start + size :]
            try:
                run(fewer)
            except Exception as error:
                script = fewer if kind_of(error) == kind else script
        size //= 2
    return script
