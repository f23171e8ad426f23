"""How a card's inputs are read from what stands in a row: text, numbers, flags; and what counts as missing.

What is read is a float, a text, a flag, or None for missing. `cells_sql.py` says the same in SQL.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shouxin.engines.policy.card_shapes import FittedInputShape
from shouxin.engines.policy.tree import Value
from shouxin.engines.scoring.cards.embed import NUMBERS

# Within the range of a double, since PostgreSQL refuses what is beyond: long digits with a short exponent, or as computers write
# a double, with one digit before the point. Infinities and NaN as pandas, Spark and PostgreSQL write them.
DIGITS = "([0-9]{1,50}([.][0-9]{0,50})?|[.][0-9]{1,50})(e[+-]?[0-9]{1,2})?"
SCIENTIFIC = "[0-9]([.][0-9]{0,50})?e[+-]?([12]?[0-9]{2}|30[0-7])"
NUMBER = f"[+-]?({DIGITS}|{SCIENTIFIC})"
NUMBER_WORDS = "[+-]?inf(inity)?|nan"
YES, NO = ("true", "1", "1.0"), ("false", "0", "0.0")
WHOLE_UP_TO = 10**15

_NUMBER = re.compile(f"(?:{NUMBER}|{NUMBER_WORDS})\\Z")


class Kind(StrEnum):
    """What an input is read as."""

    NUMBER = "number"
    WORD = "word"
    FLAG = "flag"


RIGHT = {
    Kind.NUMBER: "a number such as 12 or 0.35; empty where it is missing",
    Kind.WORD: "a text, a number or a flag; empty where it is missing",
    Kind.FLAG: "true or false, or 1 or 0; empty where it is missing",
}


@dataclass(frozen=True)
class Cell:
    """How one input is read.

    name:    the input's, in the card
    column:  the data file's
    words:   text in the file -> word of the card
    missing_numbers, missing_texts: what counts as missing beside NULL, NaN and empty text
    """

    name: str
    column: str
    kind: Kind
    words: Mapping[str, str]
    missing_numbers: tuple[float, ...]
    missing_texts: tuple[str, ...]

    def read(self, written: object) -> Value:
        """The value that a card compares; raises ValueError that says what would be right."""
        if self.kind is Kind.WORD:
            return self._word(written)
        return self._number(written) if self.kind is Kind.NUMBER else self._flag(written)

    def _number(self, written: object) -> float | None:
        if isinstance(written, str) and written.strip(" ") in self.missing_texts:
            return None
        number = number_of(written)
        return None if number in self.missing_numbers else number

    def _word(self, written: object) -> str | None:
        word = word_of(written)
        return None if word is None or word in self.missing_texts else self.words.get(word, word)

    def _flag(self, written: object) -> bool | None:
        text = written.strip(" ") if isinstance(written, str) else word_of(written)
        if not text or text in self.missing_texts:
            return None
        word = self.words.get(text, text).lower()
        if word not in YES + NO:
            raise ValueError(RIGHT[Kind.FLAG])
        return word in YES


def cell_of(name: str, shape: FittedInputShape) -> Cell:
    """How an input is read, from its shape under `fitted.inputs`."""
    kind = Kind.NUMBER if shape.type in NUMBERS else Kind.WORD if shape.type == "enum" else Kind.FLAG
    texts = tuple(dict.fromkeys(str(each) for each in shape.missing_values))
    readable = (each for each in texts if _NUMBER.match(each.lower()))
    missing = tuple(dict.fromkeys(float(each) for each in readable if not math.isnan(float(each))))
    return Cell(name, shape.column, kind, shape.map, missing if kind is Kind.NUMBER else (), texts)


def number_of(written: object) -> float | None:
    """A number, written as one or as text; None for NULL, NaN and empty text. A flag is 1 or 0.

    Raises ValueError for anything else.

    >>> number_of(" 12.50 "), number_of(True), number_of("nan"), number_of("-Infinity")
    (12.5, 1.0, None, -inf)
    """
    if written is None:
        return None
    if isinstance(written, str):
        text = written.strip(" ").lower()
        if text and not _NUMBER.match(text):
            raise ValueError(RIGHT[Kind.NUMBER])
        written = float(text or "nan")
    if not isinstance(written, numbers.Real | Decimal):
        raise ValueError(RIGHT[Kind.NUMBER])
    try:
        number = float(written)
    except (OverflowError, ValueError):  # an integer beyond every double, a signalling NaN
        raise ValueError(RIGHT[Kind.NUMBER]) from None
    return None if math.isnan(number) else number


def word_of(written: object) -> str | None:
    """A text as it stands; of a whole number its digits, of a flag true or false; None for NULL, NaN and empty text.

    Raises ValueError for anything else.

    >>> word_of("car "), word_of(3.0), word_of(0.5), word_of(True), word_of(float("nan"))
    ('car ', '3', '0.5', 'true', None)
    """
    if written is None or isinstance(written, str):
        return written or None
    if isinstance(written, bool):
        return str(written).lower()
    if isinstance(written, numbers.Integral):
        return str(written)
    if isinstance(written, numbers.Real | Decimal):
        return _digits(written if isinstance(written, Decimal) else float(written))
    if isinstance(written, dt.date) and not isinstance(written, dt.datetime):
        return written.isoformat()
    raise ValueError(RIGHT[Kind.WORD])


def _digits(number: Decimal | float) -> str | None:
    """A whole number without a point, as text columns of codes have them that pandas or a database kept as doubles."""
    if math.isnan(number):
        return None
    if -WHOLE_UP_TO < number < WHOLE_UP_TO and number == int(number):
        return str(int(number))
    return f"{number:f}" if isinstance(number, Decimal) else repr(number)
