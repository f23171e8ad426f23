"""What validating and monitoring refuse, each named after the sentence that was broken."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class OutcomesTooFew(Refusal):
    """A single good or bad row, of which no spread can be known."""

    en = "bad rows of {rows}; at least two good and two bad rows are needed, and some hundreds for numbers that hold"
    zh = "共 {rows} 行中的坏样本数；好、坏样本各须至少 2 行，结果要可靠则须数百行"


class GroupsTooMany(Refusal):
    """A column that parts the rows into more groups than a table can tell apart."""

    en = "different values: at most {most}; name a column with few values, or make bands of it first"
    zh = "个不同取值，最多 {most} 个；请改用取值较少的列，或先分段"


class DaysTooFarApart(Refusal):
    """Days over so many years that no table shows them."""

    en = "days over at most {most} years; these go from {first} to {last}: is the century right?"
    zh = "日期跨度最多 {most} 年；这里从 {first} 到 {last}，请检查世纪是否正确"


class CutoffOutsideScale(Refusal):
    """A cut-off that no score can reach, or that every score reaches."""

    en = "a score from {lowest} to {highest}, the card's scale"
    zh = "须为评分卡刻度内的分数：{lowest} 至 {highest}"
