"""What is refused when money, rates and days are read."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class AmountUnreadable(Refusal):
    """The text is no amount of money."""

    en = "an amount in digits with a point, such as 10000 or 10000.50; no separators, no sign, no exponent"
    zh = "金额请只用数字和小数点，例如 10000 或 10000.50；不用千分位、正负号和指数"


class AmountFinerThanMinorUnit(Refusal):
    """The amount has fractions of the smallest unit."""

    en = "at most {decimals} decimals: {currency} has no smaller unit"
    zh = "最多 {decimals} 位小数：{currency} 没有更小的单位"


class AmountNotPositive(Refusal):
    """Zero or less."""

    en = "more than zero"
    zh = "须大于零"


class AmountNegative(Refusal):
    """Less than zero."""

    en = "zero or more"
    zh = "不得小于零"


class AmountTooLarge(Refusal):
    """Beyond what the books hold."""

    en = "at most {most}"
    zh = "最多 {most}"


class CurrencyUnknown(Refusal):
    """A currency that is not in the table."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class RateUnreadable(Refusal):
    """The text is no rate."""

    en = "percent a year in digits with at most 4 decimals, such as 10.95"
    zh = "年利率请写百分数，最多 4 位小数，例如 10.95"


class RateNegative(Refusal):
    """Below zero."""

    en = "0 or more; a loan that pays its borrower is not one of ours"
    zh = "不得小于 0"


class RateAbsurd(Refusal):
    """Above any rate that a person could mean."""

    en = "at most {most}% a year; is a monthly rate or a share of another unit meant?"
    zh = "年利率最高 {most}%；是否误写成了其他单位？"


class DayUnreadable(Refusal):
    """The text is no day."""

    en = "a day that exists, written YYYY-MM-DD"
    zh = "请写实际存在的日期，格式 YYYY-MM-DD"


class CalendarUnreadable(Refusal):
    """A row of a calendar file that cannot be used."""

    en = "columns day,kind,name; one row for each day; kind is one of {kinds}"
    zh = "列为 day,kind,name，每天一行；kind 须为 {kinds} 之一"
