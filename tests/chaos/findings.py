"""What the judges find: violations by kind, each with a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

MOST_SHOWN = 5


class Kind(StrEnum):
    """What can be broken."""

    FAULT = "fault instead of an answer"
    DIED = "process ended by itself"
    UNANSWERED = "never answered"
    ANSWER_LOST = "acknowledged answer not stored"
    ANSWER_DIFFERS = "told another answer than the stored one"
    NOT_ASKED = "stored or done without a request"
    EFFECT_MISSING = "done and without its effect"
    EFFECT_TWICE = "done more than once"
    REFUSED_WITH_EFFECT = "refused, and done all the same"
    MONEY = "money differs"
    ROWS = "rows differ from what was acknowledged"
    HEADROOM = "drawn beyond headroom"
    SUMS = "sums differ from the replayed events"
    BOOKS = "check of ledger or servicing"
    CHAIN = "chain of sealed days"
    TOLD = "relay"
    PAGES = "pages on the disk"


class Findings:
    """Violations by kind."""

    def __init__(self) -> None:
        self._found: dict[Kind, list[str]] = defaultdict(list)

    def add(self, kind: Kind, sentences: Iterable[str]) -> None:
        """What breaks something; nothing where there are no sentences."""
        for each in sentences:
            self._found[kind].append(each)

    @property
    def count(self) -> int:
        """How many violations there are."""
        return sum(map(len, self._found.values()))

    def lines(self) -> list[str]:
        """The kinds with their numbers, and the first sentences of each."""
        lines = []
        for kind, sentences in sorted(self._found.items()):
            lines.append(f"VIOLATED {kind}: {len(sentences)}")
            lines += [f"  {each}" for each in sentences[:MOST_SHOWN]]
        return lines
