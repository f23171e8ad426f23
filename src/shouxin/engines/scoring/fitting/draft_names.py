"""Drafted names: of a column the name of its input, its reason code, and what it is called in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from shouxin.engines.policy.names import check_name, check_product
from shouxin.engines.scoring.fitting.glossary import PHRASES
from shouxin.engines.scoring.fitting.spec import LONGEST_REASON

MOST = LONGEST_REASON

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_SPAN_OF_DAYS = re.compile(r"(?:number of )?times? (\d+) (?:(\d+) )?days (?:past due|late)(?: not worse)?\Z")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one column."""

    input: str
    reason: str
    zh: str
    en: str


def draft_names(column: str, taken: Collection[str]) -> Names:
    """Names for a column; the input's is none of those taken.

    >>> draft_names("NumberOfTime60-89DaysPastDueNotWorse", ())
    Names(input='number_of_time_60_89_days_past_due_not_w', reason='NUMBER_OF_TIME_60_89_DAYS_PAST_DUE_NOT_W', \
zh='逾期60–89天次数', en='number of time 60 89 days past due not worse')
    >>> draft_names("LIMIT", ["limit_value"]).input
    'limit_value_2'
    """
    words = words_of(column)
    name = free_name("_".join(each for each in words if each.isascii()), taken)
    text = " ".join(words) or column.strip() or name
    return Names(name, name.upper(), chinese(words) or column.strip() or name, text)


def words_of(column: str) -> list[str]:
    """The words of a column's name, in small letters.

    >>> words_of("DebtRatio"), words_of("LoanNr_ChkDgt"), words_of("BILL_AMT1"), words_of("年收入_2")
    (['debt', 'ratio'], ['loan', 'nr', 'chk', 'dgt'], ['bill', 'amt', '1'], ['年收入', '2'])
    """
    return [each.lower() for each in _PARTS.findall(column)]


def free_name(name: str, taken: Collection[str]) -> str:
    """The nearest name that may stand in a bundle and is not taken."""
    start = name.strip("_")
    if not start[:1].isalpha():
        start = f"column_{start}".strip("_")
    if not _allowed(start[:MOST].rstrip("_")):
        start += "_value"
    for number in range(1, 10_000):
        ending = f"_{number}" if number > 1 else ""
        found = start[: MOST - len(ending)].rstrip("_") + ending
        if found not in taken and _allowed(found):
            return found
    raise AssertionError("ten thousand columns of one name")


def chinese(words: list[str]) -> str | None:
    """The Chinese name where every word is known; a number at the end stays.

    >>> chinese(["loan", "amount"]), chinese(["bill", "amt", "1"]), chinese(["attr", "1"])
    ('贷款金额', '账单金额1', None)
    """
    span = _SPAN_OF_DAYS.match(" ".join(words).replace("number of times", "times").replace("number of time", "times"))
    if span:
        return f"逾期{span[1]}–{span[2]}天次数" if span[2] else f"逾期{span[1]}天及以上次数"
    found, place = "", 0
    while place < len(words):
        for length in range(min(6, len(words) - place), 0, -1):
            phrase = " ".join(words[place : place + length])
            if phrase in PHRASES or (found and phrase.isdigit()):
                found += PHRASES.get(phrase, phrase)
                place += length
                break
        else:
            return None
    return found or None


def product_code(name: str) -> str:
    """The nearest code to a file's name, for a card.

    >>> product_code("My Loans_2024.csv"), product_code("数据.csv")
    ('my-loans-2024', 'card')
    """
    words = [each for each in words_of(name.rsplit(".", 1)[0]) if each.isascii()]
    code = re.sub(r"\A[^a-z]+", "", "-".join(words))[:40].strip("-")
    try:
        return check_product(code)
    except ValueError:
        return "card"


def _allowed(name: str) -> bool:
    try:
        check_name(name)
    except ValueError:
        return False
    return len(name) > 1  # a reason code has at least two letters
