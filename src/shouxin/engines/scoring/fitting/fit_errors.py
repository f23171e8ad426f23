"""What a fit refuses of its data and its specification, with the remedy, and what it warns of and goes on with."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text

FEWEST_BADS = 20
FEW_BADS = 200


@dataclass(frozen=True, slots=True)
class FitWarning:
    """What is doubtful about a column and what can be done; the fit goes on."""

    column: str
    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The warning in both languages, with the column."""
        return Text(f"{self.column}：{self.zh}", f"{self.column}: {self.en}")


class ColumnsAbsent(Refusal):
    """The specification names columns that the data does not have."""

    en = "columns of {data}{near_en}; correct the name, or take the column out of the specification"
    zh = "须为 {data} 中的列{near_zh}；请更正列名，或从规格文件中删去该列"


class TargetOneClass(Refusal):
    """A target of one outcome only: nothing can be ranked."""

    en = "both outcomes among the {rows:,} rows whose outcome is known; the bad value is {bad}: name another column, or COL=BAD"
    zh = "{rows:,} 行已知表现的样本中须同时有好有坏；坏样本取值为 {bad}，请换一列或改用 COL=BAD"


class TargetEmpty(Refusal):
    """A target without a single value."""

    en = "a column that says the outcome of at least some rows; here every row is missing or indeterminate"
    zh = "至少部分样本须有表现结果；这里全部缺失或为不确定"


class TargetNeedsBad(Refusal):
    """A target whose values do not say by themselves which is bad."""

    en = "which value is bad cannot be seen from {values}; say it: {remedy}"
    zh = "从取值 {values} 看不出哪个代表坏；请写明：{remedy}"


class TargetManyValues(Refusal):
    """A target of more than two values, and nothing says which are bad."""

    en = "two values, or COL=BAD that says which one is bad; here there are {count:,}, such as {values}"
    zh = "目标列须只有两个取值，或用 COL=BAD 指明坏的取值；这里有 {count:,} 个，例如 {values}"


class BadValueAbsent(Refusal):
    """No row has the value that means bad."""

    en = "a value that {column} has: {values}"
    zh = "须为 {column} 中出现的取值：{values}"


class TooFewBads(Refusal):
    """So few rows of an outcome that points would be chance."""

    en = "at least {fewest} bad and {fewest} good rows to fit on, better {few}; bring more data or a wider definition of bad"
    zh = "用于建模的好、坏样本各至少 {fewest} 行，最好各在 {few} 行以上；请补充数据或放宽坏样本定义"


class SplitNotDays(Refusal):
    """A split out of time by a column that holds no days."""

    en = "a column of days; in a CSV file they are written YYYY-MM-DD. Columns of days here: {days}"
    zh = "须为日期列；CSV 文件中日期写作 YYYY-MM-DD。现有日期列：{days}"


class SplitOneSided(Refusal):
    """A split that leaves one outcome, or nothing, on one of its sides."""

    en = "a day that leaves good and bad rows on both sides; the days with an outcome go from {first} to {last}"
    zh = "分割日两侧都须有好、坏样本；有表现的样本日期从 {first} 到 {last}"


class ProtectedUsed(Refusal):
    """A protected attribute among the columns that are used."""

    en = "measured and never used: set `use: false`; or take it out of `protected` if the law allows its use"
    zh = "受保护属性只用于度量、不得入模；请设 `use: false`，法律允许使用的可从 `protected` 中移除"


class TargetUsed(Refusal):
    """The outcome, or a column that only describes the rows, among the columns that are used."""

    en = "this column is the {role}; set `use: false`"
    zh = "该列是 {role}；请设 `use: false`"


class WeightsNotPositive(Refusal):
    """Weights that are not numbers above zero."""

    en = "a number above zero in every row; row {row:,} has none: leave such rows out, or take `weights` out"
    zh = "每行须为大于零的数；第 {row:,} 行不是：请剔除这些样本，或删去 `weights`"


class NoColumnUsed(Refusal):
    """Nothing to fit on."""

    en = "at least one column with `use: true`"
    zh = "至少有一列 `use: true`"


class InfiniteValues(Refusal):
    """Infinities among a column's numbers."""

    en = "finite numbers; mend the data (a division by zero?), or write `missing_values: [{written}]` where it means missing"
    zh = "须为有限数；若无穷大表示缺失，请写 `missing_values: [{written}]`，否则请修正数据（是否除以了零？）"


class CellsNotNumbers(Refusal):
    """A column declared as numbers that holds texts."""

    en = "numbers; {count:,} cells are none. Where they mean missing, add them to `missing_values`; else `type: enum`"
    zh = "须为数值；有 {count:,} 个单元格不是。若表示缺失请加入 `missing_values`，否则用 `type: enum`"


class DaysUsed(Refusal):
    """A column of days among the columns that are used."""

    en = "a number, a text or a flag; make a span of it, such as months between it and the decision, or set `use: false`"
    zh = "须为数值、文本或是/否；请换算成时间跨度（如距审批的月数），或设 `use: false`"


class CellsNotFlags(Refusal):
    """A column declared as flags that holds something else."""

    en = "true and false, or 1 and 0; else `type: enum` or `type: int`"
    zh = "须为 true/false 或 1/0；否则用 `type: enum` 或 `type: int`"


class LeaksFound(Refusal):
    """Columns that seem to know the outcome."""

    en = "columns known before the outcome; look at each: `use: false`, or `--allow COL`, which the card records: {found}"
    zh = "须为表现期之前已知的列；请逐列核对，然后设 `use: false`，或用 `--allow COL` 放行（评分卡会记录）：{found}"


def nearest(name: str, known: Iterable[str]) -> Text:
    """The column that was perhaps meant, as the end of a sentence; nothing where none is near.

    >>> nearest("Age ", ["age", "income"]).en
    '; did you mean age?'
    """
    lowered = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.lower(), list(lowered), n=1)
    return Text(f"；是否指 {lowered[close[0]]}？", f"; did you mean {lowered[close[0]]}?") if close else Text("", "")
