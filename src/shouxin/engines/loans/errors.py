"""What loans refuse, each named after the sentence that was broken. The order of checks is that of docs/reference/loans.md."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class FileMalformed(Refusal):
    """A file of terms, flows or events that does not have the shape it must have."""

    en = "{right}"
    zh = "{right}"


class NotTogether(Refusal):
    """Two things in a file that this reader does not work out together."""

    en = "not together with {other}"
    zh = "不能与 {other} 同时使用"


class NotSupported(Refusal):
    """A convention of published schedules that is not worked out here."""

    en = "left out: it is not worked out here"
    zh = "请去掉：本程序不支持"


class DownPaymentOutOfRange(Refusal):
    """A down payment that leaves nothing to be lent."""

    en = "0 to below 100, percent of the draw"
    zh = "0 至 100 以下（占放款额的百分比）"


class DatesOutOfOrder(Refusal):
    """An event of a file before the one above it."""

    en = "{after} or later: events stand in the order of their dates"
    zh = "不得早于 {after}：事件须按日期先后排列"


class InterestExceedsDue(Refusal):
    """A repayment said to hold more interest, or more principal, than is owed."""

    en = "a split of the amount that fits what is owed: {left} of it has no place"
    zh = "拆分须与应还一致：其中 {left} 无处可记"


class DrawAfterLastDue(Refusal):
    """A draw when everything has fallen due."""

    en = "before {last}, the last due date"
    zh = "须早于最后还款日 {last}"


class ConventionUnknown(Refusal):
    """A name that no convention has."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class PeriodsNotPositive(Refusal):
    """No period, or less."""

    en = "a whole number of periods, 1 or more"
    zh = "期数须为不小于 1 的整数"


class TermTooLong(Refusal):
    """A loan longer than any that is made."""

    en = "at most {most}"
    zh = "最长 {most}"


class FirstDueNotAfterPayout(Refusal):
    """The first due date is on or before the day of payout."""

    en = "after the day of payout, {payout}"
    zh = "首个还款日须晚于放款日 {payout}"


class GraceLeavesNoInstalment(Refusal):
    """Every instalment would be in its grace."""

    en = "0 to {most}: the last instalment is never in its grace"
    zh = "0 到 {most} 期：最后一期不能在宽限之内"


class InstalmentBelowInterest(Refusal):
    """Equal instalments that some period's interest would eat up."""

    en = "a shorter term or a rate below {rate}%: over so many periods an equal instalment is less than a long month's interest"
    zh = "请缩短期限或降低利率（现为 {rate}%）：期数过多时，等额还款额低于大月的利息"


class DayOutOfRange(Refusal):
    """A day that no loan of today has."""

    en = "a day from {first} to {last}"
    zh = "日期须在 {first} 至 {last} 之间"


class GraceTooLong(Refusal):
    """Days of grace beyond what anyone agrees."""

    en = "0 to {most} days"
    zh = "0 至 {most} 天"


class FeeExceedsPrincipal(Refusal):
    """An upfront fee that leaves nothing to pay out."""

    en = "less than the principal, {principal}"
    zh = "须小于本金 {principal}"


class RateNotFound(Refusal):
    """Cash flows that have no annual rate between 0 and 100,000%."""

    en = "{right_en}"
    zh = "{right_zh}"


class FlowsOneSided(Refusal):
    """Nothing is paid out, or nothing is paid back."""

    en = "at least one amount paid out to the borrower and one paid by the borrower"
    zh = "至少一笔付给借款人的款项和一笔借款人支付的款项"


class EventsOutOfOrder(Refusal):
    """An event with a book date before that of the event before it."""

    en = "booked on {after} or later: events are recorded in the order of their book dates"
    zh = "入账日不得早于 {after}：事件须按入账日先后登记"


class EventTwice(Refusal):
    """An id that another event of the loan has."""

    en = "an id of its own: {id} is taken"
    zh = "编号不得重复：{id} 已被使用"


class LoanNotPaidOut(Refusal):
    """Something happens to a loan whose money has not been paid out."""

    en = "the first event is the payout"
    zh = "第一个事件须为放款"


class LoanPaidOutTwice(Refusal):
    """A second payout."""

    en = "one payout for each loan: a second draw is a loan of its own"
    zh = "每笔借据只放款一次：再次支用须另立借据"


class EventBeforePayout(Refusal):
    """An event that takes effect before the money was paid out."""

    en = "on {payout}, the day of payout, or later"
    zh = "不得早于放款日 {payout}"


class PayoutDayDiffers(Refusal):
    """A payout on another day than the terms say."""

    en = "on {payout}, the day of payout of its terms"
    zh = "须为合同约定的放款日 {payout}"


class EventNotYetEffective(Refusal):
    """A payment or a new term that is booked before the day on which it takes effect."""

    en = "an effective date on the book date, {booked}, or earlier"
    zh = "生效日不得晚于入账日 {booked}"


class PauseEndsBeforeItStarts(Refusal):
    """An interest pause of no days."""

    en = "an end after {start}"
    zh = "结束日须晚于 {start}"


class NotWhole(Refusal):
    """A number that is no whole number: amounts are minor units, rates millionths."""

    en = "a whole number: minor units, millionths a year or periods"
    zh = "须为整数：金额以分计，利率以百万分之一计，期数以期计"


class ReversedEventUnknown(Refusal):
    """A reversal of something that is not there, or is reversed already."""

    en = "the id of an event of this loan that is neither its payout nor reversed"
    zh = "须为本借据未被冲正的事件编号，放款除外"


class LoanSettled(Refusal):
    """Something happens to a loan on which nothing is owed."""

    en = "a loan that is not settled: this one was settled on {settled}"
    zh = "借据须未结清：本借据已于 {settled} 结清"


class LoanWrittenOff(Refusal):
    """A loan that is written off takes recoveries, and nothing else."""

    en = "a recovery: the loan was written off on {written_off}"
    zh = "本借据已于 {written_off} 核销，只能登记收回"


class LoanNotWrittenOff(Refusal):
    """A recovery on a loan that is still on the books."""

    en = "a repayment: the loan is not written off"
    zh = "本借据未核销，应登记为还款"


class PrepaymentExceedsBalance(Refusal):
    """More is paid than is owed."""

    en = "at most {owed} on {date}: more is not owed"
    zh = "{date} 最多 {owed}，超出部分并无欠款"


class PayoffIncomplete(Refusal):
    """A pay-off that leaves something unpaid."""

    en = "{owed}, all that is owed on {date}; a smaller amount is a repayment"
    zh = "须为 {owed}，即 {date} 的全部应还金额；不足的应登记为还款"


class LoanOverdue(Refusal):
    """An extension or renewal of a loan that is not paid up."""

    en = "a loan with nothing overdue: {overdue} is; restructure it or re-age it instead"
    zh = "借据须无逾期：现有逾期 {overdue}，请改用重组或逾期重置"


class LoanNotOverdue(Refusal):
    """Re-ageing of a loan that is paid up."""

    en = "a loan with something overdue: nothing is"
    zh = "借据须有逾期，现无逾期"


class NoInstalmentToCome(Refusal):
    """Re-ageing or extension of a loan whose last instalment has fallen due."""

    en = "a loan with instalments to come; give this one a new term: renew or restructure it"
    zh = "借据须有未到期的期次；本借据已到期，请办理续贷或重组"


class FlatRateFixed(Refusal):
    """Another rate for a loan whose interest is agreed as an amount."""

    en = "a loan whose interest depends on its rate; the interest of a flat loan is an agreed amount: restructure it"
    zh = "等本等息借据的利息为约定金额，不随利率调整；请改用重组"


class AccrualTooLarge(Refusal):
    """Interest accumulators would leave 64 bits."""

    en = "an amount, rate and term whose product stays below 2^63, such as CNY 10,000,000 at 36% for 30 years"
    zh = "金额、利率与期限之积须小于 2^63，例如 1,000 万元、36%、30 年"
