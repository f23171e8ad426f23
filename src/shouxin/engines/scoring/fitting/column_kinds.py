"""What a column looks like without its outcome: its type, how many values it has, and why it can be of no use to a card."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shouxin.engines.scoring.cards.cells import NUMBER, NUMBER_WORDS
from shouxin.engines.scoring.fitting.coding import LEVEL_ROWS, LEVEL_SHARE
from shouxin.engines.scoring.fitting.draft_names import words_of
from shouxin.engines.scoring.fitting.spec import InputType
from shouxin.engines.scoring.fitting.table import Table
from shouxin.engines.scoring.fitting.text_dates import is_number_date, is_text_date, is_year
from shouxin.foundation.texts import Text

NEARLY_UNIQUE = 0.95
NEARLY_CONSTANT = 0.999
MANY_LEVELS = 200
MOSTLY_NUMBERS = 0.9
FEW_WORDS = 5
ID_WORDS = frozenset({"id", "ids", "key", "uuid", "guid", "hash", "nr", "serial", "编号", "序号", "身份证", "account", "chk"})
POST_WORDS = frozenset({"zip", "zipcode", "postcode", "postal", "邮编", "邮政编码"})

_NUMBER = re.compile(f"({NUMBER}|{NUMBER_WORDS})\\Z", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f-]{16,}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """One column, looked at.

    missing: rows without a value; distinct: different values; top: rows of the commonest; rare: of too few rows for points
    of their own
    words:   of a column of numbers that the file keeps as text: the cells that are none, with their rows
    """

    column: str
    type: InputType
    rows: int
    missing: int
    distinct: int
    top: int
    rare: int
    is_day: bool = False
    is_text_day: bool = False
    is_year: bool = False
    is_id: bool = False
    is_post_code: bool = False
    words: tuple[tuple[str, int], ...] = ()


def look_at(table: Table, column: str) -> ColumnLook:
    """A column of a table, looked at."""
    if column in table.days:
        return _plain_look(table, column, "enum", is_day=True)
    return _text_look(table, column) if column in table.texts else _number_look(table, column)


def why_of_no_use(look: ColumnLook) -> Text | None:
    """Why a card cannot use a column, whatever its outcome; None where it can."""
    if look.distinct == 0:
        return Text("全部缺失", "all missing")
    if look.is_day:
        how = "以文本或数字保存的日期" if look.is_text_day else "日期"
        kept = "a day kept as text or number" if look.is_text_day else "a day"
        return Text(
            f"{how}：请换算成时间跨度（如距审批的月数）", f"{kept}: make a span of it, such as months before the decision"
        )
    if look.is_id:
        return Text(f"编号：{look.distinct:,} 个不同取值", f"an identifier: {look.distinct:,} different values")
    if look.top >= NEARLY_CONSTANT * look.rows or (look.distinct == 1 and not look.missing):
        share = look.top / look.rows
        return Text(f"几乎只有一个取值（占 {share:.1%}）", f"one value in {share:.1%} of rows")
    if look.missing >= NEARLY_CONSTANT * look.rows:
        return Text("几乎全部缺失", f"missing in {look.missing / look.rows:.1%} of rows")
    if look.is_post_code:
        return Text("邮编：代表住址，常间接反映种族或收入", "a post code: it stands for an address, and often for race or income")
    if look.is_year:
        return Text(
            "日历年份：新客户的年份评分卡未曾见过",
            "a calendar year: those of new customers were never seen (it can part rows in time)",
        )
    if too_many_levels(look):
        return Text(
            f"类别过多：{look.distinct:,} 个，其中 {look.rare:,} 个样本过少；请先归并",
            f"{look.distinct:,} levels, {look.rare:,} of them too rare for points of their own: group them first",
        )
    return None


def too_many_levels(look: ColumnLook) -> bool:
    """Whether a text has so many rare levels that its bins could not be read."""
    return look.type == "enum" and look.distinct > MANY_LEVELS and look.rare >= look.distinct / 2


def fewest_of_level(rows: int) -> float:
    """How many rows a level needs to get points of its own; see coding.py."""
    return max(LEVEL_SHARE * rows, LEVEL_ROWS)


def _plain_look(table: Table, column: str, kind: InputType, *, is_day: bool = False) -> ColumnLook:
    _, codes = table.distinct(column)
    counts = np.bincount(codes[codes >= 0]) if (codes >= 0).any() else np.zeros(0, dtype=np.intp)
    missing = int((codes < 0).sum())
    rare = int((counts < fewest_of_level(table.rows)).sum())
    return ColumnLook(column, kind, table.rows, missing, len(counts), int(counts.max(initial=0)), rare, is_day=is_day)


def _number_look(table: Table, column: str) -> ColumnLook:
    numbers = table.numbers[column]
    there = numbers[~np.isnan(numbers)]
    values, counts = np.unique(there, return_counts=True)
    whole = bool(np.all(values == np.floor(values))) and bool(np.isfinite(values).all())
    kind: InputType = "bool" if column in table.flags else "int" if whole and len(values) else "double"
    dated = whole and is_number_date(column, values.tolist())
    return ColumnLook(
        column,
        kind,
        table.rows,
        table.rows - len(there),
        len(values),
        int(counts.max(initial=0)),
        int((counts < fewest_of_level(table.rows)).sum()),
        is_day=dated,
        is_text_day=dated,
        is_year=whole and is_year(column, values.tolist()),
        is_id=whole and not dated and _is_number_id(column, there.tolist(), len(values)),
        is_post_code=whole and _is_post_code(column),
    )


def _is_post_code(column: str) -> bool:
    words = words_of(column)
    return bool(POST_WORDS & set(words)) or "postcode" in "".join(words)


def _is_number_id(column: str, there: Sequence[float], distinct: int) -> bool:
    """Whole numbers, nearly each in one row, that are named or count like an identifier."""
    if distinct < max(20, NEARLY_UNIQUE * len(there)):
        return False
    words = words_of(column)
    if ID_WORDS & set(words) or column.lower().endswith("id") or words[-1:] in (["no"], ["number"]):
        return True
    dense = max(there) - min(there) < 1.5 * len(there)
    return dense and all(low < high for low, high in pairwise(there))


def _text_look(table: Table, column: str) -> ColumnLook:
    look = _plain_look(table, column, "enum")
    values, _ = table.coded(column)
    words = [each for each in values if not _NUMBER.match(each.strip())]
    dated = is_text_date(values)
    unique = look.distinct >= max(20, NEARLY_UNIQUE * (look.rows - look.missing))
    hashed = look.distinct > MANY_LEVELS and all(_HASH.match(each) for each in values)
    kind: InputType = look.type
    found: tuple[tuple[str, int], ...] = ()
    if not dated and not unique and len(words) <= FEW_WORDS:
        kind, found = _numbers_with_words(table, column, words)
    return ColumnLook(
        column,
        kind,
        look.rows,
        look.missing,
        look.distinct,
        look.top,
        look.rare,
        is_day=dated,
        is_text_day=dated,
        is_id=not dated and (unique or hashed),
        is_post_code=_is_post_code(column),
        words=found,
    )


def _numbers_with_words(table: Table, column: str, words: Sequence[str]) -> tuple[InputType, tuple[tuple[str, int], ...]]:
    """Whether a text column is one of numbers but for a few words, such as `n/a`; codes of few levels stay words."""
    rows = Counter(each for each in table.texts[column] if each is not None)
    numeric = sum(count for each, count in rows.items() if each not in words)
    if numeric < MOSTLY_NUMBERS * sum(rows.values()) or len(rows) - len(words) < 10:
        return "enum", ()
    numbers = [float(each) for each in rows if each not in words]
    kind: InputType = "int" if all(each.is_integer() for each in numbers) else "double"
    return kind, tuple((each, rows[each]) for each in words)
