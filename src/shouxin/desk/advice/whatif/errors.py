"""What is refused of a plan, and what stops one: beside the refusals of the commands that its steps are."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class StepWordUnknown(Refusal):
    """A step that begins with a word that is none."""

    en = "a step that begins with one of {known}"
    zh = "步骤须以下列词之一开头：{known}"


class StepUnreadable(Refusal):
    """A step whose words do not fit its form."""

    en = "written as: {form}"
    zh = "格式须为：{form}"


class DaysTooMany(Refusal):
    """A wait beyond what anything can be said of."""

    en = "at most {most} days: what others say of the customer is taken to stay as it is, which is not true for longer"
    zh = "最多 {most} 天：测算假定外部数据不变，时间过长则不再可靠"


class StepsTooMany(Refusal):
    """More steps than a plan may have."""

    en = "at least one step and at most {most}"
    zh = "步骤须为 1 至 {most} 个"


class LineNotHeld(Refusal):
    """A step on a line that the customer does not have by then."""

    en = "a product of which the customer has a line by then; there is: {held}"
    zh = "届时客户须持有该产品额度；届时持有：{held}"


class ProductDeclined(Refusal):
    """The application would be declined."""

    en = "an application that the policy approves; it would be declined for {reasons}"
    zh = "须为可获批的申请；届时将不予批准，原因：{reasons}"


class PersonDecides(Refusal):
    """The application would go to a person, and what they decide nobody knows."""

    en = "an application that the policy decides by itself; a person would decide this one, for {reasons}"
    zh = "须为系统可直接审批的申请；该申请将转人工审批，原因：{reasons}"


class FactNotAssumable(Refusal):
    """A fact that cannot be taken to be another: it follows from what the customer does, or cannot change."""

    en = "one of the facts that others tell and that can change: {known}"
    zh = "须为来自外部且可变化的变量：{known}"


class AssumedValueUnusable(Refusal):
    """A value that the catalogue does not take for the fact."""

    en = "a value that the fact takes: {right}"
    zh = "该变量不接受此取值，须为：{right}"


class NothingToChange(Refusal):
    """A change in percent of what is not known, or is no number."""

    en = "a fact whose value is known and a number; otherwise write the value itself"
    zh = "按比例变化须有已知数值，否则请直接写出取值"


class WhatIfsBusy(Refusal):
    """As many what-ifs at once as are carried out."""

    en = "at most {most} what-ifs at once; ask again in a moment"
    zh = "当前测算较多（同时最多 {most} 个），请稍后再试"
    passing = True


class TooLittleKnown(Refusal):
    """A customer of whom something is not known without which nobody is assessed."""

    en = "known first: {en_facts}; a source has to be asked, or the customer"
    zh = "须先取得：{zh_facts}；请查询数据来源或请客户补充"
