"""Bugs that are planted on purpose, to see that the fault test finds them. Only a client of the test reads the variable.

SHOUXIN_CHAOS_PLANTED=split: what a draw or its end does to the sums is committed apart from the rest.
SHOUXIN_CHAOS_PLANTED=forgetful: answers are not kept.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from shouxin.book.facilities import work as frame
from shouxin.book.facilities.model import Facility
from shouxin.book.facilities.work import Work
from shouxin.desk.servicing import draw as drawing

VARIABLE = "SHOUXIN_CHAOS_PLANTED"
GAP_SECONDS = 0.02


def plant() -> None:
    """Break this process as the variable says; nothing where it is not set."""
    name = os.environ.get(VARIABLE)
    if name:
        BUGS[name]()


def _split() -> None:
    whole: Callable[[Work, Facility], None] = vars(drawing)["store_sums"]

    def store_sums(work: Work, changed: Facility) -> None:
        whole(work, changed)
        work.finish()
        work.unit.commit()
        time.sleep(GAP_SECONDS)

    vars(drawing)["store_sums"] = store_sums


def _forgetful() -> None:
    vars(frame)["keep_answer"] = lambda *_: None


BUGS: Mapping[str, Callable[[], None]] = {"split": _split, "forgetful": _forgetful}
