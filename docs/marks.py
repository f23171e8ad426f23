"""Marks beside the numbers of a bundle: A an assumption, K to be checked, V read on secondary pages, each with its source.

A mark is a remark at the end of a line (`amount: 200000 # V - source`). A line `# mark: A - source` near the top of a
file holds for every line that has no mark of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MEANINGS = {"A": "assumption", "K": "to be checked", "V": "read on secondary pages"}
WORDS = frozenset({"zh", "en", "do_zh", "do_en", "version"})  # keys whose values are words, whatever digits stand in them

_OF_FILE = re.compile(r"#\s*mark:\s*([AKV])\b\s*-?\s*(.*)\Z")
_OF_LINE = re.compile(r"\s#\s+([AKV])(?:\s*[-:]\s+(.*))?\Z")
_REMARK = re.compile(r"(?:^|\s)#.*\Z")
_QUOTED = re.compile(r'"[^"]*"')
_TEXTS = re.compile(rf"\b({'|'.join(sorted(WORDS))}):\s*(?:T|[^,}}]*)")
_NUMBER = re.compile(r"(?<![\w.-])-?\d")


@dataclass(frozen=True, order=True)
class Mark:
    """One mark and the source that it names; `own` where it stands beside the value, not at the top of its file."""

    letter: str
    source: str = ""
    own: bool = False


@dataclass(frozen=True)
class Marks:
    """The marks of one file.

    lines:   line -> the mark that stands on it
    numbers: lines on which a number of the policy stands
    """

    whole: Mark | None
    lines: Mapping[int, Mark]
    numbers: frozenset[int]

    def at(self, *lines: int) -> tuple[Mark, ...]:
        """The marks that hold on some lines, each once: their own, else the file's."""
        found = (self.lines.get(line, self.whole) for line in lines)
        return tuple(dict.fromkeys(mark for mark in found if mark is not None))


def marks_of(name: str, text: str) -> Marks:
    """The marks of a file.

    >>> marks = marks_of("caps.yaml", "# mark: A - a guess\\nscore: 600\\ncap: 24 # V - a notice\\n")
    >>> marks.at(2), marks.at(3)
    ((Mark(letter='A', source='a guess', own=False),), (Mark(letter='V', source='a notice', own=True),))
    """
    whole: Mark | None = None
    lines: dict[int, Mark] = {}
    numbers: set[int] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if whole is None and (of_file := _OF_FILE.match(line)):
            whole = Mark(of_file[1], of_file[2].strip())
        elif not line.lstrip().startswith("#") and (of_line := _OF_LINE.search(line)):
            lines[number] = Mark(of_line[1], (of_line[2] or "").strip(), own=True)
        if _NUMBER.search(_values(name, line)):
            numbers.add(number)
    return Marks(whole, lines, frozenset(numbers))


def unmarked(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Lines (number, text) of a YAML or CSV file that hold a number of the policy and no mark.

    Words (`zh`, `en`), remarks, cases and the ranks of reasons are not numbers of the policy.

    >>> list(unmarked("rules.yaml", "rules:\\n  - code: UNDER_18\\n    when: age < 18 # full age\\n"))
    [(3, '    when: age < 18 # full age')]
    """
    if name.startswith(("cases/", "reasons")):
        return
    marks, lines = marks_of(name, text), text.splitlines()
    for number in sorted(marks.numbers):
        if not marks.at(number):
            yield number, lines[number - 1]


def _values(name: str, line: str) -> str:
    """The part of a line that the policy computes with."""
    if name.endswith(".csv"):
        return "" if line.lstrip().startswith("#") else line
    return _TEXTS.sub(r"\1:", _QUOTED.sub(_told, _REMARK.sub("", line)))


def _told(found: re.Match[str]) -> str:
    """A quoted text: kept where it is a formula, one word `T` where it is prose."""
    text = found[0]
    return text if re.search(r"[<>=(*]", text) else "T"


def letters(marks: Iterable[Mark]) -> str:
    """The letters of some marks, as they stand in a table."""
    return ", ".join(dict.fromkeys(mark.letter for mark in marks))


def sources(marks: Iterable[Mark]) -> str:
    """The sources that some marks name."""
    return "; ".join(dict.fromkeys(mark.source for mark in marks if mark.source))
