"""What the ledger refuses, each named after the sentence that was broken. The order of checks is the `ORDER` of each module."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class AccountCodeUnknown(Refusal):
    """A code that the chart does not have."""

    en = "a code of the chart of accounts, one of {known}"
    zh = "须为会计科目表中的科目编号：{known}"


class AccountSplitWrong(Refusal):
    """An account with too few or too many parts."""

    en = "written {form}"
    zh = "格式须为 {form}"


class AccountPartUnreadable(Refusal):
    """A product, bucket or class that cannot be part of an account's name."""

    en = "small letters, digits, - and _, at most 48, such as consumer-line"
    zh = "只能用小写字母、数字、- 和 _，最多 48 个，例如 consumer-line"


class AccountNotOpen(Refusal):
    """An account that has not been opened."""

    en = "an account that is open, such as {example}"
    zh = "须为已开立的科目，例如 {example}"


class JournalEmpty(Refusal):
    """A journal without postings."""

    en = "one posting or more"
    zh = "至少一笔分录"


class AmountNotWhole(Refusal):
    """An amount that is no whole number of minor units."""

    en = "a whole number of minor units"
    zh = "须为整数，以最小货币单位（分）计"


class SameAccountTwice(Refusal):
    """A posting that debits and credits one account."""

    en = "another account than the one debited"
    zh = "借贷双方不得为同一科目"


class LedgerWithoutDay(Refusal):
    """No business day is open: the lender was not set up."""

    en = "a first business day: set the system up"
    zh = "尚未设定首个营业日，请先完成系统初始化"


class FirstDayAlreadySet(Refusal):
    """Another first business day than the one that was set."""

    en = "{since}, the first business day, which is set once"
    zh = "首个营业日已设为 {since}，不可更改"


class DayNotOpen(Refusal):
    """A day is to end that is not the open one."""

    en = "{open}, the open business day"
    zh = "当前营业日为 {open}"


class DayStillOpen(Refusal):
    """A day is to be sealed that is not over."""

    en = "before {open}, the open business day"
    zh = "须早于当前营业日 {open}"


class DayBeforeFirst(Refusal):
    """A day on which there was no business yet."""

    en = "{since} or later, the first business day"
    zh = "不得早于首个营业日 {since}"


class EarlierDayNotSealed(Refusal):
    """A day before this one is not sealed."""

    en = "{next}: days are sealed one after the other"
    zh = "日终封账须逐日进行，下一日为 {next}"


class SealedDayDiffers(Refusal):
    """What was booked on a sealed day is not what was sealed."""

    en = "what was sealed: find out with `shouxin ledger verify` what was changed"
    zh = "与封账时的内容不一致，请用 shouxin ledger verify 查明改动"


class DaysReversed(Refusal):
    """A report that ends before it begins."""

    en = "{first} or later, the first day"
    zh = "不得早于起始日 {first}"


class HashUnreadable(Refusal):
    """A noted hash that is none."""

    en = "a day and its hash of 64 hexadecimal digits, such as 2026-03-01=9f86..."
    zh = "格式须为 日期=哈希值（64 位十六进制数），例如 2026-03-01=9f86…"
