"""What a question and its answer are: frozen values. Read first: `Question`, `Answer`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from shouxin.desk.advice.answers.values import Listed, Value
from shouxin.foundation.texts import Text

if TYPE_CHECKING:
    from shouxin.desk.advice.answers.view import View


# What any question is answered where facts that it needs are not known, and before the identity is proven; words under `ANY`.
ANY, FACTS_MISSING, IDENTITY_FIRST = "ANY", "facts_missing", "identity_first"


class FactsLacking(Exception):
    """An answer asks for what cannot be assessed: required facts are not known."""


class Source(StrEnum):
    """What something rests on: a setting of the bundle, a fact about the customer, or our own books."""

    SETTING = "setting"
    FACT = "fact"
    BOOKS = "books"


@dataclass(frozen=True, slots=True)
class Use:
    """Something that an answer rests on, so that it can be checked.

    name:  of a setting its path, such as `reopening.waits.by_choice`; of a fact its name; of our books one of `words.BOOKS`
    text:  what people call it; of a setting nothing but its name
    where: file and line of the bundle; who said the fact and when; which line or loan
    """

    source: Source
    name: str
    value: Value | None
    where: str
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of an answer: which case applies, what its text is filled with, and what it rests on."""

    case: str
    values: Mapping[str, Value] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, paragraph by paragraph; never empty. notices: what must be said with it"""

    code: str
    parts: tuple[Part, ...]
    notices: tuple[Text, ...] = ()

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that apply, in order."""
        return tuple(each.case for each in self.parts)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that customers ask.

    code:    its stable name; the bundle's `answers.yaml` has its words under it
    cases:   case -> the names that its text may fill in, parted by spaces
    parts:   what is answered from what is known of a customer; at least one part
    notices: case -> what must be said where the case applies
    tries:   it rests on steps that are really tried and undone
    """

    code: str
    cases: Mapping[str, str]
    parts: Callable[[View], Iterable[Part]]
    notices: Mapping[str, tuple[Text, ...]] = field(default_factory=lambda: MappingProxyType({}))
    tries: bool = False

    def names(self, case: str) -> frozenset[str]:
        """What the text of a case may fill in."""
        return frozenset(self.cases[case].split())

    def answer(self, view: View) -> Answer:
        """The answer for one customer; that facts are missing, where it needs them, or that the identity comes first."""
        if not view.proven:
            return Answer(self.code, (say(IDENTITY_FIRST),))
        try:
            parts = tuple(self.parts(view))
        except FactsLacking:
            return Answer(self.code, (say(FACTS_MISSING, facts=Listed(view.lacking)),))
        assert parts, self.code
        for each in parts:
            assert each.values.keys() == self.names(each.case), (self.code, each.case)
        told = dict.fromkeys(text for each in parts for text in self.notices.get(each.case, ()))
        return Answer(self.code, parts, tuple(told))


def say(case: str, *uses: Use, **values: Value) -> Part:
    """A part: `say("unused", use, product=name, day=day)`."""
    return Part(case, values, uses)
