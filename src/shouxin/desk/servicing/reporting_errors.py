"""What reporting to the credit bureau refuses."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class MonthUnreadable(Refusal):
    """Something that is no month."""

    en = "a month written YYYY-MM, such as 2026-07"
    zh = "月份格式须为 YYYY-MM，例如 2026-07"


class MonthNotOver(Refusal):
    """A month whose last day is not closed: more may still be booked in it."""

    en = "a month whose last day, {last}, is closed; {open} is the open business day"
    zh = "须为已全部日终封账的月份：该月最后一日为 {last}，当前营业日为 {open}"


class MonthBeforeFirst(Refusal):
    """A month in which there was no business yet."""

    en = "{first} or later, the month of the first business day"
    zh = "不得早于首个营业日所在月份 {first}"


class MonthOutOfOrder(Refusal):
    """A month that was left out while a later one was reported: its corrections would be lost."""

    en = "a month after {last}, or one that was reported: files are made in the order of their months"
    zh = "报送须按月份顺序进行：最近已报送月份为 {last}，此前未报送的月份不能补报"


class AccountNotReported(Refusal):
    """A dispute over a record that no file has."""

    en = "an account and a month that were reported"
    zh = "该账户该月份没有报送记录"


class DisputeOpen(Refusal):
    """A second dispute over an account while the first is open."""

    en = "an account that is not under dispute; case {case} is open"
    zh = "该账户已有处理中的异议，工单编号 {case}"


class DisputeUnknown(Refusal):
    """A decision on a dispute that there is not, or that was decided."""

    en = "a dispute of this customer that is open"
    zh = "该客户名下没有处理中的此项异议"


class NothingCorrected(Refusal):
    """A dispute is upheld, and the books still say what was reported."""

    en = "a record that the books no longer support: book the correction first (a reversal, a backdated payment)"
    zh = "账务记录与已报送内容一致，请先完成更正记账（如冲正、倒起息还款）后再认定异议成立"


class GroundUnknown(Refusal):
    """A dispute is rejected without a ground that the customer can be told."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class GroundNotNeeded(Refusal):
    """A dispute is upheld, and a ground for rejecting it is given."""

    en = "no ground: the record is corrected"
    zh = "异议成立时无须填写不成立的理由"
