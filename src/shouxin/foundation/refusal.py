"""A refusal: what was asked cannot be done, and the sentence that says what would be right, in Chinese and in English."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, ClassVar


class Refusal(Exception):
    """An input or a step that is refused. Subclasses are named after the sentence that was broken, such as `AmountNotPositive`.

    field:  what was wrong, in the words of the input: `amount`, `events[2].date`
    value:  what stood there, as text
    limits: what the sentence of the subclass needs, by name; dates and numbers are written as they come

    passing: of a subclass, that the same request may be answered otherwise once something is mended; it is no answer to keep

    >>> class AmountAboveLimit(Refusal):
    ...     en, zh = "at most {most}", "最多 {most}"
    >>> str(AmountAboveLimit("amount", "120.00", most="100.00"))
    'amount: 120.00: at most 100.00'
    >>> AmountAboveLimit("amount", "120.00", most="100.00").text("zh")
    'amount：120.00：最多 100.00'
    """

    en: ClassVar[str] = ""
    zh: ClassVar[str] = ""
    passing: ClassVar[bool] = False

    def __init__(self, field: str, value: object, **limits: object) -> None:
        self.field, self.value, self.limits = printable(field, 300), printable(value), limits
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.field, self.value, self.limits)

    @property
    def code(self) -> str:
        """The stable name of the refusal."""
        return type(self).__name__

    def right(self, lang: str) -> str:
        """What would be right."""
        return (self.zh if lang == "zh" else self.en).format(**self.limits)

    def text(self, lang: str) -> str:
        """Field, value and what would be right, in one line."""
        return ("：" if lang == "zh" else ": ").join((self.field, self.value, self.right(lang)))

    def at(self, field: str) -> Refusal:
        """The same refusal of another field: inputs have names of their own for what is refused deeper down."""
        return _rebuild(type(self), field, self.value, self.limits)

    def to_dict(self, lang: str = "en") -> dict[str, str]:
        """For programs: code, field, value, right."""
        return {"code": self.code, "field": self.field, "value": self.value, "right": self.right(lang)}


def _rebuild(kind: type[Refusal], field: str, value: str, limits: dict[str, object]) -> Refusal:
    return kind(field, value, **limits)


def printable(value: object, most: int = 80) -> str:
    """A value as text on one line: without control characters, cut to a length; nothing as a pair of quotes.

    Of a path the end is kept, which says which file it is.

    >>> printable("abcdefgh", 6), printable(PurePath("/a/long/way/file.csv"), 11)
    ('abc...', '...file.csv')
    """
    text = "".join(each if each.isprintable() else repr(each)[1:-1] for each in str(value))
    if 0 < len(text) <= most:
        return text
    if isinstance(value, PurePath):
        return "..." + text[3 - most :]
    return text[: most - 3] + "..." if text else '""'
