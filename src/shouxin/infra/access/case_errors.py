"""What is refused of cases. The order in which refusals are told stands in `case_rules.py`."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class CaseKindUnknown(Refusal):
    """A kind of case that no queue takes."""

    en = "one of {known}"
    zh = "须为以下事项类型之一：{known}"


class QueueUnknown(Refusal):
    """A queue that there is not."""

    en = "one of {known}"
    zh = "须为以下队列之一：{known}"


class QueueFull(Refusal):
    """As many cases wait as the queue takes."""

    en = "a queue with fewer than {capacity} cases that wait; ask again later"
    zh = "待办已达上限（{capacity} 件），请稍后再试"
    passing = True


class CaseUnknown(Refusal):
    """No such case."""

    en = "the id of a case"
    zh = "没有此编号的审批事项"


class CaseNotOpen(Refusal):
    """It was decided, or it is expired."""

    en = "a case that nobody has decided; this one is {status} since {ended}"
    zh = "该事项已办结（状态：{status}，日期：{ended}）"


class CaseExpired(Refusal):
    """The last day is past."""

    en = "a case that expires today or later; this one could be decided until {expires}"
    zh = "该事项已过办理期限（{expires}），不能再审批"


class CaseNotDue(Refusal):
    """It can still be decided."""

    en = "a case that is past its last day; this one can be decided until {expires}"
    zh = "该事项尚在办理期限内（至 {expires}），不能作到期处理"


class CaseKeptOpen(Refusal):
    """A case of a queue without a default, that somebody has to decide however late it is."""

    en = "a case whose queue has a default; those of {queue} stay open until somebody decides them"
    zh = "队列 {queue} 的事项没有到期默认结论，须由人工办结"


class CaseHasDefault(Refusal):
    """A case that ends by its default, and so is never late."""

    en = "a case whose queue has no default; those of {queue} end by themselves: {default}"
    zh = "队列 {queue} 的事项到期按默认结论办结（{default}），不作逾期处理"


class CaseTaken(Refusal):
    """Somebody else works on it."""

    en = "a case on which nobody else works; {taken_by} does on this one"
    zh = "该事项正由 {taken_by} 办理"


class CaseNotProposed(Refusal):
    """Nothing waits to be confirmed."""

    en = "a case with a decision that waits for a second person; this one is {status}"
    zh = "该事项没有待复核的审批意见，当前状态：{status}"


class ReasonMissing(Refusal):
    """A decision without a reason."""

    en = "why, in {least} to {most} characters"
    zh = "请填写审批理由（{least} 至 {most} 字）"


class ReasonTooShort(Refusal):
    """A reason that says nothing."""

    en = "a reason of {least} characters or more; this one has {length}"
    zh = "审批理由至少 {least} 字，现有 {length} 字"


class ReasonTooLong(Refusal):
    """A reason that nobody reads."""

    en = "a reason of at most {most} characters; this one has {length}"
    zh = "审批理由不得超过 {most} 字，现有 {length} 字"


class OutcomeUnknown(Refusal):
    """An outcome that cases of this queue cannot have."""

    en = "one of {known}"
    zh = "审批结论须为以下之一：{known}"


class GrantedMissing(Refusal):
    """An approval without an amount, or of nothing."""

    en = "an amount more than zero, since the outcome is {outcome}"
    zh = "结论为 {outcome} 时须填写大于零的批准金额"


class GrantedForNothing(Refusal):
    """An amount with an outcome that grants none."""

    en = "no amount, since the outcome {outcome} grants none"
    zh = "结论为 {outcome} 时不应填写批准金额"


class GrantedAboveAsked(Refusal):
    """More than was asked for."""

    en = "at most {asked}, which was asked for"
    zh = "批准金额不得超过申请金额 {asked}"


class PrincipalNotPerson(Refusal):
    """A program that would decide what people decide."""

    en = "a person; this principal is a service"
    zh = "审批须由自然人作出，该主体为系统服务"


class MakerIsChecker(Refusal):
    """The second person is the first."""

    en = "another person than {maker}, who made the decision that waits to be confirmed"
    zh = "复核人不得与经办人为同一人，本意见由 {maker} 提出"


class VerdictDiffers(Refusal):
    """The second person decides otherwise than the first."""

    en = "the same decision as {maker} made, {outcome} {granted}; or send it back"
    zh = "复核意见须与经办意见一致（{maker}：{outcome} {granted}）；如不同意请退回"


class AuthorityExceeded(Refusal):
    """More than this person may decide, and more than anybody may confirm; or more than this person may confirm."""

    en = "at most {most} for {name} in this step"
    zh = "超出审批权限：{name} 在本环节的权限为 {most}"
